"""What one night changes: people join and leave, names are put right, laptops fall silent."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from sync.sandbox.world import names, spoil
from sync.sandbox.world.build import Builder
from sync.sandbox.world.estate import Estate, new_uuid
from sync.sandbox.world.mishaps import Mishaps
from sync.sandbox.world.people import staff_night
from sync.sandbox.world.records import DAY_MS, Computer, Elevation, Location, Site

JOIN, LEAVE, RENAME, MOVE, SILENT, WAKE = 0.004, 0.002, 0.001, 0.0005, 0.002, 0.1
REPAIR = 0.03
NEW_CUSTOMER, RENAMED_CUSTOMER = 0.004, 0.002
HALF_DAY = DAY_MS // 2
"""Machines fall silent at midday, so that no run of a night sees one cross the 30-day edge."""

T = TypeVar("T")


def pass_night(estate: Estate) -> None:
    """Let one day go by. The same seed and night always bring the same changes."""
    estate.nights += 1
    rng = Random(f"{estate.seed}/night/{estate.nights}")
    night = _Night(estate, rng)
    night.leavers()
    night.silence()
    night.repairs()
    night.renames()
    night.movers()
    night.joiners()
    night.customers()
    staff_night(estate, rng)
    ask_for_rights(estate, rng, days=1)


def ask_for_rights(estate: Estate, rng: Random, *, days: int) -> None:
    """Elevation requests of the last so many days: one per fifty machines and day."""
    awake = [c for c in estate.computers.values() if c.awake]
    for _ in range(_some(rng, len(awake) / 50 * days)):
        state = rng.choice(("APPROVED", "APPROVED", "PENDING", "DENIED", "WITHDRAWN"))
        estate.elevations.append(
            Elevation(
                new_uuid(rng),
                rng.choice(awake).id,
                state,
                rng.choice(names.FIRST_NAMES).lower(),
                rng.choice(("setup.exe", "Zoom Installer", "cmd.exe", None)),
                estate.now_ms - rng.randrange(60_000, days * DAY_MS),
                "not on the list" if state == "DENIED" else None,
            )
        )
    edge = estate.now_ms - 30 * DAY_MS
    estate.elevations[:] = [e for e in estate.elevations if e.created > edge]


def fall_silent(estate: Estate, rng: Random, share: float) -> None:
    """Day zero: some machines have not been seen for days, weeks, months; a few never."""
    for computer in _pick(rng, estate.computers.values(), share):
        computer.awake = False
        days = rng.choice((1, 3, 8, 12, 20, 27, 28, 29, 33, 45, 60))
        computer.seen = max(computer.created, estate.now_ms - days * DAY_MS - HALF_DAY)
        if rng.random() < 0.05:
            computer.seen = None


class _Night:
    def __init__(self, estate: Estate, rng: Random) -> None:
        self.estate = estate
        self.rng = rng
        self.machines = list(estate.computers.values())

    def leavers(self) -> None:
        """Scrapped machines: gone from AutoElevate; the asset inactive, rarely deleted."""
        for computer in _pick(self.rng, self.machines, LEAVE):
            self.estate.computers.pop(computer.id)
            asset_id = self.estate.belongs.pop(computer.id, None)
            if asset_id not in self.estate.assets:
                continue
            if self.rng.random() < 0.2:
                self.estate.assets.pop(asset_id)
            else:
                self.estate.assets[asset_id].inactive = True
        self.machines = list(self.estate.computers.values())

    def silence(self) -> None:
        asleep = [c for c in self.machines if not c.awake and c.seen is not None]
        for computer in _pick(self.rng, asleep, WAKE):
            computer.awake, computer.seen = True, None
        awake = [c for c in self.machines if c.awake]
        for computer in _pick(self.rng, awake, SILENT):
            computer.awake, computer.seen = False, self.estate.now_ms - HALF_DAY

    def repairs(self) -> None:
        """An admin reads the report and types Halo's name into AutoElevate."""
        for thing, right in _pick(self.rng, self._wrong(), REPAIR):
            thing.name = right
            thing.changed = self.estate.now_ms

    def renames(self) -> None:
        for computer in _pick(self.rng, self.machines, RENAME):
            computer.name = f"DESKTOP-{self._serial()}"
            computer.changed = self.estate.now_ms
            asset = self.estate.assets.get(self.estate.belongs.get(computer.id, -1))
            if asset is not None and self.rng.random() < 0.5:
                asset.host = computer.name
        for company in _pick(self.rng, self.estate.companies.values(), RENAMED_CUSTOMER):
            company.name = f"{company.name.split(' ')[0]} Group"
            company.changed = self.estate.now_ms

    def movers(self) -> None:
        """A machine goes to another branch; both sides are told."""
        for computer in _pick(self.rng, self.machines, MOVE):
            place, site = self._branch(computer.company)
            asset = self.estate.assets.get(self.estate.belongs.get(computer.id, -1))
            computer.location = place.id
            computer.changed = self.estate.now_ms
            if asset is not None and site is not None and site.client == asset.client:
                asset.site = site.id

    def joiners(self) -> None:
        builder = Builder(self.estate, self.rng)
        mishaps = Mishaps(self.estate, self.rng)
        places = list(self.estate.locations.values())
        for _ in range(_some(self.rng, JOIN * len(self.machines))):
            place = self.rng.choice(places)
            site = self.estate.sites.get(self.estate.belongs.get(place.id, -1))
            if site is None:
                continue
            computer = builder.machine(place, site, f"DESKTOP-{self._serial()}", 101)
            computer.created = computer.changed = self.estate.now_ms - HALF_DAY
            if self.rng.random() < 0.1:
                mishaps.spelling(computer, self.rng.choice(spoil.COMPUTER))

    def customers(self) -> None:
        builder = Builder(self.estate, self.rng)
        for name in [c.name for c in self.estate.clients.values()]:
            builder.namer.claim(name)
        for _ in range(_some(self.rng, NEW_CUSTOMER * len(self.estate.companies))):
            builder.customer(self.rng.randrange(2, 9), self.estate.now_ms - HALF_DAY)

    def _wrong(self) -> list[tuple[Location | Computer, str]]:
        """Branches and machines that could be put right by typing a name, with that name."""
        estate = self.estate
        wrong: list[tuple[Location | Computer, str]] = []
        for place in estate.locations.values():
            site = estate.sites.get(estate.belongs.get(place.id, -1))
            if site is not None and not site.inactive and site.name != place.name:
                wrong.append((place, site.name))
        for computer in self.machines:
            asset = estate.assets.get(estate.belongs.get(computer.id, -1))
            if asset is not None and not asset.inactive and asset.host != computer.name:
                wrong.append((computer, asset.host))
        return wrong

    def _branch(self, company: str) -> tuple[Location, Site | None]:
        places = [p for p in self.estate.locations.values() if p.company == company]
        place = self.rng.choice(places)
        return place, self.estate.sites.get(self.estate.belongs.get(place.id, -1))

    def _serial(self) -> str:
        return "".join(self.rng.choices(names.SERIAL, k=7))


def _some(rng: Random, expected: float) -> int:
    """A whole number whose mean is `expected`."""
    return int(expected) + (rng.random() < expected % 1)


def _pick(rng: Random, things: Iterable[T], share: float) -> Sequence[T]:
    pool = list(things)
    return rng.sample(pool, min(len(pool), _some(rng, share * len(pool))))
