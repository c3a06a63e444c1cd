"""Companies and locations by their names: rows in, scored pairs out."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sync.core.suggest.candidates import Index, Pairs, all_pairs, candidates
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.explain import explain
from sync.core.suggest.organisations import Form, read
from sync.core.suggest.reasons import reason
from sync.core.suggest.scoring import Floats64, score
from sync.core.suggest.sites import TWO_PLACES, bound, explain_site, read_site, two_places
from sync.core.suggest.table import tabulate
from sync.core.verdicts import Grade, Reason

LOWEST = 0.02
"""Pairs under this are forgotten at once, unless even the unlikely ones are asked for."""
_SITE_SHIFT = 3.0
"""Inside one parent few names compete, so less likeness is needed."""
LAST = 0.55
"""Score of a location and a site that have nothing in common but being the last ones."""
_ROOM = 10_000
"""A parent with more pairs than this goes through the candidate look-up."""

Explain = Callable[[Scored], tuple[Reason, ...]]
Room = tuple[Index, Index]
Free = NDArray[np.bool_]


def companies(
    left: Sequence[Entry], right: Sequence[Entry], lowest: float = LOWEST
) -> tuple[list[Scored], Explain]:
    """Score the company names of a whole tenant."""
    forms = [read(entry.name) for entry in left], [read(entry.name) for entry in right]
    table = tabulate(*forms)
    pairs = candidates(table)

    def reasons(pair: Scored) -> tuple[Reason, ...]:
        return explain(
            (left[pair.left].name, forms[0][pair.left]),
            (right[pair.right].name, forms[1][pair.right]),
        )

    return _scored(pairs, score(table, pairs, _free(right)), lowest), reasons


def sites(left: Sequence[Entry], right: Sequence[Entry]) -> tuple[list[Scored], Explain]:
    """Score location names, each inside its parent."""
    forms = (
        [read_site(entry.name, entry.parent_name) for entry in left],
        [read_site(entry.name, entry.parent_name) for entry in right],
    )
    found: list[Scored] = []
    small, large = _rooms(left, right)
    free = _free(right)
    if small:
        table, pairs = tabulate(*forms), all_pairs(small)
        found.extend(_scored(pairs, score(table, pairs, free, shift=_SITE_SHIFT)))
    for room in large:
        found.extend(_look_up(forms, room, free))

    def reasons(pair: Scored) -> tuple[Reason, ...]:
        if pair.reasons:
            return ()
        return explain_site(
            (left[pair.left].name, forms[0][pair.left]),
            (right[pair.right].name, forms[1][pair.right]),
        )

    def limit(pair: Scored) -> Scored:
        most, best = bound(
            (left[pair.left].name, forms[0][pair.left]),
            (right[pair.right].name, forms[1][pair.right]),
        )
        grade = best if pair.best is Grade.STRONG else pair.best
        return pair._replace(score=min(pair.score, most), best=grade)

    limited = [limit(pair) if pair.score > TWO_PLACES else pair for pair in found]
    last = {
        (pair.left, pair.right): pair
        for pair in _last_ones(limited, small, right)
        if not two_places(forms[0][pair.left], forms[1][pair.right])
    }
    kept = [pair for pair in limited if (pair.left, pair.right) not in last]
    return [*kept, *last.values()], reasons


def _last_ones(found: list[Scored], rooms: list[Room], right: Sequence[Entry]) -> Iterator[Scored]:
    """Bring one location and one site together that are the last of their parent.

    Not where the names say it, or another site of the parent is alike: that one is meant.
    """
    last: dict[int, int] = {}
    for rows_left, rows_right in rooms:
        free = [row for row in rows_right.tolist() if right[row].taken_by is None]
        if len(rows_left) == len(free) == 1:
            last[int(rows_left[0])] = free[0]
    alike = {pair.left for pair in found if pair.score >= LAST}
    why = (reason("only-one-left"),)
    for a, b in last.items():
        if a not in alike:
            yield Scored(a, b, LAST, why, Grade.WEAK)


def _free(right: Sequence[Entry]) -> Free:
    return np.array([entry.taken_by is None for entry in right], dtype=bool)


def _rooms(left: Sequence[Entry], right: Sequence[Entry]) -> tuple[list[Room], list[Room]]:
    """Group the rows by parent, the few large groups apart."""
    rows: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for row, entry in enumerate(entries):
            rows[entry.parent][side].append(row)
    rooms = [
        (np.array(a, dtype=np.int64), np.array(b, dtype=np.int64))
        for a, b in rows.values()
        if a and b
    ]
    small = [room for room in rooms if len(room[0]) * len(room[1]) <= _ROOM]
    return small, [room for room in rooms if len(room[0]) * len(room[1]) > _ROOM]


def _look_up(forms: tuple[list[Form], list[Form]], room: Room, free: Free) -> list[Scored]:
    table = tabulate(
        [forms[0][row] for row in room[0].tolist()], [forms[1][row] for row in room[1].tolist()]
    )
    pairs = candidates(table)
    scores = score(table, pairs, free[room[1]], shift=_SITE_SHIFT)
    return _scored(Pairs(room[0][pairs.left], room[1][pairs.right], pairs.cosine), scores)


def _scored(pairs: Pairs, scores: Floats64, lowest: float = LOWEST) -> list[Scored]:
    kept = np.flatnonzero(scores >= lowest)
    rows = zip(
        pairs.left[kept].tolist(),
        pairs.right[kept].tolist(),
        scores[kept].tolist(),
        strict=True,
    )
    return [Scored(left, right, round(chance, 4)) for left, right, chance in rows]
