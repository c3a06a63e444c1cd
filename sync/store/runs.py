"""Run rows: claimed before the work, closed by publication, in words, or by the next run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from sync import __version__
from sync.core.result import RunFacts
from sync.errors import ConfigError, SlotDone, UsageError
from sync.outbox import Delivery
from sync.store import tables
from sync.store.chain import append
from sync.store.codec import from_text, to_text

RUN = tables.Run.__table__  # type: ignore[attr-defined]
OBSERVATION = tables.Observation.__table__  # type: ignore[attr-defined]
META = tables.Meta.__table__  # type: ignore[attr-defined]
DELIVERY = tables.Delivery.__table__  # type: ignore[attr-defined]
EVENT = tables.Event.__table__  # type: ignore[attr-defined]

STARTED, PUBLISHED, FAILED, DIED = "started", "published", "failed", "died"
CURRENT = "current"
BACKWARDS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Published:
    """The run that readers see."""

    id: int
    started: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, and the run it is about."""

    kind: str
    at: datetime
    run_id: int | None
    body: Mapping[str, object] = field(default_factory=dict)
    actor: str = "halosync"


def meta(conn: sa.Connection, key: str) -> str | None:
    return conn.scalar(sa.select(META.c.value).where(META.c.key == key))


def set_meta(conn: sa.Connection, key: str, value: str) -> None:
    """Write one fact; the caller's transaction is the only writer, so look first is safe."""
    if meta(conn, key) is None:
        conn.execute(sa.insert(META).values(key=key, value=value))
    else:
        conn.execute(sa.update(META).where(META.c.key == key).values(value=value))


def current(conn: sa.Connection) -> Published | None:
    """Give the last published run."""
    pointer = meta(conn, CURRENT)
    if pointer is None:
        return None
    row = conn.execute(
        sa.select(RUN.c.id, RUN.c.started, RUN.c.digest).where(RUN.c.id == int(pointer))
    ).one()
    return Published(row.id, row.started, row.digest)


def latest_id(conn: sa.Connection) -> int:
    """Give the last published run's id; 0 before the first."""
    return int(meta(conn, CURRENT) or 0)


def log_event(conn: sa.Connection, event: Event) -> None:
    """Append to what happened."""
    values = {"kind": event.kind, "at": event.at, "run_id": event.run_id, "actor": event.actor}
    append(conn, EVENT, {**values, "body": to_text(event.body)})


def begin(
    conn: sa.Connection, slot: str, started: datetime, *, timezone: str, config_hash: str
) -> RunFacts:
    """Claim a run row, and note the runs before it that were killed."""
    refuse_done(conn, slot)
    _refuse_past(conn, started)
    last = current(conn)
    died = _bury(conn, last.id if last else 0, started)
    inserted = conn.execute(
        sa.insert(RUN).values(
            slot=slot,
            started=started,
            timezone=timezone,
            config_hash=config_hash,
            version=__version__,
            state=STARTED,
        )
    ).inserted_primary_key
    assert inserted is not None
    return RunFacts(
        inserted[0],
        started,
        slot,
        timezone,
        __version__,
        config_hash,
        previous=last.started.astimezone(started.tzinfo) if last else None,
        died=died,
        refused=_refused(conn, last),
    )


def _refused(conn: sa.Connection, last: Published | None) -> tuple[tuple[str, str], ...]:
    """List whom the mail server refused for good since the last published run began."""
    if last is None:
        return ()
    told = DELIVERY.c
    rows = conn.execute(
        sa.select(told.recipient, told.reason)
        .where(told.state == Delivery.REFUSED.value, told.at > last.started)
        .distinct()
        .order_by(told.recipient, told.reason)
    )
    return tuple((row.recipient, row.reason) for row in rows)


