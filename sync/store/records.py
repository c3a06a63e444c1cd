"""Records as intervals: how a pull becomes rows, how rows become records again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from sync.core.pulls import Answer
from sync.core.records import AeRecord, Collection, HaloRecord, Record, Side
from sync.core.result import ACTIVE_DAYS
from sync.store import tables
from sync.store.codec import from_text, to_text
from sync.store.db import insert_many
from sync.store.intervals import Row, Turn, end, note, settle

RECORD = tables.Record.__table__  # type: ignore[attr-defined]
FIELDS = ("record_id", "name", "parent", "place", "email", "active", "extra")
"""What opens a new interval when it changes. Volatile values are not among them."""
COLUMNS = ("collection", *FIELDS, "silent_since", "first_run")
WIDTH = len(FIELDS)


@dataclass(frozen=True, slots=True)
class Filing:
    """Under which run a pull is filed, and what is known of the records it did not list."""

    run_id: int
    previous: int
    """The run published before; 0 for the first."""
    started: datetime
    absent: Mapping[str, Answer | None]
    """Records of the baseline that tonight's list lacks -> what their own request said."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What stands in one collection after a pull was filed."""

    listed: int
    stored: int
    content: str
    standing: frozenset[str] | None = None
    """The ids that stand; None for a collection that was left alone."""


def row_of(record: Record) -> Row:
    """Give the fields that make an interval, in the order of `FIELDS`."""
    if isinstance(record, AeRecord):
        own: dict[str, Any] = {
            "created": record.created,
            "management_id": record.management_id,
            "mode": record.mode,
        }
        parent, place, active = record.company, record.location, None
    else:
        own = {"names": record.names, "type": record.type}
        parent, place = record.client, record.site
        active = None if record.active is None else int(record.active)
    kept = {key: value for key, value in own.items() if value}
    extra = to_text(kept) if kept else ""
    return (record.id, record.name, parent, place, record.email, active, extra)


class Extra(dict[str, Any]):
    """The side's own fields, absent ones empty."""

    def __missing__(self, key: str) -> str:
        return ""


def record_of(collection: Collection, row: Sequence[Any], silent_since: str | None) -> Record:
    """Build the record from its row. Of a check-in only a day is kept, and only when silent."""
    record_id, name, parent, place, email, active, extra = row
    own = Extra(from_text(extra, dict[str, Any]) if extra else {})
    if collection.side is Side.AE:
        created = datetime.fromisoformat(own["created"]) if own["created"] else None
        seen = date.fromisoformat(silent_since) if silent_since else None
        return AeRecord(
            collection.kind,
            record_id,
            name,
            company=parent,
            location=place,
            email=email,
            management_id=own["management_id"],
            created=created,
            last_seen=datetime.combine(seen, time(), UTC) if seen else None,
            mode=own["mode"],
        )
    return HaloRecord(
        collection.kind,
        record_id,
        name,
        client=parent,
        site=place,
        email=email,
        active=None if active is None else bool(active),
        names=tuple((f, v) for f, v in own["names"] or ()),
        type=own["type"],
    )


def silent_day(record: Record, cutoff: datetime) -> str | None:
    """The day of the last check-in, for a computer that has been silent since before `cutoff`."""
    if isinstance(record, HaloRecord) or record.last_seen is None or record.last_seen >= cutoff:
        return None
    return record.last_seen.astimezone(UTC).date().isoformat()


def file_pull(
    conn: sa.Connection, collection: Collection, records: Iterable[Record], filing: Filing
) -> Filed:
    """Carry one trusted pull into the intervals; writes only what changed."""
    tonight = {r.id: r for r in records if r.id not in filing.absent}
    turn, remarks = Turn(), Remarks()
    cutoff = filing.started - timedelta(days=ACTIVE_DAYS)
    before = standing_rows(conn, collection)
    days: list[str | None] = []
    for record_id, record in tonight.items():
        now, day = row_of(record), silent_day(record, cutoff)
        was = before.pop(record_id, None)
        if was is None:
            turn.opened.append(now)
            days.append(day)
        elif was.fields != now:
            turn.replace(was.key, was.fields, now)
            days.append(day)
        else:
            remarks.seen(was, day)
    for record_id, was in before.items():
        answer = filing.absent.get(record_id, Answer.GONE)
        if answer is not Answer.GONE:
            remarks.unseen(was, filing.run_id)
            continue
        turn.close(was.key, was.fields)
        if record_id in filing.absent:
            remarks.gone[was.key] = filing.run_id
    standing = frozenset(tonight) | {
        i for i in before if filing.absent.get(i, Answer.GONE) is not Answer.GONE
    }
    _write(conn, collection, turn, days, filing)
    remarks.write(conn)
    return Filed(len(tonight), *settle(conn, collection, turn), standing)


def _write(
    conn: sa.Connection,
    collection: Collection,
    turn: Turn,
    days: Sequence[str | None],
    filing: Filing,
) -> None:
    end(conn, RECORD, turn.keys, filing.previous)
    opened = [
        (collection.value, *row, day, filing.run_id)
        for row, day in zip(turn.opened, days, strict=True)
    ]
    insert_many(conn, RECORD, COLUMNS, opened)


class Standing(NamedTuple):
    """One open interval as read."""

    key: int
    fields: Row
    silent_since: str | None
    missing_run: int | None


class Remarks:
    """What is written in place on rows that go on standing."""

    def __init__(self) -> None:
        self.silent: dict[int, str | None] = {}
        self.missing: dict[int, int | None] = {}
        self.gone: dict[int, int] = {}

    def seen(self, was: Standing, day: str | None) -> None:
        if was.silent_since != day:
            self.silent[was.key] = day
        if was.missing_run is not None:
            self.missing[was.key] = None

    def unseen(self, was: Standing, run_id: int) -> None:
        if was.missing_run is None:
            self.missing[was.key] = run_id

    def write(self, conn: sa.Connection) -> None:
        note(conn, RECORD, "silent_since", self.silent)
        note(conn, RECORD, "missing_run", self.missing)
        note(conn, RECORD, "gone_run", self.gone)


_C = RECORD.c
_FIELDS = [_C[name] for name in FIELDS]
_STANDING = sa.select(*_FIELDS, _C.id, _C.silent_since, _C.missing_run).where(
    _C.last_run.is_(None), _C.collection == sa.bindparam("of")
)


def standing_rows(conn: sa.Connection, collection: Collection) -> dict[str, Standing]:
    """Read every open interval of a collection, by record id."""
    rows = conn.execute(_STANDING, {"of": collection.value})
    return {r[0]: Standing(r[WIDTH], tuple(r[:WIDTH]), r[WIDTH + 1], r[WIDTH + 2]) for r in rows}


def standing(conn: sa.Connection, collection: Collection, ids: Sequence[str]) -> Iterator[Record]:
    """Give some standing records in their stored form, in the order asked for."""
    found = {}
    for start in range(0, len(ids), 500):  # SQLite takes 999 parameters at the least
        some = _STANDING.where(_C.record_id.in_(ids[start : start + 500]))
        for r in conn.execute(some, {"of": collection.value}):
            found[r[0]] = record_of(collection, r[:WIDTH], r[WIDTH + 1])
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
