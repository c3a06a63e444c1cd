"""Invented worlds: whatever the names, linking keeps its promises."""

import random

from hypothesis import given
from hypothesis import strategies as st

from sync.core.link import link_all
from sync.core.records import Kind
from sync.core.verdicts import Outcome
from tests.build import ae, by_kind, halo

NAMES = st.sampled_from(["Acme", "acme", "Acme ", "Bravo", "Bravo Ltd", "", "Cafe\u0301", "Café"])
IDS = st.sampled_from("abcde")


@st.composite
def worlds(draw):
    companies = [
        ae(Kind.COMPANY, f"c{i}", name) for i, name in enumerate(draw(st.lists(NAMES, max_size=5)))
    ]
    clients = [
        halo(Kind.COMPANY, f"h{i}", name, active=draw(st.sampled_from([True, False, None])))
        for i, name in enumerate(draw(st.lists(NAMES, max_size=5)))
    ]
    computers = [
        ae(Kind.COMPUTER, f"p{i}", name, inside=f"c{draw(st.integers(0, 5))}")
        for i, name in enumerate(draw(st.lists(NAMES, max_size=6)))
    ]
    assets = [
        halo(Kind.COMPUTER, f"a{i}", name, inside=f"h{draw(st.integers(0, 5))}")
        for i, name in enumerate(draw(st.lists(NAMES, max_size=6)))
    ]
    return [*companies, *clients, *computers, *assets]


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(records, rng: random.Random):
    shuffled = list(records)
    rng.shuffle(shuffled)

    assert link_all(*by_kind(*records)) == link_all(*by_kind(*shuffled))


@given(worlds())
def test_every_autoelevate_record_gets_exactly_one_outcome(records):
    ours, theirs = by_kind(*records)
    judged = [(v.kind, v.ae_id) for v in link_all(ours, theirs)]

    assert sorted(judged) == sorted((r.kind, r.id) for rs in ours.values() for r in rs)


@given(worlds())
def test_no_halo_id_is_invented_and_a_link_is_identical_active_and_alone(records):
    ours, theirs = by_kind(*records)
    found = {(r.kind, r.id): r for rs in theirs.values() for r in rs}
    mine = {(r.kind, r.id): r for rs in ours.values() for r in rs}
    linked = [v for v in link_all(ours, theirs) if v.outcome is Outcome.LINKED]

    for v in linked:
        target = found[v.kind, v.halo_id]
        assert target.active is not False
        assert mine[v.kind, v.ae_id].name == target.name
    assert len({(v.kind, v.halo_id) for v in linked}) == len(linked)
