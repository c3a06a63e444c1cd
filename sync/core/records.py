"""The two sides' records in one shape each, and the four kinds that meet.

`NamedTuple` rather than a frozen dataclass: a large tenant's night makes a million of these, and
a tuple is built in a third of the time.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    AE = "ae"
    HALO = "halo"


class Kind(StrEnum):
    """What is linked: AutoElevate's word in code, Halo's in brackets.

    company (client), location (site), computer (asset), user (agent).
    """

    COMPANY = "company"
    LOCATION = "location"
    COMPUTER = "computer"
    USER = "user"


class Collection(StrEnum):
    """One list that a run pulls; the unit of trust ("class" in the reliability specification)."""

    HALO_CLIENTS = "halo.clients"
    HALO_SITES = "halo.sites"
    HALO_ASSETS = "halo.assets"
    HALO_AGENTS = "halo.agents"
    AE_COMPANIES = "ae.companies"
    AE_LOCATIONS = "ae.locations"
    AE_COMPUTERS = "ae.computers"
    AE_USERS = "ae.users"

    @property
    def side(self) -> Side:
        return Side(self.value.partition(".")[0])

    @property
    def kind(self) -> Kind:
        return KIND_OF[self]


KIND_OF = {
    Collection.HALO_CLIENTS: Kind.COMPANY,
    Collection.HALO_SITES: Kind.LOCATION,
    Collection.HALO_ASSETS: Kind.COMPUTER,
    Collection.HALO_AGENTS: Kind.USER,
    Collection.AE_COMPANIES: Kind.COMPANY,
    Collection.AE_LOCATIONS: Kind.LOCATION,
    Collection.AE_COMPUTERS: Kind.COMPUTER,
    Collection.AE_USERS: Kind.USER,
}

HALO_OF = {kind: c for c, kind in KIND_OF.items() if c.side is Side.HALO}
AE_OF = {kind: c for c, kind in KIND_OF.items() if c.side is Side.AE}


class AeRecord(NamedTuple):
    """One AutoElevate company, location, computer or user (technician)."""

    kind: Kind
    id: str
    """Lower-case UUID; for a user, from a file without ids, the trimmed and case-folded e-mail."""
    name: str
    """Exactly as received; empty where AutoElevate has none (its schema allows it on computers)."""
    company: str | None = None
    """Locations and computers: the id of their company."""
    location: str | None = None
    """Computers: the id of their location."""
    email: str = ""
    """Users only."""
    created: datetime | None = None
    management_id: str = ""
    """Companies: `managementSystemCompanyId`, usually the name at creation."""
    mode: str = ""
    """Computers: elevation mode, verbatim. Users: role."""
    last_seen: datetime | None = None
    """Computers: last check-in. Volatile, so it stands last: what lasts is `record[:-1]`."""


class HaloRecord(NamedTuple):
    """One HaloPSA client, site, asset or agent."""

    kind: Kind
    id: str
    """Halo's integer id as text."""
    name: str
    """Exactly as received. Assets have no name of their own: the first of `names`, else empty."""
    client: str | None = None
    """Sites and assets: the id of their client."""
    site: str | None = None
    """Assets: the id of their site."""
    email: str = ""
    """Agents only."""
    active: bool | None = None
    """None = the answer did not say; treated as active, never as a reason to reject."""
    names: tuple[tuple[str, str], ...] = ()
    """Assets: (field, value) of every configured asset-name field that is filled."""
    type: str = ""
    """Assets: the asset type's name."""


Record = AeRecord | HaloRecord
