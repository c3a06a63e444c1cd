"""The one clock: wall time, durations and interruptible waiting. Tests and the sandbox bring theirs."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

from sync.errors import Stopped


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; for durations and deadlines."""
        ...

    def wait(self, seconds: float) -> None:
        """Sleep; raise `Stopped` at once when a stop is asked for."""
        ...

    def check(self) -> None:
        """Raise `Stopped` if a stop was asked for."""
        ...


class SystemClock:
    """The machine's clock. `stop` is set by the signal handlers of the command line."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        self.stop.wait(max(0.0, seconds))
        self.check()

    def check(self) -> None:
        if self.stop.is_set():
            raise Stopped("the run was asked to stop and rolled back; nothing was published")
