"""The figures near misses are judged by, the same for every engine."""

from dataclasses import dataclass

from tests.bench.match.generate import HELD_OUT, NameSet

Answers = dict[str, list[tuple[str, float]]]
"""Left id -> (right id, score), best first."""


@dataclass(frozen=True)
class Figures:
    first: float
    """R@1: the right record first, of those that have one."""
    three: float
    at_95: float
    """R@P95: the largest recall at a cut-off with 95 % precision over all names."""
    at_99: float
    precision: float
    """At 0.5, which is what our engine shows."""
    recall: float
    silent: int
    """Names for which nothing reaches 0.5."""
    silent_rightly: int
    """Those of them that have no counterpart."""
    held_out: float | None
    """R@1 of the fault class that nothing was tuned on; None for a set without it."""


def figures(names: NameSet, answers: Answers, only: set[str] | None = None) -> Figures:
    asked = [i for i, _ in names.left if only is None or i in only]
    answerable = sum(i in names.truth for i in asked) or 1
    ranked = {i: [t in names.truth.get(i, ()) for t, _ in answers.get(i, [])[:3]] for i in asked}
    firsts = sorted(
        ((answers[i][0][1], ranked[i][0]) for i in asked if answers.get(i)), key=lambda row: -row[0]
    )
    shown = [right for score, right in firsts if score >= 0.5]
    silent = [i for i in asked if not answers.get(i) or answers[i][0][1] < 0.5]
    held = [
        ranked[i][:1] == [True]
        for i in asked
        if names.fault.get(i) == HELD_OUT and i in names.truth
    ]
    return Figures(
        sum(r[:1] == [True] for r in ranked.values()) / answerable,
        sum(any(r) for r in ranked.values()) / answerable,
        _recall_at(firsts, 0.95, answerable),
        _recall_at(firsts, 0.99, answerable),
        sum(shown) / max(1, len(shown)),
        sum(shown) / answerable,
        len(silent),
        sum(i not in names.truth for i in silent),
        sum(held) / len(held) if held else None,
    )


def _recall_at(firsts: list[tuple[float, bool]], precision: float, answerable: int) -> float:
    best = right = 0
    for at, (score, is_right) in enumerate(firsts, 1):
        right += is_right
        cut_here = at == len(firsts) or firsts[at][0] < score
        if cut_here and right / at >= precision:
            best = right
    return best / answerable
