"""New, still open, reopened, resolved."""

from datetime import timedelta

from sync.core import changes
from sync.core.records import Kind
from sync.core.result import Finding, Life, Recollection
from sync.core.verdicts import Outcome
from tests.build import NIGHT

YESTERDAY = NIGHT - timedelta(days=1)


def finding(ae_id, kind=Kind.COMPANY, **more):
    return Finding(kind, ae_id, ae_id.title(), Outcome.UNLINKED, "L1", **more)


def remembered(*findings, closed=()):
    return Recollection(findings={f.key: f for f in findings}, closed=frozenset(closed))


def test_a_finding_nobody_saw_before_is_new_tonight():
    (aged,) = changes.age([finding("acme")], remembered(), NIGHT)

    assert (aged.life, aged.since) == (Life.NEW, NIGHT)


def test_a_finding_that_was_open_keeps_its_age():
    past = remembered(finding("acme", since=YESTERDAY))
    (aged,) = changes.age([finding("acme")], past, NIGHT)

    assert (aged.life, aged.since) == (Life.OPEN, YESTERDAY)


def test_a_finding_that_comes_back_is_reopened_not_new():
    past = remembered(closed={(Kind.COMPANY, "acme")})
    (aged,) = changes.age([finding("acme")], past, NIGHT)

    assert (aged.life, aged.since) == (Life.REOPENED, NIGHT)


def test_what_was_open_and_is_not_now_was_resolved():
    past = remembered(finding("acme"), finding("bravo"))
    (fixed,) = changes.resolved(past.findings, {(Kind.COMPANY, "bravo")}, {Kind.COMPANY})

    assert (fixed.ae_id, fixed.life) == ("acme", Life.RESOLVED)


def test_a_kind_that_is_not_judged_tonight_resolves_nothing():
    past = remembered(finding("acme"))

    assert changes.resolved(past.findings, set(), {Kind.USER}) == ()
