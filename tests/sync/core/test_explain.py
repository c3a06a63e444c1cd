"""An explanation retraces the verdict, names every candidate, and obeys what was decided."""

from datetime import timedelta

import pytest

from sync.core.case import Snapshot
from sync.core.decisions import Decision, Verb
from sync.core.explain import explain
from sync.core.link import link_all
from sync.core.records import Kind
from sync.core.result import Origin, Pair, Recollection
from sync.core.sheet import Linking
from sync.core.verdicts import Grade, Outcome
from tests.build import NIGHT, ae, by_kind, halo, night

COMPANY, LOCATION, COMPUTER, USER = Kind
ACME = (ae(COMPANY, "acme", "Acme"), halo(COMPANY, "1", "Acme"))
SMITH = (ae(COMPANY, "smith", "Smith & Sons Ltd"), halo(COMPANY, "7", "Smith and Sons Ltd"))


def snapshot(*records, decisions=(), pairs=()):
    verdicts = link_all(*by_kind(*records))
    published = {(v.kind, v.ae_id): v for v in verdicts}
    past = Recollection(
        outcomes={key: v.outcome for key, v in published.items()},
        pairs={pair.key: pair for pair in pairs},
        decisions=decisions,
    )
    return Snapshot(night(*records), published, past, Linking(), NIGHT)


def decided(verb, **more):
    return Decision(1, verb, COMPANY, "ana", NIGHT, "because", ae_id="smith", **more)


def codes(explanation):
    return {step.code: step.holds for step in explanation.steps}


def ways(explanation):
    return [way.code for way in explanation.ways]


def test_an_unlinked_company_is_told_which_text_to_take():
    found = explain((COMPANY, "smith"), snapshot(*SMITH))

    assert found.now == found.published
    assert codes(found) == {"no-pair": False, "identical": False}
    assert [c.target.id for c in found.candidates] == ["7"]
    assert dict(found.ways[0].facts)["to"] == "Smith and Sons Ltd"
    assert ways(found) == ["rename", "link-by-hand", "confirm"]


def test_a_computer_waits_for_its_company_and_is_told_so():
    pc = ae(COMPUTER, "pc", "PC-1", inside="smith")
    found = explain((COMPUTER, "pc"), snapshot(*SMITH, pc))

    assert found.now.outcome is Outcome.BLOCKED
    assert codes(found)["company-not-linked"] is False
    assert ways(found) == ["company-first"]


def test_the_same_name_under_another_client_is_a_candidate_that_may_not_be_used():
    other = (halo(COMPANY, "34", "Other"), halo(COMPUTER, "a", "WS-014", inside="34"))
    found = explain(
        (COMPUTER, "pc"), snapshot(*ACME, ae(COMPUTER, "pc", "WS-014", inside="acme"), *other)
    )

    assert [(c.target.id, c.against) for c in found.candidates] == [("a", ("other-client",))]
    assert dict(next(s for s in found.steps if s.code == "identical-elsewhere").facts) == {
        "n": 1,
        "clients": "Other",
    }
    assert ways(found)[0] == "no-counterpart"


def test_a_rejected_candidate_stays_visible_with_what_rejects_it():
    found = explain(
        (COMPANY, "smith"), snapshot(*SMITH, decisions=(decided(Verb.REJECT, halo_id="7"),))
    )

    assert [(c.target.id, c.against[0]) for c in found.candidates] == [("7", "rejected")]
    assert [(d.verb, counts) for d, counts in found.decisions] == [(Verb.REJECT, True)]
    assert ways(found)[0] == "no-counterpart"


def test_a_weak_candidate_is_no_order_to_rename():
    here = (
        ae(LOCATION, "l", "Springfield", inside="acme"),
        halo(LOCATION, "s", "Main", inside="1"),
    )
    found = explain((LOCATION, "l"), snapshot(*ACME, *here))

    assert [c.grade for c in found.candidates] == [Grade.WEAK]
    assert ways(found)[0] == "rename-if"


def test_what_another_holds_may_be_the_same_record_twice():
    twice = (ae(COMPANY, "a2", "Acme Dental"), halo(COMPANY, "9", "Acme Dental Ltd"))
    found = explain((COMPANY, "a2"), snapshot(*twice, ae(COMPANY, "a3", "Acme Dental Ltd")))

    assert [c.against for c in found.candidates] == [("taken",)]
    assert ways(found)[0] == "merge"


def test_what_is_shown_stands_as_in_the_report_although_another_was_rejected():
    twin = halo(COMPANY, "8", "Smith and Sons Limited")
    reject = decided(Verb.REJECT, halo_id="8")
    found = explain((COMPANY, "smith"), snapshot(*SMITH, twin, decisions=(reject,)))

    best, rejected = found.candidates
    assert (best.target.id, best.grade, best.runner_up) == ("7", Grade.STRONG, "")
    assert "rejected" in rejected.against


def test_a_pair_holds_although_the_names_differ():
    pair = Pair(COMPANY, "smith", "7", Origin.CONFIRMED)
    found = explain((COMPANY, "smith"), snapshot(*SMITH, pairs=(pair,)))

    assert (found.now.outcome, codes(found)["pair"], ways(found)) == (Outcome.RENAMED, True, [])


def test_what_was_decided_since_the_run_shows_what_the_next_run_will_say():
    found = explain(
        (COMPANY, "smith"), snapshot(*SMITH, decisions=(decided(Verb.CONFIRM, halo_id="7"),))
    )

    assert found.published.outcome is Outcome.UNLINKED
    assert found.now.outcome is Outcome.RENAMED


@pytest.mark.parametrize(
    ("expires", "outcome"), [(1, Outcome.IGNORED), (-1, Outcome.UNLINKED)]
)  # fmt: skip
def test_an_ignore_counts_until_its_end(expires, outcome):
    ignore = decided(Verb.IGNORE, expires=NIGHT + timedelta(days=expires))
    found = explain((COMPANY, "smith"), snapshot(*SMITH, decisions=(ignore,)))

    assert found.now.outcome is outcome
    assert found.decisions == ((ignore, outcome is Outcome.IGNORED),)


def test_an_accepted_target_is_what_to_rename_to():
    records = (*SMITH, halo(COMPANY, "8", "Smithers Group"))
    found = explain(
        (COMPANY, "smith"), snapshot(*records, decisions=(decided(Verb.ACCEPT, halo_id="8"),))
    )

    assert dict(found.ways[0].facts) == {"to": "Smithers Group", "id": "8"}


def test_two_claims_on_one_client_are_named():
    twin = ae(COMPANY, "acme2", "Acme")
    found = explain((COMPANY, "acme"), snapshot(*ACME, twin))

    assert found.now.outcome is Outcome.CONTESTED
    assert codes(found)["claimed-by-others"] is False
    assert ways(found)[:2] == ["settle-claims", "allow-many"]


def test_every_step_and_way_has_words():
    from sync.cli import explain as words  # noqa: PLC0415 - the words, not the core, are tested

    source = (snapshot(*SMITH), snapshot(*ACME))
    for world in source:
        for key in world.published:
            told = explain(key, world)
            assert all(words._fill(words.STEPS, step) for step in told.steps)
            assert all(words._fill(words.WAYS, way) for way in told.ways)
