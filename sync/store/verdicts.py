"""Verdicts as intervals. Only what was judged tonight changes; withheld verdicts stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sync.core.records import Kind
from sync.core.verdicts import Key, Outcome, Verdict
from sync.store import tables
from sync.store.codec import from_text, to_text, to_texts
from sync.store.db import batches, insert_many, plain_rows
from sync.store.filing import Filed
from sync.store.intervals import Drift, Row, Stands, Turn, end, settle
from sync.store.records import stood

VERDICT = tables.Verdict.__table__  # type: ignore[attr-defined]
TALLIED = "verdicts"
FIELDS = ("kind", "ae_id", "outcome", "rule", "halo_id", "detail")
_C = VERDICT.c
_FIELDS = [_C[name] for name in FIELDS]
_STANDING = sa.select(*_FIELDS, _C.id).where(_C.last_run.is_(None))
_BARE = ((), (), False, "", "")


def rows_of(verdicts: Sequence[Verdict]) -> list[Row]:
    """Give the rows of some verdicts, in the order of `FIELDS`."""
    details = [verdict[5:] for verdict in verdicts]
    return [
        (
            str(verdict.kind),
            verdict.ae_id,
            str(verdict.outcome),
            verdict.rule,
            verdict.halo_id,
            "" if detail == _BARE else text,
        )
        for verdict, detail, text in zip(verdicts, details, to_texts(details), strict=True)
    ]


def verdict_of(row: Iterable[Any]) -> Verdict:
    kind, ae_id, outcome, rule, halo_id, detail = row
    more = from_text(detail, list[Any]) if detail else []
    shape = [kind, ae_id, outcome, rule, halo_id, *more]
    return from_text(to_text(shape), Verdict)


def file_verdicts(
    conn: sa.Connection,
    verdicts: Sequence[Verdict],
    ours: Mapping[Kind, Filed],
    *,
    run_id: int,
    previous: int,
) -> Stands:
    """Carry tonight's verdicts into the intervals; give how many stand and their fingerprint.

    `ours` tells what stands of each AutoElevate list that was filed tonight: a verdict of a record
    that stands no more ends with it.
    """
    before = {row[:2]: (row[-1], row[:-1]) for row in standing_rows(conn)}
    drift = Drift()

    def write(turn: Turn) -> None:
        end(conn, VERDICT, turn.keys, previous)
        insert_many(conn, VERDICT, FIELDS, turn.opened, first_run=run_id)
        drift.carry(turn)

    for some in batches(verdicts):
        write(_judged(some, before))
    write(_over(before, ours))
    return settle(conn, TALLIED, drift)


Before = dict[Row, tuple[int, Row]]
"""(kind, AutoElevate id) of a standing verdict -> its key, and the row."""


def _judged(verdicts: Sequence[Verdict], before: Before) -> Turn:
    """Hold some of tonight's verdicts against what stands, and take that out of `before`."""
    turn = Turn()
    for verdict, now in zip(verdicts, rows_of(verdicts), strict=True):
        if verdict.outcome is Outcome.WITHHELD:
            before.pop((verdict.kind, verdict.ae_id), None)
            continue
        was = before.pop(now[:2], None)
        if was is None:
            turn.opened.append(now)
        elif was[1] != now:
            turn.replace(*was, now)
    return turn


def _over(before: Before, ours: Mapping[Kind, Filed]) -> Turn:
    """End what nobody judged tonight, where its record stands no more."""
    turn = Turn()
    for (kind, ae_id), was in before.items():
        filed = ours.get(Kind(kind))
        if filed and filed.tonight is not None and ae_id not in filed.standing:
            turn.close(*was)
    return turn


def standing_rows(conn: sa.Connection) -> list[Row]:
    """Read the verdicts that stand, each with its key last."""
    return plain_rows(conn, _STANDING)


def outcomes(rows: Iterable[Row]) -> dict[Key, Outcome]:
    """Give the outcome of every known AutoElevate record, from the rows that stand."""
    kinds = {kind.value: kind for kind in Kind}
    meanings = {outcome.value: outcome for outcome in Outcome}
    return {(kinds[kind], ae_id): meanings[outcome] for kind, ae_id, outcome, *_ in rows}


def as_of(conn: sa.Connection, run_id: int) -> tuple[Verdict, ...]:
    """Give the verdicts that stood after a published run, sorted by kind and id."""
    rows = conn.execute(
        sa.select(*_FIELDS).where(stood(VERDICT, run_id)).order_by(_C.kind, _C.ae_id)
    )
    return tuple(verdict_of(row) for row in rows)
