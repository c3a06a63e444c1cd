"""Who gets what when several want it: one to one, the best sum over all, whatever the row order."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_EXACT = 60
"""Left names of one knot that are solved exactly; larger knots take the best pair first."""
_FORBIDDEN = 1e6


class Claim(NamedTuple):
    left: int
    right: int
    gain: float
    """Log odds above the floor: positive."""


def assign(claims: Iterable[Claim]) -> dict[int, int]:
    """Give every left at most one right and every right at most one left."""
    chosen: dict[int, int] = {}
    for knot in _knots(claims):
        lefts = {claim.left for claim in knot}
        if len(lefts) == 1:
            best = min(knot, key=_order)
            chosen[best.left] = best.right
        elif len(lefts) <= _EXACT:
            chosen.update(_best_sum(knot))
        else:
            chosen.update(_best_first(knot))
    return chosen


def _order(claim: Claim) -> tuple[float, int, int]:
    return (-claim.gain, claim.left, claim.right)


def _knots(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Group the claims that depend on each other."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    kept = list(claims)
    for claim in kept:
        root[find(claim.left)] = find(~claim.right)
    knots: dict[int, list[Claim]] = defaultdict(list)
    for claim in kept:
        knots[find(claim.left)].append(claim)
    return list(knots.values())


def _best_first(knot: list[Claim]) -> dict[int, int]:
    chosen: dict[int, int] = {}
    used: set[int] = set()
    for claim in sorted(knot, key=_order):
        if claim.left not in chosen and claim.right not in used:
            chosen[claim.left] = claim.right
            used.add(claim.right)
    return chosen


def _best_sum(knot: list[Claim]) -> dict[int, int]:
    """Solve one knot exactly; each left may also stay alone, at no gain."""
    lefts = sorted({claim.left for claim in knot})
    rights = sorted({claim.right for claim in knot})
    column = {right: at for at, right in enumerate(rights)}
    cost = [[_FORBIDDEN] * len(rights) + [0.0] * len(lefts) for _ in lefts]
    row = {left: at for at, left in enumerate(lefts)}
    for claim in knot:
        cost[row[claim.left]][column[claim.right]] = -claim.gain
    found = _hungarian(cost)
    return {
        lefts[at]: rights[where]
        for at, where in enumerate(found)
        if where < len(rights) and cost[at][where] < 0
    }


def _hungarian(cost: list[list[float]]) -> list[int]:
    """Find the cheapest column for every row; rows are at most as many as columns."""
    rows, columns = len(cost), len(cost[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    holder = [rows] * (columns + 1)
    for row in range(rows):
        holder[columns] = row
        came_from = _shortest_path(cost, holder, row_price, column_price)
        at = came_from.pop()
        while at != columns:
            before = came_from[at]
            holder[at] = holder[before]
            at = before
    found = [-1] * rows
    for at in range(columns):
        if holder[at] < rows:
            found[holder[at]] = at
    return found


def _shortest_path(
    cost: list[list[float]], holder: list[int], row_price: list[float], column_price: list[float]
) -> list[int]:
    """Grow a tree of tight edges from the waiting row until it meets a free column.

    Returns for every column the one before it on the way, and the free column as last item.
    """
    rows, columns = len(cost), len(cost[0])
    slack = [float("inf")] * (columns + 1)
    came_from = [columns] * (columns + 1)
    done = [False] * (columns + 1)
    at = columns
    while holder[at] != rows or at == columns:
        done[at] = True
        row = holder[at]
        nearest, step = columns, float("inf")
        for column in range(columns):
            if done[column]:
                continue
            reduced = cost[row][column] - row_price[row] - column_price[column]
            if reduced < slack[column]:
                slack[column], came_from[column] = reduced, at
            if slack[column] < step:
                nearest, step = column, slack[column]
        for column in range(columns + 1):
            if done[column]:
                row_price[holder[column]] += step
                column_price[column] -= step
            else:
                slack[column] -= step
        at = nearest
    return [*came_from, at]
