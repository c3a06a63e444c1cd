"""Whether what a report is built from is what was written: SQLite sees no flipped letter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from sync.core.records import Collection
from sync.store import ledger, verdicts
from sync.store.chain import broken
from sync.store.findings import bodies_digest
from sync.store.intervals import NOTHING, Row, Stands, stands, tallies
from sync.store.publish import run_digest, sealed_parts
from sync.store.records import Standing, standing_rows
from sync.store.runs import CURRENT, EVENT, PUBLISHED, RUN, meta


class Stored(NamedTuple):
    """All that stands, as plain rows; each of verdicts and pairs ends with its key."""

    records: Mapping[Collection, Mapping[str, Standing]]
    verdicts: Sequence[Row]
    pairs: Sequence[Row]


def everything(conn: sa.Connection) -> Stored:
    """Read every collection that was ever stored, and what was said of its records."""
    kept = tallies(conn)
    return Stored(
        {c: standing_rows(conn, c) for c in Collection if c.value in kept},
        verdicts.standing_rows(conn),
        ledger.standing_rows(conn),
    )


def complaints(conn: sa.Connection, stored: Stored, *, runs: int | None = None) -> Iterator[str]:
    """List what does not add up in what stands now, and in the seals of the last runs.

    Looks at plain text only, so that nothing is interpreted before it is known to be whole.
    """
    newest = conn.scalar(sa.select(sa.func.max(RUN.c.id)).where(RUN.c.state == PUBLISHED))
    pointer = meta(conn, CURRENT)
    if (pointer or "") != ("" if newest is None else str(newest)):
        yield f"I1: the current run is {pointer or 'none'}, but the last published is {newest}"
        return
    kept = tallies(conn)
    found: dict[str, Stands] = {
        collection.value: stands(
            [row.fields for row in held.values()], [row.remark for row in held.values()]
        )
        for collection, held in stored.records.items()
    }
    found[verdicts.TALLIED] = stands([row[:-1] for row in stored.verdicts])
    found[ledger.TALLIED] = stands([row[:-1] for row in stored.pairs])
    for name, now in found.items():
        if now != kept.get(name, NOTHING):
            yield f"the stored {name} are not those that were written"
    sealed = conn.scalar(sa.select(RUN.c.findings_digest).where(RUN.c.id == newest))
    if newest is not None and bodies_digest(conn) != sealed:
        yield "the stored findings are not those that were written"
    for table in (EVENT, ledger.DECISION):
        place = broken(conn, table)
        if place is not None:
            yield f"{table.name} {place} is missing or was changed"
    yield from broken_seals(conn, runs)


def broken_seals(conn: sa.Connection, limit: int | None = None) -> Iterator[str]:
    """Recompute the digests of the last published runs, or of all."""
    newest = sa.select(RUN.c.id, RUN.c.previous, RUN.c.digest).where(RUN.c.state == PUBLISHED)
    rows = conn.execute(newest.order_by(RUN.c.id.desc()).limit(limit)).all()
    if not rows:
        return
    parts = sealed_parts(conn, rows[-1].id, rows[0].id)
    digests = {row.id: row.digest for row in conn.execute(sa.select(RUN.c.id, RUN.c.digest))}
    followed = None
    for row in reversed(rows):
        before = digests.get(row.previous, "")
        torn = followed is not None and row.previous != followed
        if torn or run_digest(before, parts[row.id]) != row.digest:
            yield f"run {row.id} is not what was published"
        followed = row.id
