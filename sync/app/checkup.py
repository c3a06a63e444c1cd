"""Lets the doctor look at this installation: the same settings, wires and mail as a run's."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from sync.app.connections import LIVE, connections
from sync.app.installation import Installation, refuse_root
from sync.app.letterbox import Letterbox
from sync.app.parts import (
    autoelevate_settings,
    flag_settings,
    halo_settings,
    people_settings,
)
from sync.app.reading import next_slot
from sync.clock import Clock
from sync.config.shape import secret_paths
from sync.core.records import Collection
from sync.doctor import Case, Check, Host, examine
from sync.errors import ConfigError, SyncError
from sync.sources.ledger import MemoryLedger, RequestLedger
from sync.store import Store
from sync.store.db import BUSY_SECONDS, Database
from sync.store.place import check
from sync.store.schema import is_current


def check_up(
    here: Installation, clock: Clock, *, agent: str = "", send_test: bool = False
) -> Iterator[Check]:
    """Yield the doctor's checks of this installation, each as soon as it is known."""
    with ExitStack() as open_now:
        refused = _refusal(here)
        store: Store | None = None
        try:
            store = _store(here, clock)
        except SyncError as error:
            refused = refused or error
        if store is not None:
            open_now.callback(store.close)
        ledger: RequestLedger = _Beside(store) if store else MemoryLedger()
        way = open_now.enter_context(connections(here.config, clock, ledger, LIVE, here.redactor))
        case = Case(
            halo=halo_settings(here.config),
            autoelevate=autoelevate_settings(here.config),
            people=people_settings(here.config),
            flags=flag_settings(here.config),
            to_halo=way.to_halo,
            to_autoelevate=way.to_autoelevate,
            clock=clock,
            ledger=ledger,
            host=_host(here, refused),
            post=Letterbox(here.config, clock.now()).post(),
            known=_known(store, clock),
            ae_agent=agent,
        )
        yield from examine(case, send_test=send_test)


class _Beside:
    """Knows the stored requests of real runs and remembers its own; changes nothing stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own = MemoryLedger()

    def recent(self, route: str, since: datetime) -> Sequence[datetime]:
        return sorted([*self._store.recent(route, since), *self._own.recent(route, since)])

    def note(self, route: str, at: datetime) -> None:
        self._own.note(route, at)


def _refusal(here: Installation) -> SyncError | None:
    try:
        refuse_root(here.config)
    except ConfigError as error:
        return error
    return None


def _store(here: Installation, clock: Clock) -> Store | None:
    """The database for reading; None before the first run and before an upgrade of its tables."""
    if not here.where.database.exists():
        return None
    check(here.where.database)
    database = Database(here.where.database, read_only=True, busy_seconds=BUSY_SECONDS)
    try:
        current = is_current(database)
    except SyncError:
        database.close()
        raise
    if not current:
        database.close()
        return None
    return Store(database, clock)


def _known(store: Store | None, clock: Clock) -> Mapping[Collection, int]:
    if store is None:
        return {}
    baselines = store.recall(clock.now()).baselines
    return {collection: len(baseline.parents) for collection, baseline in baselines.items()}


def _host(here: Installation, refused: SyncError | None) -> Host:
    config, origins = here.config, here.loaded.origins
    return Host(
        state=here.where.state,
        config=here.loaded.file,
        secret_files=secret_files(here),
        timezone=config.schedule.timezone,
        timezone_set=("schedule", "timezone") in origins,
        next_slot=next_slot(here),
        min_free_megabytes=config.min_free_megabytes,
        deadline_seconds=config.run_deadline_minutes * 60,
        refused=refused,
    )


def secret_files(here: Installation) -> tuple[Path, ...]:
    """The files that hold secrets, as the origins name them."""
    named = (here.loaded.origins.get(path, "").partition(" -> ")[2] for path in secret_paths())
    return tuple(Path(name) for name in named if name)
