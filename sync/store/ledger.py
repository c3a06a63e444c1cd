"""What outlives every night: pairs known by id, and what people decided."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from sync.core.decisions import Decision, Verb
from sync.core.records import Kind
from sync.core.result import Origin, Pair
from sync.core.verdicts import Key
from sync.store import tables
from sync.store.chain import append
from sync.store.codec import as_texts
from sync.store.db import batches, insert_many, plain_rows
from sync.store.intervals import Drift, Row, Turn, settle
from sync.store.runs import Event, log_event

PAIR = tables.Pair.__table__  # type: ignore[attr-defined]
DECISION = tables.Decision.__table__  # type: ignore[attr-defined]
PLAIN = (
    "verb", "kind", "actor", "at", "reason", "ae_id", "pattern", "halo_id", "expires", "facts",
)  # fmt: skip
COLUMNS = ("kind", "ae_id", "halo_id", "origin", "ae_name", "halo_name", "created", "made")
TALLIED = "pairs"
NEW_PARTNER = "confirmed-anew"
_PAIR = [PAIR.c[name] for name in COLUMNS]


def file_pairs(
    conn: sa.Connection, made: Sequence[Pair], ended: Iterable[tuple[Pair, str]], run_id: int
) -> None:
    """End pairs with their reason, then add tonight's; a new partner ends the pair before."""
    whys = {pair.key: why for pair, why in ended}
    if not made and not whys:
        return
    standing = {(row[0], row[1]): row for row in standing_rows(conn)}
    whys = {pair.key: NEW_PARTNER for pair in made if pair.key in standing} | whys
    turn, drift = Turn(), Drift()
    for key in whys.keys() & standing.keys():
        *row, number = standing[key]
        turn.close(number, tuple(row))
        values = {"ended_run": run_id, "ended_why": whys[key]}
        conn.execute(sa.update(PAIR).where(PAIR.c.id == number).values(values))
    drift.carry(turn)
    for some in batches(made):
        turn = Turn(opened=_rows(some))
        insert_many(conn, PAIR, COLUMNS, turn.opened, made_run=run_id, ended_why="")
        drift.carry(turn)
    settle(conn, TALLIED, drift)


def standing_rows(conn: sa.Connection) -> list[Row]:
    """Read the pairs that stand, each with its number last."""
    return plain_rows(conn, sa.select(*_PAIR, PAIR.c.id).where(PAIR.c.ended_run.is_(None)))


def _rows(pairs: Sequence[Pair]) -> list[Row]:
    created, made = as_texts([p.created for p in pairs]), as_texts([p.made for p in pairs])
    return [
        (str(p.kind), p.ae_id, p.halo_id, str(p.origin), p.ae_name, p.halo_name, born, since)
        for p, born, since in zip(pairs, created, made, strict=True)
    ]


def pairs(conn: sa.Connection) -> dict[Key, Pair]:
    """Give the pairs that stand."""
    return pairs_of(standing_rows(conn))


def pairs_of(rows: Iterable[Row]) -> dict[Key, Pair]:
    """Give the pairs, from the rows that stand."""
    kinds = {kind.value: kind for kind in Kind}
    origins = {origin.value: origin for origin in Origin}
    found = (
        Pair(kinds[r[0]], r[1], r[2], origins[r[3]], r[4], r[5], _moment(r[6]), _moment(r[7]))
        for r in rows
    )
    return {pair.key: pair for pair in found}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def decide(conn: sa.Connection, decision: Decision) -> Decision:
    """Write one decision down, with its event; gives it with its number."""
    values = {name: getattr(decision, name) for name in PLAIN}
    values |= {"ae_name": decision.names[0], "halo_name": decision.names[1]}
    number = append(conn, DECISION, values)
    body = {"decision": number, "verb": decision.verb, "reason": decision.reason}
    log_event(conn, Event("decision", decision.at, None, body, decision.actor))
    return replace(decision, id=number)


def decisions(conn: sa.Connection) -> tuple[Decision, ...]:
    """Give every decision ever made, oldest first."""
    rows = conn.execute(sa.select(DECISION).order_by(DECISION.c.id))
    return tuple(
        Decision(
            id=r.id,
            verb=Verb(r.verb),
            kind=Kind(r.kind),
            names=(r.ae_name, r.halo_name),
            **{name: getattr(r, name) for name in PLAIN if name not in {"verb", "kind"}},
        )
        for r in rows
    )
