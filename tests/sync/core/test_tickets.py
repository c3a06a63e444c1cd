"""A ticket from AutoElevate proves a link; with whom, only where one company could be meant."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.case import Snapshot
from sync.core.decisions import Decision, Verb
from sync.core.explain import explain
from sync.core.pulls import Raised, SystemFacts, Tickets
from sync.core.records import Kind, Side
from sync.core.result import Origin, Recollection
from sync.core.sheet import Linking
from sync.core.sides import FlagFile, FlagRow
from sync.core.verdicts import Outcome
from tests.build import NIGHT, ae, halo, night
from tests.sync.core.test_judge import ACME, after, decide, decision, outcome_of

COMPANY, COMPUTER = Kind.COMPANY, Kind.COMPUTER
SMITH = (ae(COMPANY, "smith", "Smith & Sons Ltd"), halo(COMPANY, "7", "Smith and Sons Ltd"))


def ticketed(world, *clients):
    """The same night, in which these clients had tickets from AutoElevate."""
    found = tuple(Raised(c, 3, date(2026, 11, 20)) for c in clients)
    return replace(world, systems={Side.HALO: SystemFacts(Side.HALO, tickets=Tickets(30, found))})


def opened(*records):
    """What is remembered after a night on which Acme was called otherwise."""
    other = [r._replace(name="Acne") if r.id == "acme" else r for r in records]
    return after(decide(night(*other)))


def pairs(result):
    return [(p.ae_id, p.halo_id, p.origin) for p in result.pairs_made]


def reasons(result, ae_id):
    (found,) = (f for f in result.findings if f.ae_id == ae_id)
    return {s.halo_id: [r.code for r in s.reasons] for s in found.suggestions}


def test_a_ready_company_whose_client_has_tickets_is_linked_and_the_pair_says_why():
    result = decide(ticketed(night(*ACME), "1"), opened(*ACME))

    assert outcome_of(result, "acme") is Outcome.LINKED
    assert pairs(result) == [("acme", "1", Origin.TICKETS)]


@pytest.mark.parametrize("clients", [(), ("7",)])
def test_without_tickets_of_its_own_client_it_stays_ready(clients):
    result = decide(ticketed(night(*ACME), *clients), opened(*ACME))

    assert (outcome_of(result, "acme"), pairs(result)) == (Outcome.READY, [])


def test_what_is_inside_a_proven_company_holds_without_a_remark():
    pc = (ae(COMPUTER, "pc", "PC-1", inside="acme"), halo(COMPUTER, "91", "PC-1", inside="1"))
    result = decide(ticketed(night(*ACME, *pc), "1"), opened(*ACME, *pc))

    (verdict,) = (v for v in result.verdicts if v.ae_id == "pc")
    assert (verdict.outcome, verdict.provisional) == (Outcome.LINKED, False)


def test_a_pair_that_tickets_made_outlives_the_tickets_and_a_rename():
    first = decide(ticketed(night(*ACME), "1"), opened(*ACME))
    renamed = (ae(COMPANY, "acme", "Acme as we call it"), ACME[1])
    result = decide(ticketed(night(*renamed)), after(first))

    assert (outcome_of(result, "acme"), result.pairs_ended) == (Outcome.RENAMED, ())


@pytest.mark.parametrize("name", ["ACME", "Acme Ltd", "Acme"])
def test_where_a_second_company_could_be_the_one_nothing_is_confirmed(name):
    other = ae(COMPANY, "zeta", name)
    result = decide(ticketed(night(*ACME, other), "1"), opened(*ACME, other))

    assert pairs(result) == []
    assert outcome_of(result, "acme").is_open


def test_a_second_company_that_was_accepted_for_the_client_could_be_the_one():
    other = ae(COMPANY, "zeta", "Quite another name")
    past = opened(*ACME, other)
    past = replace(past, decisions=(decision(Verb.ACCEPT, "zeta", halo_id="1"),))

    assert pairs(decide(ticketed(night(*ACME, other), "1"), past)) == []


@pytest.mark.parametrize(
    "word",
    [
        decision(Verb.FORGET, "acme"),
        decision(Verb.REJECT, "acme", halo_id="1"),
        decision(Verb.ACCEPT, "acme", halo_id="9"),
    ],
)
def test_a_person_s_word_outweighs_tickets(word):
    past = replace(opened(*ACME), decisions=(word,))

    assert outcome_of(decide(ticketed(night(*ACME), "1"), past), "acme") is Outcome.READY


def test_autoelevate_s_own_false_outweighs_tickets():
    file = FlagFile(COMPANY, "linked.csv", NIGHT - timedelta(days=1), (FlagRow("Acme", False),))
    past = replace(opened(*ACME), flag_files=(file,))

    assert outcome_of(decide(ticketed(night(*ACME), "1"), past), "acme") is Outcome.READY


def test_tickets_of_a_client_nobody_is_known_to_hold_are_told_with_the_suggestion():
    result = decide(ticketed(night(*SMITH), "7"))
    plain = decide(night(*SMITH))

    assert reasons(result, "smith")["7"][-1] == "tickets"
    assert [(s.score, s.grade) for f in result.findings for s in f.suggestions] == [
        (s.score, s.grade) for f in plain.findings for s in f.suggestions
    ]
    assert (outcome_of(result, "smith"), pairs(result)) == (Outcome.UNLINKED, [])


def test_tickets_that_another_company_explains_say_nothing_of_a_near_miss():
    near = ae(COMPANY, "acme2", "Acme Ltd")
    result = decide(ticketed(night(*ACME, near), "1"))

    assert "tickets" not in reasons(result, "acme2").get("1", [])


def test_an_ignored_company_is_not_taken_out_of_the_reckoning():
    other = ae(COMPANY, "zeta", "Acme Ltd")
    ignore = Decision(1, Verb.IGNORE, COMPANY, "ana", NIGHT, "because", ae_id="zeta")
    past = replace(opened(*ACME, other), decisions=(ignore,))

    assert pairs(decide(ticketed(night(*ACME, other), "1"), past)) == []


def test_an_explanation_shows_the_tickets_and_what_their_absence_does_not_say():
    def codes(*clients):
        world = ticketed(night(*ACME), *clients)
        return {
            step.code: dict(step.facts)
            for step in explain(
                (COMPANY, "acme"), Snapshot(world, {}, Recollection(), Linking(), NIGHT)
            ).steps
        }

    assert codes("1")["tickets"] == {"client": "Acme", "days": 30, "n": 3, "last": "2026-11-20"}
    assert codes()["no-tickets"] == {"client": "Acme", "days": 30}


NAMES = st.sampled_from(["Acme", "acme", "Acme Ltd", "Bravo", "Bravo Ltd", "Zeta", ""])
THREE = st.lists(NAMES, min_size=3, max_size=3)


def world_of(ours, theirs):
    return (
        *(ae(COMPANY, f"c{i}", name) for i, name in enumerate(ours)),
        *(halo(COMPANY, f"{i}", name) for i, name in enumerate(theirs)),
    )


@given(THREE, THREE, THREE, st.sets(st.sampled_from(["0", "1", "2", "99"])))
def test_tickets_only_ever_turn_ready_into_linked_and_their_absence_changes_nothing(
    before, ours, theirs, clients
):
    past = after(decide(night(*world_of(before, theirs))))
    records = night(*world_of(ours, theirs))
    without, none, some = (
        decide(tonight, past)
        for tonight in (records, ticketed(records), ticketed(records, *clients))
    )

    assert (none.verdicts, none.findings, none.pairs_made) == (
        without.verdicts, without.findings, without.pairs_made,
    )  # fmt: skip
    for plain, told in zip(without.verdicts, some.verdicts, strict=True):
        if plain != told:
            assert (plain.outcome, told.outcome) == (Outcome.READY, Outcome.LINKED)
            assert told.halo_id == plain.halo_id
            assert told.halo_id in clients
    held = [p.halo_id for p in (*past.pairs.values(), *some.pairs_made)]
    assert all(held.count(p.halo_id) == 1 for p in some.pairs_made if p.origin is Origin.TICKETS)
