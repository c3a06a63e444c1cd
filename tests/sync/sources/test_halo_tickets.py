"""Tickets as evidence: what counts as AutoElevate's, how little is asked, and whose trouble is not."""

from datetime import date, timedelta

import pytest

from sync.core.pulls import Raised, State
from sync.sources.halo import HaloSource
from sync.sources.settings import TicketSettings
from tests.sync.sources.stand_in import NOON, halo_settings, says, token, wire

AGENT = TicketSettings(agent="AutoElevate API")
PATH = "/api/Tickets"


@pytest.fixture
def halo(halo):
    halo.routes["/auth/token"] = lambda ask: token(scope=ask.form["scope"])
    return halo


def ticket(number, *, days_ago=1.0, client=12, by="AutoElevate API", **more):
    at = (NOON - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%S")
    return {"id": number, "client_id": client, "dateoccurred": at, "created_by": by} | more


def listed(rows, *, upwards=False):
    def answer(ask):
        number, size = int(ask.query["page_no"]), min(100, int(ask.query["page_size"]))
        part = sorted(rows, key=lambda r: r["id"], reverse=not upwards)[
            (number - 1) * size : number * size
        ]
        return says({"record_count": len(rows) if part else 0, "tickets": part})

    return answer


def evidence(halo, rows=(), wanted=AGENT):
    """What a night brings when Halo has these tickets, and the four lists' states."""
    halo.routes.setdefault(PATH, listed(list(rows)))
    with wire(halo.clock) as real:
        source = HaloSource(halo_settings(halo.url, tickets=wanted), real)
        states = [p.manifest.state for p in source.pull()]
        return source.facts(), states


def clients(facts):
    return {r.client: r.tickets for r in facts.tickets.clients}


def test_clients_with_tickets_of_the_agent_are_named_with_count_and_last_day(halo):
    rows = [ticket(1, days_ago=9), ticket(2, days_ago=3), ticket(3, client=13, by="Sam")]
    facts, _ = evidence(halo, rows)

    assert facts.tickets.clients == (Raised("12", 2, date(2026, 11, 17)),)
    assert (facts.tickets.read, facts.tickets.days, facts.tickets.cause) == (3, 30, "")


def test_with_the_setting_off_nothing_is_asked_of_tickets_and_no_right_to_them(halo):
    facts, _ = evidence(halo, [ticket(1)], wanted=None)

    assert facts.tickets is None
    assert halo.asked(PATH) == []
    assert {ask.form["scope"] for ask in halo.asked("/auth/token")} == {
        "read:customers read:assets"
    }


def test_the_right_to_read_tickets_is_asked_for_apart_from_that_to_the_lists(halo):
    facts, _ = evidence(halo, [ticket(1)])

    assert [ask.form["scope"] for ask in halo.asked("/auth/token")] == [
        "read:customers read:assets",
        "read:tickets",
    ]
    assert facts.requests == len(halo.asks)


@pytest.mark.parametrize(
    ("wanted", "row", "counts"),
    [
        (AGENT, {"by": " autoelevate  api "}, True),
        (AGENT, {"by": "AutoElevate API 2"}, False),
        (AGENT, {"by": None, "agent_name": "AutoElevate API"}, True),
        (AGENT, {"by": "Sam", "agent_name": "AutoElevate API"}, False),
        (TicketSettings(ticket_type="Elevation"), {"tickettype_name": "elevation"}, True),
        (TicketSettings(ticket_type="Elevation"), {"tickettype_name": None}, False),
        (TicketSettings(ticket_type=31), {"tickettype_id": 31}, True),
        (TicketSettings(ticket_type=31), {"tickettype_id": 3}, False),
        (TicketSettings("AutoElevate API", 31), {"tickettype_id": 31, "by": "Sam"}, False),
        (AGENT, {"client": -1, "by": "x"}, False),
        (AGENT, {"client": None}, False),
    ],
)
def test_a_ticket_counts_when_agent_and_type_are_those_that_were_named(halo, wanted, row, counts):
    facts, _ = evidence(halo, [ticket(1, **row)], wanted)

    assert bool(facts.tickets.clients) is counts


@pytest.mark.parametrize(
    ("when", "counts"),
    [
        ("2026-10-21T12:00:01", True),
        ("2026-10-21T11:00:00", False),
        ("2026-11-20T18:00:00", True),
        ("2026-12-01T00:00:00", False),
        ("1899-12-30T00:00:00", False),
        ("2026-11-19T12:00:00.123Z", True),
        ("yesterday", False),
        (None, False),
    ],
)
def test_only_tickets_of_the_last_days_count(halo, when, counts):
    facts, _ = evidence(halo, [ticket(1) | {"dateoccurred": when}])

    assert bool(facts.tickets.clients) is counts


def test_reading_ends_at_the_first_page_of_old_tickets(halo):
    rows = [ticket(n, days_ago=(1000 - n) / 5) for n in range(1000)]
    facts, _ = evidence(halo, rows)

    assert len(halo.asked(PATH)) == 3
    assert clients(facts) == {"12": 150}


def test_a_server_that_ignores_the_order_is_read_to_its_end(halo):
    rows = [ticket(n, days_ago=(1000 - n) / 5) for n in range(1000)]
    halo.routes[PATH] = listed(rows, upwards=True)
    facts, _ = evidence(halo)

    assert (clients(facts), len(halo.asked(PATH))) == ({"12": 150}, 10)


def test_a_list_without_end_is_not_read_for_ever(halo):
    def more(ask):
        first = -100 * int(ask.query["page_no"])
        return says({"record_count": 10**6, "tickets": [ticket(first - n) for n in range(100)]})

    halo.routes[PATH] = more
    facts, _ = evidence(halo)

    assert (clients(facts), len(halo.asked(PATH))) == ({"12": 5000}, 50)


def test_a_page_that_is_the_first_one_again_ends_it(halo):
    halo.routes[PATH] = says({"record_count": 900, "tickets": [ticket(1)]})
    facts, _ = evidence(halo)

    assert (clients(facts), len(halo.asked(PATH))) == ({"12": 1}, 2)


def test_a_row_that_cannot_be_read_hinders_no_other(halo):
    facts, _ = evidence(halo, [ticket(2), ticket(1) | {"client_id": "Acme"}])

    assert clients(facts) == {"12": 1}


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (says({"Message": "no"}, 403), "forbidden"),
        (says({}, 404), "no-endpoint"),
        (says({}, 500), "server-error"),
        (says({}, 429), "quota"),
        (says({"tickets": "none"}), "page-shape"),
        (says(b"<html>"), "page-broken"),
    ],
)
def test_trouble_with_tickets_is_named_and_no_list_suffers(halo, answer, cause):
    halo.routes[PATH] = answer
    facts, states = evidence(halo)

    assert (facts.tickets.cause, facts.tickets.clients) == (cause, ())
    assert states == [State.COMPLETE] * 4
    assert facts.identity == "7"


