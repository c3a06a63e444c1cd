"""A workbench: a sandbox world, both systems without sockets, and halosync's own run over them.

Everything between `job.run` and the two systems' rules is the real thing; only the wire is a
function call and the clock moves when told to. Nights follow each other with the real store.
"""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

from sync import job
from sync.core.judge import Settings
from sync.core.records import Collection
from sync.core.result import Edition
from sync.job import Ending, Order, Parts, Source
from sync.outbox import Receipt
from sync.sandbox.autoelevate.server import AutoElevate
from sync.sandbox.exchange import Exchange, Requests
from sync.sandbox.faults import Faults
from sync.sandbox.files import users_text
from sync.sandbox.halo.server import Halo
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.wire import Ask
from sync.sandbox.world import World
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.halo import HaloSource
from sync.sources.http import Deadline, Reply, Request
from sync.sources.ledger import MemoryLedger
from sync.sources.people import PeopleSource
from sync.sources.settings import (
    AutoElevateSettings,
    HaloSettings,
    PeopleSettings,
    TicketSettings,
)
from sync.store import Store
from tests.reliability import recorder

EPOCH = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
HALO_URL, AE_URL = "https://halo.test", "https://ae.test"
SYSTEMS = {HALO_URL: "halo", AE_URL: "autoelevate"}
RUN_SECONDS = 3600.0
HALO, AUTOELEVATE = HaloSwitches(limit="none"), AeSwitches(hourly=None)


class WorldClock:
    """The world's day plus what was waited; waiting costs nothing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._world.now + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._world.nights * 86_400.0 + self._elapsed

    def wait(self, seconds: float) -> None:
        self._elapsed += seconds

    def check(self) -> None:
        """Nobody asks this run to stop."""


class QuickAsk(Ask):
    """A question whose parameters are parsed once."""

    @cached_property
    def query(self) -> dict[str, str]:  # type: ignore[override]
        return super().query


class DirectWire:
    """Carries a request to a sandbox system as a function call."""

    def __init__(self, exchange: Exchange, clock: WorldClock, secrets: Sequence[str] = ()) -> None:
        self.clock = clock
        self.deadline = Deadline(clock, RUN_SECONDS)
        self._exchange = exchange
        self._secrets = secrets
        self.watch: Callable[[Ask, bytes], None] | None = None
        """Told each answer of 200, for goals that look over the wire's shoulder."""
        self.tickets = False
        """Whether this configuration may ask for tickets."""

    def send(self, request: Request) -> Reply:
        recorder.note(request, SYSTEMS, self._secrets, tickets=self.tickets)
        ask = self._ask(request)
        answer = self._exchange.answer(ask)
        if self.watch is not None and answer.status == 200:
            self.watch(ask, answer.body)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, headers, answer.body, ask.now)

    def _ask(self, request: Request) -> Ask:
        headers = {name.lower(): value for name, value in request.headers.items()}
        headers.setdefault("accept", "application/json")
        headers["host"] = urlsplit(request.url).netloc
        if request.authorize is not None:
            headers["authorization"] = request.authorize(request.method, request.target)
        body = urlencode(request.form).encode() if request.form is not None else b""
        at = self.clock.monotonic()
        system = self._exchange.system.name
        return QuickAsk(system, request.method, request.target, headers, body, at, self.clock.now())


@dataclass
class Setup:
    """How the two systems and halosync's own configuration behave on this bench."""

    halo: HaloSwitches = HALO
    autoelevate: AeSwitches = AUTOELEVATE
    page_size: int = 100
    asset_page_size: int = 50
    asset_types: tuple[str | int, ...] = ("Workstation", "Laptop", "Server")
    settings: Settings = field(default_factory=Settings)
    users: bool = True
    ae_first: bool = False
    tickets: TicketSettings | None = None


