"""A small sandbox, and the doctor looking at it through its real wires without waiting."""

import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sync.doctor import Case, Host, examine
from sync.doctor.case import Post
from sync.sandbox.serve import Sandbox
from sync.sandbox.world import World
from sync.sources.http import Deadline, HttpWire
from sync.sources.settings import AutoElevateSettings, HaloSettings, WireSettings


class QuickClock:
    """The machine's clock, except that waiting takes no time; `ahead` sets it wrong."""

    def __init__(self, ahead=timedelta(0)):
        self.skipped = 0.0
        self.ahead = ahead

    def now(self):
        return datetime.now(UTC) + self.ahead + timedelta(seconds=self.skipped)

    def monotonic(self):
        return time.monotonic() + self.skipped

    def wait(self, seconds):
        self.skipped += seconds

    def check(self):
        pass


@pytest.fixture(scope="session")
def world():
    return World.create(7, 14, 120, datetime.now(UTC))


@pytest.fixture
def sandbox(world):
    with Sandbox(world) as running:
        yield running


@contextmanager
def case_for(sandbox, state, clock=None, **changes):
    """A case that points at the sandbox; changes name fields of the case."""
    clock = clock or QuickClock()
    connection = sandbox.connection()
    halo = {key: connection["halo"][key] for key in ("base_url", "tenant", "client_id")}
    halo |= {"client_secret": connection["halo"]["client_secret"]}
    case = {
        "halo": HaloSettings(**halo, asset_types=("Workstation", "Laptop", "Server")),
        "autoelevate": AutoElevateSettings(
            key=connection["autoelevate"]["bearer_key"],
            base_url=connection["autoelevate"]["base_url"],
            spacing_seconds=0,
        ),
        "clock": clock,
        "host": Host(state=state, next_slot="tomorrow"),
        "post": Post("smtp", "mail.example:587", 1, knock=lambda: None, send=lambda: None),
        "known": {},
    }
    with ExitStack() as wires:
        for name in ("to_halo", "to_autoelevate"):
            wire = HttpWire(WireSettings(), clock, Deadline(clock, 3600))
            case[name] = wires.enter_context(wire)
        yield replace(Case(**case), **changes)


@pytest.fixture
def doctor(sandbox, tmp_path):
    """`doctor(**changes)` examines the sandbox; gives the checks by key."""

    def look(clock=None, *, send_test=False, halo=None, autoelevate=None, **changes):
        state = tmp_path / "state"
        state.mkdir(mode=0o700, exist_ok=True)
        with case_for(sandbox, state, clock, **changes) as healthy:
            case = replace(
                healthy,
                halo=replace(healthy.halo, **(halo or {})),
                autoelevate=replace(healthy.autoelevate, **(autoelevate or {})),
            )
            return {check.key: check for check in examine(case, send_test=send_test)}

    return look
