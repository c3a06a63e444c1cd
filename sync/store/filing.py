"""Carries a trusted pull into the intervals: what is new, changed, missing, gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import sqlalchemy as sa

from sync.core.pulls import Answer
from sync.core.records import Collection, HaloRecord, Record
from sync.core.result import ACTIVE_DAYS
from sync.store.db import insert_many
from sync.store.intervals import Row, Stands, Turn, end, note, settle
from sync.store.records import FIELDS, RECORD, WIDTH, Standing, remark, row_of, standing_rows


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
    now: Stands
    standing: frozenset[str] | None = None
    """The ids that stand; None for a collection that was left alone."""


def file_pull(
    conn: sa.Connection, collection: Collection, records: Iterable[Record], filing: Filing
) -> Filed:
    """File one trusted pull; writes only what changed."""
    tonight = [r for r in records if r.id not in filing.absent]
    before = standing_rows(conn, collection)
    change = Change(filing)
    for record in tonight:
        change.listed(record, before.pop(record.id, None))
    for was in before.values():
        change.unlisted(was)
    change.write(conn, collection)
    now = settle(conn, collection, change.turn)
    return Filed(len(tonight), now, change.unproven.union(map(attrgetter("id"), tonight)))


class Change:
    """What one pull changes. Volatile facts are remarks in place, never a new interval."""

    def __init__(self, filing: Filing) -> None:
        self.turn = Turn()
        self.unproven: frozenset[str] = frozenset(
            i for i, answer in filing.absent.items() if answer is not Answer.GONE
        )
        self._filing = filing
        self._cutoff = filing.started - timedelta(days=ACTIVE_DAYS)
        self._days: list[str | None] = []
        self._silent: dict[int, str | None] = {}
        self._missing: dict[int, int | None] = {}
        self._gone: dict[int, int] = {}

    def listed(self, record: Record, was: Standing | None) -> None:
        """Take note of a record that tonight's list holds."""
        now, day = row_of(record), silent_day(record, self._cutoff)
        if was is None:
            self._open(now, day)
        elif was[:WIDTH] != now:
            self._close(was)
            self._open(now, day)
        elif was.silent_since != day or was.missing_run is not None:
            self._silent[was.key] = day
            self._missing[was.key] = None
            self.turn.remark(was.remark, remark(was.record_id, day, None))

    def unlisted(self, was: Standing) -> None:
        """A record missing from the list stands until its own request proves it gone.

        Absent without being named as vanished means that nobody claims it stands: it ends too, but
        without the proof.
        """
        if was.record_id in self.unproven:
            self._miss(was)
            return
        self._close(was)
        if was.record_id in self._filing.absent:
            self._gone[was.key] = self._filing.run_id

    def _open(self, now: Row, day: str | None) -> None:
        self.turn.opened.append(now)
        self.turn.said.append(remark(now[0], day, None))
        self._days.append(day)

    def _close(self, was: Standing) -> None:
        self.turn.close(was.key, was.fields)
        self.turn.unsaid.append(was.remark)

    def _miss(self, was: Standing) -> None:
        if was.missing_run is None:
            run_id = self._filing.run_id
            self._missing[was.key] = run_id
            self.turn.remark(was.remark, remark(was.record_id, was.silent_since, run_id))

    def write(self, conn: sa.Connection, collection: Collection) -> None:
        end(conn, RECORD, self.turn.keys, self._filing.previous)
        opened = [(*row, day) for row, day in zip(self.turn.opened, self._days, strict=True)]
        same = {"collection": collection.value, "first_run": self._filing.run_id}
        insert_many(conn, RECORD, (*FIELDS, "silent_since"), opened, **same)
        note(conn, RECORD, "silent_since", self._silent)
        note(conn, RECORD, "missing_run", self._missing)
        note(conn, RECORD, "gone_run", self._gone)


def silent_day(record: Record, cutoff: datetime) -> str | None:
    """The day of the last check-in, for a computer that has been silent since before `cutoff`."""
    if isinstance(record, HaloRecord) or record.last_seen is None or record.last_seen >= cutoff:
        return None
    return record.last_seen.astimezone(UTC).date().isoformat()
