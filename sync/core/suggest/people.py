"""Technicians: an AutoElevate user beside the Halo agents, by address and by name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from sync.core.names import email_key
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.organisations import words_of
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


class Person(NamedTuple):
    row: int
    local: str
    domain: str
    words: tuple[str, ...]
    """Of the display name."""

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
    return Person(row, local, domain, tuple(sorted(words_of(name))))


def _meetings(ours: list[Person], theirs: list[Person]) -> Iterator[tuple[Person, Person]]:
    """Bring together those who share a piece of address or name."""
    places: dict[str, list[Person]] = defaultdict(list)
    for person in theirs:
        for piece in _pieces(person):
            places[piece].append(person)
    for person in ours:
        met = {other for piece in _pieces(person) for other in places.get(piece, ())}
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
    if one.local and other.local:
        yield from _by_address(one, other)
    if one.words and one.words == other.words:
        score = 0.85 if len(one.words) > 1 else 0.55
        best = Grade.MEDIUM if len(one.words) > 1 else Grade.WEAK
        yield score, reason("same-person-name", name=" ".join(one.words)), best
    elif other.plain in _guesses(one.words) or one.plain in _guesses(other.words):
        named, address = (one, other) if other.plain in _guesses(one.words) else (other, one)
        if address.local not in _SHARED:
            yield 0.65, reason("address-from-name", name=" ".join(named.words)), Grade.WEAK


def _by_address(one: Person, other: Person) -> Iterator[tuple[float, Reason, Grade]]:
    same_domain = one.domain == other.domain
    if one.local == other.local:
        if one.local in _SHARED:
            yield 0.5, reason("shared-mailbox", local=one.local), Grade.WEAK
        else:
            yield 0.92, reason("same-local-part", domain=other.domain), Grade.STRONG
    elif one.plain == other.plain and one.plain:
        best = Grade.STRONG if same_domain else Grade.MEDIUM
        yield (0.95 if same_domain else 0.8), reason("alias-address"), best
    elif same_domain and min(len(one.local), len(other.local)) >= 4 and _slip(one, other):
        yield 0.75, reason("address-slip", ae=one.local, halo=other.local), Grade.MEDIUM


def _slip(one: Person, other: Person) -> bool:
    digits = [re.sub(r"\D", "", person.local) for person in (one, other)]
    return digits[0] == digits[1] and OSA.distance(one.local, other.local, score_cutoff=1) == 1


def _combined(pair: tuple[int, int], evidence: list[tuple[float, Reason, Grade]]) -> Scored:
    doubt = 1.0
    for score, _, _ in evidence:
        doubt *= 1 - score
    ordered = sorted(evidence, key=lambda item: -item[0])
    best = Grade.STRONG if len(evidence) > 1 else ordered[0][2]
    return Scored(*pair, round(1 - doubt, 4), tuple(why for _, why, _ in ordered), best)
