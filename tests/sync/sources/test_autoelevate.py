"""AutoElevate as a source: what a night brings, and what each refusal is called."""

from datetime import timedelta

import pytest

from sync.core.pulls import State
from sync.errors import ConfigError
from sync.sources.signing import signature_header
from tests.sync.sources.ae_night import COMPANIES, COMPUTERS, HMAC, LOCATIONS, pull
from tests.sync.sources.stand_in import (
    NOON,
    ae_world,
    company,
    computer,
    location,
    millis,
    says,
)


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


def test_a_computers_ids_are_kept_without_case(ae):
    ae_world(
        ae, computers=[computer(1) | {"id": "ABC-1", "companyId": "DEF-2", "locationId": "GHI-3"}]
    )
    pc = pull(ae)[COMPUTERS].records[0]

    assert (pc.id, pc.company, pc.location) == ("abc-1", "def-2", "ghi-3")


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
