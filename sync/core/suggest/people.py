"""Technicians: an AutoElevate user beside the Halo agents, by address and by name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from sync.core.names import email_key
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.organisations import words_of
from sync.core.suggest.persons import Names, compare_names
from sync.core.suggest.reasons import reason
from sync.core.suggest.vocabulary import word_set
from sync.core.verdicts import Grade, Reason

_SHARED = word_set(
    """
    admin administrator support helpdesk help service servicedesk info it office mail team tech
    noc soc alerts msp accounts billing sales hello contact root test user soporte ayuda
    """
)
_LOCAL_SPLIT = re.compile(r"[._\-]+")
_CROWD = 200
"""A piece that more agents share brings nobody together: it would be each with each."""
_NEVER_MORE = frozenset({"shared-mailbox", "other-person-name"})
"""Whatever else agrees, a pair with one of these is weak."""


class Person(NamedTuple):
    row: int
    local: str
    domain: str
    words: tuple[str, ...]
    """Of the display name, in alphabetical order."""
    called: str = ""
    """The display name as it is written."""

    @property
    def is_shared(self) -> bool:
        """Whether several may read the mailbox: `support@`, `tech1@`, `service.desk@`."""
        return self.plain.rstrip("0123456789") in _SHARED

    @property
    def plain(self) -> str:
        """The local part without plus address and dots."""
        return _LOCAL_SPLIT.sub("", self.local.partition("+")[0])


def people(left: Sequence[Entry], right: Sequence[Entry]) -> list[Scored]:
    """Score users against agents; each pair by its best evidence, raised by a second one."""
    ours = [_read(row, entry) for row, entry in enumerate(left)]
    theirs = [_read(row, entry) for row, entry in enumerate(right)]
    found: dict[tuple[int, int], list[tuple[float, Reason, Grade]]] = defaultdict(list)
    for person, other in _meetings(ours, theirs):
        for evidence in _evidence(person, other):
            found[person.row, other.row].append(evidence)
    return [_combined(pair, evidence) for pair, evidence in sorted(found.items())]


def _read(row: int, entry: Entry) -> Person:
    address = entry.email or (entry.name if "@" in entry.name else "")
    local, _, domain = email_key(address).partition("@")
    name = "" if "@" in entry.name else entry.name
    return Person(row, local, domain, tuple(sorted(words_of(name))), name.strip())


def _meetings(ours: list[Person], theirs: list[Person]) -> Iterator[tuple[Person, Person]]:
    """Bring together those who share a piece of address or name."""
    places: dict[str, list[Person]] = defaultdict(list)
    for person in theirs:
        for piece in _pieces(person):
            places[piece].append(person)
    crowds = {piece for piece, those in places.items() if len(those) > _CROWD}
    for person in ours:
        met = {other for piece in _pieces(person) - crowds for other in places.get(piece, ())}
        for other in sorted(met):
            yield person, other


def _pieces(person: Person) -> set[str]:
    plain = person.plain
    pieces = {" ".join(person.words)} if person.words else set()
    if plain:
        pieces |= {f"={plain}", f"<{plain[:4]}", f">{plain[-4:]}"}
    pieces.update(f"={guess}" for guess in _guesses(person.words))
    return pieces


def _guesses(words: tuple[str, ...]) -> set[str]:
    """Spell the local parts that a person's name is usually made into."""
    if len(words) < 2:
        return set()
    return {guess for a in words for b in words if a != b for guess in (a + b, a[0] + b, a + b[0])}


def _evidence(one: Person, other: Person) -> Iterator[tuple[float, Reason, Grade]]:
    names = compare_names(one.words, other.words)
    if one.local and other.local:
        yield from _by_address(one, other, names)
    if names is Names.SAME:
        full = len(one.words) > 1 and not (one.is_shared or other.is_shared)
        score, best = (0.85, Grade.MEDIUM) if full else (0.55, Grade.WEAK)
        yield score, reason("same-person-name", name=other.called), best
    elif names is Names.ALIKE and min(len(one.words), len(other.words)) > 1:
        yield 0.55, reason("alike-person-name", ae=one.called, halo=other.called), Grade.WEAK
    elif names is Names.UNTOLD:
        yield from _by_guess(one, other)


def _by_guess(one: Person, other: Person) -> Iterator[tuple[float, Reason, Grade]]:
    for named, address in ((one, other), (other, one)):
        if address.plain in _guesses(named.words) and not address.is_shared:
            yield 0.65, reason("address-from-name", name=named.called), Grade.WEAK
            return


def _by_address(one: Person, other: Person, names: Names) -> Iterator[tuple[float, Reason, Grade]]:
    same_domain = one.domain == other.domain
    if one.plain == other.plain and one.plain:
        if one.is_shared:
            yield 0.5, reason("shared-mailbox", local=one.local), Grade.WEAK
            return
        if names is Names.OTHER:
            yield 0.0, reason("other-person-name", ae=one.called, halo=other.called), Grade.WEAK
        yield _one_mailbox(one, other, names, same_domain=same_domain)
    elif same_domain and _slip(one, other, names):
        yield 0.75, reason("address-slip", ae=one.local, halo=other.local), Grade.MEDIUM


def _one_mailbox(
    one: Person, other: Person, names: Names, *, same_domain: bool
) -> tuple[float, Reason, Grade]:
    """Judge the same name before the @, or one that a plus address or dots make of it."""
    # `mike@` is any Mike's, `mike.ross@` is one man's: elsewhere only a name makes the first sure.
    told = names in {Names.SAME, Names.ALIKE} or len(_LOCAL_SPLIT.split(one.local)) > 1
    if one.local == other.local:
        why, score = reason("same-local-part", domain=other.domain), 0.92
        best = Grade.STRONG if told else Grade.MEDIUM
    else:
        why, score = reason("alias-address"), 0.95 if same_domain else 0.8
        best = Grade.STRONG if same_domain else Grade.MEDIUM
    return (0.6 if names is Names.OTHER else score), why, best


def _slip(one: Person, other: Person, names: Names) -> bool:
    if min(len(one.local), len(other.local)) < 4 or names is Names.OTHER:
        return False
    if one.local[0] != other.local[0] and names is not Names.SAME:
        return False  # `jsmith` and `ksmith` are two people more often than one misspelt
    digits = [re.sub(r"\D", "", person.local) for person in (one, other)]
    return digits[0] == digits[1] and OSA.distance(one.local, other.local, score_cutoff=1) == 1


def _combined(pair: tuple[int, int], evidence: list[tuple[float, Reason, Grade]]) -> Scored:
    doubt = 1.0
    for score, _, _ in evidence:
        doubt *= 1 - score
    ordered = sorted(evidence, key=lambda item: -item[0])
    # That an address is made of a name repeats the address.
    told = [why for _, why, _ in evidence if why.code != "address-from-name"]
    best = Grade.STRONG if len(told) > 1 else ordered[0][2]
    if any(why.code in _NEVER_MORE for _, why, _ in evidence):
        best = Grade.WEAK
    return Scored(*pair, round(1 - doubt, 4), tuple(why for _, why, _ in ordered), best)
