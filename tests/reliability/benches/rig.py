"""A rig: the real command over a small world, each run in a forked process that may be killed.

The child is `halosync run` from its arguments to its exit code: configuration, lock, database,
composition, archive, outbox, backup, pruning. Only the two systems (function calls instead of
sockets), the mail server (a folder), the heartbeat's wire and the clock are the rig's.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, Self

import sync.clock
from sync import job
from sync.app import alarm, heartbeat, night
from sync.cli.entry import perform
from sync.clock import SystemClock
from sync.job import Parts
from sync.sandbox.world import World
from sync.store import Store
from sync.store.db import Database
from tests.reliability.benches import bench
from tests.reliability.benches.bench import (
    EPOCH,
    Bench,
    OneByOne,
    WorldClock,
    memory_folder,
    replaced,
)
from tests.reliability.benches.mailbox import Mailbox, Witness, unlimited

COMPANIES, COMPUTERS = 6, 30
RECIPIENTS = ("a@msp.test", "b@msp.test")
CONFIG = """\
halo: {{base_url: "https://halo.test", tenant: msp, client_id: rig, client_secret: not-used}}
autoelevate: {{base_url: "https://ae.test", key: aeb_not-used}}
state_dir: {state}
report: {{policy: always, recipients: [{{to: [{to}]}}]}}
mail: {{transport: folder, folder: {state}/unused, sender: halosync@msp.test}}
heartbeat: {{start: "https://ping.test/start", ok: "https://ping.test/ok",
  fail: "https://ping.test/fail"}}
min_free_megabytes: 0
allow_root: true
"""
SLOT = ("--slot", "nightly")
BY_HAND: tuple[str, ...] = ()
HUNG_AFTER = 60.0

Arrange = Callable[[], None]
_compiled: dict[Any, Any] = {}
_dialects: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended, read from its wait status."""

    status: int

    @property
    def killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    @property
    def code(self) -> int | None:
        """The exit code; None when a signal ended it."""
        return os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) else None

    def __str__(self) -> str:
        return f"exit {self.code}" if self.code is not None else f"signal {self.status & 0x7F}"


class RunClock(WorldClock):
    """The world's time for one attempt; a signal can ask it to stop."""

    def __init__(self, world: World, minutes: int, stop: threading.Event | None = None) -> None:
        super().__init__(world)
        self._elapsed = minutes * 60.0
        self._stop = SystemClock(stop)

    def check(self) -> None:
        self._stop.check()

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.check()


