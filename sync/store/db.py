"""The database file: how it is opened, locked, committed to, and what its failures mean.

Everything special to SQLite is here. Every transaction that writes goes through `Database.write`,
which is also the only commit, so that a test can stop a run at each one.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from sync.errors import Busy, ConfigError, SyncError
from sync.failpoint import failpoint

T = TypeVar("T")
BUSY_SECONDS = 30.0
ROWS_AT_ONCE = 500
"""Rows in one INSERT; more of them gain nothing."""

FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
STRANGE = ("no such column", "no such table", "has no column named")
"""Our statements are fixed: who misses something has a file whose tables were changed."""
FORBIDDEN = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})


class Database:
    """One SQLite file. Connections live for one transaction; readers never wait for the writer."""

    def __init__(self, path: Path, *, read_only: bool, busy_seconds: float) -> None:
        self.path = path
        self.read_only = read_only
        self._reader = sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)
        self._writer = self._reader.execution_options(sqlite_begin="IMMEDIATE")
        sa.event.listen(self._reader, "connect", self._connected)
        sa.event.listen(self._reader, "begin", _begun)
        self._pragmas = [
            f"busy_timeout={int(busy_seconds * 1000)}",
            "foreign_keys=ON",
            "query_only=ON" if read_only else "journal_mode=WAL",
            "synchronous=FULL",
        ]

    def _connected(self, dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.isolation_level = None  # BEGIN is ours, so that DDL rolls back too
        for pragma in self._pragmas:
            dbapi.execute(f"PRAGMA {pragma}")

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """See one state of the database, whatever is committed meanwhile."""
        with explained(self.path), self._reader.connect() as conn:
            yield conn

    @contextmanager
    def write(self, name: str) -> Iterator[sa.Connection]:
        """Make everything inside happen at once or not at all."""
        with explained(self.path), self._writer.connect() as conn:
            transaction = conn.begin()
            try:
                yield conn
                failpoint(f"{name}:before-commit")
                transaction.commit()
            except BaseException:
                transaction.rollback()
                raise
        failpoint(f"{name}:after-commit")

    def checked(self) -> str:
        """Ask SQLite whether the file is sound; its first complaint, or nothing."""
        with self.read() as conn:
            said = str(conn.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
        return "" if said == "ok" else said

    def is_empty(self) -> bool:
        """Whether nothing was ever written: no tables yet."""
        with self.read() as conn:
            return not sa.inspect(conn).get_table_names()

    def close(self) -> None:
        self._reader.dispose()

    def shrink(self) -> None:
        """Give freed pages back to the disk; runs outside any transaction."""
        with explained(self.path), self._reader.connect() as conn:
            raw = conn.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA incremental_vacuum").fetchall()


def _begun(conn: sa.Connection) -> None:
    mode = conn.get_execution_options().get("sqlite_begin", "DEFERRED")
    conn.exec_driver_sql(f"BEGIN {mode}")


def batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a long list into pieces that are read, summed and written while they are at hand."""
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))


def insert_many(
    conn: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    **same: Any,
) -> None:
    """Insert plain tuples, hundreds in one statement: a sixth faster than one by one.

    `same`: columns that hold one and the same value in every row.
    """
    names = ", ".join((*same, *columns))
    one = ", ".join((*(f"?{n + 1}" for n in range(len(same))), *("?" * len(columns))))
    size = min(ROWS_AT_ONCE, (_most_values(conn) - len(same)) // len(columns))
    for start in range(0, len(rows), size):
        some = rows[start : start + size]
        values = f"({one})" + f", ({one})" * (len(some) - 1)
        statement = f"INSERT INTO {table.name} ({names}) VALUES {values}"  # noqa: S608 - our names
        conn.exec_driver_sql(statement, (*same.values(), *chain.from_iterable(some)))


def _most_values(conn: sa.Connection) -> int:
    """How many values one statement may hold: 999 in old builds of SQLite."""
    raw = conn.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)


def plain_rows(
    conn: sa.Connection, query: sa.Select[Any], values: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Read text and integers as the driver gives them: half the time of rows with names."""
    result = conn.execute(query, values)
    assert result.cursor is not None
    rows: list[tuple[Any, ...]] = list(result.cursor.fetchall())
    result.close()
    return rows


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says into one sentence and a hint."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise told(error.orig, path) or error from error
    except sqlite3.Error as error:
        raise told(error, path) or error from error
    except UnicodeDecodeError as error:  # SQLite quotes the damaged text in its own complaint
        raise damaged(path, "a text in it cannot be read") from error


def told(error: BaseException | None, path: Path) -> SyncError | None:
    """Name the failure for an operator; None for a mistake of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code in LOCKED:
        return Busy(
            f"the database {path} is locked by another program",
            hint="Another run or a database browser holds it; close that and run again.",
        )
    if code in FULL:
        return SyncError(
            f"the database {path} could not be written: {error}",
            hint="Free disk space; nothing of this step was stored, the last report is intact.",
        )
    text = str(error)
    if code in DAMAGED or "Could not decode to UTF-8" in text or any(s in text for s in STRANGE):
        return damaged(path, text)
    if code in FORBIDDEN:
        return ConfigError(
            f"the database {path} cannot be opened for writing: {error}",
            hint="The user that runs halosync must own the state folder and may write there.",
        )
    return None


def damaged(path: Path, complaint: str) -> ConfigError:
    """Refuse a bad file and name the newest backup; the file itself is left as it is."""
    newest = newest_backup(path)
    hint = (
        f"The file was left as it is. Last backup: {newest}"
        if newest
        else "The file was left as it is, and there is no backup beside it."
    )
    return ConfigError(f"the database {path} is damaged: {complaint}", hint=hint)


def backup_folder(path: Path) -> Path:
    return path.parent / "backups"


def newest_backup(path: Path) -> Path | None:
    found = sorted(backup_folder(path).glob(f"{path.stem}-*.sqlite3"))
    return found[-1] if found else None
