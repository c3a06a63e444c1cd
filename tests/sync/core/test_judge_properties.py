"""Invented nights of all four kinds, with pairs and decisions behind them: what judging promises."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.decisions import Decision, Verb
from sync.core.pulls import Night
from sync.core.records import Kind
from sync.core.result import Origin, Pair, Recollection
from tests.build import NIGHT, ae, halo, night
from tests.sync.core.test_judge import decide

COMPANY, LOCATION, COMPUTER, USER = Kind
NAMES = st.sampled_from(["Acme", "acme ", "Bravo", "Bravo Ltd", "", "Cafe\u0301", "Café"])
FOUND = st.tuples(NAMES, st.integers(0, 3), st.sampled_from([True, False, None]))
SOME = st.lists(FOUND, max_size=4)


def ours(kind, rows):
    for n, (name, inside, _) in enumerate(rows):
        parent = f"company{inside}" if kind in {LOCATION, COMPUTER} else None
        email = f"{name.strip() or 'x'}@msp.example" if kind is USER else ""
        yield ae(kind, f"{kind}{n}", name, inside=parent, email=email)


def theirs(kind, rows):
    for n, (name, inside, active) in enumerate(rows):
        parent = f"{inside}" if kind in {LOCATION, COMPUTER} else None
        email = f"{name.strip() or 'x'}@msp.example" if kind is USER else ""
        yield halo(kind, f"{n}", name, inside=parent, email=email, active=active)


@st.composite
def worlds(draw):
    return [record for kind in Kind for side in (ours, theirs) for record in side(kind, draw(SOME))]


KEYS = st.tuples(st.sampled_from(tuple(Kind)), st.integers(0, 4), st.integers(0, 4))


@st.composite
def pasts(draw):
    """Pairs and decisions, some about records that are no longer there."""
    pairs = {
        (kind, f"{kind}{n}"): Pair(kind, f"{kind}{n}", f"{m}", Origin.FIRST_SIGHT)
        for kind, n, m in draw(st.lists(KEYS, max_size=4))
    }
    verbs = draw(st.lists(st.tuples(st.sampled_from(tuple(Verb)), KEYS), max_size=5))
    words = tuple(_word(n, verb, key) for n, (verb, key) in enumerate(verbs))
    return Recollection(pairs=pairs, decisions=words)


def _word(n, verb, key):
    kind, ours_n, theirs_n = key
    aims = verb in {Verb.ACCEPT, Verb.CONFIRM, Verb.REJECT}
    expires = NIGHT + timedelta(days=9) if verb is Verb.IGNORE else None
    target = f"{theirs_n}" if aims else ""
    return Decision(
        n, verb, kind, "ana", NIGHT, "why", f"{kind}{ours_n}", halo_id=target, expires=expires
    )


def shuffled(tonight, rng):
    """The same night, every list in another order."""
    pulls = {}
    for collection, pull in tonight.pulls.items():
        records = list(pull.records)
        rng.shuffle(records)
        pulls[collection] = replace(pull, records=tuple(records))
    return Night(pulls)


@settings(max_examples=60, deadline=None)
@given(worlds(), pasts(), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing_in_the_result(records, past, rng):
    tonight = night(*records)
    one, other = decide(tonight, past), decide(shuffled(tonight, rng), past)

    for said in ("verdicts", "findings", "counts", "oddities", "coverage", "ignored"):
        assert getattr(one, said) == getattr(other, said), said
    assert set(one.pairs_made) == set(other.pairs_made)
    assert set(one.pairs_ended) == set(other.pairs_ended)


@settings(max_examples=60, deadline=None)
@given(worlds(), pasts())
def test_every_record_has_one_outcome_and_is_counted_once_whatever_was_decided(records, past):
    result = decide(night(*records), past)
    judged = {v.kind for v in result.verdicts}
    known = [(r.kind, r.id) for r in records if r.id.startswith(r.kind.value)]

    assert sorted((v.kind, v.ae_id) for v in result.verdicts) == sorted(
        key for key in known if key[0] in judged
    )
    assert sum(result.counts.values()) == len(result.verdicts)


@settings(max_examples=60, deadline=None)
@given(worlds(), pasts())
def test_no_halo_id_is_named_that_nobody_gave(records, past):
    result = decide(night(*records), past)
    there = {(r.kind, r.id) for r in records if not r.id.startswith(r.kind.value)}
    confirmed = {(d.kind, d.halo_id) for d in past.decisions if d.verb is Verb.CONFIRM}
    named = [
        *((v.kind, v.halo_id) for v in result.verdicts if v.halo_id),
        *((v.kind, i) for v in result.verdicts if v.outcome == "ambiguous" for i in v.rivals),
        *((f.kind, s.halo_id) for f in result.findings for s in f.suggestions),
        *((f.kind, t.id) for f in result.findings for t in f.targets),
        *((f.kind, f.accepted.id) for f in result.findings if f.accepted),
    ]

    assert set(named) <= there
    assert {(p.kind, p.halo_id) for p in result.pairs_made} <= there | confirmed
