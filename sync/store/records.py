"""Records as rows: how a record becomes one, how rows become records again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import repeat
from typing import Any, NamedTuple

import sqlalchemy as sa

from sync.core.records import AeRecord, Collection, HaloRecord, Record, Side
from sync.store import tables
from sync.store.codec import from_text, to_texts
from sync.store.db import plain_rows
from sync.store.intervals import Row

RECORD = tables.Record.__table__  # type: ignore[attr-defined]
FIELDS = ("record_id", "name", "parent", "place", "email", "active", "extra")
"""What opens a new interval when it changes. Volatile values are not among them."""
WIDTH = len(FIELDS)


class Ours(NamedTuple):
    """AutoElevate's own fields, kept as one JSON array."""

    created: datetime | None
    management_id: str
    mode: str


class Theirs(NamedTuple):
    """HaloPSA's own fields, kept as one JSON array."""

    names: tuple[tuple[str, str], ...]
    type: str


def rows_of(records: Sequence[Record]) -> list[Row]:
    """Give the fields that make an interval, in the order of `FIELDS`; one record at least.

    The records are of one list. Column by column, which takes half the time: a large tenant has a
    million of them. Both sides' begin alike: kind, id, name, parent, place, e-mail.
    """
    _, ids, names, parents, places, emails, *rest = zip(*records, strict=True)
    active: Iterable[int | None] = repeat(None)
    if isinstance(records[0], AeRecord):
        own = [*zip(*rest[:3], strict=True)]
    else:
        own = [*zip(*rest[1:], strict=True)]
        active = [None if said is None else int(said) for said in rest[0]]
    extra = [text if any(told) else "" for told, text in zip(own, to_texts(own), strict=True)]
    return [*zip(ids, names, parents, places, emails, active, extra)]  # noqa: B905 - `repeat`


def record_of(collection: Collection, row: Sequence[Any], silent_since: str | None) -> Record:
    """Build the record from its row. Of a check-in only a day is kept, and only when silent."""
    record_id, name, parent, place, email, active, extra = row
    if collection.side is Side.AE:
        ours = from_text(extra, Ours) if extra else Ours(None, "", "")
        seen = date.fromisoformat(silent_since) if silent_since else None
        return AeRecord(
            collection.kind,
            record_id,
            name,
            company=parent,
            location=place,
            email=email,
            management_id=ours.management_id,
            created=ours.created,
            last_seen=datetime.combine(seen, time(), UTC) if seen else None,
            mode=ours.mode,
        )
    theirs = from_text(extra, Theirs) if extra else Theirs((), "")
    return HaloRecord(
        collection.kind,
        record_id,
        name,
        client=parent,
        site=place,
        email=email,
        active=None if active is None else bool(active),
        names=theirs.names,
        type=theirs.type,
    )


_C = RECORD.c
_FIELDS = [_C[name] for name in FIELDS]
_STANDING = sa.select(*_FIELDS, _C.id, _C.silent_since, _C.missing_run).where(
    _C.last_run.is_(None), _C.collection == sa.bindparam("of")
)


class Standing(NamedTuple):
    """One open interval as read: `FIELDS`, and what is kept beside them."""

    record_id: str
    name: str
    parent: str | None
    place: str | None
    email: str
    active: int | None
    extra: str
    key: int
    silent_since: str | None
    missing_run: int | None

    @property
    def fields(self) -> Row:
        return self[:WIDTH]

    @property
    def remark(self) -> Row:
        """What was written in place: nothing for most."""
        return remark(self.record_id, self.silent_since, self.missing_run)


def remark(record_id: str, silent_since: str | None, missing_run: int | None) -> Row:
    """Give what is written in place on a row; empty for a record that is neither."""
    if silent_since is None and missing_run is None:
        return ()
    return (record_id, silent_since, missing_run)


def standing_rows(conn: sa.Connection, collection: Collection) -> dict[str, Standing]:
    """Read every open interval of a collection, by record id."""
    rows = plain_rows(conn, _STANDING, {"of": collection.value})
    return {row[0]: Standing._make(row) for row in rows}


def standing(conn: sa.Connection, collection: Collection, ids: Sequence[str]) -> Iterator[Record]:
    """Give some standing records in their stored form, in the order asked for."""
    found = {}
    for start in range(0, len(ids), 500):  # SQLite takes 999 parameters at the least
        some = _STANDING.where(_C.record_id.in_(ids[start : start + 500]))
        for row in map(Standing._make, conn.execute(some, {"of": collection.value})):
            found[row.record_id] = record_of(collection, row.fields, row.silent_since)
    return (found[i] for i in ids if i in found)


def as_of(conn: sa.Connection, collection: Collection, run_id: int) -> tuple[Record, ...]:
    """Give a collection as it stood after a published run, sorted by id."""
    rows = conn.execute(
        sa.select(*_FIELDS)
        .where(_C.collection == collection.value, stood(RECORD, run_id))
        .order_by(_C.record_id)
    )
    return tuple(record_of(collection, row, None) for row in rows)


def stood(table: sa.Table, run_id: int) -> sa.ColumnElement[bool]:
    """The range that is "as of run N"."""
    return sa.and_(
        table.c.first_run <= run_id,
        sa.or_(table.c.last_run.is_(None), table.c.last_run >= run_id),
    )
