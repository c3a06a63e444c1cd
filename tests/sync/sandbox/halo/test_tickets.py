"""HaloPSA's tickets, as far as one ticket with findings needs them."""

import json

import pytest

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
    ids = {post(client, [TICKET]).json["id"] for _ in range(2)}

    assert len(ids) == client.get("tickets").json["record_count"] == 2


def test_a_ticket_with_an_id_is_updated(talk):
    client = talk()
    number = post(client, [TICKET]).json["id"]
    post(client, [{"id": number, "summary": "4 companies"}])

    assert client.get("tickets").json["record_count"] == 1
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


def test_lists_other_than_tickets_take_no_post(talk):
    client = talk()

    assert post(client, [TICKET], "Team").status == 405
