"""One run, top to bottom: pull, doubt, decide, publish, deliver."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from sync.core.pulls import Answer, Night, Pull, SystemFacts
from sync.core.records import Collection, Side
from sync.core.result import Edition, Recollection, Result, RunFacts


class Source(Protocol):
    """One system (or file) that can be pulled. Its failures are manifests, not exceptions."""

    @property
    def collections(self) -> tuple[Collection, ...]: ...

    def pull(self) -> Iterator[Pull]:
        """Yield one pull per collection, completeness already proven or its failure named."""
        ...

    def ask(self, collection: Collection, record_id: str) -> Answer:
        """Ask for one record by id, to prove it gone; UNKNOWN where that is impossible."""
        ...

    def facts(self) -> SystemFacts | None:
        """Whom we talked to; None for a file. Called after `pull`."""
        ...

    def recent_requests(self) -> Mapping[str, int] | None:
        """AutoElevate: computer id -> elevation requests in the last 24 h; None if unreadable."""
        ...


class Memory(Protocol):
    """What the store does for a run."""

    def begin(self, slot: str, started: datetime, *, timezone: str, config_hash: str) -> RunFacts:
        """Claim a run row (own transaction); raise `SlotDone` for a slot already published."""
        ...

    def recall(self, at: datetime) -> Recollection: ...

    def publish(self, night: Night, result: Result, edition: Edition) -> None:
        """Records, verdicts, findings, run row, outbox letters and slot: one transaction."""
        ...

    def fail(self, run_id: int, what: str, at: datetime) -> None:
        """Close a run row that will not be published."""
        ...


__all__ = ["Collection", "Memory", "Side", "Source"]
