"""A small world, and sandboxes around it that close themselves."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from sync.sandbox.serve import Sandbox
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from tests.sync.sandbox.talk import EPOCH, AeTalk, HaloTalk, HandClock

Halo = Callable[..., HaloTalk]
Ae = Callable[..., AeTalk]


@pytest.fixture
def world() -> World:
    return World.create(7, 12, 130, EPOCH)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def start(world: World, clock: HandClock) -> Iterator[Callable[..., Sandbox]]:
    """Start a sandbox with these arguments; it ends with the test."""
    with ExitStack() as stack:

        def begin(**arguments: Any) -> Sandbox:
            return stack.enter_context(Sandbox(world, clock=clock, **arguments))

        yield begin


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start()


@pytest.fixture
def halo(start: Callable[..., Sandbox]) -> Halo:
    """`halo(caps="50")`: a logged-in client of a HaloPSA with these switches."""

    def begin(*, scope: str = "read:customers read:assets", **switches: Any) -> HaloTalk:
        return HaloTalk(start(halo=HaloSwitches(**switches)), scope=scope)

    return begin


@pytest.fixture
def ae(start: Callable[..., Sandbox]) -> Ae:
    """`ae(burst="bare")`: a client of an AutoElevate with these switches."""

    def begin(**switches: Any) -> AeTalk:
        return AeTalk(start(autoelevate=AeSwitches(**switches)))

    return begin
