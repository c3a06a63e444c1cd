"""Learns the constants in sync/core/suggest/weights.py; run it to print that file's tables.

`python -m tests.bench.match.learn` reads only tests/fixtures/names and fixed seeds. The fault
class `generate.HELD_OUT` and two thirds of the raw names are never shown to it.
"""

import sys
from collections.abc import Sequence

import numpy as np

from sync.core.suggest.candidates import Pairs, candidates
from sync.core.suggest.features import FEATURES, measure
from sync.core.suggest.organisations import read
from sync.core.suggest.scoring import STANDING, standing
from sync.core.suggest.table import tabulate
from tests.bench.match.generate import HELD_OUT, NameSet, generate
from tests.bench.match.sets import labelled, raw_names, slices, split_names

WITHOUT = frozenset({HELD_OUT})


def learning_sets() -> list[tuple[NameSet, float]]:
    """The sets with the weight each has in total."""
    names, _ = split_names(raw_names())
    big = [(generate(names, 5000, seed, without=WITHOUT), 1.0) for seed in (11, 12)]
    small = [(s, 0.15) for s in slices(names, 12, 13)]
    tiny = [(s, 0.3) for s in slices(names, 60, 17, size=20)]
    return [*big, *small, *tiny, (labelled("chicago_sites"), 0.5), (labelled("nsi_alias"), 0.5)]


class Measured:
    """One set's candidate pairs with their measures and whether each is right."""

    def __init__(self, names: NameSet) -> None:
        self.names = names
        table = tabulate([read(n) for _, n in names.left], [read(n) for _, n in names.right])
        self.pairs: Pairs = candidates(table)
        self.measures = np.asarray(measure(table, self.pairs), dtype=np.float64)
        ids_left, ids_right = [i for i, _ in names.left], [i for i, _ in names.right]
        self.right = np.array(
            [
                ids_right[r] in names.truth.get(ids_left[q], ())
                for q, r in zip(self.pairs.left.tolist(), self.pairs.right.tolist(), strict=True)
            ]
        )


def fit(
    columns: np.ndarray, right: np.ndarray, weight: np.ndarray, *, ridge: float = 1.0
) -> np.ndarray:
    """Fit a logistic score by Newton's method; the first coefficient is the constant."""
    design = np.column_stack([np.ones(len(columns)), columns])
    penalty = np.diag([1e-6, *[ridge] * columns.shape[1]])
    beta = np.zeros(design.shape[1])
    for _ in range(40):
        odds = np.clip(design @ beta, -30, 30)
        chance = 1 / (1 + np.exp(-odds))
        slope = design.T @ (weight * (right - chance)) - penalty @ beta
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curve, slope)
        beta += step
        if np.abs(step).max() < 1e-7:
            break
    return beta


SIGNS = {
    "conflict": -1, "other-trade": -1, "other-place": -1, "number-conflict": -1, "number-extra": -1,
    "legal-conflict": -1, "edits": -1,
}  # fmt: skip
"""Measures that can only speak against a pair; all others only for it."""


def fit_signed(columns: np.ndarray, right: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Fit, and leave out what would be weighed against its meaning."""
    sign = np.array([SIGNS.get(name, 1) for name in FEATURES])
    kept = np.ones(len(FEATURES), dtype=bool)
    while True:
        beta = np.zeros(len(FEATURES) + 1)
        beta[np.flatnonzero(np.append(True, kept))] = fit(columns[:, kept], right, weight)
        wrong = kept & (beta[1:] * sign < 0)
        if not wrong.any():
            return beta
        kept[np.argmin(np.where(wrong, beta[1:] * sign, 0))] = False


def learn(sets: Sequence[tuple[Measured, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Learn both scores' coefficients."""
    rows = np.concatenate([m.measures for m, _ in sets])
    right = np.concatenate([m.right for m, _ in sets]).astype(float)
    weight = np.concatenate([np.full(len(m.right), w) for m, w in sets])
    first = fit_signed(rows, right, weight)
    stands = [standing(m.pairs, m.measures, first[0] + m.measures @ first[1:]) for m, _ in sets]
    return first, fit(np.concatenate(stands).astype(float), right, weight)


def main() -> None:
    sets = [(Measured(names), weight) for names, weight in learning_sets()]
    first, second = learn(sets)
    for title, names, values in (("PAIR", FEATURES, first), ("PLACE", STANDING, second)):
        sys.stdout.write(f"{title}_CONSTANT = {values[0]:.3f}\n{title} = {{\n")
        for name, value in zip(names, values[1:], strict=True):
            sys.stdout.write(f'    "{name}": {value:.3f},\n')
        sys.stdout.write("}\n")


if __name__ == "__main__":
    main()
