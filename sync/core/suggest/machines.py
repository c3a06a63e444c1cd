"""Machines: two names are one machine by rule or not at all; likeness is no evidence.

`LT-0231` and `LT-0232` are one letter apart and two machines, so nothing here measures distance
between numbers. A rule applies only to a name that is alone with its key on both sides.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.reasons import reason
from sync.core.suggest.vocabulary import word_set
from sync.core.verdicts import Grade, Reason

NETBIOS = 15
_LONGEST = 255
"""Characters of a name that are read: a DNS name has no more."""
_NOTE = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\])\s*$|\s+-\s+\S.*$")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_TOKENS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019]")
_LOOK_ALIKE = str.maketrans("oil", "011")
_ROLES = word_set(
    """
    lt lap laptop nb note notebook dt desk desktop pc ws wks workstation srv svr server dc fs sql
    rds ts vm web db app exch mail prt print mac mbp imac tab kiosk pos hv esx nas bk bkp
    """
)
_SHORTEST = 4


class Machine(NamedTuple):
    """A machine's name taken apart."""

    row: int
    host: str
    """Without domain, note and trailing `$`; case folded."""
    tokens: tuple[str, ...]
    """What the separators separate."""

    @property
    def written(self) -> str:
        """Without separators, except between two numbers: `1-02` is not `102`."""
        return _joined(self.tokens)


