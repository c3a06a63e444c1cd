"""Pulls a whole Halo from a stand-in, and rows to fill it with."""

from sync.core.records import Collection
from sync.sources.halo import HaloSource
from tests.sync.sources.stand_in import (
    halo_settings,
    wire,
)

CLIENTS, SITES = Collection.HALO_CLIENTS, Collection.HALO_SITES
ASSETS, AGENTS = Collection.HALO_ASSETS, Collection.HALO_AGENTS


def pull(stand_in, **changes):
    with wire(stand_in.clock) as real:
        source = HaloSource(halo_settings(stand_in.url, **changes), real)
        return {p.manifest.collection: p for p in source.pull()}


def causes(pulls):
    return {p.manifest.cause for p in pulls.values()}


def clients(count):
    return [{"id": n + 1, "name": f"Client {n}", "inactive": n % 2 == 0} for n in range(count)]


def assets(count, **more):
    return [{"id": n + 1, "client_id": 12, "key_field": f"LT-{n}"} | more for n in range(count)]


def agents(count):
    return [
        {"id": n + 1, "name": f"Agent {n}", "email": f"a{n}@msp.example", "isdisabled": False}
        for n in range(count)
    ]
