"""AutoElevate's lists and rows: totals, unstable orders, nulls, times, and the hourly quota."""

from datetime import timedelta

import pytest

from sync.core.pulls import State
from sync.sources.ledger import MemoryLedger
from tests.sync.sources.ae_night import COMPANIES, COMPUTERS, LOCATIONS, pull
from tests.sync.sources.stand_in import (
    BORN,
    NOON,
    ae_list,
    ae_world,
    company,
    computer,
    location,
    millis,
    says,
)


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
