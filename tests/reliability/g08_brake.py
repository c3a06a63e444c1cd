"""G8: a list that shrinks for a bad reason is withheld or flagged for the right one, never "gone".

Eight lists times eight ways to shrink. What is hidden from a list stays in the world, so every
"gone" is false, and so is every linked record that opens because of it. Afterwards the rows come
back, or an admin acknowledges, and the list must be believed again.
"""

from collections.abc import Callable, Iterator
from functools import cache
from math import ceil
from pathlib import Path
from random import Random
from shutil import copy

from sync.core import judge
from sync.core.guard import Limits
from sync.core.judge import Settings
from sync.core.records import Collection
from sync.core.result import Result
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.verbs import Status
from sync.sandbox.world import World
from sync.sandbox.world.build import Builder
from sync.sandbox.world.people import hire
from tests.reliability.benches.bench import EPOCH, Bench, Setup, replaced, scratch_folder
from tests.reliability.drift.shrinking import (
    CLOSED,
    EMPTY,
    PARENT,
    PARENT_LOST,
    SHRUNK,
    TABLE,
    Case,
    acknowledged,
    delete,
    give_back,
    hide,
    lose_sight_of_one_customer,
    pass_a_day,
    share_missing,
    still_doubted,
)
from tests.reliability.tally import Tally, Tier

BLEED_NIGHTS, TRIPS_BY = 10, 6
QUIET = 9
"""Nights after a bleed: longer than the week whose highest count is remembered."""


Way = Callable[[Case], Iterator[str]]


def run(tier: Tier, seed: int) -> Tally:
    return _all(seed, Settings())


def sabotage(seed: int) -> Tally:
    """Release the brake: no limit is ever reached."""
    never = Limits(10**9, 10**9, 10**9, 10**9, 10**9)
    return _all(seed, Settings(limits=never))


def _all(seed: int, settings: Settings) -> Tally:
    tally = Tally()
    with replaced(judge, "near_misses", lambda *_args, **_more: {}):  # suggestions claim nothing
        for collection in TABLE:
            for way in WAYS:
                found = _one(collection, way, seed, settings)
                tally.broken(*(f"{collection} {way.__name__}: {what}" for what in found))
                tally.trials += 1
    return tally


def _one(collection: Collection, way: Way, seed: int, settings: Settings) -> list[str]:
    database, before = (None, None) if way is first_run_empty else _one_good_night(seed)
    world = _world(seed)
    with Bench(world, _setup(settings), database) as bench:
        if before is not None:
            bench.runs = before.run.id
            world.nights += 1  # the date alone: what is missing later was hidden on purpose
        return list(way(Case(bench, collection, Random(f"{seed}/{collection}"), before)))


def _setup(settings: Settings) -> Setup:
    return Setup(HaloSwitches(limit="none"), AeSwitches(hourly=None), settings=settings)


def _world(seed: int) -> World:
    """Three dozen customers, a large one with several branches, and enough people to lose some."""
    rng = Random(f"{seed}/more")
    world = World.create(seed, 36, 110, EPOCH)
    hire(world, rng, 30)
    people = {person.key: person for person in world.technicians.values()}
    world.technicians = {person.id: person for person in people.values()}
    Builder(world, rng).customer(90, world.now_ms)
    return world


@cache
def _one_good_night(seed: int) -> tuple[Path, Result]:
    """A database that remembers the world as it is, and what the report then said."""
    kept = scratch_folder() / "store.sqlite3"
    with Bench(_world(seed), _setup(Settings())) as bench:
        bench.write_users()
        result = bench.night().result
        copy(bench.folder / "store.sqlite3", kept)
    return kept, result


# The eight ways


def empty(case: Case) -> Iterator[str]:
    hidden = hide(case, list(case.table))
    yield from case.judged(case.night(), EMPTY)
    yield from give_back(case, hidden)


