"""The store as the rest of halosync sees it: what a run remembers, publishes, sends and asks."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from sync.clock import Clock
from sync.core.decisions import Decision
from sync.core.pulls import Night, SystemFacts
from sync.core.records import Collection, Record
from sync.core.result import Edition, Finding, Letter, Pair, Recollection, Result, RunFacts
from sync.core.verdicts import Key, Verdict
from sync.errors import SyncError
from sync.interpreter import no_collecting
from sync.outbox import Parcel, Receipt
from sync.store import (
    backup,
    between,
    findings,
    ledger,
    outbox,
    publish,
    quota,
    reads,
    records,
    runs,
    verdicts,
)
from sync.store.db import BUSY_SECONDS, Database, damaged
from sync.store.place import check, prepare
from sync.store.recall import recall
from sync.store.schema import is_current, migrate, refuse_old
from sync.store.verify import check_invariants

log = logging.getLogger("halosync")


class Store:
    """One database file. Implements what a run remembers, its outbox and the request ledger."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    @classmethod
    def open(
        cls,
        path: Path,
        clock: Clock,
        *,
        read_only: bool = False,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """Open the file, check it, and bring it to this version's tables."""
        check(path) if read_only else prepare(path)
        database = Database(path, read_only=read_only, busy_seconds=busy_seconds)
        complaint = "" if read_only else database.checked()
        if complaint:
            raise damaged(path, complaint)
        store = cls(database, clock)
        if not is_current(database):
            refuse_old(database) if read_only else store._migrate()
        return store

    def _migrate(self) -> None:
        if not self._db.is_empty():
            copy = backup.back_up(self._db.path, self._clock.now(), why="before-upgrade")
            log.info("backup before the upgrade: %s", copy)
        migrate(self._db)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # a run's memory

    def begin(self, slot: str, started: datetime, *, timezone: str, config_hash: str) -> RunFacts:
        """Claim a run row; raise `SlotDone` for a slot already published."""
        with self._db.write("begin") as conn:
            return runs.begin(conn, slot, started, timezone=timezone, config_hash=config_hash)

    def recall(self, at: datetime) -> Recollection:
        """Give what tonight is judged against; refuse a database that does not add up."""
        with no_collecting(), self._db.read() as conn:
            return recall(conn, self._db.path, at)

    def standing(self, collection: Collection, ids: Sequence[str]) -> tuple[Record, ...]:
        """Give the stored form of records that stand."""
        with self._db.read() as conn:
            return tuple(records.standing(conn, collection, ids))

    def publish(self, night: Night, result: Result, edition: Edition) -> None:
        """Make the run visible: everything in one transaction, or nothing."""
        with no_collecting(), self._db.write("publish") as conn:
            publish.publish(conn, night, result, edition, self._clock.now())

    def fail(self, run_id: int, what: str, at: datetime) -> None:
        """Close a run row in words. If even that cannot be written, the next run says it died."""
        try:
            with self._db.write("fail") as conn:
                runs.fail(conn, run_id, what, at)
        except SyncError as error:
            log.warning("the failed run could not be recorded: %s", error)

    def ack(self, run_id: int, by: str, reason: str, at: datetime) -> tuple[Collection, ...]:
        """Accept the smaller lists that the latest published run doubted; gives which."""
        with self._db.write("ack") as conn:
            return tuple(Collection(name) for name in runs.ack(conn, run_id, by, reason, at))

    def refuse_stranger(self, facts: SystemFacts) -> None:
        """Refuse a tenant that this database does not belong to, before anything is judged."""
        with self._db.read() as conn:
            owner = runs.meta(conn, f"tenant.{facts.side}")
        if facts.identity:
            publish.refuse_stranger(facts.side, owner, facts.identity)

    def decide(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Write decisions down, all or none; gives them with their numbers."""
        with self._db.write("decide") as conn:
            return tuple(ledger.decide(conn, decision) for decision in decisions)

    # the outbox

    def unsent(self) -> tuple[Parcel, ...]:
        return outbox.unsent(self._db)

    def mark(
        self, parcel: Parcel, receipts: Mapping[str, Receipt], at: datetime, *, reduced: bool
    ) -> None:
        with self._db.write("mark") as conn:
            outbox.mark(conn, parcel, receipts, at, reduced=reduced)

    # the request ledger

    def recent(self, route: str, since: datetime) -> tuple[datetime, ...]:
        with self._db.read() as conn:
            return quota.recent(conn, route, since)

    def note(self, route: str, at: datetime) -> None:
        with self._db.write("note") as conn:
            quota.note(conn, route, at)

    # what the command line reads

    def status(self) -> reads.Status:
        with self._db.read() as conn:
            return reads.status(conn)

    def runs(self, limit: int = 30) -> tuple[reads.RunRow, ...]:
        """Give the last runs, newest first."""
        with self._db.read() as conn:
            return reads.runs(conn, limit)

    def run(self, run_id: int) -> reads.RunDetail | None:
        with self._db.read() as conn:
            return reads.run(conn, run_id)

    def letters(self, run_id: int) -> tuple[Letter, ...]:
        """Give a run's mails byte for byte; none once retention dropped them."""
        with self._db.read() as conn:
            return outbox.letters(conn, run_id)

    def open_findings(self) -> dict[Key, Finding]:
        with self._db.read() as conn:
            return findings.open_findings(conn)

    def verdicts(self, run_id: int | None = None) -> tuple[Verdict, ...]:
        """Give the verdicts that stand now, or that stood after a published run."""
        with self._db.read() as conn:
            return verdicts.as_of(conn, run_id or runs.latest_id(conn))

    def links(self) -> tuple[reads.Link, ...]:
        with self._db.read() as conn:
            return reads.links(conn)

    def pairs(self) -> dict[Key, Pair]:
        """Give the ledger: the pairs that stand."""
        with self._db.read() as conn:
            return ledger.pairs(conn)

    def decisions(self) -> tuple[Decision, ...]:
        """Give every decision ever made, oldest first."""
        with self._db.read() as conn:
            return ledger.decisions(conn)

    def events(self, limit: int = 100) -> tuple[reads.Happening, ...]:
        with self._db.read() as conn:
            return reads.events(conn, limit)

    def as_of(self, run_id: int) -> dict[Collection, tuple[Record, ...]]:
        """Give every collection as it stood after a published run."""
        with self._db.read() as conn:
            return {c: records.as_of(conn, c, run_id) for c in Collection}

    def between(self, older: int, newer: int) -> between.Between:
        """Compare two published runs."""
        with self._db.read() as conn:
            return between.between(conn, older, newer)

    # care

    def check_invariants(self) -> list[str]:
        """List what does not hold in the database; empty when it is sound."""
        complaint = self._db.checked()
        if complaint:
            return [f"SQLite says: {complaint}"]
        with self._db.read() as conn:
            return check_invariants(conn)

    def back_up(self, keep: backup.Keep = backup.KEEP, *, why: str = "") -> Path:
        """Copy the database beside itself; keeps some days and weeks of copies.

        One made for a reason of its own is not thinned out with the nightly ones.
        """
        return backup.back_up(self._db.path, self._clock.now(), keep=keep, why=why)

    def prune(self, keep: backup.Keep = backup.KEEP) -> int:
        """Forget what retention no longer keeps, and give the space back."""
        with self._db.write("prune") as conn:
            went = backup.prune(conn, self._clock.now(), keep)
        if went:
            self._db.shrink()
        return went
