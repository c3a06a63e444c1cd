"""G16: kill an upgrade at each of its statements; the next start completes it, and nothing is lost.

It starts from nothing and from every version that was recorded (`snapshots.py`), and leads to this
version's tables and on to an invented next version's, which alters, rebuilds and fills tables that
hold data. A new revision is found by itself, and asks for the record of the one before it.
"""

import os
import re
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command  # noqa: F401 - loaded here once, not in every forked child

from sync.errors import SyncError
from sync.store import Store, schema
from sync.store import store as store_module
from sync.store.db import Database, backup_folder
from tests.reliability.benches import snapshots
from tests.reliability.benches.bench import memory_folder, replaced
from tests.reliability.benches.years import Calendar, live
from tests.reliability.tally import Tally, Tier

NEXT = "invented"
INVENTED = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{NEXT}", "{schema.REVISIONS[-1]}"


def upgrade():
    op.create_table("invented", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO invented (id) SELECT id FROM decision")
    op.add_column("pair", sa.Column("note", sa.String(), server_default="", nullable=False))
    op.create_index("ix_pair_note", "pair", ["note"])
    with op.batch_alter_table("finding") as finding:
        finding.add_column(sa.Column("weight", sa.Integer(), server_default="0", nullable=False))
        finding.alter_column("ae_id", type_=sa.Text(), existing_nullable=False)
    op.execute("UPDATE finding SET weight = id")
"""
TAMED = {"push": 12, "release": 1, "nightly": 1}
"""At the push tier every so-manieth statement is killed."""


@dataclass(frozen=True)
class Upgrade:
    """From a recorded revision (None = no database yet) to the newest of these."""

    start: str | None
    goal: str
    folder: Path
    """Where the migrations lie."""
    revisions: tuple[str, ...]

    def __str__(self) -> str:
        return f"from {self.start or 'nothing'} to {self.goal}"


def run(tier: Tier, seed: int) -> Tally:
    """Every upgrade, killed at every statement; `seed` only shifts which ones `push` takes."""
    tally = Tally(notes={"statements": 0})
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        for upgrade in _upgrades(Path(folder)):
            with _known(upgrade):
                _killed_everywhere(tally, upgrade, Path(folder), (TAMED[tier], seed))
    return tally


def sabotage(seed: int) -> Tally:
    """Commit each statement for itself, as SQLite's driver does with DDL by default."""
    real = schema.migrate

    def migrate(database: Database) -> None:
        def commit(conn: sa.Connection, *_: object) -> None:
            raw: Any = conn.connection.dbapi_connection
            if raw.in_transaction:
                with suppress(sqlite3.OperationalError):  # a statement may still be read from
                    raw.execute("COMMIT")
                    raw.execute("BEGIN IMMEDIATE")

        sa.event.listen(database._reader, "before_cursor_execute", commit)
        real(database)

    with replaced(store_module, "migrate", migrate):
        return run("push", seed)


def _upgrades(folder: Path) -> Iterator[Upgrade]:
    further = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, further, ignore=shutil.ignore_patterns("__pycache__"))
    (further / "versions" / f"{NEXT}.py").write_text(INVENTED)
    for revisions, place in (
        (schema.REVISIONS, schema.MIGRATIONS),
        ((*schema.REVISIONS, NEXT), further),
    ):
        for start in (None, *revisions[:-1]):
            yield Upgrade(start, revisions[-1], place, revisions)


@contextmanager
def _known(upgrade: Upgrade) -> Iterator[None]:
    """Make halosync one that knows these migrations."""
    with (
        replaced(schema, "MIGRATIONS", upgrade.folder),
        replaced(schema, "REVISIONS", upgrade.revisions),
    ):
        yield


