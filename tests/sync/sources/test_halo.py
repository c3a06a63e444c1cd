"""HaloPSA as a source: the contract's traps one by one."""

import pytest

from sync.core.pulls import State
from sync.sources.halo import HaloSource

from tests.sync.sources.stand_in import FakeClock, StandIn, halo_settings, halo_world, serving, wire


@pytest.fixture
def halo():
    with serving(StandIn(FakeClock())) as stand_in:
        halo_world(stand_in)
        yield stand_in


def pull(stand_in, **changes):
    with wire(stand_in.clock) as real:
        source = HaloSource(halo_settings(stand_in.url, **changes), real)
        return {p.manifest.collection: p for p in source.pull()}


def test_all_four_lists_come_whole(halo):
    pulls = pull(halo)

    assert [(p.manifest.state, p.manifest.detail) for p in pulls.values()] == [
        (State.COMPLETE, "")
    ] * 4
    assert [len(p.records) for p in pulls.values()] == [1, 1, 1, 1]
