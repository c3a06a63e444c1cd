"""AutoElevate as a source: the contract's traps one by one."""

from datetime import timedelta

import pytest

from sync.core.pulls import Answer, State
from sync.core.records import Collection
from sync.errors import ConfigError
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.ledger import MemoryLedger
from sync.sources.signing import signature_header
from tests.sync.sources.stand_in import (
    BORN,
    NOON,
    ae_list,
    ae_settings,
    ae_world,
    company,
    computer,
    location,
    millis,
    says,
    wire,
)

COMPANIES, LOCATIONS = Collection.AE_COMPANIES, Collection.AE_LOCATIONS
COMPUTERS = Collection.AE_COMPUTERS
HMAC = {"key": "aeh_0123456789", "hmac_key": "00112233445566778899aabbccddeeff" * 2}


def pull(stand_in, ledger=None, seconds=36_000, **changes):
    with wire(stand_in.clock, seconds) as real:
        settings = ae_settings(stand_in.url, **changes)
        source = AutoElevateSource(settings, real, ledger or MemoryLedger())
        return {p.manifest.collection: p for p in source.pull()}


def asking(stand_in, question, **changes):
    with wire(stand_in.clock) as real:
        source = AutoElevateSource(ae_settings(stand_in.url, **changes), real, MemoryLedger())
        return question(source)


def test_all_three_lists_come_whole(ae):
    ae_world(ae, computers=[computer(n) for n in range(450)])
    pulls = pull(ae)

    assert {p.manifest.state for p in pulls.values()} == {State.COMPLETE}
    assert len(pulls[COMPUTERS].records) == 450
    assert [ask.query["skip"] for ask in ae.asked("/api/v1/computers")] == ["0", "200", "400"]


def test_records_carry_what_the_core_needs(ae):
    pulls = pull(ae)
    pc = pulls[COMPUTERS].records[0]

    assert pulls[COMPANIES].records[0].id == company(1)["id"].lower(), "ids without case"
    assert pulls[COMPANIES].records[0].management_id == "Company 1"
    assert pulls[LOCATIONS].records[0].company == company(1)["id"].lower()
    assert (pc.name, pc.mode, pc.last_seen) == ("LT-0001", "live", NOON)
    assert pc.location == location(1)["id"]


def test_every_call_acknowledges_the_beta(ae):
    pull(ae)

    said = {ask.headers["x-acknowledgment"] for ask in ae.asks}
    assert said == {"i-understand-this-is-beta-and-may-change"}
    assert {ask.headers["accept"] for ask in ae.asks} == {"application/json"}
    assert {ask.method for ask in ae.asks} == {"GET"}
    assert all(ask.path.startswith("/api/v1/") for ask in ae.asks)


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/v1", "/api/v1/"])
def test_the_address_is_taken_with_or_without_its_version(ae, tail):
    pull(ae, base_url=ae.url + tail)

    assert ae.asked("/api/v1/companies")


def test_a_bearer_key_is_sent_as_it_is(ae):
    pull(ae)

    assert {ask.headers["authorization"] for ask in ae.asks} == {"Bearer aeb_0123456789abcdef"}


def test_a_signature_covers_the_bytes_that_are_sent(ae):
    pull(ae, **HMAC)

    for ask in ae.asks:
        said = ask.headers["authorization"]
        ts = int(said.partition("ts=")[2].partition(",")[0])
        expected = signature_header(HMAC["key"], HMAC["hmac_key"], "GET", ask.target, ts)
        assert said == expected
        assert abs(ts - millis(ae.clock.now())) < 60_000


@pytest.mark.parametrize(
    "keys",
    [
        {"key": "aeb_1", "hmac_key": "ab"},
        {"key": "aeh_1", "hmac_key": ""},
        {"key": "", "hmac_key": ""},
        {"key": "aeb_1\n", "hmac_key": ""},
    ],
)
def test_a_key_of_the_other_kind_is_a_configuration_error(ae, keys):
    with pytest.raises(ConfigError, match=r"autoelevate\.key"):
        pull(ae, **keys)

    assert not ae.asks


