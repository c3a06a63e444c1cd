"""What the runs before know: the yardsticks and open findings that tonight is judged against."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from sync.core.pulls import State
from sync.core.records import Collection
from sync.core.result import Baseline, Recollection, TrendPoint
from sync.store.db import damaged
from sync.store.findings import closed_keys, open_findings
from sync.store.ledger import decisions, pairs_of
from sync.store.records import Standing
from sync.store.runs import OBSERVATION, PUBLISHED, RUN, acks, current
from sync.store.sound import complaints, everything
from sync.store.verdicts import outcomes

WEEK = timedelta(days=7)
SILENT_DAYS = 30
"""AutoElevate lists only computers that checked in within this many days."""
TREND_NIGHTS = 90
TRUSTED = tuple(state.value for state in State if state.trusted)


class Sight(NamedTuple):
    """One trusted observation of a published run."""

    run_id: int
    started: datetime
    asked: str
    listed: int


class Accepted(NamedTuple):
    """The last acknowledgement of one collection: of which run, and how long the list was then."""

    run_id: int
    listed: int


NEVER = Accepted(0, 0)


def recall(conn: sa.Connection, path: Path, at: datetime) -> Recollection:
    """Gather what tonight needs, and refuse a database that does not add up."""
    stored = everything(conn)
    for complaint in complaints(conn, stored, runs=TREND_NIGHTS):
        raise damaged(path, complaint)
    last = current(conn)
    if last is None:
        return Recollection(decisions=decisions(conn))
    sights, accepted = _sights(conn), _accepted(conn)
    baselines = {
        c: _baseline(c, stored.records.get(c, {}), seen, accepted.get(c, NEVER), at)
        for c, seen in sights.items()
    }
    # A list withheld as a whole has no sight of that run; one that lost a single parent has.
    acknowledged = frozenset(
        c
        for c, ack in accepted.items()
        if ack.run_id >= max((s.run_id for s in sights.get(c, ())), default=0)
    )
    return Recollection(
        baselines=baselines,
        findings=open_findings(conn, last.started.astimezone(at.tzinfo)),
        closed=closed_keys(conn),
        trend=trend(conn),
        outcomes=outcomes(stored.verdicts),
        pairs=pairs_of(stored.pairs),
        decisions=decisions(conn),
        acknowledged=acknowledged,
    )


def _sights(conn: sa.Connection) -> dict[Collection, list[Sight]]:
    """Give each collection's trusted observations of published runs, oldest first."""
    rows = conn.execute(
        sa.select(
            OBSERVATION.c.collection,
            OBSERVATION.c.run_id,
            RUN.c.started,
            OBSERVATION.c.fingerprint,
            OBSERVATION.c.listed,
        )
        .join(RUN, RUN.c.id == OBSERVATION.c.run_id)
        .where(RUN.c.state == PUBLISHED, OBSERVATION.c.state.in_(TRUSTED))
        .order_by(OBSERVATION.c.run_id)
    )
    sights: dict[Collection, list[Sight]] = {}
    for name, *sight in rows:
        sights.setdefault(Collection(name), []).append(Sight(*sight))
    return sights


def _accepted(conn: sa.Connection) -> dict[Collection, Accepted]:
    runs = {Collection(name): run_id for run_id, names in acks(conn) for name in names}
    listed = sa.select(OBSERVATION.c.listed)
    of = OBSERVATION.c
    return {
        c: Accepted(run, conn.scalar(listed.where(of.run_id == run, of.collection == c.value)) or 0)
        for c, run in runs.items()
    }


def _baseline(
    collection: Collection,
    rows: Mapping[str, Standing],
    seen: list[Sight],
    accepted: Accepted,
    at: datetime,
) -> Baseline:
    """Build the yardstick of one collection from what stands.

    Rows of a withheld pull were never filed, so what stands is the last trusted observation.
    """
    last = seen[-1]
    taken_in = min((s.run_id for s in seen if s.run_id > accepted.run_id), default=0)
    edge = (at - timedelta(days=SILENT_DAYS)).date().isoformat()
    return Baseline(
        collection,
        last.run_id,
        last.started.astimezone(at.tzinfo),
        parents={i: row.parent for i, row in rows.items()},
        names={i: row.name for i, row in rows.items()},
        silent=frozenset(
            i for i, row in rows.items() if row.silent_since and row.silent_since <= edge
        ),
        missing=frozenset(i for i, row in rows.items() if row.missing_run is not None),
        week_high=_week_high(seen, accepted),
        asked=last.asked,
        accepted=frozenset(
            i
            for i, row in rows.items()
            if accepted.run_id and row.missing_run is not None and row.missing_run <= taken_in
        ),
        accepted_empty=bool(accepted.run_id)
        and not accepted.listed
        and not any(s.listed for s in seen if s.run_id > accepted.run_id),
        accepted_size=None if taken_in or not accepted.run_id else accepted.listed,
    )


def _week_high(seen: list[Sight], accepted: Accepted) -> int:
    """Give the highest count of the week before the last trusted list.

    Counted back from that list, not from tonight: while it is withheld, no high count fades.
    """
    last = seen[-1]
    week = (
        s.listed
        for s in seen
        if s.started >= last.started - WEEK and s.asked == last.asked and s.run_id > accepted.run_id
    )
    return max(week, default=0)


def trend(conn: sa.Connection, nights: int = TREND_NIGHTS) -> tuple[TrendPoint, ...]:
    """Give the last published run of each of the last nights, oldest first."""
    rows = conn.execute(
        sa.select(
            RUN.c.id, RUN.c.started, RUN.c.timezone, RUN.c.open, RUN.c.linked, RUN.c.records,
            RUN.c.withheld,
        )
        .where(RUN.c.state == PUBLISHED)
        .order_by(RUN.c.id.desc())
        .limit(nights * 4)
    )  # fmt: skip
    points: dict[date, TrendPoint] = {}
    for r in rows:
        day = r.started.astimezone(ZoneInfo(r.timezone)).date()
        points.setdefault(day, TrendPoint(r.id, day, r.open, r.linked, r.records, r.withheld))
    return tuple(points[day] for day in sorted(points)[-nights:])