class Bench:
    """One world and the nights that are run over it. Use as a context."""

    def __init__(
        self, world: World, setup: Setup | None = None, database: Path | None = None
    ) -> None:
        """With a database the nights go on from those that are stored there."""
        self.database = database
        self.world = world
        self.setup = setup or Setup()
        self.clock = WorldClock(world)
        self.halo = Halo(world, self.setup.halo)
        self.autoelevate = AutoElevate(world, self.setup.autoelevate)
        self.faults = Faults()
        self.requests = Requests()
        self.watch: Callable[[Ask, bytes], None] | None = None
        self.runs = 0

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="halosync-bench-", dir=memory_folder()))
        shutil.copy(self.database or empty_database(), self.folder / "store.sqlite3")
        self.store = Store.open(self.folder / "store.sqlite3", self.clock)
        self.users_file = self.folder / "users.csv"
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def night(self, order: Order | None = None) -> Ending:
        """Run once over the world as it is now."""
        self.runs += 1
        parts = Parts(
            sources=self.sources(),
            memory=self.store,
            compose=lambda _result: Edition(),
            shelf=NoShelf(),
            outbox=self.store,
            transport=NoMail(),
            clock=self.clock,
            settings=self.setup.settings,
        )
        # One system after the other: two threads would not replay the same from a seed.
        with replaced(job, "ThreadPoolExecutor", OneByOne):
            return job.run(parts, order or Order(f"manual/{self.runs}"))

    def sources(self) -> tuple[Source, ...]:
        """Fresh sources, as every run has them."""
        halo, ae = (self._wire(system) for system in (self.halo, self.autoelevate))
        keys = self.halo.keys
        known = HaloSettings(
            HALO_URL,
            keys.client_id,
            keys.client_secret,
            keys.tenant,
            f"{HALO_URL}/auth",
            asset_types=self.setup.asset_types,
            page_size=self.setup.page_size,
            asset_page_size=self.setup.asset_page_size,
            requests_per_window=10**6,
            tickets=self.setup.tickets,
        )
        key = AutoElevateSettings(
            self.autoelevate.keys.bearer_key,
            base_url=AE_URL,
            spacing_seconds=0,
            requests_per_hour=10**6,
        )
        people = PeopleSettings(file=self.users_file) if self.setup.users else PeopleSettings()
        first, second = HaloSource(known, halo), AutoElevateSource(key, ae, MemoryLedger())
        systems = (second, first) if self.setup.ae_first else (first, second)
        return (*systems, PeopleSource(people, self.clock))

    def standing(self) -> dict[Collection, frozenset[str]]:
        """The ids that stand in the store, read past the store's own code."""
        with closing(sqlite3.connect(self.folder / "store.sqlite3")) as raw:
            rows = raw.execute("SELECT collection, record_id FROM record WHERE last_run IS NULL")
            found: dict[Collection, set[str]] = {c: set() for c in Collection}
            for collection, record_id in rows:
                found[Collection(collection)].add(record_id)
        return {c: frozenset(ids) for c, ids in found.items()}

    def write_users(self) -> None:
        """Export the technicians as they are now."""
        self.users_file.write_text(users_text(self.world), encoding="utf-8")
        self.users_file.chmod(0o600)
        at = self.clock.now().timestamp() - 600
        os.utime(self.users_file, (at, at))

    def _wire(self, system: Halo | AutoElevate) -> DirectWire:
        secrets = (self.halo.keys.client_secret, self.autoelevate.keys.bearer_key)
        wire = DirectWire(Exchange(system, self.faults, self.requests), self.clock, secrets)
        wire.watch = self.watch
        wire.tickets = self.setup.tickets is not None
        return wire


class OneByOne:
    """Stands in for the thread pool: the same work in a fixed order."""

    def __init__(self, **_: object) -> None:
        self.map = map

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """No threads, nothing to end."""


class NoShelf:
    def stage(self, edition: Edition, run_id: int) -> None:
        """The goals about data archive nothing."""

    def reveal(self, run_id: int) -> None:
        """Nothing was staged."""


class NoMail:
    def send(self, _body: bytes, _recipients: Sequence[str]) -> Mapping[str, Receipt]:
        raise AssertionError("no letter was due")


def memory_folder() -> str | None:
    """A folder in memory where there is one: these goals are not about disks."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def scratch_folder() -> Path:
    """A folder in memory that goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="halosync-bench-", dir=memory_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def empty_database() -> Path:
    """A migrated, empty database to copy; making one anew takes longer than a night."""
    path = scratch_folder() / "empty.sqlite3"
    Store.open(path, WorldClock(World(0, EPOCH))).close()
    return path


@contextmanager
def replaced(where: object, name: str, value: object) -> Iterator[None]:
    """Sabotage: put something else in a guard's place for as long as the block lasts."""
    was = getattr(where, name)
    setattr(where, name, value)
    try:
        yield
    finally:
        setattr(where, name, was)