# Refusals


def test_a_refused_key_takes_the_whole_source_out_after_one_request(ae):
    refusal = says(
        {"name": "UnauthorizedError", "message": "Invalid signature", "statusCode": 401}, 401
    )
    for route in list(ae.routes):
        ae.routes[route] = refusal
    pulls = pull(ae)

    assert {p.manifest.cause for p in pulls.values()} == {"unauthorized"}
    assert 'AutoElevate says "Invalid signature"' in pulls[COMPANIES].manifest.detail
    assert len(ae.asks) == 1


@pytest.mark.parametrize(("minutes", "words"), [(-42, "42 min behind"), (42, "42 min ahead")])
def test_a_wrong_host_clock_is_named(ae, minutes, words):
    for route in list(ae.routes):
        ae.routes[route] = says(b"", 401, Date="Fri, 20 Nov 2026 12:00:00 GMT")
    ae.clock.start = NOON + timedelta(minutes=minutes)
    manifest = pull(ae, **HMAC)[COMPANIES].manifest

    assert manifest.cause == "clock-skew"
    assert words in manifest.detail


def test_a_bearer_key_does_not_mind_the_clock(ae):
    for route in list(ae.routes):
        ae.routes[route] = says(b"", 401, Date="Fri, 20 Nov 2026 15:00:00 GMT")

    assert pull(ae)[COMPANIES].manifest.cause == "unauthorized"


def test_a_missing_scope_withholds_one_list_and_is_named(ae):
    ae.routes["/api/v1/locations"] = says({"message": "forbidden"}, 403)
    pulls = pull(ae)

    assert pulls[LOCATIONS].manifest.state is State.FORBIDDEN
    assert "locationView" in pulls[LOCATIONS].manifest.detail
    assert pulls[COMPUTERS].manifest.state is State.COMPLETE


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (says({"message": "ack"}, 400), "bad-request"),
        (says({"error": "Not Acceptable", "supported": []}, 406), "bad-request"),
        (says(b"", 404), "no-endpoint"),
        (says(b"", 418), "odd-status"),
        (says(b"<html>502</html>", 502), "server-error"),
        (says(b"", 500), "server-error"),
        (says(b"", 302, Location="https://evil.example"), "redirect"),
        (says(b"<html>"), "page-broken"),
        (says(b""), "page-broken"),
        (says(b"null"), "page-shape"),
        (says({}), "page-shape"),
        (says([]), "page-shape"),
        (says({"error": "x"}), "page-shape"),
        (says({"items": {}, "totalCount": 0}), "page-shape"),
        (says({"items": [1], "totalCount": 1}), "page-shape"),
        (says({"items": [None], "totalCount": 1}), "page-shape"),
        (says({"items": [], "totalCount": "0"}), "total-bad"),
        (says({"items": []}), "total-bad"),
    ],
)
def test_no_odd_answer_becomes_an_empty_list(ae, answer, cause):
    ae.routes["/api/v1/locations"] = answer
    pulled = pull(ae)[LOCATIONS]

    assert pulled.manifest.cause == cause
    assert pulled.manifest.state.withheld


# Walking


def test_the_zero_total_past_the_end_is_not_believed(ae):
    rows = [company(n) for n in range(200)]
    ae.routes["/api/v1/companies"] = lambda ask: says(
        {"items": rows, "totalCount": 201}
        if ask.query["skip"] == "0"
        else {"items": [], "totalCount": 0}
    )
    manifest = pull(ae)[COMPANIES].manifest

    assert (manifest.cause, manifest.declared, manifest.unique) == ("rows-missing", 201, 200)


