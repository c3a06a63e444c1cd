"""One run at a time. The operating system holds the lock, so a killed run frees it by dying.

The lock file stays behind after a run and means nothing by itself; a second file beside it names
the holder for whoever has to wait, and is only ever read for words.
"""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from sync.clock import Clock
from sync.errors import Busy, ConfigError

LOCK_NAME = "run.lock"
HOLDER_NAME = "run.lock.holder"
_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works, since when, and at what."""

    pid: int
    host: str
    started: str
    """UTC, ISO 8601."""
    phase: str = "starting"

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.started}, {self.phase}"


class RunLock:
    """The held lock; says on the way how far the run has come."""

    def __init__(self, folder: Path, holder: Holder) -> None:
        self._file = folder / HOLDER_NAME
        self._holder = holder
        self.phase(holder.phase)

    def phase(self, name: str) -> None:
        """Tell whoever waits what is being done now."""
        self._holder = replace(self._holder, phase=name)
        fresh = self._file.with_name(f"{HOLDER_NAME}.{self._holder.pid}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(self._holder), stream)
        fresh.replace(self._file)

    def leave(self) -> None:
        self._file.unlink(missing_ok=True)


def holder(folder: Path) -> Holder | None:
    """Whoever the side file names; it may be dead. Unreadable = None."""
    try:
        return Holder(**json.loads((folder / HOLDER_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextlib.contextmanager
def hold(folder: Path, clock: Clock, *, wait_seconds: float = 0.0) -> Iterator[RunLock]:
    """Hold the state directory for one run; raise `Busy`, naming the holder, if another does."""
    lock = FileLock(
        folder / LOCK_NAME,
        mode=0o600,
        thread_local=False,
        # A lock that is only a file would outlive a killed run; refuse such a file system instead.
        fallback_to_soft=False,
        preserve_lock_file=True,
    )
    _acquire(lock, folder, clock, wait_seconds)
    held = None
    try:
        started = clock.now().isoformat(timespec="seconds")
        held = RunLock(folder, Holder(os.getpid(), socket.gethostname(), started))
        yield held
    finally:
        if held is not None:
            held.leave()
        lock.release()


def _acquire(lock: FileLock, folder: Path, clock: Clock, wait_seconds: float) -> None:
    until = clock.monotonic() + wait_seconds
    while True:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            left = until - clock.monotonic()
            if left <= 0:
                raise _busy(folder) from None
            clock.wait(min(_POLL_SECONDS, left))
        except (OSError, NotImplementedError) as error:
            raise ConfigError(
                f"the state directory {folder} cannot be locked: {error.__class__.__name__}",
                hint="state_dir must be a local folder that this user may write to",
            ) from error
        else:
            return


def _busy(folder: Path) -> Busy:
    who = holder(folder)
    return Busy(
        f"another run is at work: {who}" if who else "another run is at work",
        hint="let it finish, or give this one time to wait with --wait 10m",
    )
