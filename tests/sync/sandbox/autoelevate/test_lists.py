"""The Partner API's lists: paging, the 30-day window, the key's view; each doubt a switch."""

import pytest


def test_a_page_holds_fifty_unless_told_and_the_total_is_of_all(ae, world):
    page = ae().get("computers").json

    assert len(page["items"]) == 50
    assert page["totalCount"] == sum(r.kind == "computer" for r in world.truth())


def test_walking_gives_every_record_once(ae, world):
    talk = ae()

    assert {c["id"] for c in talk.walk("computers", 30)} == {
        r.ae_id for r in world.truth() if r.kind == "computer"
    }
    assert len(talk.walk("locations", 7)) == len(world.locations)


def test_locations_come_oldest_first(ae):
    born = [p["createdAt"] for p in ae().walk("locations")]

    assert born == sorted(born)


def test_past_the_end_the_total_is_zero(ae):
    assert ae().get("companies?take=200&skip=200").json == {"items": [], "totalCount": 0}


@pytest.mark.parametrize(("switch", "status"), [("refused", 400), ("capped", 200)])
def test_more_than_two_hundred_is_refused_or_capped(ae, switch, status):
    assert ae(over_take=switch).get("companies?take=500").status == status


@pytest.mark.parametrize("query", ["take=0", "take=x", "skip=-1", "companyId=7"])
def test_bad_parameters_are_400(ae, query):
    assert ae().get(f"computers?{query}").status == 400


def test_computers_of_one_company_or_location(ae, world):
    talk = ae()
    one = next(c for c in world.computers.values() if c.awake)
    of_company = talk.get(f"computers?take=200&companyId={one.company.upper()}").json["items"]
    of_place = talk.get(f"computers?take=200&locationId={one.location}").json["items"]

    assert {c["companyId"] for c in of_company} == {one.company}
    assert {c["locationId"] for c in of_place} == {one.location}


@pytest.mark.parametrize(
    ("route", "status"), [("companies", 404), ("locations", 404), ("computers", 422)]
)
def test_an_unknown_id(ae, route, status):
    assert ae().get(f"{route}/6f9619ff-8b86-4d01-b42d-00cf4fc964ff").status == status


def test_ids_are_compared_without_case(ae, world):
    company = next(iter(world.companies.values()))

    assert ae().get(f"companies/{company.id.upper()}").json["name"] == company.name


@pytest.mark.parametrize(("windowed", "status"), [(False, 200), (True, 422)])
def test_a_machine_silent_for_a_month_leaves_the_list_and_perhaps_its_id(
    ae, world, windowed, status
):
    talk = ae(window_by_id=windowed)
    machine = next(c for c in world.computers.values() if c.awake)
    world.silence(machine, days=29.9)
    assert machine.id in {c["id"] for c in talk.walk("computers")}

    world.silence(machine, days=30.1)
    assert machine.id not in {c["id"] for c in talk.walk("computers")}
    assert talk.get(f"computers/{machine.id}").status == status


@pytest.mark.parametrize("listed", [False, True])
def test_machines_that_never_checked_in_may_be_listed(ae, world, listed):
    machine = next(c for c in world.computers.values() if c.awake)
    machine.awake, machine.seen = False, None

    ids = {c["id"]: c["lastCheckedInAt"] for c in ae(null_seen_listed=listed).walk("computers")}
    assert (machine.id in ids) is listed
    assert ids.get(machine.id) is None


def test_awake_machines_checked_in_minutes_ago_by_the_worlds_clock(ae, world, clock):
    talk = ae()
    clock.wait(7200)
    machine = next(c for c in world.computers.values() if c.awake)
    seen = talk.get(f"computers/{machine.id}").json["lastCheckedInAt"]

    assert 0 <= world.now_ms + 7_200_000 - seen <= 300_000


def test_an_unstable_order_repeats_a_row_and_drops_another(ae, world):
    ids = [c["id"] for c in ae(order="unstable").walk("computers", 50)]

    assert len(ids) == sum(r.kind == "computer" for r in world.truth())
    assert len(set(ids)) < len(ids)


