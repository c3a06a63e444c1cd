"""A very small world in which names collide often, and everything that may happen to it by day."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from sync.sandbox.world import World
from sync.sandbox.world.records import (
    DAY_MS,
    Agent,
    Asset,
    Client,
    Company,
    Computer,
    Location,
    Site,
    Technician,
    Thing,
)
from tests.reliability.benches.bench import EPOCH

CUSTOMERS = ("Acme", "Bravo", "Cedar", "Delta", "Ember", "Fjord", "Gamma")
BRANCHES = ("Main", "Depot", "Lab")
MACHINES = tuple(f"PC-{n}" for n in range(1, 9))
STAFF = tuple(f"{name}@msp.example" for name in ("ana", "bea", "cy", "dan", "eve", "fay"))
LAPTOP, SERVER, SWITCH = 102, 103, 110
TYPES = (101, LAPTOP, SERVER)
FEWEST_STAFF = 3
"""With a single agent in the list, the login itself is doubted."""

T = TypeVar("T")


def founded(seed: str) -> World:
    """Day zero: some customers the same on both sides, some branches and machines, a few people."""
    rng = Random(f"{seed}/world")
    world = World(rng.getrandbits(32), EPOCH)
    for name in CUSTOMERS[: rng.randrange(4, 6)]:
        _customer(world, rng, name)
    for email in STAFF[:4]:
        _person(world, rng, email)
    for _ in range(3):
        rename(world, rng)
    return world


def _customer(world: World, rng: Random, name: str) -> None:
    born = world.now_ms - rng.randrange(60, 900) * DAY_MS
    client = Client(world.next_id(Client), name, born)
    company = Company(world.new_uuid(), name, born, born)
    world.birth(client, company)
    world.belongs[company.id] = client.id
    for branch in BRANCHES[: rng.randrange(1, 3)]:
        site = Site(world.next_id(Site), client.id, branch, born)
        place = Location(world.new_uuid(), company.id, branch, born, born)
        world.birth(site, place)
        world.belongs[place.id] = site.id
        for machine in MACHINES[: rng.randrange(1, 4)]:
            _machine(world, rng, (place, site), f"{branch[0]}{machine}")


def _machine(world: World, rng: Random, at: tuple[Location, Site], name: str) -> None:
    place, site = at
    born = world.now_ms - rng.randrange(1, 50) * DAY_MS
    asset_id = world.next_id(Asset)
    kind = rng.choice((101, 101, LAPTOP, SERVER, SWITCH))
    asset = Asset(asset_id, site.client, site.id, kind, name, "", born)
    system = ("Windows", "Windows 11")
    computer = Computer(world.new_uuid(), place.company, place.id, name, system, "live", born, born)
    if rng.random() < 0.9:
        world.birth(computer)
        world.belongs[computer.id] = asset.id
    if rng.random() < 0.9:
        world.birth(asset)


def _person(world: World, rng: Random, email: str) -> None:
    born = world.now_ms - rng.randrange(60, 900) * DAY_MS
    name = email.partition("@")[0].title()
    agent = Agent(world.next_id(Agent), name, email, born)
    user = Technician(world.new_uuid(), name, email, "Technician", born, born)
    world.birth(agent)
    if all(t.email != email for t in world.technicians.values()):
        world.birth(user)


# what may happen by day


def arrive(world: World, rng: Random) -> None:
    """A customer, a machine or a colleague, on both sides or on one."""
    places = [
        (place, world.sites[site])
        for place in world.locations.values()
        if (site := world.belongs.get(place.id)) in world.sites
    ]
    chance = rng.random()
    if places and chance < 0.6:
        _machine(world, rng, rng.choice(places), f"{rng.choice('MDL')}{rng.choice(MACHINES)}")
    elif chance < 0.8:
        _person(world, rng, rng.choice(STAFF))
    elif len(world.companies) < len(CUSTOMERS) + 2:
        _customer(world, rng, rng.choice(CUSTOMERS))


def rename(world: World, rng: Random) -> None:
    """Another name, sometimes one that only looks the same, sometimes somebody else's."""
    thing = _any(
        rng, world.clients, world.sites, world.assets, world.agents,
        world.companies, world.locations, world.computers,
    )  # fmt: skip
    match thing:
        case Agent():
            with world.changing():
                thing.email = rng.choice(STAFF)
        case Client() | Company():
            world.rename(thing, _spelled(rng, rng.choice((thing.name, *CUSTOMERS))))
        case Site() | Location():
            world.rename(thing, _spelled(rng, rng.choice((thing.name, *BRANCHES))))
        case Asset() | Computer():
            world.rename(thing, f"{rng.choice('MDL')}{rng.choice(MACHINES)}")


