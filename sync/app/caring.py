"""Small deeds on the database that need the run lock: acknowledge, back up, send what waits."""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sync.app.installation import Installation
from sync.app.parts import keep
from sync.app.places import make_ready
from sync.app.post import transport
from sync.clock import SystemClock
from sync.core.records import Collection
from sync.lock import hold
from sync.outbox import Receipt, send_all
from sync.store import Store, restore


def acknowledge(here: Installation, run_id: int, by: str, reason: str) -> tuple[Collection, ...]:
    """Record who accepted the smaller lists; the login is kept beside the name given."""
    who = f"{by.strip()} ({getpass.getuser()})" if by.strip() else ""
    clock = SystemClock()
    with locked(here, clock) as store:
        return store.ack(run_id, who, reason, clock.now())


def back_up(here: Installation) -> Path:
    with locked(here, SystemClock()) as store:
        return store.back_up(keep(here.config), why="by-hand")


def restored(here: Installation, file: Path) -> Path:
    """Put a backup in the database's place; gives where the old file lies now."""
    clock = SystemClock()
    make_ready(here.where)
    with hold(here.where.state, clock):
        return restore(here.where.database, file, clock.now())


def send_waiting(here: Installation) -> Mapping[str, Receipt]:
    """Try once more every mail that no server has accepted or refused."""
    clock = SystemClock()
    with locked(here, clock) as store:
        return send_all(store, transport(here.config), clock.now())


@contextmanager
def locked(here: Installation, clock: SystemClock) -> Iterator[Store]:
    make_ready(here.where)
    with hold(here.where.state, clock), Store.open(here.where.database, clock) as store:
        yield store
