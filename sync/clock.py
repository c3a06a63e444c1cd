"""The one clock: wall time, durations, interruptible waiting. Tests bring their own."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

from sync.errors import DeadlinePassed, Stopped


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
        self._deadline = float("inf")

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def limit(self, seconds: float) -> None:
        """Let every wait and check from now on respect a run deadline."""
        self._deadline = self.monotonic() + seconds

    def wait(self, seconds: float) -> None:
        left = self._deadline - self.monotonic()
        self.stop.wait(max(0.0, min(seconds, left)))
        self.check()

    def check(self) -> None:
        if self.monotonic() >= self._deadline:
            raise DeadlinePassed(
                "the run passed its deadline and rolled back; nothing was published",
                hint="see which list is slow in the log, or raise run_deadline_minutes",
            )
        if self.stop.is_set():
            raise Stopped("the run was asked to stop and rolled back; nothing was published")
