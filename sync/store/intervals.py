"""Intervals: what was, against what is. Rows that stay the same are read and left alone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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

    said: list[Row] = field(default_factory=list)
    """Remarks in place that are new."""
    unsaid: list[Row] = field(default_factory=list)
    """Remarks in place that hold no more."""

    def remark(self, old: Row, new: Row) -> None:
        self.unsaid.append(old)
        self.said.append(new)


@dataclass(slots=True)
class Drift:
    """How far one run's changes move the tally of a list."""

    stored: int = 0
    content: int = 0
    remarks: int = 0

    def carry(self, turn: Turn) -> None:
        self.stored += len(turn.opened) - len(turn.closed)
        self.content += content(turn.opened) - content(turn.closed)
        self.remarks += content(filter(None, turn.said)) - content(filter(None, turn.unsaid))


class Stands(NamedTuple):
    """How many rows of a list stand, and the sums of their fingerprints."""

    stored: int
    content: str
    remarks: str


def spelled(total: int) -> str:
    return f"{total % WORD:016x}"


def stands(rows: Collection[Row], remarks: Iterable[Row] = ()) -> Stands:
    return Stands(len(rows), spelled(content(rows)), spelled(content(filter(None, remarks))))


NOTHING = stands(())


def end(conn: sa.Connection, table: sa.Table, keys: Iterable[int], last_run: int) -> None:
    """Close intervals: they stood until the run published last."""
    note(conn, table, "last_run", dict.fromkeys(keys, last_run))


def note(conn: sa.Connection, table: sa.Table, column: str, marks: Mapping[int, Any]) -> None:
    """Write a remark on standing rows, in place."""
    if marks:
        row = table.c.id == sa.bindparam("key")
        statement = sa.update(table).where(row).values({column: sa.bindparam("mark")})
        conn.execute(statement, [{"key": key, "mark": mark} for key, mark in marks.items()])


def tallies(conn: sa.Connection) -> dict[str, Stands]:
    """Read what each list should hold."""
    c = TALLY.c
    rows = conn.execute(sa.select(c.collection, c.stored, c.content, c.remarks))
    return {name: Stands(*rest) for name, *rest in rows}


def settle(conn: sa.Connection, name: str, drift: Drift) -> Stands:
    """Carry a run's changes over into the list's tally, and give it."""
    before = tallies(conn).get(name)
    was = before or NOTHING
    after = Stands(
        was.stored + drift.stored,
        spelled(int(was.content, 16) + drift.content),
        spelled(int(was.remarks, 16) + drift.remarks),
    )
    if before == after:
        return after
    if before:
        conn.execute(sa.update(TALLY).where(TALLY.c.collection == name).values(after._asdict()))
    else:
        conn.execute(sa.insert(TALLY).values(collection=name, **after._asdict()))
    return after
