"""A stand-in for each system, served for the length of one test."""

import pytest

from tests.sync.sources.stand_in import FakeClock, StandIn, ae_world, halo_world, serving


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def server(clock):
    with serving(StandIn(clock)) as stand_in:
        yield stand_in


@pytest.fixture
def halo(server):
    halo_world(server)
    return server


@pytest.fixture
def ae(server):
    ae_world(server)
    return server
