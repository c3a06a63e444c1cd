"""Day zero: customers, branches and machines, the same on both sides until something goes wrong."""

from random import Random

from sync.sandbox import names, spoil
from sync.sandbox.estate import Estate, new_uuid
from sync.sandbox.mishaps import Mishaps
from sync.sandbox.records import (
    DAY_MS,
    Asset,
    Client,
    Company,
    Computer,
    Location,
    Site,
)

GOES_WRONG = {"company": 0.15, "location": 0.12, "computer": 0.1}
INTERNAL_CLIENT = 1
UNSEEN_CLIENTS = 0.08
"""Share of Halo clients, prospects mostly, on whose machines AutoElevate was never installed."""


class Builder:
    def __init__(self, estate: Estate, rng: Random) -> None:
        self.estate = estate
        self.rng = rng
        self.namer = names.Namer(rng)

    def customers(self, companies: int, computers: int) -> None:
        """So many companies with so many computers between them, a few large, most small."""
        sizes = shares(self.rng, companies, computers)
        for size in sizes:
            self.customer(size, self._past(900))
        for _ in range(max(1, int(companies * UNSEEN_CLIENTS))):
            client = self._client(self.namer.company(), self._past(900))
            self._site(client, "Main")

    def internal(self) -> None:
        """The provider's own client, with the shelf where new machines wait."""
        born = self._past(2000)
        client = Client(INTERNAL_CLIENT, "Internal", born, internal=True)
        self.estate.clients[client.id] = client
        self._site(client, "Head Office")
        self._site(client, "Stock Room").stock = True

    def computer(self, place: Location, site: Site, style: int, number: int) -> Computer:
        """One more machine at a branch, with its asset."""
        company = self.estate.companies[place.company]
        prefix = company.initials or names.initials(company.name)
        host, kind = names.host(self.namer, prefix, style, number)
        return self.machine(place, site, host, kind)

    def machine(self, place: Location, site: Site, host: str, kind: int) -> Computer:
        rng = self.rng
        born = place.created + rng.randrange(max(1, self.estate.now_ms - place.created))
        system = names.SERVER_SYSTEM if kind == 103 else rng.choice(names.SYSTEMS)
        mode = rng.choice(("live", "live", "live", "audit", "policy", "technicianBypass"))
        computer = Computer(new_uuid(rng), place.company, place.id, host, system, mode, born, born)
        asset = self._asset(site, kind, born)
        asset.host = host
        self.estate.computers[computer.id] = computer
        self.estate.belongs[computer.id] = asset.id
        return computer

    def customer(self, size: int, born: int) -> None:
        """One customer with so many machines, the same on both sides."""
        client = self._client(self.namer.company(), born)
        company = Company(
            new_uuid(self.rng), client.name, born, born,
            names.initials(client.name), client.name,
        )  # fmt: skip
        self.estate.companies[company.id] = company
        self.estate.belongs[company.id] = client.id
        branches = self._branches(client, company, 1 + min(5, size // 18))
        self._machines(branches, size)

    def _branches(
        self, client: Client, company: Company, count: int
    ) -> list[tuple[Location, Site]]:
        rng = self.rng
        first = rng.choice(("Main", "Main", "Main Office", self.namer.city()))
        wanted = [first]
        while len(wanted) < count:
            name = self.namer.city() + rng.choice(names.PURPOSES)
            if name not in wanted:
                wanted.append(name)
        branches = []
        for name in wanted:
            site = self._site(client, name)
            born = company.created + rng.randrange(DAY_MS)
            place = Location(new_uuid(rng), company.id, name, born, born)
            self.estate.locations[place.id] = place
            self.estate.belongs[place.id] = site.id
            branches.append((place, site))
        return branches

    def _machines(self, branches: list[tuple[Location, Site]], size: int) -> None:
        style = self.rng.randrange(5)
        in_tag = self.rng.random() < 0.2
        taken: set[str] = set()
        for number in range(1, size + 1):
            place, site = branches[0] if self.rng.random() < 0.5 else self.rng.choice(branches)
            computer = self.computer(place, site, style, number)
            if number == 1 and self.rng.random() < 0.25:
                computer.name = self.rng.choice(names.COMMON_HOSTS)
            while computer.name in taken:
                computer.name = f"DESKTOP-{self.namer.serial()}"
            taken.add(str(computer.name))
            asset = self.estate.assets[self.estate.belongs[computer.id]]
            if in_tag:
                asset.host_in = "inventory_number"
                asset.key_field = self.namer.serial()
            asset.host = str(computer.name)
        self._gear(branches, size)

    def _gear(self, branches: list[tuple[Location, Site]], size: int) -> None:
        """What AutoElevate never sees: network gear, monitors, licences, machines without it."""
        prefix = f"SITE{branches[0][1].id}"
        for _, site in branches:
            self._asset(site, 110, site.changed).key_field = f"{prefix}-SW{site.id}"
            self._asset(site, 111, site.changed).key_field = f"{prefix}-FW{site.id}"
        site = branches[0][1]
        for _ in range(size // 6):
            self._asset(site, 113, site.changed).key_field = self.namer.serial()
        for product in ("Microsoft 365 Business Premium", "Antivirus")[: 1 + size // 10]:
            self._asset(site, 120, site.changed).key_field = product
        for number in range(size // 25):
            self._asset(site, 101, site.changed).key_field = f"{prefix}-OLD{number}"

    def _client(self, name: str, born: int) -> Client:
        client = Client(self.estate.next_id(Client), name, born)
        self.estate.clients[client.id] = client
        return client

    def _site(self, client: Client, name: str) -> Site:
        site = Site(self.estate.next_id(Site), client.id, name, client.changed)
        self.estate.sites[site.id] = site
        return site

    def _asset(self, site: Site, kind: int, born: int) -> Asset:
        asset_id = self.estate.next_id(Asset)
        asset = Asset(asset_id, site.client, site.id, kind, "", str(asset_id + 9000), born)
        asset.username = self.namer.person() if kind in {101, 102} else ""
        self.estate.assets[asset.id] = asset
        return asset

    def _past(self, days: int) -> int:
        return self.estate.now_ms - self.rng.randrange(60, max(61, days)) * DAY_MS


def shares(rng: Random, parts: int, total: int) -> list[int]:
    """Split a total unevenly into so many parts of at least one."""
    weights = [min(40.0, rng.paretovariate(1.1)) for _ in range(parts)]
    scale = max(0, total - parts) / sum(weights)
    sizes = [1 + int(weight * scale) for weight in weights]
    for extra in range(max(0, total - sum(sizes))):
        sizes[extra % parts] += 1
    return sizes


def go_wrong(estate: Estate, rng: Random) -> None:
    """Spoil a share of every kind: the branches and machines first, their companies last."""
    mishaps = Mishaps(estate, rng)
    _spoil_computers(estate, mishaps, rng)
    _spoil_locations(estate, mishaps, rng)
    _spoil_companies(estate, mishaps, rng)


def _spoil_companies(estate: Estate, mishaps: Mishaps, rng: Random) -> None:
    structural = (mishaps.client_inactive, mishaps.two_clients, mishaps.duplicate)
    later = [
        mishaps.claimed_twice,
        mishaps.client_renamed,
        mishaps.client_missing,
        *(_as_mishap(mishaps, way) for way in spoil.COMPANY_THEN),
    ]
    rng.shuffle(later)
    first = [_as_mishap(mishaps, way) for way in spoil.COMPANY_FIRST]
    ways = [*first[:3], *structural, *first[3:], *later]
    count = len(estate.companies)
    wanted = max(round(count * GOES_WRONG["company"]), min(count // 4, 9))
    _spread(list(estate.companies.values()), ways, wanted, rng)


def _spoil_locations(estate: Estate, mishaps: Mishaps, rng: Random) -> None:
    ways = [
        mishaps.contact_name,
        mishaps.two_locations,
        mishaps.site_missing,
        *(_as_mishap(mishaps, way) for way in spoil.LOCATION),
        mishaps.site_inactive,
    ]
    places = list(estate.locations.values())
    _spread(places, ways, round(len(places) * GOES_WRONG["location"]), rng)


def _spoil_computers(estate: Estate, mishaps: Mishaps, rng: Random) -> None:
    ways = [
        mishaps.netbios,
        mishaps.wrong_company,
        mishaps.asset_missing,
        mishaps.asset_inactive,
        *(_as_mishap(mishaps, way) for way in spoil.COMPUTER),
        mishaps.two_assets,
        mishaps.reinstalled,
        mishaps.machine_renamed,
        mishaps.asset_missing,
        mishaps.nameless,
    ]
    machines = list(estate.computers.values())
    _spread(machines, ways, round(len(machines) * GOES_WRONG["computer"]), rng)


def _as_mishap(mishaps, way):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return lambda thing: mishaps.spelling(thing, way)


def _spread(things, ways, wanted, rng):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let each way happen in turn to a record it fits, and no record suffer twice."""
    pool = list(things)
    rng.shuffle(pool)
    done = turn = 0
    while done < wanted and pool and turn < 4 * (wanted + len(ways)):
        way = ways[turn % len(ways)]
        turn += 1
        for tried in range(min(60, len(pool))):
            if way(pool[-1 - tried]):
                pool.pop(-1 - tried)
                done += 1
                break