def test_an_order_that_repeats_one_row_and_drops_another_is_noticed(ae):
    rows = [company(n) for n in range(400)]

    def unstable(ask):
        page = rows[:200] if ask.query["skip"] == "0" else [rows[0], *rows[201:]]
        return says({"items": page, "totalCount": 400})

    ae.routes["/api/v1/companies"] = unstable
    pulled = pull(ae)[COMPANIES]

    assert (pulled.manifest.state, pulled.manifest.cause) == (State.PARTIAL, "rows-repeated")
    assert pulled.manifest.repulls == 1


def test_a_second_clean_walk_makes_up_for_a_first_one(ae):
    rows = [company(n) for n in range(400)]
    good = ae_list(rows)
    ae.routes["/api/v1/companies"] = [
        good, says({"items": [rows[0], *rows[201:]], "totalCount": 400}), good,
    ]  # fmt: skip
    pulled = pull(ae)[COMPANIES]

    assert (pulled.manifest.state, pulled.manifest.repulls) == (State.COMPLETE, 1)
    assert len(pulled.records) == 400


def test_a_total_that_moves_in_both_walks_is_called_changed_while_reading(ae):
    rows = [company(n) for n in range(300)]
    born = iter(range(1000, 2000))

    def growing(ask):
        skip = int(ask.query["skip"])
        if skip:
            rows.append(company(next(born)))
        return says({"items": rows[skip : skip + 200], "totalCount": len(rows)})

    ae.routes["/api/v1/companies"] = growing
    pulled = pull(ae)[COMPANIES]

    assert pulled.manifest.cause == "changed-while-reading"
    assert len(pulled.records) == 302


def test_an_empty_list_is_doubted_while_agents_are_active(ae):
    ae_world(ae, companies=[], computers=[], locations=[])
    pulls = pull(ae)

    assert pulls[COMPANIES].manifest.state is State.SUSPECT
    assert pulls[COMPUTERS].manifest.cause == "empty-contradicted"
    assert pulls[LOCATIONS].manifest.state is State.COMPLETE


def test_an_empty_tenant_is_simply_empty(ae):
    ae_world(ae, companies=[], computers=[], locations=[])
    ae.routes["/api/v1/usage"] = says(
        {"partnerId": "x", "partnerName": "y", "totalActiveAgents": 0}
    )

    assert {p.manifest.state for p in pull(ae).values()} == {State.COMPLETE}


# Rows


def test_every_null_the_schema_allows_is_kept(ae):
    nothing = {
        "machineName": None, "operatingSystem": None, "elevationMode": None, "lastCheckedInAt": None,
    }  # fmt: skip
    ae_world(
        ae,
        computers=[computer(1, **nothing)],
        companies=[company(1, managementSystemCompanyId=None)],
    )
    pulls = pull(ae)

    (pc,) = pulls[COMPUTERS].records
    assert (pc.name, pc.last_seen, pc.mode) == ("", None, "")
    assert pulls[COMPANIES].records[0].management_id == ""


