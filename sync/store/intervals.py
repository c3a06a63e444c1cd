"""Intervals: what was, against what is. Rows that stay the same are read and left alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from sync.store.codec import WORD, content
from sync.store.tables import Tally

TALLY = Tally.__table__  # type: ignore[attr-defined]
Row = tuple[Any, ...]


@dataclass(slots=True)
class Turn:
    """What one run changes in one list of intervals. A row begins with its id."""

    opened: list[Row] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    """The database's keys of the closed rows."""

    def close(self, key: int, row: Row) -> None:
        self.keys.append(key)
        self.closed.append(row)

    def replace(self, key: int, old: Row, new: Row) -> None:
        self.close(key, old)
        self.opened.append(new)

    @property
    def grown(self) -> int:
        return len(self.opened) - len(self.closed)


def end(conn: sa.Connection, table: sa.Table, keys: Iterable[int], last_run: int) -> None:
    """Close intervals: they stood until the run published last."""
    note(conn, table, "last_run", dict.fromkeys(keys, last_run))


def note(conn: sa.Connection, table: sa.Table, column: str, marks: Mapping[int, Any]) -> None:
    """Write a remark on standing rows, in place."""
    if marks:
        row = table.c.id == sa.bindparam("key")
        statement = sa.update(table).where(row).values({column: sa.bindparam("mark")})
        conn.execute(statement, [{"key": key, "mark": mark} for key, mark in marks.items()])


def tallies(conn: sa.Connection) -> dict[str, tuple[int, str]]:
    """Read, per list, how many rows stand and the sum of their fingerprints."""
    rows = conn.execute(sa.select(TALLY.c.collection, TALLY.c.stored, TALLY.c.content))
    return {name: (stored, total) for name, stored, total in rows}


def settle(conn: sa.Connection, name: str, turn: Turn) -> tuple[int, str]:
    """Carry the change over into the list's tally, and give it."""
    row = conn.execute(
        sa.select(TALLY.c.stored, TALLY.c.content).where(TALLY.c.collection == name)
    ).one_or_none()
    stored, before = (row[0], int(row[1], 16)) if row else (0, 0)
    if row and not turn.opened and not turn.closed:
        return stored, row[1]
    after = stored + turn.grown, spelled(before + content(turn.opened) - content(turn.closed))
    if row:
        where = TALLY.c.collection == name
        conn.execute(sa.update(TALLY).where(where).values(stored=after[0], content=after[1]))
    else:
        values = {"collection": name, "stored": after[0], "content": after[1]}
        conn.execute(sa.insert(TALLY).values(values))
    return after


def spelled(total: int) -> str:
    return f"{total % WORD:016x}"
