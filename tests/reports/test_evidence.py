"""The report on tickets as evidence: a line of the footer, and each link they made known, once."""

from dataclasses import replace
from datetime import date

from reports.view import view
from sync.core.pulls import Raised, Tickets
from sync.core.records import Side
from sync.core.result import Origin, Pair
from tests.reports.build import COMPANY, SPANISH, result, see


def systems(**tickets):
    known = result().systems
    facts = replace(known[Side.HALO], tickets=Tickets(**{"days": 30} | tickets))
    return {**known, Side.HALO: facts}


def line(seen):
    return {fact.label: fact.value for fact in seen.footer}.get("Tickets as evidence")


TWO = (Raised("12", 4, date(2026, 11, 20)), Raised("13", 1, date(2026, 11, 2)))


def test_the_footer_says_what_tickets_gave():
    assert line(see(systems=systems(clients=TWO, read=431))) == (
        "2 clients with tickets from AutoElevate in the last 30 days; 431 tickets read"
    )


def test_where_nobody_asked_for_that_evidence_the_footer_has_no_line():
    assert line(see()) is None


def test_missing_evidence_is_said_with_its_cause():
    detail = "the application must be allowed read:tickets (HTTP 400)"
    seen = see(systems=systems(cause="invalid-scope", detail=detail))

    assert line(seen) == (
        f"missing tonight: Halo’s application lacks a requested permission. {detail}"
    )


def test_evidence_that_broke_off_says_so():
    said = line(see(systems=systems(clients=TWO, read=100, cause="forbidden")))

    assert said.startswith("2 clients with tickets")
    assert "not read to the end" in said


def pair(name, origin=Origin.TICKETS):
    return Pair(COMPANY, name, f"h-{name}", origin, name, f"{name} in Halo")


def test_a_link_that_tickets_made_known_is_told_and_others_are_not():
    made = (pair("Acme"), pair("Bravo", Origin.FIRST_SIGHT))
    (told,) = see(pairs_made=made).notices

    assert told.startswith("The link Acme – Acme in Halo is known now: AutoElevate raised tickets")


def test_many_links_at_once_are_counted():
    told = see(pairs_made=tuple(pair(f"C{n}") for n in range(8))).notices

    assert (len(told), told[-1]) == (6, "3 more links are known by their tickets.")


def test_readers_of_counts_only_learn_of_no_client():
    seen = see(systems=systems(clients=TWO, read=9), pairs_made=(pair("Acme"),), counts_only=True)

    assert line(seen).startswith("2 clients")
    assert {r.client for r in seen.result.systems[Side.HALO].tickets.clients} == {""}
    assert seen.notices == ()


def test_it_is_said_in_spanish_too():
    told = view(result(systems=systems(clients=TWO, read=9), pairs_made=(pair("Acme"),)), SPANISH)
    footer = {fact.label for fact in told.footer}

    assert "Tickets como prueba" in footer
    assert "AutoElevate raised" not in told.notices[0]
