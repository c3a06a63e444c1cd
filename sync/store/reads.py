"""What the command line reads: small typed rows, nothing that can change the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync.core.pulls import Manifest, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.result import Doubt
from sync.core.verdicts import Outcome
from sync.outbox import Delivery
from sync.store.codec import from_text
from sync.store.outbox import DUE
from sync.store.publish import DELIVERY, OUTBOX, PAGE
from sync.store.runs import EVENT, OBSERVATION, RUN, acks, current, doubted_in, meta
from sync.store.verdicts import VERDICT

LINKED = (Outcome.LINKED.value, Outcome.RENAMED.value)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as `history` lists it."""

    id: int
    slot: str
    started: datetime
    state: str
    """started, published, failed or died."""
    ended: datetime | None
    why: str
    timezone: str
    version: str
    open: int
    linked: int
    records: int
    withheld: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one mail got with one recipient."""

    recipient: str
    state: Delivery
    reason: str
    at: datetime | None
    attempts: int
    reduced: bool


@dataclass(frozen=True, slots=True)
class RunDetail:
    """One run with everything but its bytes."""

    row: RunRow
    config_hash: str
    manifests: tuple[Manifest, ...]
    doubts: tuple[Doubt, ...]
    systems: Mapping[Side, SystemFacts]
    counts: Mapping[tuple[Kind, Outcome], int]
    deliveries: tuple[Sent, ...]
    files: Mapping[str, str]
    """Archive file -> SHA-256, hex."""
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Where things stand now."""

    install_id: str
    tenants: Mapping[Side, str]
    latest: RunRow | None
    """The last run, however it ended."""
    published: RunRow | None
    """The last run that readers see."""
    manifests: tuple[Manifest, ...]
    waiting: tuple[str, ...]
    """Collections whose brake waits for `ack`."""
    unsent: int
    """Recipients that have not accepted or refused their mail yet."""


@dataclass(frozen=True, slots=True)
class Link:
    """One AutoElevate record and the Halo record that it is linked with by name."""

    kind: Kind
    ae_id: str
    halo_id: str
    outcome: Outcome
    since: datetime
    """Start of the run that first saw it so."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event."""

    id: int
    at: datetime
    kind: str
    actor: str
    run_id: int | None
    body: Mapping[str, Any]


_ROW = [RUN.c[name] for name in RunRow.__dataclass_fields__]


def runs(conn: sa.Connection, limit: int) -> tuple[RunRow, ...]:
    """Give the last runs, newest first."""
    rows = conn.execute(sa.select(*_ROW).order_by(RUN.c.id.desc()).limit(limit))
    return tuple(RunRow(*row) for row in rows)


def run_row(conn: sa.Connection, run_id: int) -> RunRow | None:
    row = conn.execute(sa.select(*_ROW).where(RUN.c.id == run_id)).first()
    return RunRow(*row) if row else None


def run(conn: sa.Connection, run_id: int) -> RunDetail | None:
    """Give one run in full; None when there is no such run."""
    row = run_row(conn, run_id)
    if row is None:
        return None
    kept = conn.execute(sa.select(RUN).where(RUN.c.id == run_id)).one()
    files = conn.execute(sa.select(PAGE.c.name, PAGE.c.sha256).where(PAGE.c.run_id == run_id))
    counts = from_text(kept.counts, list[tuple[Kind, Outcome, int]])
    return RunDetail(
        row,
        kept.config_hash,
        manifests(conn, run_id),
        from_text(kept.doubts, tuple[Doubt, ...]),
        from_text(kept.systems, dict[Side, SystemFacts]),
        {(kind, outcome): n for kind, outcome, n in counts},
        deliveries(conn, run_id),
        {file.name: file.sha256 for file in files},
        acknowledged=run_id in {acked for acked, _ in acks(conn)},
    )


def manifests(conn: sa.Connection, run_id: int) -> tuple[Manifest, ...]:
    texts = conn.scalars(sa.select(OBSERVATION.c.manifest).where(OBSERVATION.c.run_id == run_id))
    found = {m.collection: m for m in (from_text(text, Manifest) for text in texts)}
    return tuple(found[collection] for collection in Collection if collection in found)


def deliveries(conn: sa.Connection, run_id: int) -> tuple[Sent, ...]:
    rows = conn.execute(
        sa.select(
            DELIVERY.c.recipient,
            DELIVERY.c.state,
            DELIVERY.c.reason,
            DELIVERY.c.at,
            DELIVERY.c.attempts,
            DELIVERY.c.reduced,
        )
        .join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id)
        .where(OUTBOX.c.run_id == run_id)
        .order_by(DELIVERY.c.id)
    )
    return tuple(Sent(r[0], Delivery(r[1]), *r[2:]) for r in rows)


def status(conn: sa.Connection) -> Status:
    last = current(conn)
    newest = runs(conn, 1)
    acked = {run_id for run_id, _ in acks(conn)}
    due = sa.select(sa.func.count()).where(DELIVERY.c.state.in_(DUE))
    return Status(
        install_id=meta(conn, "install") or "",
        tenants={side: owner for side in Side if (owner := meta(conn, f"tenant.{side}"))},
        latest=newest[0] if newest else None,
        published=run_row(conn, last.id) if last else None,
        manifests=manifests(conn, last.id) if last else (),
        waiting=doubted_in(conn, last.id) if last and last.id not in acked else (),
        unsent=conn.scalar(due) or 0,
    )


def links(conn: sa.Connection) -> tuple[Link, ...]:
    """Give every pair that is linked by name now, sorted by kind and AutoElevate id."""
    v = VERDICT.c
    rows = conn.execute(
        sa.select(v.kind, v.ae_id, v.halo_id, v.outcome, RUN.c.started)
        .join(RUN, RUN.c.id == v.first_run)
        .where(v.last_run.is_(None), v.outcome.in_(LINKED), v.halo_id.is_not(None))
        .order_by(v.kind, v.ae_id)
    )
    return tuple(Link(Kind(k), a, h, Outcome(o), since) for k, a, h, o, since in rows)


def events(conn: sa.Connection, limit: int) -> tuple[Happening, ...]:
    """Give the last events, newest first."""
    rows = conn.execute(sa.select(EVENT).order_by(EVENT.c.id.desc()).limit(limit))
    return tuple(
        Happening(r.id, r.at, r.kind, r.actor, r.run_id, from_text(r.body, dict[str, Any]))
        for r in rows
    )