def test_an_application_without_the_right_still_reads_the_lists_and_says_which_is_missing(halo):
    granted = halo.routes["/auth/token"]

    def by_scope(ask):
        wanted = ask.form["scope"] == "read:tickets"
        return says({"error": "invalid_scope"}, 400) if wanted else granted(ask)

    halo.routes["/auth/token"] = by_scope
    facts, states = evidence(halo, [ticket(1)])

    assert facts.tickets.cause == "invalid-scope"
    assert facts.tickets.detail == "the application must be allowed read:tickets (HTTP 400)"
    assert states == [State.COMPLETE] * 4
    assert halo.asked(PATH) == []


def test_a_token_that_was_not_granted_the_right_is_not_tried(halo):
    facts, _ = evidence(halo, [ticket(1)])
    assert facts.tickets.cause == ""

    halo.routes["/auth/token"] = token(scope="read:customers read:assets")
    before = len(halo.asked(PATH))
    facts, states = evidence(halo)
    assert (facts.tickets.cause, states) == ("scope-missing", [State.COMPLETE] * 4)
    assert len(halo.asked(PATH)) == before


def test_where_halo_is_out_of_reach_tickets_are_not_asked_for_as_well(halo):
    halo.routes["/auth/token"] = says({"error": "invalid_client"}, 401)
    facts, _ = evidence(halo)

    assert facts.tickets.cause == "invalid-client"
    assert {ask.form["scope"] for ask in halo.asked("/auth/token")} == {
        "read:customers read:assets"
    }


def test_trouble_on_a_later_page_keeps_what_was_seen(halo):
    rows = [ticket(n) for n in range(1, 250)]
    pages = listed(rows)
    halo.routes[PATH] = lambda ask: pages(ask) if ask.query["page_no"] == "1" else says({}, 403)
    facts, _ = evidence(halo)

    assert (clients(facts), facts.tickets.cause) == ({"12": 100}, "forbidden")
