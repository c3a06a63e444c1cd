"""What both systems would show of the invented world tonight: the reference model's only eyes."""

from typing import NamedTuple

from sync.core.records import Collection
from sync.sandbox.world import World
from sync.sandbox.world.truth import listed


class Seen(NamedTuple):
    """A record as far as linking goes."""

    id: str
    text: str
    """Its name; a person's e-mail."""
    parent: str = ""
    active: bool = True
    created: int = 0
    slept_since: int = 0
    """Computers: the last check-in of one that is asleep; 0 = awake."""


Lists = dict[Collection, dict[str, Seen]]


class Sight(NamedTuple):
    """What was asked for, and how the systems answer for what they do not show."""

    types: tuple[int, ...]
    halo_hidden: int
    """What Halo answers for a record by id that the login may not see: 404, 403 or 200."""
    ae_hidden: int


def lists(world: World, sight: Sight) -> Lists:
    """Every list in full."""
    clients, companies = world.visible_clients, world.visible_companies
    h = {i for i in {c.id for c in world.clients.values()} if clients is None or i in clients}
    a = {i for i in world.companies if companies is None or i in companies}
    found = {
        Collection.HALO_CLIENTS: [
            Seen(str(c.id), c.name, "", not c.inactive) for c in world.clients.values() if c.id in h
        ],
        Collection.HALO_SITES: [
            Seen(str(s.id), s.name, str(s.client), not s.inactive)
            for s in world.sites.values()
            if clients is None or s.client in clients
        ],
        Collection.HALO_ASSETS: [
            Seen(str(x.id), x.host, str(x.client), not x.inactive)
            for x in world.assets.values()
            if x.type in sight.types and (clients is None or x.client in clients)
        ],
        Collection.HALO_AGENTS: [
            Seen(str(g.id), g.email, "", not g.disabled) for g in world.agents.values()
        ],
        Collection.AE_COMPANIES: [
            Seen(c.id, c.name, "", created=c.created) for c in world.companies.values() if c.id in a
        ],
        Collection.AE_LOCATIONS: [
            Seen(p.id, p.name, p.company, created=p.created)
            for p in world.locations.values()
            if p.company in a
        ],
        Collection.AE_COMPUTERS: [
            Seen(c.id, c.name or "", c.company, True, c.created, 0 if c.awake else c.seen or 0)
            for c in world.computers.values()
            if c.company in a and listed(c, world.now_ms)
        ],
        Collection.AE_USERS: [Seen(t.key, t.email) for t in world.technicians.values()],
    }
    return {c: {s.id: s for s in rows} for c, rows in found.items()}


def by_id(world: World, sight: Sight, collection: Collection, record_id: str) -> str:
    """`gone`, `there`, or `elsewhere`: there, but for a known reason not in the list."""
    if collection is Collection.AE_USERS:
        return "gone"  # nobody can be asked; who is not in the file is not in it
    if collection.value.startswith("halo"):
        return _halo(world, sight, collection, record_id)
    tables = {
        Collection.AE_COMPANIES: world.companies,
        Collection.AE_LOCATIONS: world.locations,
        Collection.AE_COMPUTERS: world.computers,
    }
    found = tables[collection].get(record_id)
    if found is None:
        return "gone"
    company = record_id if collection is Collection.AE_COMPANIES else found.company
    if world.visible_companies is not None and company not in world.visible_companies:
        return "gone" if sight.ae_hidden == 404 else "there"
    asleep = collection is Collection.AE_COMPUTERS and not listed(found, world.now_ms)
    return "elsewhere" if asleep else "there"


def _halo(world: World, sight: Sight, collection: Collection, record_id: str) -> str:
    tables = {
        Collection.HALO_CLIENTS: world.clients,
        Collection.HALO_SITES: world.sites,
        Collection.HALO_ASSETS: world.assets,
        Collection.HALO_AGENTS: world.agents,
    }
    found = tables[collection].get(int(record_id))
    if found is None:
        return "gone"
    if collection is Collection.HALO_AGENTS:
        return "there"
    client = found.id if collection is Collection.HALO_CLIENTS else found.client
    hidden = world.visible_clients is not None and client not in world.visible_clients
    if hidden and sight.halo_hidden != 200:
        return "gone" if sight.halo_hidden == 404 else "there"
    other = collection is Collection.HALO_ASSETS and found.type not in sight.types
    return "elsewhere" if other else "there"