def refuse_done(conn: sa.Connection, slot: str) -> None:
    done = conn.scalar(sa.select(RUN.c.id).where(RUN.c.slot == slot, RUN.c.state == PUBLISHED))
    if done is not None:
        raise SlotDone(f"slot {slot} was published already, by run {done}")


def _refuse_past(conn: sa.Connection, started: datetime) -> None:
    latest = conn.execute(
        sa.select(RUN.c.id, RUN.c.started).order_by(RUN.c.id.desc()).limit(1)
    ).first()
    if latest and started < latest.started - BACKWARDS:
        raise ConfigError(
            f"the clock says {started:%Y-%m-%d %H:%M}, but run {latest.id} began at"
            f" {latest.started:%Y-%m-%d %H:%M} UTC",
            hint="Set the machine's clock (a time service helps) and run again.",
        )


def _bury(conn: sa.Connection, after: int, at: datetime) -> tuple[int, ...]:
    """Mark runs that never ended, and list all that died since the last publication."""
    lost = conn.scalars(sa.select(RUN.c.id).where(RUN.c.state == STARTED)).all()
    for run_id in lost:
        conn.execute(sa.update(RUN).where(RUN.c.id == run_id).values(state=DIED))
        log_event(conn, Event("run-died", at, run_id))
    died = sa.select(RUN.c.id).where(RUN.c.state == DIED, RUN.c.id > after).order_by(RUN.c.id)
    return tuple(conn.scalars(died))


def fail(conn: sa.Connection, run_id: int, what: str, at: datetime) -> None:
    """Close a run row in words; one that is published or closed already stays as it is."""
    changed = conn.execute(
        sa.update(RUN)
        .where(RUN.c.id == run_id, RUN.c.state == STARTED)
        .values(state=FAILED, why=what, ended=at)
    )
    if changed.rowcount:
        log_event(conn, Event("run-failed", at, run_id, {"why": what}))


def ack(conn: sa.Connection, run_id: int, by: str, reason: str, at: datetime) -> tuple[str, ...]:
    """Accept the smaller lists that the latest published run doubted; once per run."""
    last = current(conn)
    if last is None or last.id != run_id:
        latest = f"run {last.id}" if last else "none yet"
        raise UsageError(
            f"run {run_id} is not the latest published run ({latest})",
            hint="Only the latest report can be acknowledged; read it first.",
        )
    if not by.strip() or not reason.strip():
        raise UsageError(
            "an acknowledgement needs a name and a reason", hint="Give --by and --reason."
        )
    doubted = doubted_in(conn, run_id)
    if not doubted:
        raise UsageError(
            f"run {run_id} doubted no list; there is nothing to acknowledge",
            hint="`halosync status` shows what waits.",
        )
    if run_id in {run for run, _ in acks(conn)}:
        raise UsageError(
            f"run {run_id} was acknowledged already",
            hint="It counts for the next run; a further loss needs a new acknowledgement.",
        )
    body = {"collections": doubted, "reason": reason.strip()}
    log_event(conn, Event("ack", at, run_id, body, by.strip()))
    return doubted


def doubted_in(conn: sa.Connection, run_id: int) -> tuple[str, ...]:
    """List the collections that a run's brake held back, wholly or for one parent."""
    doubts = conn.scalar(sa.select(RUN.c.doubts).where(RUN.c.id == run_id)) or "[]"
    stopping = {d["collection"] for d in from_text(doubts, list[dict[str, object]]) if d["stops"]}
    return tuple(sorted(str(c) for c in stopping))


def acks(conn: sa.Connection) -> list[tuple[int, tuple[str, ...]]]:
    """Give every acknowledgement as (run, collections), oldest first."""
    rows = conn.execute(
        sa.select(EVENT.c.run_id, EVENT.c.body).where(EVENT.c.kind == "ack").order_by(EVENT.c.id)
    )
    shape = dict[str, object]
    return [
        (row.run_id, tuple(from_text(row.body, shape)["collections"]))  # type: ignore[arg-type]
        for row in rows
    ]
