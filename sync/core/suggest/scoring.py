"""From measures to a probability: one logistic score for the pair, one for its standing."""

import numpy as np
from numpy.typing import NDArray

from sync.core.suggest.candidates import Index, Pairs
from sync.core.suggest.features import FEATURES, measure
from sync.core.suggest.table import Floats, Table
from sync.core.suggest.weights import PAIR, PAIR_CONSTANT, PLACE, PLACE_CONSTANT

Floats64 = NDArray[np.float64]

STANDING = ("pair", "gap-left", "gap-right", "best-left", "best-right", "other-number")
"""What the second score reads: the first one's log odds, and how it compares with the rivals."""


def sigmoid(log_odds: Floats64) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -40, 40))))


NOBODY = -5.0
"""Log odds of the rival where there is none: what a stranger usually has. To be alone in a small
estate is no proof."""
ANOTHER = 0.45
"""The most a pair can score whose numbers, trades or places differ: under the floor."""
_NUMBER = FEATURES.index("number-conflict")
_OTHERS = [FEATURES.index(name) for name in ("number-conflict", "other-trade", "other-place")]


def standing(
    pairs: Pairs, measures: Floats, log_odds: Floats64, free: NDArray[np.bool_] | None = None
) -> Floats:
    """Set each pair beside the best other pair of its left and of its right name.

    A right name that is not free is no rival: it may be the best and still cannot be had.
    """
    rivals = log_odds if free is None else np.where(free[pairs.right], log_odds, NOBODY)
    gap_left = log_odds - _best_other(pairs.left, rivals)
    gap_right = log_odds - _best_other(pairs.right, log_odds)
    columns = (
        log_odds,
        np.clip(gap_left, -4, 4),
        np.clip(gap_right, -4, 4),
        gap_left > 0,
        gap_right > 0,
        measures[:, _NUMBER],
    )
    return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns])


def _best_other(owner: Index, log_odds: Floats64) -> NDArray[np.float64]:
    """Give for each pair the best log odds among the other pairs of the same owner."""
    if not len(owner):
        return np.zeros(0)
    order = np.lexsort((-log_odds, owner))
    sorted_owner, sorted_odds = owner[order], log_odds[order]
    first = np.append(True, sorted_owner[1:] != sorted_owner[:-1])
    starts = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    best = sorted_odds[starts]
    has_second = np.append(starts[1:], len(order)) - starts > 1
    second = np.where(has_second, sorted_odds[np.minimum(starts + 1, len(order) - 1)], NOBODY)
    other = np.maximum(np.where(first, second[group], best[group]), NOBODY)
    result = np.empty(len(owner))
    result[order] = other
    return result


_PAIR = np.array([PAIR.get(name, 0.0) for name in FEATURES])
_PLACE = np.array([PLACE.get(name, 0.0) for name in STANDING])


def score(
    table: Table, pairs: Pairs, free: NDArray[np.bool_] | None = None, *, shift: float = 0.0
) -> Floats64:
    """Give every pair the probability that it is right; `shift` in log odds."""
    measures = measure(table, pairs)
    log_odds = PAIR_CONSTANT + shift + measures @ _PAIR
    chance = sigmoid(PLACE_CONSTANT + standing(pairs, measures, log_odds, free) @ _PLACE)
    # A rule, not a weight: `Depot 12` and `Depot 14` are two, however alone they stand, and so are
    # `Smith Dental` and `Smith Legal`.
    another = (measures[:, _OTHERS] > 0).any(axis=1)
    return np.where(another, np.minimum(chance, ANOTHER), chance)