def _spelled(rng: Random, name: str) -> str:
    ways: tuple[Callable[[str], str], ...] = (str, str.strip, str.upper, str.title, "{} ".format)
    return rng.choice(ways)(name)


def repair(world: World, rng: Random) -> None:
    """Somebody reads the report and types Halo's name into AutoElevate."""
    things = _all(world.companies, world.locations, world.computers)
    for thing in rng.sample(things, len(things)):
        match thing:
            case Company():
                right = world.clients.get(world.belongs.get(thing.id, -1))
            case Location():
                right = world.sites.get(world.belongs.get(thing.id, -1))
            case _:
                right = world.assets.get(world.belongs.get(thing.id, -1))
        name = right.host if isinstance(right, Asset) else getattr(right, "name", thing.name)
        if name != thing.name:
            world.rename(thing, name)
            return


def move(world: World, rng: Random) -> None:
    computer, asset = _any(rng, world.computers), _any(rng, world.assets)
    place, site = _any(rng, world.locations), _any(rng, world.sites)
    if computer and place and rng.random() < 0.5:
        world.move(computer, place)
    elif asset and site:
        world.move(asset, site)


def remove(world: World, rng: Random) -> None:
    """One record, with what hangs on it."""
    thing = _any(rng, world.assets, world.computers, world.locations, world.sites, world.agents)
    if isinstance(thing, Agent) and len(world.agents) <= FEWEST_STAFF:
        return
    if thing is not None:
        world.death(thing)


def leave(world: World, rng: Random) -> None:
    """A customer goes: on both sides, or only one side is told."""
    company, client = _any(rng, world.companies), _any(rng, world.clients)
    if company is not None and len(world.companies) > 2:
        client = world.clients.get(world.belongs.get(company.id, -1), client)
        world.death(company)
    if client is not None and len(world.clients) > 2 and rng.random() < 0.6:
        world.death(client)


def sleep(world: World, rng: Random) -> None:
    """Machines stop checking in, some so long ago that they are no longer listed; or wake."""
    for computer in rng.sample(list(world.computers.values()), min(2, len(world.computers))):
        if computer.awake:
            world.silence(computer, rng.choice((2.5, 12.5, 45.5)))
        else:
            with world.changing():
                computer.awake, computer.seen = True, None


def toggle(world: World, rng: Random) -> None:
    """Active becomes inactive, and the other way round."""
    thing = _any(rng, world.clients, world.sites, world.assets, world.agents)
    with world.changing():
        if isinstance(thing, Agent):
            thing.disabled = not thing.disabled
        elif thing is not None:
            thing.inactive = not thing.inactive


def be_reborn(world: World, rng: Random) -> None:
    """The same id comes back as another record: what was known of it means nothing."""
    thing = _any(rng, world.companies, world.computers)
    if thing is not None:
        with world.changing():
            thing.created += DAY_MS


def narrow(world: World, rng: Random) -> None:
    """Somebody takes customers out of the login's sight, or gives them back."""
    if world.visible_clients is not None or world.visible_companies is not None:
        world.narrow()
    elif rng.random() < 0.5:
        clients = sorted(world.clients)
        world.narrow(clients=rng.sample(clients, rng.randrange(len(clients))))
    else:
        companies = sorted(world.companies)
        world.narrow(companies=rng.sample(companies, rng.randrange(len(companies))))


CHANGES: dict[str, Callable[[World, Random], None]] = {
    "arrive": arrive, "rename": rename, "repair": repair, "move": move, "remove": remove,
    "leave": leave, "sleep": sleep, "toggle": toggle, "reborn": be_reborn, "narrow": narrow,
}  # fmt: skip


def _all(*tables: dict[object, T]) -> list[T]:
    return [thing for table in tables for thing in table.values()]


def _any(rng: Random, *tables: dict[object, Thing]) -> Thing | None:
    """One record, each table being as likely as the next."""
    filled: Sequence[dict[object, Thing]] = [table for table in tables if table]
    return rng.choice(list(rng.choice(filled).values())) if filled else None
