"""Which share of every kind goes wrong, and in which of the known ways."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import TypeVar

from sync.sandbox.world import spoil
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.mishaps import Mishaps
from sync.sandbox.world.records import Company, Computer, Location

COMPANIES, LOCATIONS, COMPUTERS = 0.15, 0.12, 0.1
LARGEST = 0.09
"""A customer with a larger share of all machines is known by name to everybody at the provider."""
T = TypeVar("T")


def go_wrong(estate: Estate, rng: Random) -> None:
    """Spoil a share of every kind: the machines and branches first, their companies last."""
    mishaps = Mishaps(estate, rng)
    machines, places = list(estate.computers.values()), list(estate.locations.values())
    sizes = Counter(machine.company for machine in machines)
    customers = list(estate.companies.values())
    modest = [c for c in customers if sizes[c.id] <= max(10, LARGEST * len(machines))]
    small_world = min(len(customers) // 4, 10)
    _spread(rng, machines, _computer_ways(mishaps), round(len(machines) * COMPUTERS))
    _spread(rng, places, _location_ways(mishaps), round(len(places) * LOCATIONS))
    wanted = max(small_world, round(len(customers) * COMPANIES))
    _spread(rng, modest, _company_ways(mishaps, rng), wanted)


def _company_ways(mishaps: Mishaps, rng: Random) -> list[Callable[[Company], bool]]:
    """The commonest first, so that even a small world has them; the others in any order."""
    first = [_spelling(mishaps, way) for way in spoil.COMPANY_FIRST]
    later: list[Callable[[Company], bool]] = [
        mishaps.client_renamed,
        mishaps.client_missing,
        *(_spelling(mishaps, way) for way in spoil.COMPANY_THEN),
    ]
    rng.shuffle(later)
    structural = (
        mishaps.client_inactive,
        mishaps.two_clients,
        mishaps.duplicate,
        mishaps.claimed_twice,
    )
    return [*first[:3], *structural, *first[3:], *later]


def _location_ways(mishaps: Mishaps) -> list[Callable[[Location], bool]]:
    return [
        mishaps.contact_name,
        mishaps.two_locations,
        mishaps.site_missing,
        *(_spelling(mishaps, way) for way in spoil.LOCATION),
        mishaps.site_inactive,
    ]


def _computer_ways(mishaps: Mishaps) -> list[Callable[[Computer], bool]]:
    return [
        mishaps.netbios,
        mishaps.wrong_company,
        mishaps.asset_missing,
        mishaps.asset_inactive,
        *(_spelling(mishaps, way) for way in spoil.COMPUTER),
        mishaps.two_assets,
        mishaps.reinstalled,
        mishaps.machine_renamed,
        mishaps.asset_missing,
        mishaps.nameless,
    ]


def _spelling(
    mishaps: Mishaps, way: spoil.Spoiler
) -> Callable[[Company | Location | Computer], bool]:
    return lambda thing: mishaps.spelling(thing, way)


def _spread(
    rng: Random, things: Iterable[T], ways: Sequence[Callable[[T], bool]], wanted: int
) -> None:
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
