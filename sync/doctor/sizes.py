"""How long each list is, and which of them are suspiciously short beside the others.

A login that may not see everything gets a shorter list and no error: only comparison tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.core.records import AE_OF, HALO_OF, Collection, Kind, Side
from sync.doctor.checks import Check, Part, Status
from sync.errors import Exit

FEWEST = 10
"""Below this many records a ratio says nothing."""
DROP = 0.8
"""The brake's default: a fifth missing is too much."""


@dataclass(slots=True)
class Sizes:
    known: dict[Collection, int]
    """From the last trusted night."""
    now: dict[Collection, int] = field(default_factory=dict)
    ticket_requests: int = 0
    """What reading the tickets took; 0 where they are not evidence."""


def part_of(collection: Collection) -> Part:
    return Part.LISTS if collection.side is Side.HALO else Part.AUTOELEVATE


def compared(sizes: Sizes) -> Iterator[Check]:
    """Warn of lists much shorter than their counterpart, or than they were."""
    for collection, count in sizes.now.items():
        before = sizes.known.get(collection, 0)
        if count and before - count >= 3 and count < before * DROP:
            yield _short(collection, "shrunk", count, before, Exit.BRAKE)
    for kind in (Kind.COMPANY, Kind.LOCATION, Kind.COMPUTER):
        halo, ae = sizes.now.get(HALO_OF[kind]), sizes.now.get(AE_OF[kind])
        if halo is not None and ae is not None and ae >= FEWEST and halo * 2 < ae:
            yield _short(HALO_OF[kind], "short", halo, ae, Exit.OK)


def _short(collection: Collection, why: str, count: int, other: int, code: Exit) -> Check:
    return Check(
        part_of(collection),
        "list-short",
        Status.WARNING,
        of=collection.value,
        why=why,
        facts=(("count", count), ("other", other)),
        tonight=code,
    )
