"""What exists in the sandbox's world, in the words of the two systems. Times are epoch ms."""

from dataclasses import dataclass

DAY_MS = 86_400_000


@dataclass(slots=True)
class Client:
    """HaloPSA: a customer."""

    id: int
    name: str
    changed: int
    inactive: bool = False
    internal: bool = False


@dataclass(slots=True)
class Site:
    """HaloPSA: a branch of a client, or a stock location."""

    id: int
    client: int
    name: str
    changed: int
    inactive: bool = False
    stock: bool = False


@dataclass(slots=True)
class Asset:
    """HaloPSA: a machine, a monitor, a licence. There is no name; `host_in` says which field is."""

    id: int
    client: int
    site: int
    type: int
    key_field: str
    inventory_number: str
    changed: int
    inactive: bool = False
    username: str = ""
    host_in: str = "key_field"

    @property
    def host(self) -> str:
        return self.key_field if self.host_in == "key_field" else self.inventory_number

    @host.setter
    def host(self, name: str) -> None:
        setattr(self, self.host_in, name)


@dataclass(slots=True)
class Agent:
    """HaloPSA: somebody (or some program) who works on tickets."""

    id: int
    name: str
    email: str
    changed: int
    disabled: bool = False
    api_only: bool = False
    system: bool = False
    team: int = 1
    role: str = "Technician"


@dataclass(slots=True)
class Company:
    """AutoElevate: a customer."""

    id: str
    name: str
    created: int
    changed: int
    initials: str | None = None
    management_id: str | None = None


@dataclass(slots=True)
class Location:
    """AutoElevate: a branch of a company."""

    id: str
    company: str
    name: str
    created: int
    changed: int


@dataclass(slots=True)
class Computer:
    """AutoElevate: a machine with the agent on it."""

    id: str
    company: str
    location: str
    name: str | None
    os: tuple[str, str]
    mode: str | None
    created: int
    changed: int
    awake: bool = True
    """Checks in every five minutes; otherwise `seen` is the last time it did."""
    seen: int | None = None


@dataclass(slots=True)
class Technician:
    """AutoElevate: a portal user; known to halosync only through the users file."""

    id: str
    name: str
    email: str
    role: str
    created: int
    changed: int

    @property
    def key(self) -> str:
        """The id under which the truth knows this user."""
        return self.email.strip().casefold()


@dataclass(slots=True)
class Elevation:
    """AutoElevate: somebody asked for admin rights."""

    id: str
    computer: str
    state: str
    requested_by: str | None
    target: str | None
    created: int
    denial: str | None = None


@dataclass(slots=True)
class AuditEntry:
    """AutoElevate: somebody changed a user or a setting."""

    id: str
    action: str
    entity: str
    entity_id: str | None
    actor_id: str | None
    actor: str | None
    at: int
    email: str = ""


@dataclass(frozen=True, slots=True)
class AssetType:
    id: int
    name: str
    computer: bool
    key_field: str


ASSET_TYPES = (
    AssetType(101, "Workstation", computer=True, key_field="Computer Name"),
    AssetType(102, "Laptop", computer=True, key_field="Computer Name"),
    AssetType(103, "Server", computer=True, key_field="Server Name"),
    AssetType(110, "Switch", computer=False, key_field="Hostname"),
    AssetType(111, "Firewall", computer=False, key_field="Hostname"),
    AssetType(112, "Printer", computer=False, key_field="Model"),
    AssetType(113, "Monitor", computer=False, key_field="Serial Number"),
    AssetType(120, "Software Licence", computer=False, key_field="Product"),
)
TYPE_OF = {kind.id: kind for kind in ASSET_TYPES}
COMPUTER_TYPES = frozenset(kind.id for kind in ASSET_TYPES if kind.computer)

HaloThing = Client | Site | Asset | Agent
AeThing = Company | Location | Computer | Technician
Thing = HaloThing | AeThing
