"""Findings from the run that opened them to the run that closed them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync.core.records import Kind
from sync.core.result import Finding
from sync.core.verdicts import Key
from sync.store import tables
from sync.store.codec import as_text, digest, finding_from, finding_text
from sync.store.db import insert_many

FINDING = tables.Finding.__table__  # type: ignore[attr-defined]
RUN = tables.Run.__table__  # type: ignore[attr-defined]
_C = FINDING.c


def file_findings(conn: sa.Connection, findings: Iterable[Finding], run_id: int) -> str:
    """Open, keep and close findings; what the result does not list is no longer open.

    Gives the digest of what is open now.
    """
    rows = conn.execute(
        sa.select(_C.kind, _C.ae_id, _C.id, _C.body, _C.as_of).where(_C.closed_run.is_(None))
    )
    before = {(r.kind, r.ae_id): r for r in rows}
    opened: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    bodies = []
    for finding in findings:
        body = finding_text(finding)
        bodies.append(body)
        was = before.pop((finding.kind.value, finding.ae_id), None)
        as_of = as_text(finding.as_of) if finding.as_of else None
        if was is None:
            opened.append((finding.kind.value, finding.ae_id, as_of, body))
        elif was.body != body or was.as_of != finding.as_of:
            changed.append((body, as_of, was.id))
    if before:
        closed = [(run_id, was.id) for was in before.values()]
        conn.exec_driver_sql("UPDATE finding SET closed_run=? WHERE id=?", closed)
    if changed:
        conn.exec_driver_sql("UPDATE finding SET body=?, as_of=? WHERE id=?", changed)
    columns = ("kind", "ae_id", "as_of", "body")
    insert_many(conn, FINDING, columns, opened, opened_run=run_id)
    return digest(sorted(bodies))


def open_findings(conn: sa.Connection, judged: datetime | None = None) -> dict[Key, Finding]:
    """Give the open findings with the start of the run that opened them.

    `judged` stands in as the date of those that the last published run judged.
    """
    rows = conn.execute(
        sa.select(_C.body, _C.as_of, RUN.c.started)
        .join(RUN, RUN.c.id == _C.opened_run)
        .where(_C.closed_run.is_(None))
    )
    zone = judged.tzinfo if judged else None
    found = (
        finding_from(
            r.body,
            since=r.started.astimezone(zone) if zone else r.started,
            as_of=(r.as_of.astimezone(zone) if zone and r.as_of else r.as_of) or judged,
        )
        for r in rows
    )
    return {finding.key: finding for finding in found}


def bodies_digest(conn: sa.Connection) -> str:
    """Compute what `file_findings` gave, from what is stored."""
    return digest(sorted(conn.scalars(sa.select(_C.body).where(_C.closed_run.is_(None)))))


def closed_keys(conn: sa.Connection) -> frozenset[Key]:
    """Give the keys of findings that were open once and are closed now."""
    still = FINDING.alias()
    rows = conn.execute(
        sa.select(_C.kind, _C.ae_id)
        .distinct()
        .where(
            _C.closed_run.is_not(None),
            ~sa.exists().where(
                still.c.kind == _C.kind, still.c.ae_id == _C.ae_id, still.c.closed_run.is_(None)
            ),
        )
    )
    return frozenset((Kind(kind), ae_id) for kind, ae_id in rows)
