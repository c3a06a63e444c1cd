"""Carries a trusted pull into the intervals: what is new, changed, missing, gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter

import sqlalchemy as sa

from sync.core.pulls import Answer
from sync.core.records import AeRecord, Collection, HaloRecord, Record
from sync.core.result import ACTIVE_DAYS
from sync.store.db import batches, insert_many
from sync.store.intervals import Drift, Row, Stands, Turn, end, note, settle
from sync.store.records import FIELDS, RECORD, WIDTH, Standing, remark, rows_of, standing_rows


@dataclass(frozen=True, slots=True)
class Filing:
    """Under which run a pull is filed, and what is known of the records it did not list."""

    run_id: int
    previous: int
    """The run published before; 0 for the first."""
    started: datetime
    absent: Mapping[str, Answer | None]
    """Records of the baseline that tonight's list lacks -> what their own request said."""


@dataclass(frozen=True)
class Filed:
    """What stands in one collection after a pull was filed."""

    listed: int
    now: Stands
    tonight: Sequence[Record] | None = None
    """The records listed; None for a collection that was left alone."""
    unproven: frozenset[str] = frozenset()
    """Ids that are not listed, and stand all the same."""

    @cached_property
    def standing(self) -> frozenset[str]:
        """The ids that stand. Asked for on few nights."""
        return self.unproven.union(map(attrgetter("id"), self.tonight or ()))


def file_pull(
    conn: sa.Connection, collection: Collection, records: Sequence[Record], filing: Filing
) -> Filed:
    """File one trusted pull; writes only what changed."""
    absent = filing.absent
    tonight = [r for r in records if r.id not in absent] if absent else records
    before = standing_rows(conn, collection)
    change = Change(filing)
    for some in batches(tonight):
        change.listed(some, before)
        change.write(conn, collection)
    for was in before.values():
        change.unlisted(was)
    change.write(conn, collection)
    now = settle(conn, collection, change.drift)
    return Filed(len(tonight), now, tonight, change.unproven)


class Change:
    """What one pull changes, written piece by piece.

    Volatile facts are remarks in place, never a new interval.
    """

    def __init__(self, filing: Filing) -> None:
        self.drift = Drift()
        self.unproven: frozenset[str] = frozenset(
            i for i, answer in filing.absent.items() if answer is not Answer.GONE
        )
        self._filing = filing
        self._cutoff = filing.started - timedelta(days=ACTIVE_DAYS)
        self._due = Due()

    def listed(self, records: Sequence[Record], before: dict[str, Standing]) -> None:
        """Take note of records that tonight's list holds, and take them out of `before`."""
        due, days = self._due, silent_days(records, self._cutoff)
        for now, day in zip(rows_of(records), days, strict=True):
            was = before.pop(now[0], None)
            if was is None:
                due.open(now, day)
            elif was[:WIDTH] != now:
                due.close(was)
                due.open(now, day)
            elif was.silent_since != day or was.missing_run is not None:
                due.silent[was.key] = day
                due.missing[was.key] = None
                due.turn.remark(was.remark, remark(was.record_id, day, None))

    def unlisted(self, was: Standing) -> None:
        """A record missing from the list stands until its own request proves it gone.

        Absent without being named as vanished means that nobody claims it stands: it ends too, but
        without the proof.
        """
        if was.record_id in self.unproven:
            self._miss(was)
            return
        self._due.close(was)
        if was.record_id in self._filing.absent:
            self._due.gone[was.key] = self._filing.run_id

    def _miss(self, was: Standing) -> None:
        if was.missing_run is None:
            run_id = self._filing.run_id
            self._due.missing[was.key] = run_id
            self._due.turn.remark(was.remark, remark(was.record_id, was.silent_since, run_id))

    def write(self, conn: sa.Connection, collection: Collection) -> None:
        """Write what is due, and carry it over into the drift."""
        due, self._due = self._due, Due()
        end(conn, RECORD, due.turn.keys, self._filing.previous)
        columns, rows = due.rows()
        same = {"collection": collection.value, "first_run": self._filing.run_id}
        insert_many(conn, RECORD, columns, rows, **same)
        note(conn, RECORD, "silent_since", due.silent)
        note(conn, RECORD, "missing_run", due.missing)
        note(conn, RECORD, "gone_run", due.gone)
        self.drift.carry(due.turn)


@dataclass(slots=True)
class Due:
    """What is to be written next."""

    turn: Turn = field(default_factory=Turn)
    days: dict[str, str] = field(default_factory=dict)
    """Since when the records that open have been silent, by record id."""
    silent: dict[int, str | None] = field(default_factory=dict)
    """Remarks on standing rows, by their key; so with the two that follow."""
    missing: dict[int, int | None] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)

    def open(self, now: Row, day: str | None) -> None:
        self.turn.opened.append(now)
        if day is not None:
            self.days[now[0]] = day
            self.turn.said.append(remark(now[0], day, None))

    def close(self, was: Standing) -> None:
        self.turn.close(was.key, was.fields)
        self.turn.unsaid.append(was.remark)

    def rows(self) -> tuple[tuple[str, ...], list[Row]]:
        """Give the columns to fill, and the rows that open."""
        if not self.days:
            return FIELDS, self.turn.opened
        rows = [(*row, self.days.get(row[0])) for row in self.turn.opened]
        return (*FIELDS, "silent_since"), rows


def silent_days(records: Sequence[Record], cutoff: datetime) -> list[str | None]:
    """Give the day of the last check-in of each computer that was silent since before `cutoff`."""
    if isinstance(records[0], HaloRecord):
        return [None] * len(records)
    seen = (record.last_seen for record in records if isinstance(record, AeRecord))
    return [None if at is None or at >= cutoff else _day(at) for at in seen]


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
