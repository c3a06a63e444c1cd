"""Machines: two names are one machine by rule or not at all; likeness is no evidence.

`LT-0231` and `LT-0232` are one letter apart and two machines, so nothing here measures distance
between numbers. A rule applies only to a name that is alone with its key on both sides.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.hosts import (
    Machine,
    has_digit,
    look_alike,
    look_alike_unpadded,
    read,
    separated,
    unpadded,
    without_apostrophes,
)
from sync.core.suggest.reasons import reason
from sync.core.suggest.slips import slips
from sync.core.verdicts import Grade, Reason

NETBIOS = 15
_SHORTEST = 4
_SHORTEST_WORDS = 6
"""Characters of a name without numbers that is still told without what stood in front."""
_LONGEST_PREFIX = 3
"""Words that are dropped in front of a name at most."""
_MOST = 10
"""Of those that fit one name equally well so many are passed on; three are shown."""


def machines(left: Sequence[Entry], right: Sequence[Entry]) -> list[Scored]:
    """Pair the machines of each parent by the rules, the surest rule first."""
    rooms: dict[str, tuple[list[Machine], list[Machine]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for row, entry in enumerate(entries):
            if side == 0 or entry.taken_by is None:
                rooms[entry.parent][side].extend(read(row, (entry.name, *entry.names)))
    found: list[Scored] = []
    for ours, theirs in rooms.values():
        if ours and theirs:
            found.extend(_pair(ours, theirs))
    return found


class _Rule(NamedTuple):
    key: Callable[[Machine], str]
    score: float
    reason: Reason
    best: Grade = Grade.STRONG


_RULES = (
    _Rule(lambda machine: machine.name, 0.99, reason("machine-written")),
    _Rule(lambda machine: machine.written, 0.99, reason("machine-written")),
    _Rule(lambda machine: unpadded(machine.tokens), 0.98, reason("machine-padding")),
    _Rule(lambda machine: look_alike(machine.tokens), 0.96, reason("machine-look-alike")),
    _Rule(
        lambda machine: look_alike_unpadded(machine.tokens),
        0.85,
        reason("machine-look-alike"),
        Grade.MEDIUM,
    ),
)


def _pair(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    found: list[Scored] = []
    for rule in _RULES:
        found.extend(_by_key(ours, theirs, rule))
        ours, theirs = _remaining(ours, theirs, found)
    for by in (_by_netbios, _by_prefix, _by_slip):
        found.extend(by(ours, theirs))
        ours, theirs = _remaining(ours, theirs, found)
    return found


def _remaining(
    ours: list[Machine], theirs: list[Machine], found: list[Scored]
) -> tuple[list[Machine], list[Machine]]:
    left, right = {pair.left for pair in found}, {pair.right for pair in found}
    return [m for m in ours if m.row not in left], [m for m in theirs if m.row not in right]


def _by_key(ours: list[Machine], theirs: list[Machine], rule: _Rule) -> list[Scored]:
    left, right = _grouped(ours, rule.key), _grouped(theirs, rule.key)
    found = []
    for key, rows in left.items():
        if key and key in right:
            found.extend(_fitting(rows, right[key], rule.score, rule.reason, rule.best))
    return found


def _grouped(machines: list[Machine], key: Callable[[Machine], str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for machine in machines:
        rows = groups[key(machine)]
        if not rows or rows[-1] != machine.row:  # the names of one row stand together
            rows.append(machine.row)
    return groups


def _fitting(
    left: list[int], right: list[int], score: float, why: Reason, best: Grade
) -> list[Scored]:
    """Pair one with one; where several fit, show them all and pick none."""
    several = max(len(left), len(right))
    if several == 1:
        return [Scored(left[0], right[0], score, (why,), best)]
    reasons = (why, reason("machine-several", count=several))
    return [Scored(a, b, 0.5, reasons, Grade.WEAK) for a in left for b in right[:_MOST]]


def _by_netbios(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    """Pair a name of exactly 15 characters with the longer one it is the beginning of.

    Where the cut took numbers away, nothing tells the names it fits apart: one only, or none.
    """
    found = []
    why = reason("machine-netbios", length=NETBIOS)
    for cut, whole, swapped in ((ours, theirs, False), (theirs, ours, True)):
        wholes = _beginnings(whole, lambda length: length > NETBIOS)
        for key, rows in _beginnings(cut, lambda length: length == NETBIOS).items():
            fits = wholes.get(key, {})
            numbered = any(map(has_digit, fits.values()))
            if not fits or (numbered and max(len(rows), len(fits)) > 1):
                continue
            sides = (list(rows), list(fits))
            left, right = reversed(sides) if swapped else sides
            found.extend(_fitting(left, right, 0.85, why, Grade.MEDIUM))
    return found


def _beginnings(machines: list[Machine], fits: Callable[[int], bool]) -> dict[str, dict[int, str]]:
    """Group by the first 15 characters, and keep what follows, with and without apostrophes.

    `Maria's MacBook Pro` is cut to `Maria's MacBook` or, as a host name, to `MARIAS-MACBOOK-`.
    """
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for machine in machines:
        for text in {machine.host, without_apostrophes(machine.host)}:
            if fits(len(text)):
                begins = without_apostrophes(text[:NETBIOS])
                found[separated(begins)].setdefault(machine.row, text[NETBIOS:])
    return found


def _by_prefix(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    """Pair `ACME-LT-0231` with `LT-0231`: words in front, without a number, are dropped."""
    found = []
    for short, whole, swapped in ((ours, theirs, False), (theirs, ours, True)):
        tails: dict[str, dict[int, str]] = defaultdict(dict)
        for machine in whole:
            for tail, prefix in _tails(machine):
                tails[look_alike_unpadded(tail)].setdefault(machine.row, prefix)
        told = [machine for machine in short if _is_told(machine.tokens)]
        for key, rows in _grouped(
            told, lambda machine: look_alike_unpadded(machine.tokens)
        ).items():
            fits = tails.get(key)
            if not fits:
                continue
            why = reason("machine-prefix", prefix=min(fits.values()))
            sides = (rows, list(fits))
            left, right = reversed(sides) if swapped else sides
            best = Grade.MEDIUM if has_digit(key) else Grade.WEAK
            found.extend(_fitting(left, right, 0.85, why, best))
    return found


def _is_told(tokens: tuple[str, ...]) -> bool:
    """Tell whether a name is enough to know a machine by, whatever stood in front of it."""
    text = "".join(tokens)
    if has_digit(text):
        return len(text) >= _SHORTEST
    return len(text) >= _SHORTEST_WORDS and len(tokens) > 1


def _tails(machine: Machine) -> Iterator[tuple[tuple[str, ...], str]]:
    for cut in range(1, min(len(machine.tokens), _LONGEST_PREFIX + 1)):
        if has_digit(machine.tokens[cut - 1]):
            return
        tail = machine.tokens[cut:]
        if _is_told(tail):
            yield tail, "-".join(machine.tokens[:cut])


def _by_slip(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    """Pair names one slip apart in their letters."""
    why = (reason("machine-slip"),)
    return [Scored(a, b, 0.7, why, Grade.WEAK) for a, b in slips(ours, theirs)]