def test_an_unknown_mode_and_unknown_fields_are_no_fault(ae):
    ae_world(ae, computers=[computer(1, elevationMode="someday", novelty={"a": [1]})])

    assert pull(ae)[COMPUTERS].records[0].mode == "someday"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"createdAt": BORN // 1000}, "createdAt: implausible time"),
        ({"createdAt": BORN * 1000}, "createdAt: implausible time"),
        ({"lastCheckedInAt": millis(NOON) // 1000}, "lastCheckedInAt: implausible time"),
        (
            {"lastCheckedInAt": millis(NOON + timedelta(days=400))},
            "lastCheckedInAt: implausible time",
        ),
        ({"createdAt": "yesterday"}, "createdAt: wrong type"),
        ({"createdAt": 10**30}, "createdAt: out of range"),
        ({"machineName": 5}, "machineName: wrong type"),
        ({"companyId": None}, "companyId: wrong type"),
        ({"companyId": ""}, "companyId: out of range"),
        ({"id": 7}, "id: wrong type"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_by_name(ae, change, reason):
    ae_world(ae, computers=[computer(n) for n in range(199)] + [computer(500) | change])
    pulled = pull(ae)[COMPUTERS]

    assert dict(pulled.manifest.rejected) == {reason: 1}
    assert pulled.manifest.state is State.COMPLETE
    assert len(pulled.records) == 199
    assert pulled.manifest.received == pulled.manifest.unique == 200


def test_a_renamed_field_withholds_the_list_and_names_it(ae):
    rows = [computer(n) for n in range(10)]
    for row in rows:
        row["hostName"] = row.pop("machineName")
    ae_world(ae, computers=rows)
    manifest = pull(ae)[COMPUTERS].manifest

    assert (manifest.state, manifest.cause) == (State.PARTIAL, "rows-rejected")
    assert "machineName: missing (10)" in manifest.detail


def test_a_computer_of_a_company_the_key_cannot_list_is_kept(ae):
    ae_world(ae, computers=[computer(1, companyId=company(99)["id"])])

    assert pull(ae)[COMPUTERS].records[0].company == company(99)["id"].lower()


# Quota


def test_requests_are_spaced(ae):
    ae_world(ae, computers=[computer(n) for n in range(450)])
    started = ae.clock.elapsed
    pull(ae)

    assert len(ae.asks) == 6
    assert ae.clock.elapsed - started == pytest.approx(5 * 4)


def test_a_spent_hour_is_waited_for_in_the_same_run(ae):
    ae_world(ae, computers=[computer(n) for n in range(17_000)])
    ledger = MemoryLedger()
    pulled = pull(ae, ledger, seconds=3600, spacing_seconds=0)[COMPUTERS]

    assert pulled.manifest.state is State.COMPLETE
    assert len(pulled.records) == 17_000
    hour = ledger.recent("/api/v1/computers", NOON - timedelta(hours=1))
    assert len(hour) == 85
    assert all(later - hour[n] >= timedelta(hours=1) for n, later in enumerate(hour[80:]))


def test_the_hour_is_counted_across_runs_and_per_route(ae):
    ledger = MemoryLedger()
    for n in range(80):
        ledger.note("/api/v1/companies", NOON - timedelta(minutes=30, seconds=-n))
    pulls = pull(ae, ledger, seconds=600)

    assert pulls[COMPANIES].manifest.cause == "quota"
    assert "30 min" in pulls[COMPANIES].manifest.detail
    assert pulls[LOCATIONS].manifest.state is State.COMPLETE
    assert not ae.asked("/api/v1/companies")


def test_a_burst_refusal_without_retry_after_is_borne(ae):
    ae.routes["/api/v1/locations"] = [says({"statusCode": 429}, 429), ae_list([location(1)])]

    assert pull(ae)[LOCATIONS].manifest.state is State.COMPLETE


# By id


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(computer(1)), Answer.PRESENT),
        (says(computer(1, lastCheckedInAt=millis(NOON - timedelta(days=29)))), Answer.PRESENT),
        (says(computer(1, lastCheckedInAt=millis(NOON - timedelta(days=31)))), Answer.SILENT),
        (says(computer(1, lastCheckedInAt=None)), Answer.SILENT),
        (says(computer(2)), Answer.UNKNOWN),
        (says({}), Answer.UNKNOWN),
        (says(b"<html>"), Answer.UNKNOWN),
        (says(b"", 404), Answer.GONE),
        (says(b"", 422), Answer.GONE),
        (says(b"", 403), Answer.HIDDEN),
        (says(b"", 401), Answer.UNKNOWN),
        (says(b"", 400), Answer.UNKNOWN),
        (says(b"", 500), Answer.UNKNOWN),
    ],
)
def test_what_an_answer_by_id_proves(ae, answer, said):
    wanted = computer(1)["id"]
    ae.routes[f"/api/v1/computers/{wanted}"] = answer

    assert asking(ae, lambda source: source.ask(COMPUTERS, wanted.upper().lower())) is said


