"""AutoElevate as a source: the contract's traps one by one."""

import pytest

from sync.core.pulls import State
from sync.core.records import Collection
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.ledger import MemoryLedger

from tests.sync.sources.stand_in import (
    FakeClock,
    StandIn,
    ae_settings,
    ae_world,
    computer,
    serving,
    wire,
)


@pytest.fixture
def ae():
    with serving(StandIn(FakeClock())) as stand_in:
        ae_world(stand_in)
        yield stand_in


def pull(stand_in, **changes):
    with wire(stand_in.clock) as real:
        source = AutoElevateSource(ae_settings(stand_in.url, **changes), real, MemoryLedger())
        return {p.manifest.collection: p for p in source.pull()}


def test_all_three_lists_come_whole(ae):
    ae_world(ae, computers=[computer(n) for n in range(450)])

    pulls = pull(ae)

    assert {p.manifest.state for p in pulls.values()} == {State.COMPLETE}
    assert len(pulls[Collection.AE_COMPUTERS].records) == 450
