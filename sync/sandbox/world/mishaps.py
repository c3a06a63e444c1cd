"""How records go wrong beyond their spelling: duplicates, misfiled machines, dead counterparts.

Each mishap says whether it could happen to the record it was offered.
"""

from functools import cached_property
from random import Random

from sync.sandbox.world import spoil
from sync.sandbox.world.estate import Estate, new_uuid
from sync.sandbox.world.names import FIRST_NAMES, SURNAMES
from sync.sandbox.world.records import (
    Asset,
    Client,
    Company,
    Computer,
    Location,
    Site,
)


class Mishaps:
    """The ways things go wrong in one world, drawn from one source of chance."""

    def __init__(self, estate: Estate, rng: Random) -> None:
        self.estate = estate
        self.rng = rng
        self.below: dict[str, list[Location]] = {}
        for place in estate.locations.values():
            self.below.setdefault(place.company, []).append(place)
        self._company_ids = list(estate.companies)

    def spelling(self, thing: Company | Location | Computer, way: spoil.Spoiler) -> bool:
        wrong = way(thing.name or "", self.rng)
        if wrong is None:
            return False
        if isinstance(thing, Location) and any(
            place.name == wrong for place in self.below[thing.company]
        ):
            return False
        thing.name = wrong
        return True

    # Companies

    def client_inactive(self, company: Company) -> bool:
        self._client(company).inactive = True
        return True

    def two_clients(self, company: Company) -> bool:
        """A prospect and a customer of one name; nothing hangs below the prospect."""
        client = self._client(company)
        twin = Client(self.estate.next_id(Client), client.name, client.changed)
        self.estate.clients[twin.id] = twin
        return True

    def client_renamed(self, company: Company) -> bool:
        """Linked long ago; then the customer took another name and only Halo was told."""
        client = self._client(company)
        word, _, rest = client.name.partition(" ")
        client.name = f"{word} Health {rest}" if "Dental" in rest else f"New {word} {rest}"
        return True

    def client_missing(self, company: Company) -> bool:
        """AutoElevate is installed at somebody whom Halo does not know."""
        client = self._client(company)
        for child in self.estate.children(client):
            self.estate.table(child).pop(child.id)
        self.estate.clients.pop(client.id)
        for thing in (company, *self.estate.children(company)):
            self.estate.belongs.pop(str(thing.id), None)
        return True

    def duplicate(self, company: Company) -> bool:
        """The installer was given another spelling and made a second company."""
        wrong = spoil.legal_form(company.name, self.rng) or f"{company.name} 2"
        return self._split(company, wrong)

    def claimed_twice(self, company: Company) -> bool:
        """Somebody made a second company of the very same name in the portal."""
        return self._split(company, company.name)

    def _split(self, company: Company, name: str) -> bool:
        created = company.created + 40 * 86_400_000
        twin = Company(new_uuid(self.rng), name, created, created, None, name)
        place = Location(new_uuid(self.rng), twin.id, "Main Office", created, created)
        self.estate.companies[twin.id] = twin
        self.estate.locations[place.id] = place
        self.below[twin.id] = [place]
        self.estate.belongs[twin.id] = self.estate.belongs[company.id]
        mine = self.below[company.id]
        if (site := self.estate.belongs.get(mine[0].id)) is not None:
            self.estate.belongs[place.id] = site
        machines = [c for c in self.estate.children(mine[0]) if isinstance(c, Computer)]
        for computer in machines[: len(machines) // 3]:
            computer.company, computer.location = twin.id, place.id
        return True

    def _client(self, company: Company) -> Client:
        return self.estate.clients[self.estate.belongs[company.id]]

    # Locations

    def contact_name(self, place: Location) -> bool:
        """The deployment script sent the contact's name instead of the branch's."""
        place.name = f"{self.rng.choice(FIRST_NAMES)} {self.rng.choice(SURNAMES)}"
        return True

    def two_locations(self, place: Location) -> bool:
        """Windows and macOS deploy with different variables: two locations for one branch."""
        twin = Location(
            new_uuid(self.rng), place.company, f"{place.name} (Mac)", place.created, place.changed
        )
        self.estate.locations[twin.id] = twin
        self.below[place.company].append(twin)
        if place.id in self.estate.belongs:
            self.estate.belongs[twin.id] = self.estate.belongs[place.id]
        return True

    def site_inactive(self, place: Location) -> bool:
        site = self._site(place)
        if site is None:
            return False
        site.inactive = True
        return True

    def site_missing(self, place: Location) -> bool:
        """No such branch in Halo: its machines hang at another one."""
        site = self._site(place)
        if site is None:
            return False
        others = [s for s in self.estate.sites.values() if s.client == site.client and s != site]
        if not others:
            return False
        for asset in self.estate.children(site):
            asset.site = others[0].id  # type: ignore[union-attr]
        for other in self.below[place.company]:
            if self.estate.belongs.get(other.id) == site.id:
                del self.estate.belongs[other.id]
        self.estate.sites.pop(site.id)
        return True

    def _site(self, place: Location) -> Site | None:
        return self.estate.sites.get(self.estate.belongs.get(place.id, -1))

    # Computers

    def netbios(self, computer: Computer) -> bool:
        """Windows cut the machine's name at 15 characters; the asset bears all of it."""
        asset = self._asset(computer)
        if asset is None or computer.name is None:
            return False
        full = f"{computer.name}-{self.rng.choice(('RECEPTION', 'WAREHOUSE', 'CONFERENCE'))}"
        if len(full) <= 15:
            return False
        asset.host = full
        computer.name = full[:15].upper()
        return True

    def wrong_company(self, computer: Computer) -> bool:
        """Filed under somebody else: the name was cut at an ampersand, or a laptop was lent."""
        other = self.rng.choice(self._company_ids)
        if other == computer.company or other not in self.below:
            return False
        if (self.estate.belongs.get(other), computer.name) in self._hosts:
            return False
        computer.company, computer.location = other, self.below[other][0].id
        return True

    def asset_inactive(self, computer: Computer) -> bool:
        asset = self._asset(computer)
        if asset is None:
            return False
        asset.inactive = True
        return True

    def asset_missing(self, computer: Computer) -> bool:
        asset_id = self.estate.belongs.pop(computer.id, None)
        return asset_id is not None and self.estate.assets.pop(asset_id, None) is not None

    def two_assets(self, computer: Computer) -> bool:
        """An import brought the machine in a second time."""
        asset = self._asset(computer)
        if asset is None:
            return False
        twin = Asset(
            self.estate.next_id(Asset),
            asset.client,
            asset.site,
            asset.type,
            asset.key_field,
            asset.inventory_number,
            asset.changed,
            host_in=asset.host_in,
        )
        self.estate.assets[twin.id] = twin
        return True

    def machine_renamed(self, computer: Computer) -> bool:
        computer.name = "DESKTOP-" + "".join(self.rng.choices("23456789ABCDEFGH", k=7))
        return True

    def nameless(self, computer: Computer) -> bool:
        computer.name = None
        return True

    def reinstalled(self, computer: Computer) -> bool:
        """Windows was installed afresh: two computers of one name, the old one silent."""
        old = Computer(
            new_uuid(self.rng),
            computer.company,
            computer.location,
            computer.name,
            computer.os,
            computer.mode,
            computer.created,
            computer.changed,
            awake=False,
            seen=self.estate.now_ms - 12 * 86_400_000 - 43_200_000,
        )
        self.estate.computers[old.id] = old
        if computer.id in self.estate.belongs:
            self.estate.belongs[old.id] = self.estate.belongs[computer.id]
        return True

    @cached_property
    def _hosts(self) -> set[tuple[int | None, str | None]]:
        """Every client's machine names: a stray must not meet a namesake and link by accident."""
        return {(asset.client, asset.host) for asset in self.estate.assets.values()}

    def _asset(self, computer: Computer) -> Asset | None:
        return self.estate.assets.get(self.estate.belongs.get(computer.id, -1))
