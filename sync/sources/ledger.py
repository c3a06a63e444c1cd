"""The count of AutoElevate requests per route and hour, kept across runs by the store."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class RequestLedger(Protocol):
    """Remembers when each route was asked. The hourly quota does not end with a run."""

    def recent(self, route: str, since: datetime) -> Sequence[datetime]:
        """Give the requests of a route at or after `since`, oldest first."""
        ...

    def note(self, route: str, at: datetime) -> None:
        """Remember one request, before it is sent."""
        ...


class MemoryLedger:
    """A ledger that lasts as long as the process: for a replay, a doctor's probe, a test."""

    def __init__(self) -> None:
        self._noted: dict[str, list[datetime]] = {}

    def recent(self, route: str, since: datetime) -> Sequence[datetime]:
        noted = self._noted.get(route, [])
        return noted[bisect_left(noted, since) :]

    def note(self, route: str, at: datetime) -> None:
        insort(self._noted.setdefault(route, []), at)
