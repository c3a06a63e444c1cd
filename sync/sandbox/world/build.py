"""Day zero: customers, branches and machines, the same on both sides until something goes wrong."""

from random import Random

from sync.sandbox.world import names
from sync.sandbox.world.estate import Estate, new_uuid
from sync.sandbox.world.records import (
    DAY_MS,
    Asset,
    Client,
    Company,
    Computer,
    Location,
    Site,
)

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
            new_uuid(self.rng),
            client.name,
            born,
            born,
            names.initials(client.name),
            client.name,
        )
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
