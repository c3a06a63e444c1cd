"""AutoElevate's own column: True makes a pair of what is identical or accepted, False proves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.core.decisions import Verb
from sync.core.flags import resolve
from sync.core.records import Kind
from sync.core.result import Origin, Recollection
from sync.core.sides import FlagFile, FlagRow
from sync.core.verdicts import Outcome
from tests.build import NIGHT, ae, halo, night
from tests.sync.core.test_judge import ACME, BRAVO, after, decide, decision, outcome_of

COMPANY, LOCATION, COMPUTER, USER = Kind


def column(*rows, kind=COMPANY, days_old=0):
    return (FlagFile(kind, "linked.csv", NIGHT - timedelta(days=days_old), tuple(rows)),)


def flagged(past, *rows, **how):
    return replace(past, flag_files=column(*rows, **how))


def why(result, ae_id):
    return next(v.why for v in result.verdicts if v.ae_id == ae_id)


def test_false_on_an_identical_name_is_ready_although_it_was_never_open():
    result = decide(night(*ACME), flagged(Recollection(), FlagRow("Acme", linked=False)))

    assert (outcome_of(result, "acme"), why(result, "acme")) == (Outcome.READY, "flag-false")
    assert result.pairs_made == ()


def test_true_on_an_identical_name_makes_a_pair_of_that_origin():
    was_ready = replace(
        after(decide(night(*ACME))), pairs={}, outcomes={(COMPANY, "acme"): Outcome.READY}
    )
    result = decide(night(*ACME), flagged(was_ready, FlagRow("Acme", linked=True)))

    assert outcome_of(result, "acme") is Outcome.LINKED
    assert [(p.ae_id, p.halo_id, p.origin) for p in result.pairs_made] == [
        ("acme", "1", Origin.FLAG)
    ]


def test_true_on_an_accepted_target_makes_a_pair_whatever_the_names():
    past = after(decide(night(*BRAVO)), decision(Verb.ACCEPT, "bravo", halo_id="2"))
    result = decide(night(*BRAVO), flagged(past, FlagRow("Bravo Ltd", linked=True)))

    assert outcome_of(result, "bravo") is Outcome.RENAMED
    assert [(p.halo_id, p.origin) for p in result.pairs_made] == [("2", Origin.FLAG)]


def test_true_without_a_known_target_is_said_and_makes_no_pair():
    result = decide(night(*BRAVO), flagged(Recollection(), FlagRow("Bravo Ltd", linked=True)))

    assert (outcome_of(result, "bravo"), why(result, "bravo")) == (Outcome.UNLINKED, "flag-true")
    assert result.pairs_made == ()


def test_false_on_an_unlinked_record_proves_what_names_only_suggest():
    result = decide(night(*BRAVO), flagged(Recollection(), FlagRow("Bravo Ltd", linked=False)))

    assert why(result, "bravo") == "flag-false"


@pytest.mark.parametrize(("days_old", "ends"), [(0, True), (9, False)])
def test_false_written_after_a_pair_was_made_ends_it_and_before_does_not(days_old, ends):
    first = decide(night(*ACME))
    past = after(replace(first, pairs_made=tuple(
        replace(p, made=NIGHT - timedelta(days=3)) for p in first.pairs_made
    )))  # fmt: skip
    result = decide(night(*ACME), flagged(past, FlagRow("Acme", linked=False), days_old=days_old))

    assert [w for _, w in result.pairs_ended] == (["flag-false"] if ends else [])
    assert outcome_of(result, "acme") is (Outcome.READY if ends else Outcome.LINKED)


def test_a_confirmation_by_a_person_outweighs_an_older_or_newer_false():
    past = after(decide(night(*ACME)), decision(Verb.CONFIRM, "acme", halo_id="1"))
    result = decide(night(*ACME), flagged(past, FlagRow("Acme", linked=False)))

    assert (outcome_of(result, "acme"), result.pairs_ended) == (Outcome.LINKED, ())


def test_a_row_is_matched_inside_its_company_and_says_nothing_when_two_fit():
    world = night(
        *ACME, *BRAVO, *(ae(COMPUTER, f"p{i}", "RECEPTION", inside=c) for i, c in enumerate(("acme", "bravo"))),
        halo(COMPUTER, "a", "RECEPTION", inside="1"),
    )  # fmt: skip
    inside = column(FlagRow("reception", linked=True, company="ACME"), kind=COMPUTER)
    anywhere = column(FlagRow("RECEPTION", linked=True), kind=COMPUTER)

    assert list(resolve(inside, world)) == [(COMPUTER, "p0")]
    assert resolve(anywhere, world) == {}


def test_rows_that_contradict_each_other_say_nothing():
    rows = column(FlagRow("Acme", linked=True), FlagRow("acme", linked=False))

    assert resolve(rows, night(*ACME)) == {}


def test_a_user_is_found_by_the_address():
    user = ae(USER, "t@x.example", "Tess", email="T@x.example")
    rows = column(FlagRow("Somebody", linked=True, email="t@X.example"), kind=USER)

    assert list(resolve(rows, night(user))) == [(USER, "t@x.example")]
