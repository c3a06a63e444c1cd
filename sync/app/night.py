"""One run with everything around it: lock, heartbeat, care of the database, the way out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reports import deliver
from sync import job
from sync.app import logs
from sync.app.alarm import raise_alarm
from sync.app.connections import LIVE, Tape
from sync.app.heartbeat import Heartbeat
from sync.app.installation import Installation, refuse_root
from sync.app.parts import keep, months, parts
from sync.app.places import make_ready, refuse_full
from sync.clock import Clock
from sync.errors import Busy, Exit, SlotDone, Stopped, SyncError
from sync.job import Ending, Order
from sync.lock import RunLock, hold
from sync.outbox import send_all
from sync.sources.walk import Progress
from sync.store import Store

log = logging.getLogger("halosync")
PUBLISHED = "published"
EVER = 100_000
"""More runs than a lifetime of nights."""
RECENT = 500
"""Runs looked through for a slot that is done; more than a year of nights."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One run as it was asked for."""

    order: Order
    wait_seconds: float = 0
    tape: Tape = LIVE
    progress: Progress | None = None


def run_once(here: Installation, wish: Wish, clock: Clock) -> Ending:
    """Do one run under the lock; raise what kept it from being published."""
    refuse_root(here.config)
    make_ready(here.where)
    with (
        hold(here.where.state, clock, wait_seconds=wish.wait_seconds) as lock,
        _told_of_failure(here, wish, clock) as heartbeat,
    ):
        return _Night(here, wish, clock, lock, heartbeat).run()


@contextmanager
def _told_of_failure(here: Installation, wish: Wish, clock: Clock) -> Iterator[Heartbeat]:
    """Tell the monitoring service and the report's readers of a run that will not be published."""
    heartbeat = Heartbeat(None if wish.order.dry_run else here.config.heartbeat)
    try:
        yield heartbeat
    except (Busy, SlotDone):
        raise
    except BaseException as error:
        heartbeat.failed(error.exit_code if isinstance(error, SyncError) else Exit.BUG)
        if not wish.order.dry_run and not isinstance(error, Stopped):
            raise_alarm(here, wish.order.slot, error, clock.now())
        raise


@dataclass(frozen=True, slots=True)
class _Night:
    """Everything at hand once the lock is held."""

    here: Installation
    wish: Wish
    clock: Clock
    lock: RunLock
    heartbeat: Heartbeat

    def run(self) -> Ending:
        refuse_full(self.here.where, self.here.config.min_free_megabytes)
        self.lock.phase("opening the database")
        with Store.open(self.here.where.database, self.clock) as store:
            self._tidy(store)
            self._leave_if_done(store)
            ending = self._run(store)
            if not self.wish.order.dry_run:
                self._look_after(store)
            return ending

    def _run(self, store: Store) -> Ending:
        wish = self.wish
        self.heartbeat.start(wish.order.slot)
        self.lock.phase("running")
        with parts(self.here, store, self.clock, wish.tape, wish.progress) as ready:
            ending = job.run(ready, wish.order)
        self.heartbeat.end(ending)
        return ending

    def _leave_if_done(self, store: Store) -> None:
        """A done slot runs no more; mail that its run was killed over leaves all the same."""
        order = self.wish.order
        try:
            refuse_done(store, order.slot)
        except SlotDone:
            if not (order.dry_run or order.no_email):
                with parts(self.here, store, self.clock, self.wish.tape) as ready:
                    send_all(ready.outbox, ready.transport, self.clock.now())
            raise

    def _tidy(self, store: Store) -> None:
        """Show the archive folders of runs that died between publishing and showing theirs."""
        published = {row.id for row in store.runs(RECENT) if row.state == PUBLISHED}
        try:
            deliver.tidy(self.here.where.archive, published, self.here.config.report.language)
        except SyncError as error:
            log.error("an earlier report is not in the archive yet: %s", error)  # noqa: TRY400

    def _look_after(self, store: Store) -> None:
        """Back up and prune. The report is out: what fails here is told, and changes nothing."""
        kept = keep(self.here.config)
        try:
            self.lock.phase("backing up")
            log.info("backup: %s", store.back_up(kept))
            self.lock.phase("pruning")
            store.prune(kept)
            self._forget_nights(store)
            logs.forget(self.here.where.logs, self.clock.now())
        except (SyncError, OSError) as error:
            log.error("the run is published, but its backup or pruning failed: %s", error)  # noqa: TRY400

    def _forget_nights(self, store: Store) -> None:
        """Remove what the archive need not keep; the newest night stays however old it is."""
        config = self.here.config
        if config.retention.archive_months is None:
            return
        oldest = self.clock.now() - months(config.retention.archive_months)
        kept = [r.id for r in store.runs(EVER) if r.state == PUBLISHED and r.started >= oldest]
        if kept:
            deliver.forget(self.here.where.archive, min(kept), config.report.language)


def refuse_done(store: Store, slot: str) -> None:
    """Say that a slot is done before anybody is told that a run starts."""
    done = [r.id for r in store.runs(RECENT) if r.slot == slot and r.state == PUBLISHED]
    if done:
        raise SlotDone(f"slot {slot} was published already, by run {done[0]}")
