"""One to one: the best sum over all, whatever the order of the rows."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from sync.core.suggest.assign import Claim, assign


def best_sum(claims):
    gain = {(c.left, c.right): c.gain for c in claims}
    lefts = sorted({c.left for c in claims})
    places = [*sorted({c.right for c in claims}), *[None] * len(lefts)]
    return max(
        sum(gain.get(pair, 0) for pair in zip(lefts, chosen, strict=True))
        for chosen in itertools.permutations(places, len(lefts))
    )


claims = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.floats(0.01, 9), min_size=1
).map(lambda gains: [Claim(a, b, gain) for (a, b), gain in gains.items()])


@given(claims)
def test_no_other_assignment_is_better(claims):
    gain = {(c.left, c.right): c.gain for c in claims}
    chosen = assign(claims)

    assert len(set(chosen.values())) == len(chosen)
    assert abs(sum(gain[pair] for pair in chosen.items()) - best_sum(claims)) < 1e-9


@given(claims, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(claims, rng):
    shuffled = list(claims)
    rng.shuffle(shuffled)

    assert assign(shuffled) == assign(claims)


def test_the_pair_that_is_best_alone_gives_way_to_the_best_sum():
    chosen = assign([Claim(0, 0, 2.94), Claim(0, 1, 2.75), Claim(1, 0, 2.59)])

    assert chosen == {0: 1, 1: 0}


def test_a_knot_too_large_to_solve_exactly_is_still_one_to_one():
    rng = random.Random(1)
    knot = [Claim(a, rng.randrange(90), rng.random()) for a in range(90) for _ in range(6)]

    chosen = assign(knot)

    assert len(set(chosen.values())) == len(chosen) > 70