class Rig:
    """One installation over one world. Use as a context."""

    def __init__(self, seed: int) -> None:
        self.world = World.create(seed, COMPANIES, COMPUTERS, EPOCH)
        self.attempts = 0
        """Every run begins a minute after the one before it, so that its start names it."""
        self.slots: dict[str, str] = {}
        """Start of a run, as a Message-ID spells it -> the slot it was to fill."""
        self.decided: list[str] = []
        """The reason of every decision made so far."""
        self._decided_at: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="halosync-rig-", dir=memory_folder()))
        self.state, self.config = self.folder / "state", self.folder / "config.yaml"
        self.mailbox = Mailbox(self.folder / "mailbox")
        self.alarms = Mailbox(self.folder / "alarms")
        self.archive = self.state / "reports"
        self.pings = self.folder / "pings.txt"
        self.config.write_text(CONFIG.format(state=self.state, to=", ".join(RECIPIENTS)))
        self.config.chmod(0o600)
        self.bench = Bench(self.world)
        self.bench.users_file = self.folder / "users.csv"
        self.bench.write_users()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    def advance(self) -> None:
        self.world.advance(1)
        self.bench.write_users()
        self.attempts = 0

    # runs

    def here(self, words: tuple[str, ...] = BY_HAND) -> int:
        """Run in this very process: the first time, to have everything loaded."""
        self._plan(words)
        with self._furnished():
            return perform(["run", "-q", "-c", str(self.config), *words])

    def start(self, words: tuple[str, ...] = BY_HAND, arrange: Arrange | None = None) -> int:
        """Begin a run in a child process; its id."""
        self._plan(words)
        gc.freeze()  # or the child's collector would copy every page it looks at
        pid = os.fork()
        return pid or self._be_the_run(words, arrange)

    def run(self, words: tuple[str, ...] = BY_HAND, arrange: Arrange | None = None) -> Ended:
        """Run in a child process and wait for its end."""
        return self.end_of(self.start(words, arrange))

    def killed_after(self, seconds: float, words: tuple[str, ...] = SLOT) -> Ended:
        """Run in a child and shoot it after so long, unless it is done by then."""
        pid = self.start(words)
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        return self.end_of(pid)

    def end_of(self, pid: int) -> Ended:
        return Ended(os.waitpid(pid, 0)[1])

    def _plan(self, words: tuple[str, ...]) -> None:
        self.attempts += 1
        slot = f"{self.world.nights} by hand {self.attempts}" if words == BY_HAND else "the night's"
        self.slots[f"{self.clock().now():%Y%m%d%H%M%S}"] = f"{self.world.nights} {slot}"

    def _be_the_run(self, words: tuple[str, ...], arrange: Arrange | None) -> NoReturn:
        code = 99
        try:
            signal.alarm(int(HUNG_AFTER))  # a hang ends as SIGALRM, which no goal allows
            said = os.open(self.folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(said, sys.stdout.fileno())
            os.dup2(said, sys.stderr.fileno())
            with self._furnished():
                if arrange:
                    arrange()
                code = perform(["run", "-q", "-c", str(self.config), *words])
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    @contextmanager
    def _furnished(self) -> Iterator[None]:
        """Put the rig's systems, mail server, pings and clock where a run looks for them."""
        with ExitStack() as stack:
            for where, name, value in (
                (job, "ThreadPoolExecutor", OneByOne),
                (night, "parts", self._parts(night.parts)),
                (heartbeat, "_post", self._ping),
                (alarm, "transport", lambda _config: self.alarms),
                (sync.clock, "SystemClock", self.clock),
                (Database, "__init__", with_what_was_compiled(Database.__init__)),
            ):
                stack.enter_context(replaced(where, name, value))
            yield

    def clock(self, stop: threading.Event | None = None) -> RunClock:
        return RunClock(self.world, self.attempts, stop)

    def _given(self, ready: Parts, store: Store) -> Parts:
        """Put the rig's own in place of what a run would get."""
        return replace(
            ready,
            sources=self.bench.sources(),
            outbox=Witness(store, self.mailbox),
            transport=self.mailbox,
        )

    def _parts(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def parts(here: Any, store: Store, clock: RunClock, *more: Any) -> Iterator[Parts]:
            self.bench.clock = clock
            with (
                real(here, store, clock, *more) as ready,
                replaced(bench, "MemoryLedger", lambda: store),
            ):
                yield self._given(ready, store)

        return parts

    def _ping(self, address: Any, body: object) -> None:
        with unlimited(), self.pings.open("a") as file:
            file.write(f"{address.get_secret_value().rpartition('/')[2]} {body}\n")

    # looking

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """Copy the database, so that looking recovers nothing for the next run."""
        with tempfile.TemporaryDirectory(prefix="look-", dir=self.folder) as folder:
            for suffix in ("", "-wal", "-shm"):
                part = self.state / f"halosync.sqlite3{suffix}"
                if part.exists():
                    shutil.copy(part, folder)
            yield Path(folder) / "halosync.sqlite3"

    @contextmanager
    def look(self) -> Iterator[Store]:
        """Open a copy of the database with halosync's own code."""
        remembering = with_what_was_compiled(Database.__init__)
        with (
            self.copied() as copy,
            replaced(Database, "__init__", remembering),
            Store.open(copy, self.clock(), read_only=True) as store,
        ):
            yield store

    # states to return to

    def save(self, name: str) -> None:
        self._decided_at[name] = self.decided[:]
        for part in ("state", "mailbox"):
            if (self.folder / part).exists():
                shutil.copytree(self.folder / part, self.folder / name / part)

    def restore(self, name: str) -> None:
        """Go back to a saved state; a name never saved is an installation that never ran."""
        self.decided = self._decided_at.get(name, [])[:]
        self.pings.unlink(missing_ok=True)
        shutil.rmtree(self.alarms.folder, ignore_errors=True)
        for part in ("state", "mailbox"):
            shutil.rmtree(self.folder / part, ignore_errors=True)
            if (self.folder / name / part).exists():
                shutil.copytree(self.folder / name / part, self.folder / part)


def with_what_was_compiled(real: Callable[..., None]) -> Callable[..., None]:
    """Let every connection know the statements that were compiled before; it saves a third."""

    def init(self: Database, *args: Any, **named: Any) -> None:
        real(self, *args, **named)
        for engine in (self._reader, self._writer):
            engine._compiled_cache = _compiled
            engine.dialect = _dialects.setdefault("sqlite", engine.dialect)

    return init
