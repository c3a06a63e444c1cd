"""HaloPSA's tickets, as far as one ticket with findings needs them."""

import json
from datetime import timedelta

import pytest

from sync.sandbox.world.tickets import linked_clients

AE_NAME = "AutoElevate Integration"

TICKET = {"summary": "3 companies raise no tickets", "tickettype_id": 21, "client_id": 12}


@pytest.fixture
def talk(halo):
    def begin(**switches):
        scopes = frozenset({"read:customers", "read:assets", "edit:tickets"})
        return halo(scope="edit:tickets", app_scopes=scopes, **switches)

    return begin


def post(talk, body, resource="Tickets"):
    return talk.post(f"/api/{resource}", json.dumps(body).encode())


@pytest.mark.parametrize("status", [201, 200])
def test_a_ticket_is_made_and_found_again(talk, status):
    client = talk(ticket_status=status)
    made = post(client, [TICKET])

    assert made.status == status
    found = client.get(f"tickets/{made.json['id']}?includedetails=true").json
    assert (found["summary"], found["hasbeenclosed"]) == (TICKET["summary"], False)


def test_the_same_ticket_twice_is_two_tickets(talk):
    client = talk()
    before = client.get("tickets").json["record_count"]
    ids = {post(client, [TICKET]).json["id"] for _ in range(2)}

    assert len(ids) == client.get("tickets").json["record_count"] - before == 2


def test_a_ticket_with_an_id_is_updated(talk):
    client = talk()
    number = post(client, [TICKET]).json["id"]
    count = client.get("tickets").json["record_count"]
    post(client, [{"id": number, "summary": "4 companies"}])

    assert client.get("tickets").json["record_count"] == count
    assert client.get(f"tickets/{number}").json["summary"] == "4 companies"


@pytest.mark.parametrize(("mode", "status"), [("refused", 400), ("accepted", 201)])
def test_a_bare_object_instead_of_an_array(talk, mode, status):
    assert post(talk(bare_ticket=mode), TICKET).status == status


def test_several_tickets_return_the_last_unless_all_are_asked_for(talk):
    client = talk()

    assert isinstance(post(client, [TICKET, TICKET]).json, dict)
    assert len(post(client, [TICKET, TICKET], "Tickets?returnall=true").json) == 2


def test_a_summary_is_required(talk):
    assert post(talk(), [{"details": "nothing"}]).status == 400
    assert talk().post("/api/Tickets", b"{").status == 400


def test_without_edit_tickets_nothing_is_made(halo):
    assert post(halo(), [TICKET]).status == 403


def test_a_note_needs_an_outcome_and_an_existing_ticket(talk):
    client = talk()
    number = post(client, [TICKET]).json["id"]
    note = {"ticket_id": number, "outcome_id": 7, "note_html": "<p>5 now</p>"}

    assert post(client, [note], "Actions").status == 201
    assert post(client, [note | {"outcome_id": None}], "Actions").status == 400
    assert post(client, [note | {"ticket_id": 1}], "Actions").status == 400


def test_a_closed_ticket_says_so(talk):
    client = talk()
    number = post(client, [TICKET]).json["id"]
    client.sandbox.halo.tickets.close(number)

    assert client.get(f"tickets/{number}").json["hasbeenclosed"] is True


READING = frozenset({"read:customers", "read:assets", "read:tickets"})


@pytest.fixture
def reading(halo):
    return lambda **switches: halo(scope="read:tickets", app_scopes=READING, **switches)


def every_row(client, more=""):
    """All rows of the list, page by page."""
    rows = []
    while True:
        page = f"tickets?pageinate=true&page_size=100&page_no={len(rows) // 100 + 1}&order=id{more}"
        answer = client.get(page).json
        rows += answer["tickets"]
        if len(answer["tickets"]) < 100:
            return rows


def test_autoelevate_raises_tickets_for_exactly_the_clients_that_are_linked(reading):
    client = reading()
    estate = client.sandbox.world
    ours = {r["client_id"] for r in every_row(client) if r["created_by"] == AE_NAME}
    asked = {estate.computers[e.computer].company for e in estate.elevations}
    linked = linked_clients(estate)

    assert ours == {linked[company] for company in asked if company in linked}
    assert len(ours) > 3
    assert asked - linked.keys(), "no company of this world asks in vain"


def test_other_people_s_tickets_are_there_too_and_newest_come_first_when_asked(reading):
    rows = every_row(reading(), "&orderdesc=true")
    numbers = [row["id"] for row in rows]

    assert numbers == sorted(numbers, reverse=True)
    assert [r["dateoccurred"] for r in rows] == sorted(
        (r["dateoccurred"] for r in rows), reverse=True
    )
    assert {r["tickettype_name"] for r in rows} == {"AutoElevate Request", "Incident"}


def test_a_date_and_a_type_narrow_the_list(reading):
    client = reading()
    day = (client.sandbox.world.now - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S")
    young = every_row(client, f"&datesearch=dateoccurred&startdate={day}")

    assert young
    assert min(row["dateoccurred"] for row in young) >= day
    assert {r["tickettype_id"] for r in every_row(client, "&requesttype_id=31")} == {31}


def test_a_ticket_keeps_its_number_while_the_world_goes_on(reading):
    client = reading()
    before = {row["id"]: row["dateoccurred"] for row in every_row(client)}
    client.sandbox.world.advance(2)
    after = {row["id"]: row["dateoccurred"] for row in every_row(client)}

    kept = before.keys() & after.keys()
    assert len(kept) > len(before) / 2
    assert all(before[i] == after[i] for i in kept)
    assert min(after.keys() - before.keys()) > max(before)


def test_without_the_right_to_them_no_ticket_is_shown(halo):
    assert halo().get("tickets").status == 403


def test_lists_other_than_tickets_take_no_post(talk):
    client = talk()

    assert post(client, [TICKET], "Team").status == 405
