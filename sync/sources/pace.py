"""How fast each system may be asked: our own limits, well inside theirs."""

from collections import deque
from datetime import timedelta
from math import ceil
from typing import Protocol

from sync.clock import Clock
from sync.sources.ledger import RequestLedger

HOUR = timedelta(hours=1)
LONGEST_QUOTA_WAIT = 6 * 3600.0
"""A declared total may not stretch a night further than this."""


class Pace(Protocol):
    def wait(self, route: str) -> float:
        """Seconds until this route may be asked again; 0 = now."""
        ...

    def note(self, route: str) -> None:
        """Count one request, before it is sent."""
        ...


class Window:
    """At most so many requests in any stretch of so many seconds (Halo: 240 in 5 minutes)."""

    def __init__(self, clock: Clock, requests: int, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._sent: deque[float] = deque(maxlen=requests)

    def wait(self, route: str) -> float:  # noqa: ARG002 - one bucket for every route
        if len(self._sent) < (self._sent.maxlen or 1):
            return 0.0
        return max(0.0, self._sent[0] + self._seconds - self._clock.monotonic())

    def note(self, route: str) -> None:  # noqa: ARG002
        self._sent.append(self._clock.monotonic())


class Spaced:
    """AutoElevate: a pause between any two requests, and a count per route and hour.

    The count outlives the run: a run by hand after the nightly one meets the same quota.
    """

    def __init__(
        self, clock: Clock, ledger: RequestLedger, *, seconds: float, per_hour: int
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._seconds = seconds
        self._per_hour = per_hour
        self._next = clock.monotonic()

    def wait(self, route: str) -> float:
        pause = self._next - self._clock.monotonic()
        return max(0.0, pause, self._budget_wait(route))

    def note(self, route: str) -> None:
        self._ledger.note(route, self._clock.now())
        self._next = self._clock.monotonic() + self._seconds

    def _budget_wait(self, route: str) -> float:
        now = self._clock.now()
        recent = self._ledger.recent(route, now - HOUR)
        if len(recent) < self._per_hour:
            return 0.0
        free = recent[len(recent) - self._per_hour] + HOUR
        return max(0.0, (free - now).total_seconds()) + 1.0

    def planned_wait(self, route: str, requests: int) -> float:
        """Seconds of quota waiting that so many further requests will cost."""
        spent = len(self._ledger.recent(route, self._clock.now() - HOUR))
        over = requests - max(0, self._per_hour - spent)
        return min(LONGEST_QUOTA_WAIT, ceil(max(0, over) / self._per_hour) * HOUR.total_seconds())