def test_a_silent_company_is_just_present(ae):
    ae.routes["/api/v1/companies/abc"] = says(company(1, id="ABC"))

    assert asking(ae, lambda source: source.ask(COMPANIES, "abc")) is Answer.PRESENT


def test_an_id_cannot_lead_out_of_its_path(ae):
    asking(ae, lambda source: source.ask(COMPANIES, "../usage?x=1"))

    assert ae.asks[0].target == "/api/v1/companies/..%2Fusage%3Fx%3D1"


# Elevation requests, facts


def requests_in(count, **changes):
    return [
        {"id": f"r{n}", "computerId": computer(n % 2)["id"].upper(), "createdAt": millis(NOON) - 1000, "approvalState": "DENIED", "requestedBy": None, "targetDescription": None}
        | changes
        for n in range(count)
    ]  # fmt: skip


def counted(stand_in):
    def question(source):
        list(source.pull())
        return source.recent_requests()

    return asking(stand_in, question)


def test_elevation_requests_of_the_last_day_are_counted_per_computer(ae):
    old = requests_in(1, id="old", createdAt=millis(NOON - timedelta(hours=25)))
    ae.routes["/api/v1/elevation-requests"] = ae_list(requests_in(5) + old)

    assert counted(ae) == {computer(0)["id"]: 3, computer(1)["id"]: 2}


def at_noon(answer):
    """The same answer from a server whose clock stands at noon."""

    def dated(ask):
        status, headers, body = answer(ask) if callable(answer) else answer
        return status, headers | {"Date": "Fri, 20 Nov 2026 12:00:00 GMT"}, body

    return dated


def test_the_day_is_the_servers_not_ours(ae):
    ae.clock.start = NOON + timedelta(days=3)
    for route in list(ae.routes):
        ae.routes[route] = at_noon(ae.routes[route])
    ae.routes["/api/v1/elevation-requests"] = ae_list(requests_in(1))

    assert counted(ae) == {computer(0)["id"]: 1}
    assert ae.asked("/api/v1/elevation-requests")[0].query["end"] == str(millis(NOON))


@pytest.mark.parametrize("answer", [says(b"", 403), says(b"<html>"), says(b"", 500), says({})])
def test_unreadable_elevation_requests_are_unknown_not_zero(ae, answer):
    ae.routes["/api/v1/elevation-requests"] = answer

    assert counted(ae) is None


def test_facts_name_the_partner_and_what_is_announced(ae):
    usage = ae.routes["/api/v1/usage"]
    link = '</api/v2/usage>; rel="successor-version"'
    ae.routes["/api/v1/usage"] = (
        usage[0],
        {"Deprecation": "true", "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT", "Link": link},
        usage[2],
    )
    facts = asking(ae, lambda source: (list(source.pull()), source.facts())[1])

    assert facts.identity == "2c1d43b8-e6d7-476e-9e9d-c9c5a8d2f6a1"
    assert (facts.name, facts.active_agents, facts.requests) == ("Example MSP", 1, 4)
    assert facts.notices == (
        "Deprecation: true",
        "Sunset: Sat, 01 Jan 2028 00:00:00 GMT",
        f"Link: {link}",
    )


@pytest.mark.parametrize("status", [302, 403, 404, 429, 500, 503])
def test_unreadable_usage_is_no_fault(ae, status):
    ae.routes["/api/v1/usage"] = says(b"", status)

    assert {p.manifest.state for p in pull(ae).values()} == {State.COMPLETE}


def test_no_key_stands_in_any_text(ae):
    echo = says({"message": "key aeb_0123456789abcdef unknown"}, 401)
    for route in list(ae.routes):
        ae.routes[route] = echo
    pulls = pull(ae)

    assert "aeb_0123456789" not in repr(pulls)
    assert "aeb_0123456789" not in repr(ae_settings("https://x.example"))
