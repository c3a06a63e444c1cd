"""Every way a record may change while somebody is paging through the lists."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from sync.core.records import Collection
from sync.sandbox.world import World
from sync.sandbox.world.build import Builder
from sync.sandbox.world.estate import Estate

T = TypeVar("T")
TABLE = {
    Collection.HALO_CLIENTS: "clients",
    Collection.HALO_SITES: "sites",
    Collection.HALO_ASSETS: "assets",
    Collection.HALO_AGENTS: "agents",
    Collection.AE_COMPANIES: "companies",
    Collection.AE_LOCATIONS: "locations",
    Collection.AE_COMPUTERS: "computers",
}
"""Where the world keeps what each list of the two systems shows."""
TABLES = tuple(TABLE.values())
RARE = 0.08
"""Share of changes that hit a whole customer instead of one record."""


class Shifter:
    """Changes one world, one change at a time, as chance has it."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self.builder = Builder(world, rng)
        for client in world.clients.values():
            self.builder.namer.claim(client.name)

    def change(self) -> None:
        """One birth, death, rename, move, deactivation, or a row that merely jumps to the end."""
        rare = self.rng.random() < RARE
        ways: Sequence[Callable[[], object]] = (
            (self.customer_joins, self.customer_leaves, self.customers_merge, self.company_moves)
            if rare
            else (
                self.machine_joins, self.machine_leaves, self.machine_replaced,
                self.machine_replaced, self.customer_replaced, self.rename, self.rename,
                self.machine_moves, self.machine_retyped, self.deactivate, self.jump,
            )
        )  # fmt: skip
        with self.world.changing():
            self.rng.choice(ways)()

    def machine_joins(self) -> None:
        pairs = [
            (place, site)
            for place in self.world.locations.values()
            if (site := self.world.sites.get(self.world.belongs.get(place.id, -1)))
        ]
        if pairs:
            place, site = self.rng.choice(pairs)
            self.builder.machine(place, site, f"NEW-{self.rng.getrandbits(40):010X}", 101)

    def machine_leaves(self) -> None:
        """The computer, its asset, or both."""
        computer = self._one(self.world.computers)
        if computer is None:
            return
        asset = self.world.assets.get(self.world.belongs.get(computer.id, -1))
        which = self.rng.randrange(3)
        if which != 1:
            self.world.death(computer)
        if which != 0 and asset is not None:
            self.world.death(asset)

    def machine_replaced(self) -> None:
        """One goes, one comes: the declared total stays, and a row slips between two pages."""
        self.machine_leaves()
        self.machine_joins()

    def customer_replaced(self) -> None:
        self.customer_leaves()
        self.customer_joins()

    def rename(self) -> None:
        """Either side of anything; the name's place in a list by name changes with it."""
        thing = self._one(getattr(self.world, self.rng.choice(TABLES)))
        if thing is not None:
            name = f"{self.rng.choice('AMZ')}{self.rng.getrandbits(32):08x}"
            self.world.rename(thing, name)

    def machine_moves(self) -> None:
        """A machine and its asset go to another branch, perhaps another customer's."""
        computer = self._one(self.world.computers)
        place = self._one(self.world.locations)
        if computer is None or place is None:
            return
        asset = self.world.assets.get(self.world.belongs.get(computer.id, -1))
        site = self.world.sites.get(self.world.belongs.get(place.id, -1))
        self.world.move(computer, place)
        if asset is not None and site is not None:
            self.world.move(asset, site)

    def machine_retyped(self) -> None:
        """A workstation becomes a printer in Halo: still there, and no candidate any more."""
        asset = self._one(self.world.assets)
        if asset is not None:
            asset.type = 112

    def deactivate(self) -> None:
        thing = self._one(getattr(self.world, self.rng.choice(("assets", "sites", "agents"))))
        if thing is not None:
            self.world.deactivate(thing)

    def jump(self) -> None:
        """AutoElevate promises no order: a row may come last because it was touched."""
        table = getattr(self.world, self.rng.choice(TABLES))
        if table:
            key = self.rng.choice(list(table))
            table[key] = table.pop(key)

    def customer_joins(self) -> None:
        self.builder.customer(self.rng.randrange(1, 6), self.world.now_ms)

    def customer_leaves(self) -> None:
        company = self._one(self.world.companies)
        if company is None or len(self.world.companies) < 4:
            return
        client = self.world.clients.get(self.world.belongs.get(company.id, -1))
        self.world.death(company)
        if client is not None:
            self.world.death(client)

    def customers_merge(self) -> None:
        first, second = self._one(self.world.companies), self._one(self.world.companies)
        if first is None or second is None or first is second:
            return
        theirs = [self.world.clients.get(self.world.belongs.get(c.id, -1)) for c in (first, second)]
        self.world.merge(first, second)
        if theirs[0] is not None and theirs[1] is not None and theirs[0] is not theirs[1]:
            self.world.merge(theirs[0], theirs[1])

    def company_moves(self) -> None:
        """A branch changes hands."""
        place, company = self._one(self.world.locations), self._one(self.world.companies)
        if place is not None and company is not None:
            self.world.move(place, company)

    def _one(self, table: dict[object, T]) -> T | None:
        return self.rng.choice(list(table.values())) if table else None


def exists(world: Estate, table: str, record_id: str) -> bool:
    """Whether the world holds the record now. Ids are never used twice, so it did all along."""
    key = int(record_id) if table in {"clients", "sites", "assets", "agents"} else record_id
    return key in getattr(world, table)