def _killed_everywhere(
    tally: Tally, upgrade: Upgrade, folder: Path, share: tuple[int, int]
) -> None:
    every, seed = share
    if upgrade.start is not None and not snapshots.recorded(upgrade.start).exists():
        tally.broken(f"{upgrade}: revision {upgrade.start} was never recorded (see snapshots.py)")
        return
    want = _wanted(upgrade, folder / f"{upgrade} in peace" / "halosync.sqlite3")
    total = want.statements
    tally.notes["statements"] = int(str(tally.notes["statements"])) + total
    tally.broken(*(f"{upgrade}, left in peace: {what}" for what in want.found))
    for nth in range(1 + seed % every, total + 1, every):
        path = folder / f"{upgrade} {nth}" / "halosync.sqlite3"
        _prepare(upgrade, path)
        landed = _killed(path, nth)
        found = [] if landed else ["the kill did not land"]
        found += _readable(_safe(upgrade, path, want))
        tally.broken(*(f"{upgrade}, killed at statement {nth}: {what}" for what in found))
        tally.trials += 1
        shutil.rmtree(path.parent)


@dataclass(frozen=True)
class Wanted:
    """What an upgrade that nobody disturbs leads to."""

    statements: int
    before: str
    after: str
    decisions: int
    found: tuple[str, ...]


def _wanted(upgrade: Upgrade, path: Path) -> Wanted:
    _prepare(upgrade, path)
    before, held = shape(path), _decisions(path)
    statements: list[str] = []
    with _traced(statements.append):
        Store.open(path, Calendar()).close()
    after = shape(path)
    found = list(_readable(_usable(upgrade, path, held)))
    fresh = path.parent / "fresh" / "halosync.sqlite3"
    Store.open(fresh, Calendar()).close()
    if after != shape(fresh):
        found.append("its tables are not those of a new database")
    return Wanted(len(statements), before, after, held, tuple(found))


def _prepare(upgrade: Upgrade, path: Path) -> None:
    if upgrade.start is not None:
        snapshots.play(upgrade.start, path)


def _killed(path: Path, nth: int) -> bool:
    """Open the database in a child that is shot just before its nth statement."""
    pid = os.fork()
    if not pid:
        passed = 0

        def count(_statement: str) -> None:
            nonlocal passed
            passed += 1
            if passed == nth:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            with _traced(count):
                Store.open(path, Calendar())
        finally:
            os._exit(1)
    status = os.waitpid(pid, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@contextmanager
def _traced(tell: Callable[[str], object]) -> Iterator[None]:
    """Tell every statement that the store sends, just before SQLite begins with it."""
    real = Database._connected

    def connected(self: Database, dbapi: sqlite3.Connection, record: object) -> None:
        real(self, dbapi, record)
        dbapi.set_trace_callback(tell)

    with replaced(Database, "_connected", connected):
        yield


def _readable(found: Iterator[str]) -> Iterator[str]:
    try:
        yield from found
    except (SyncError, sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        yield f"it cannot be used: {error}"


def _safe(upgrade: Upgrade, path: Path, want: Wanted) -> Iterator[str]:
    if path.exists() and shape(path) not in {want.before, want.after}:
        yield "its tables are neither the old nor the new ones"
    yield from _usable(upgrade, path, want.decisions)
    if shape(path) != want.after:
        yield "its tables are not those of a new database"


def _usable(upgrade: Upgrade, path: Path, held: int) -> Iterator[str]:
    """The next start completes the upgrade, and the night after it works."""
    with Store.open(path, clock := Calendar()) as store:
        yield from store.check_invariants()
        if not store.status().install_id:
            yield "it has no name of its own"
        kept = len(store.decisions())
        live(store, clock, 10)
        yield from store.check_invariants()
    if kept != held:
        yield f"{kept} of {held} decisions are left"
    copies = list(backup_folder(path).glob("*.sqlite3"))
    if upgrade.start is not None and not copies:
        yield "no backup was made first"
    for copy in copies:
        with closing(sqlite3.connect(copy)) as raw:
            said = raw.execute("PRAGMA integrity_check").fetchone()[0]
            revision = raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        if (said, revision, _decisions(copy)) != ("ok", upgrade.start, held):
            yield f"its backup is no copy of what was there: {said}, {revision}"


def shape(path: Path) -> str:
    """A digest of every table, index and trigger; empty where there is none.

    Alembic copies a table's constraints in no particular order, so order counts for nothing here.
    """
    if not path.exists():
        return ""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    told = sorted((*row[:3], sorted(re.split(r"[,\n]+\s*", row[3] or ""))) for row in rows)
    return sha256(repr(told).encode()).hexdigest() if told else ""


def _decisions(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("SELECT count(*) FROM decision").fetchone()[0])
