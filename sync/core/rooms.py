"""Where names must meet: the whole tenant, or one client's sites or assets."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sync.core.records import HaloRecord, Kind

INSIDE_COMPANY = frozenset({Kind.LOCATION, Kind.COMPUTER})


@dataclass(slots=True)
class Room:
    """One scope in which names must meet: the whole tenant, or one client's sites or assets."""

    client: str | None = None
    provisional: bool = False
    """The client's name differs slightly from its company's: what links here links with it."""
    one: dict[str, HaloRecord] = field(default_factory=dict)
    """The first record under each key."""
    more: dict[str, list[HaloRecord]] = field(default_factory=dict)
    """All records under a key that several share."""

    def put(self, key: str, target: HaloRecord) -> None:
        first = self.one.setdefault(key, target)
        if first is not target:
            crowd = self.more.setdefault(key, [first])
            if crowd[-1] is not target:
                crowd.append(target)

    def find(self, key: str) -> Sequence[HaloRecord]:
        if key in self.more:
            return self.more[key]
        return (self.one[key],) if key in self.one else ()


Rooms = dict[str | None, Room | None]
"""Company id (None for a kind without one) -> its room; None = its company is not linked."""


def furnish(
    rooms: Rooms,
    kind: Kind,
    targets: Iterable[HaloRecord],
    fold: Callable[[str], str] | None,
) -> None:
    """Put every Halo record into its room under each text that it answers to."""
    by_client = {room.client: room for room in rooms.values() if room}
    for target in targets:
        room = by_client.get(target.client if kind in INSIDE_COMPANY else None)
        if room is None:
            continue
        for text in texts(kind, target):
            if text.strip():
                room.put(text if fold is None else fold(text), target)


def texts(kind: Kind, target: HaloRecord) -> Sequence[str]:
    """Every text the record answers to: an asset may have several, an agent has its e-mail."""
    if kind is Kind.COMPUTER:
        return [value for _, value in target.names]
    return (target.email if kind is Kind.USER else target.name,)


def met_field(asset: HaloRecord, text: str) -> str:
    """Name the asset field that matched; the first filled one when only a laxer rule did."""
    for name, value in asset.names:
        if value == text:
            return name
    return asset.names[0][0]
