"""Everything the two systems hold, and every way a test may change it while somebody is reading."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sync.sandbox.world.records import (
    Agent,
    Asset,
    AuditEntry,
    Client,
    Company,
    Computer,
    Elevation,
    Location,
    Site,
    Technician,
    Thing,
)

FIRST_IDS = {Client: 12, Site: 20, Asset: 1001, Agent: 5}


class Estate:
    """The tables of both sides plus `belongs`, the hidden truth of what is the same thing."""

    def __init__(self, seed: int, epoch: datetime) -> None:
        self.seed = seed
        self.epoch = epoch.astimezone(UTC).replace(microsecond=0)
        self.nights = 0
        self.lock = threading.RLock()
        self.version = 0
        self.clients: dict[int, Client] = {}
        self.sites: dict[int, Site] = {}
        self.assets: dict[int, Asset] = {}
        self.agents: dict[int, Agent] = {}
        self.companies: dict[str, Company] = {}
        self.locations: dict[str, Location] = {}
        self.computers: dict[str, Computer] = {}
        self.technicians: dict[str, Technician] = {}
        self.elevations: list[Elevation] = []
        self.audit: list[AuditEntry] = []
        self.belongs: dict[str, int] = {}
        """AutoElevate id -> id of the Halo record that is the same thing in reality."""
        self.by_hand: set[str] = set()
        """Companies that somebody linked by hand, whatever they are called now."""
        self.visible_clients: frozenset[int] | None = None
        self.visible_companies: frozenset[str] | None = None
        self.partner_id = new_uuid(Random(f"{seed}/partner"))
        self._next = dict(FIRST_IDS)
        self._births = Random(f"{seed}/births")

    @property
    def now(self) -> datetime:
        """The world's day: one day per night since the epoch."""
        return self.epoch + timedelta(days=self.nights)

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp()) * 1000

    def next_id(self, table: type) -> int:
        """A Halo id nobody has had before."""
        self._next[table] += 1
        return self._next[table] - 1

    def new_uuid(self) -> str:
        """An AutoElevate id for a record that a test brings into the world."""
        return new_uuid(self._births)

    def table(self, thing: Thing) -> dict[object, Thing]:
        return getattr(self, TABLES[type(thing)])  # type: ignore[no-any-return]

    def birth(self, *things: Thing) -> None:
        """Bring records into the world as they are."""
        with self.changing():
            for thing in things:
                self.table(thing)[thing.id] = thing

    def death(self, thing: Thing) -> None:
        """Delete a record with everything below it."""
        with self.changing():
            for child in self.children(thing):
                self.table(child).pop(child.id, None)
            self.table(thing).pop(thing.id, None)

    def rename(self, thing: Thing, name: str) -> None:
        with self.changing():
            if isinstance(thing, Asset):
                thing.host = name
            else:
                thing.name = name
            thing.changed = self.now_ms

    def move(self, thing: Site | Asset | Location | Computer, parent: Thing) -> None:
        """Put a record under another parent; machines and assets also follow a branch's owner."""
        with self.changing():
            thing.changed = self.now_ms
            match thing, parent:
                case Asset(), Site():
                    thing.client, thing.site = parent.client, parent.id
                case Site(), Client():
                    thing.client = parent.id
                case Computer(), Location():
                    thing.company, thing.location = parent.company, parent.id
                case Location(), Company():
                    thing.company = parent.id
                case _:
                    raise TypeError(f"a {type(thing).__name__} cannot be put under {parent}")
            for child in self.children(thing):
                match child:
                    case Asset():
                        child.client = thing.client  # type: ignore[union-attr]
                    case Computer():
                        child.company = thing.company  # type: ignore[union-attr]

    def merge(self, thing: Client | Company, into: Client | Company) -> None:
        """Move everything below one customer to another and delete the empty shell."""
        with self.changing():
            for child in self.children(thing):
                match child:
                    case Site() | Asset():
                        child.client = into.id  # type: ignore[assignment]
                    case Location() | Computer():
                        child.company = into.id  # type: ignore[assignment]
            self.table(thing).pop(thing.id, None)

    def deactivate(self, thing: Client | Site | Asset | Agent) -> None:
        with self.changing():
            if isinstance(thing, Agent):
                thing.disabled = True
            else:
                thing.inactive = True
            thing.changed = self.now_ms

    def silence(self, computer: Computer, days: float) -> None:
        """Let a machine's last check-in lie so many days back."""
        with self.changing():
            computer.awake = False
            computer.seen = self.now_ms - int(days * 86_400_000)

    def narrow(
        self, clients: Iterable[int] | None = None, companies: Iterable[str] | None = None
    ) -> None:
        """Let the Halo login, the AutoElevate key, see only these customers; None = all."""
        with self.changing():
            self.visible_clients = None if clients is None else frozenset(clients)
            self.visible_companies = None if companies is None else frozenset(companies)

    def children(self, thing: Thing) -> list[Site | Asset | Location | Computer]:
        """Every record below this one."""
        match thing:
            case Client():
                sites = [s for s in self.sites.values() if s.client == thing.id]
                return [*sites, *(a for a in self.assets.values() if a.client == thing.id)]
            case Site():
                return [a for a in self.assets.values() if a.site == thing.id]
            case Company():
                places = [p for p in self.locations.values() if p.company == thing.id]
                return [*places, *(c for c in self.computers.values() if c.company == thing.id)]
            case Location():
                return [c for c in self.computers.values() if c.location == thing.id]
        return []

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold this while changing anything, so that no page is read half-way through."""
        with self.lock:
            self.version += 1
            yield


TABLES = {
    Client: "clients",
    Site: "sites",
    Asset: "assets",
    Agent: "agents",
    Company: "companies",
    Location: "locations",
    Computer: "computers",
    Technician: "technicians",
}


def new_uuid(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))
