"""A large tenant is read within both systems' real quotas, and hardly a page more than needed."""

from math import ceil

import pytest

from sync import job
from sync.core.pulls import State
from sync.core.records import Collection
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.halo import HaloSource
from sync.sources.ledger import MemoryLedger
from sync.sources.settings import AutoElevateSettings, HaloSettings
from tests.reliability.benches.bench import AE_URL, EPOCH, HALO_URL, Bench, Setup

PAGED = {
    Collection.HALO_CLIENTS: 100,
    Collection.HALO_SITES: 100,
    Collection.HALO_ASSETS: 50,
    Collection.AE_COMPANIES: 200,
    Collection.AE_LOCATIONS: 200,
    Collection.AE_COMPUTERS: 200,
}
"""Each paged list and the most rows that one of its pages holds."""


class Patient(Bench):
    """A bench whose sources keep their default pace; its clock makes the waiting free."""

    def sources(self):
        keys, wires = self.halo.keys, (self._wire(self.halo), self._wire(self.autoelevate))
        halo = HaloSettings(
            HALO_URL, keys.client_id, keys.client_secret, keys.tenant, f"{HALO_URL}/auth"
        )
        ae = AutoElevateSettings(self.autoelevate.keys.bearer_key, base_url=AE_URL)
        return (
            HaloSource(halo, wires[0]),
            AutoElevateSource(ae, wires[1], MemoryLedger()),
        )


@pytest.mark.slow
def test_twenty_thousand_computers_are_read_within_the_real_quotas(monkeypatch):
    world = World.create(7, 1_000, 20_000, EPOCH)
    with Patient(world, Setup(halo=HaloSwitches(), autoelevate=AeSwitches())) as bench:
        monkeypatch.setattr(job, "ThreadPoolExecutor", OneAfterTheOther)
        night = job.pull(bench.sources())

        manifests = {c: pull.manifest for c, pull in night.pulls.items()}
        assert {m.state for m in manifests.values()} == {State.COMPLETE}
        assert not [seen for seen in bench.requests if seen.status == 429]
        fewest = sum(ceil(manifests[c].received / cap) for c, cap in PAGED.items())
        assert len([s for s in bench.requests if s.endpoint in set(PAGED)]) <= fewest * 1.05


class OneAfterTheOther:
    """Stands in for the thread pool: two threads may not share one made-up clock."""

    def __init__(self, **_):
        self.map = map

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Nothing to end."""