def forbidden(case: Case) -> Iterator[str]:
    if case.collection is Collection.AE_USERS:
        case.bench.write_users()
        case.bench.users_file.chmod(0o666)  # root may read anything; nobody may trust this
        result = case.bench.night().result
    else:
        case.bench.faults.on(case.collection.value, Status(403))
        result = case.night()
    yield from case.judged(result, CLOSED)
    case.bench.faults.clear()
    yield from give_back(case, {})


def fifth_missing(case: Case) -> Iterator[str]:
    yield from share_missing(case, 0.21)


def half_missing(case: Case) -> Iterator[str]:
    yield from share_missing(case, 0.5)


def parent_emptied(case: Case) -> Iterator[str]:
    """One customer loses all its children, or (of lists without parents) one group is gone."""
    table = TABLE[case.collection]
    if table in PARENT:
        groups: dict[object, list[object]] = {}
        for key, thing in case.table.items():
            groups.setdefault(getattr(thing, PARENT[table]), []).append(key)
        children = max(groups.values(), key=len)
        hidden = hide(case, children)
        causes = PARENT_LOST if len(children) * 5 < len(case.table) else PARENT_LOST | SHRUNK
        yield from case.judged(case.night(), causes)
        yield from still_doubted(case)
        yield from give_back(case, hidden)
        return
    if table in {"agents", "technicians"}:
        by = "team" if table == "agents" else "role"
        one = getattr(next(iter(case.table.values())), by)
        hidden = hide(case, [k for k, t in case.table.items() if getattr(t, by) == one])
        yield from case.judged(case.night(), SHRUNK)
        yield from give_back(case, hidden)
        return
    lose_sight_of_one_customer(case)
    yield from case.judged(case.night(), SHRUNK)
    with case.world.changing():
        case.world.narrow()
    yield from give_back(case, {})


def narrowed(case: Case) -> Iterator[str]:
    """The login, the key or the export shows a tenth less; then the admin says that is right."""
    world, tenth = case.world, 0.9
    if case.collection is Collection.HALO_AGENTS:
        case.bench.halo.configure(HaloSwitches(limit="none", default_team=False))
        yield from case.judged(case.night(), SHRUNK)
        case.bench.halo.configure(HaloSwitches(limit="none"))
        yield from give_back(case, {})
        return
    if case.collection is Collection.AE_USERS:
        hide(case, [k for k, t in case.table.items() if t.role == "Technician L1"])
    elif case.collection.value.startswith("halo"):
        case.bench.halo.configure(HaloSwitches(limit="none", invisible_by_id=403))
        world.narrow(clients=list(world.clients)[: int(len(world.clients) * tenth)])
    else:
        world.narrow(companies=list(world.companies)[: int(len(world.companies) * tenth)])
    yield from case.judged(case.night(), SHRUNK)
    yield from acknowledged(case)


def first_run_empty(case: Case) -> Iterator[str]:
    hidden = hide(case, list(case.table))
    yield from case.judged(case.night(), EMPTY)
    yield from give_back(case, hidden)


def slow_bleed(case: Case) -> Iterator[str]:
    """Four in a hundred are really deleted each night: stopped by the sixth, and not by time."""
    size, tripped = len(case.counted), 0
    for night in range(1, BLEED_NIGHTS + QUIET + 1):
        if night <= BLEED_NIGHTS and not tripped:
            delete(case, ceil(size * 0.04))
        trusted = case.manifest(case.night()).state.trusted
        pass_a_day(case)
        if tripped and trusted:
            yield f"released by mere time in night {night}, tripped in night {tripped}"
            return
        tripped = tripped or (0 if trusted else night)
    if not 1 <= tripped <= TRIPS_BY:
        yield f"the bleed tripped the brake in night {tripped or 'never'}"
        return
    yield from acknowledged(case)


WAYS: tuple[Way, ...] = (
    empty, forbidden, fifth_missing, half_missing, parent_emptied, narrowed, first_run_empty,
    slow_bleed,
)  # fmt: skip