def machines(left: Sequence[Entry], right: Sequence[Entry]) -> list[Scored]:
    """Pair the machines of each parent by the rules, the surest rule first."""
    rooms: dict[str, tuple[list[Machine], list[Machine]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for row, entry in enumerate(entries):
            if side == 0 or entry.taken_by is None:
                rooms[entry.parent][side].extend(_read(row, entry))
    found: list[Scored] = []
    for ours, theirs in rooms.values():
        if ours and theirs:
            found.extend(_pair(ours, theirs))
    return found


def _read(row: int, entry: Entry) -> Iterator[Machine]:
    names = (entry.name, *entry.names)
    for host in dict.fromkeys(filter(None, map(host_name, names))):
        yield Machine(row, host, tuple(_TOKENS.findall(host)))


def host_name(name: str) -> str:
    """Strip what is written around a machine's name: domain, DNS suffix, note, `$`."""
    text = unicodedata.normalize("NFKC", name[:_LONGEST]).strip().rpartition("\\")[2]
    text = _NOTE.sub("", text).strip().rstrip("$").casefold()
    text = _APOSTROPHES.sub("", text)
    head, dot, tail = text.partition(".")
    is_domain = bool(dot) and any(c.isalpha() for c in tail) and " " not in tail
    return head if head and is_domain else text


def _joined(tokens: Iterable[str]) -> str:
    text = ""
    for token in tokens:
        text += "-" + token if text[-1:].isdigit() and token[0].isdigit() else token
    return text


def is_serial(token: str) -> bool:
    """Tell whether a token looks drawn by a machine (`4F7K2Q1`): letters and digits by turns."""
    return len(token) >= 5 and len(_PARTS.findall(token)) > 2


def _unpadded(machine: Machine) -> str:
    return _joined(_without_zeros(token) for token in machine.tokens)


def _without_zeros(token: str) -> str:
    if is_serial(token):
        return token
    return "".join(
        part.lstrip("0") or "0" if part.isdigit() else part for part in _PARTS.findall(token)
    )


def _look_alike(machine: Machine) -> str:
    return _joined(token.translate(_LOOK_ALIKE) for token in machine.tokens)


class _Rule(NamedTuple):
    key: Callable[[Machine], str]
    score: float
    reason: Reason


_RULES = (
    _Rule(lambda machine: machine.written, 0.99, reason("machine-written")),
    _Rule(_unpadded, 0.98, reason("machine-padding")),
    _Rule(_look_alike, 0.96, reason("machine-look-alike")),
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
            found.extend(_fitting(rows, right[key], rule.score, rule.reason))
    return found


def _grouped(machines: list[Machine], key: Callable[[Machine], str]) -> dict[str, list[int]]:
    groups: dict[str, dict[int, None]] = defaultdict(dict)
    for machine in machines:
        groups[key(machine)][machine.row] = None
    return {value: list(rows) for value, rows in groups.items()}


def _fitting(
    left: list[int], right: list[int], score: float, why: Reason, best: Grade = Grade.STRONG
) -> list[Scored]:
    """Pair one with one; where several fit, show them all and pick none."""
    several = max(len(left), len(right))
    if several == 1:
        return [Scored(left[0], right[0], score, (why,), best)]
    reasons = (why, reason("machine-several", count=several))
    return [Scored(a, b, 0.5, reasons, Grade.WEAK) for a in left for b in right]


def _by_netbios(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    """Pair a name of exactly 15 characters with the longer one it is the beginning of."""
    found = []
    why = reason("machine-netbios", length=NETBIOS)
    for cut, whole, swapped in ((ours, theirs, False), (theirs, ours, True)):
        beginnings = _grouped([m for m in whole if len(m.host) > NETBIOS], _beginning)
        for host, rows in _grouped([m for m in cut if len(m.host) == NETBIOS], _beginning).items():
            sides = (rows, beginnings.get(host, []))
            left, right = reversed(sides) if swapped else sides
            if left and right:
                found.extend(_fitting(left, right, 0.85, why, Grade.MEDIUM))
    return found


def _beginning(machine: Machine) -> str:
    return machine.host[:NETBIOS]


def _by_prefix(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    """Pair `ACME-LT-0231` with `LT-0231`: words in front, without a number, are dropped."""
    found = []
    for short, whole, swapped in ((ours, theirs, False), (theirs, ours, True)):
        tails: dict[str, dict[int, str]] = defaultdict(dict)
        for machine in whole:
            for tail, prefix in _tails(machine):
                tails[tail].setdefault(machine.row, prefix)
        for key, rows in _grouped(short, _unpadded).items():
            fits = tails.get(key)
            if not fits or len(key) < _SHORTEST or not any(c.isdigit() for c in key):
                continue
            why = reason("machine-prefix", prefix=min(fits.values()))
            sides = (rows, list(fits))
            left, right = reversed(sides) if swapped else sides
            found.extend(_fitting(left, right, 0.85, why, Grade.MEDIUM))
    return found


def _tails(machine: Machine) -> Iterator[tuple[str, str]]:
    for cut in range(1, len(machine.tokens)):
        prefix = machine.tokens[:cut]
        if any(c.isdigit() for token in prefix for c in token):
            return
        yield _unpadded(machine._replace(tokens=machine.tokens[cut:])), "-".join(prefix)


def _by_slip(ours: list[Machine], theirs: list[Machine]) -> list[Scored]:
    """Pair names one slip apart in their letters; numbers, serials and roles must be the same."""
    common = Counter(part for machine in {*ours, *theirs} for part in set(_letters(machine.tokens)))
    rooms: dict[str, list[Machine]] = defaultdict(list)
    for machine in theirs:
        rooms[_numbers(machine)].append(machine)
    fits = [
        (ours_one.row, other.row)
        for ours_one in ours
        for other in rooms.get(_numbers(ours_one), ())
        if _one_slip(ours_one, other, common)
    ]
    pairs = sorted(set(fits))
    lefts, rights = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    why = reason("machine-slip")
    return [
        Scored(a, b, 0.7, (why,), Grade.WEAK) for a, b in pairs if lefts[a] == 1 and rights[b] == 1
    ]


def _numbers(machine: Machine) -> str:
    """Everything of a name that may not differ at all."""
    kept = [
        token if is_serial(token) else _without_zeros("".join(re.findall(r"\d+", token)))
        for token in machine.tokens
        if any(c.isdigit() for c in token)
    ]
    return "-".join(kept)


def _letters(tokens: Iterable[str]) -> list[str]:
    return [
        part
        for token in tokens
        if not is_serial(token)
        for part in _PARTS.findall(token)
        if not part.isdigit()
    ]


def _one_slip(one: Machine, other: Machine, common: Counter[str]) -> bool:
    words, others = _letters(one.tokens), _letters(other.tokens)
    a, b = "".join(words), "".join(others)
    long_enough = min(len(one.written), len(other.written)) > _SHORTEST
    if not a or not b or a == b or not long_enough or not _one_edit(a, b):
        return False

    def stands(word: str) -> bool:
        return word in _ROLES or common[word] > 1

    ours = [word for word in words if word not in others]
    theirs = [word for word in others if word not in words]
    # Two words that other machines bear as well are two places or two roles, no slip; and two
    # that none bears are two people as soon as they begin differently.
    if all(map(stands, ours)) and all(map(stands, theirs)):
        return False
    return any(map(stands, (*ours, *theirs))) or (a[0] == b[0] and min(len(a), len(b)) > _SHORTEST)


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) == len(b):
        rest_a, rest_b = a[start:], b[start:]
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    short, long = sorted((a, b), key=len)
    return short[start:] == long[start + 1 :]