def restricted(world):
    shown = next(iter(world.companies))
    world.narrow(companies=[shown])
    return shown


@pytest.mark.parametrize("status", [403, 404])
def test_a_restricted_key_sees_fewer_companies(ae, world, status):
    talk = ae(invisible_by_id=status)
    hidden = list(world.companies)[1]
    shown = restricted(world)

    assert [c["id"] for c in talk.walk("companies")] == [shown]
    assert {p["companyId"] for p in talk.walk("locations")} == {shown}
    assert {c["companyId"] for c in talk.walk("computers")} == {shown}
    assert talk.get(f"companies/{hidden}").status == status


def test_a_restricted_key_may_list_computers_of_companies_it_cannot_see(ae, world):
    talk = ae(computers_beyond_key=True)
    shown = restricted(world)

    assert {c["companyId"] for c in talk.walk("computers")} > {shown}


def test_usage_counts_agents_and_names_the_partner(ae, world):
    talk = ae()
    usage = talk.get("usage").json

    listed = len(talk.walk("computers"))
    assert usage["partnerId"] == world.partner_id
    assert listed <= usage["totalActiveAgents"] <= listed + 3


def test_unknown_modes_extra_fields_and_nulls(ae):
    rows = ae(unknown_mode=True, extra_fields=True, nulls=True).walk("computers")

    assert {r["elevationMode"] for r in rows} == {"advisory", None}
    assert all("introducedLater" in r for r in rows)
    assert any(r["machineName"] is None and r["operatingSystem"] is None for r in rows)


REQUESTS = frozenset({"requestView", "auditLogView"})


def test_elevation_requests_are_filtered(ae, world):
    talk = ae(scopes=REQUESTS)
    everything = talk.get("elevation-requests?take=200").json["items"]
    start = world.now_ms - 5 * 86_400_000

    denied = talk.get("elevation-requests?take=200&approvalState=DENIED").json["items"]
    recent = talk.get(f"elevation-requests?take=200&start={start}").json["items"]
    assert {r["id"] for r in denied} == {
        r["id"] for r in everything if r["approvalState"] == "DENIED"
    }
    assert all("denialReason" in r for r in denied)
    assert {r["id"] for r in recent} == {r["id"] for r in everything if r["createdAt"] >= start}
    assert talk.get("elevation-requests?approvalState=MAYBE").status == 400
    assert talk.get(f"elevation-requests/{everything[0]['id']}").json == everything[0]


def test_audit_logs_go_on_from_a_cursor_and_reach_back_thirty_days(ae, world):
    talk = ae(scopes=REQUESTS)
    ids, cursor = [], ""
    while True:
        page = talk.get(f"audit-logs?take=7&cursor={cursor}").json
        ids += [e["id"] for e in page["items"]]
        if not page["hasMore"]:
            break
        cursor = page["nextCursor"]

    month = [e.id for e in world.audit if e.at >= world.now_ms - 30 * 86_400_000]
    assert sorted(ids) == sorted(month)
    assert len(month) == page["totalCount"] < len(world.audit)
    assert page["nextCursor"] is None
    assert talk.get("audit-logs?cursor=a").status == 400


def test_audit_logs_are_filtered_and_may_be_forbidden(ae):
    talk = ae(scopes=REQUESTS)

    kinds = {e["entityType"] for e in talk.get("audit-logs?entityType=users").json["items"]}
    actions = {e["action"] for e in talk.get("audit-logs?action=deleted").json["items"]}
    assert kinds == {"users"}
    assert {a.partition(".")[2] for a in actions} == {"deleted"}
    assert ae(scopes=REQUESTS, audit="forbidden").get("audit-logs").status == 403


@pytest.mark.parametrize(("switch", "carries"), [("empty", False), ("email", True)])
def test_a_diff_may_carry_an_email(ae, switch, carries):
    entry = (
        ae(scopes=REQUESTS, diff=switch).get("audit-logs?entityType=users&take=1").json["items"][0]
    )

    assert bool(entry["diff"]["after"].get("email")) is carries
