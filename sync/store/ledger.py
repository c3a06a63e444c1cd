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
from sync.store.base import as_text
from sync.store.db import insert_many, plain_rows
from sync.store.runs import Event, log_event

PAIR = tables.Pair.__table__  # type: ignore[attr-defined]
DECISION = tables.Decision.__table__  # type: ignore[attr-defined]
PLAIN = (
    "verb", "kind", "actor", "at", "reason", "ae_id", "pattern", "halo_id", "expires", "facts",
)  # fmt: skip
COLUMNS = ("kind", "ae_id", "halo_id", "origin", "ae_name", "halo_name", "created", "made")
NEW_PARTNER = "confirmed-anew"
_STANDS = PAIR.c.ended_run.is_(None)
_PAIR = [PAIR.c[name] for name in COLUMNS]


def file_pairs(
    conn: sa.Connection, made: Sequence[Pair], ended: Iterable[tuple[Pair, str]], run_id: int
) -> None:
    """End pairs with their reason, then add tonight's; a new partner ends the pair before."""
    whys = {pair.key: why for pair, why in ended}
    if not made and not whys:
        return
    keys = plain_rows(conn, sa.select(PAIR.c.kind, PAIR.c.ae_id, PAIR.c.id).where(_STANDS))
    standing = {(kind, ae_id): key for kind, ae_id, key in keys}
    over = {key: NEW_PARTNER for key in (pair.key for pair in made) if key in standing} | whys
    for key, why in over.items():
        if key in standing:
            row = PAIR.c.id == standing[key]
            conn.execute(sa.update(PAIR).where(row).values(ended_run=run_id, ended_why=why))
    rows = [(*_row(pair), run_id, "") for pair in made]
    insert_many(conn, PAIR, (*COLUMNS, "made_run", "ended_why"), rows)


def _row(pair: Pair) -> tuple[str | None, ...]:
    created = as_text(pair.created) if pair.created else None
    made = as_text(pair.made) if pair.made else None
    return (
        pair.kind.value, pair.ae_id, pair.halo_id, pair.origin.value, pair.ae_name, pair.halo_name,
        created, made,
    )  # fmt: skip


def pairs(conn: sa.Connection) -> dict[Key, Pair]:
    """Give the pairs that stand."""
    rows = plain_rows(conn, sa.select(*_PAIR).where(_STANDS))
    kinds = {kind.value: kind for kind in Kind}
    origins = {origin.value: origin for origin in Origin}
    return {
        (kinds[kind], ae_id): Pair(
            kinds[kind],
            ae_id,
            halo_id,
            origins[origin],
            ours,
            theirs,
            _moment(created),
            _moment(made),
        )
        for kind, ae_id, halo_id, origin, ours, theirs, created, made in rows
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def decide(conn: sa.Connection, decision: Decision) -> Decision:
    """Write one decision down, with its event; gives it with its number."""
    values = {name: getattr(decision, name) for name in PLAIN}
    values |= {"ae_name": decision.names[0], "halo_name": decision.names[1]}
    written = conn.execute(sa.insert(DECISION).values(values)).inserted_primary_key
    assert written is not None
    body = {"decision": written[0], "verb": decision.verb, "reason": decision.reason}
    log_event(conn, Event("decision", decision.at, None, body, decision.actor))
    return replace(decision, id=written[0])


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
