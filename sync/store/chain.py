"""Append-only tables, each row sealed over the row before: a change or a gap anywhere shows."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync.store.codec import as_text, digest, to_text
from sync.store.db import plain_rows


def append(conn: sa.Connection, table: sa.Table, values: dict[str, Any]) -> int:
    """Add one row; ids are gap-free, because a rolled back one is used again."""
    last = conn.scalar(sa.select(table.c.seal).order_by(table.c.id.desc()).limit(1)) or ""
    plain = [_plain(values.get(name)) for name in _columns(table)]
    written = conn.execute(sa.insert(table).values(**values, seal=_seal(last, plain)))
    key = written.inserted_primary_key
    assert key is not None
    return int(key[0])


def broken(conn: sa.Connection, table: sa.Table) -> int | None:
    """Find the first id at which the chain does not hold; None when all of it does."""
    columns = [table.c[name] for name in _columns(table)]
    rows = plain_rows(conn, sa.select(table.c.id, table.c.seal, *columns).order_by(table.c.id))
    last = ""
    for expected, (key, seal, *values) in enumerate(rows, start=1):
        last = _seal(last, values)
        if (key, seal) != (expected, last):
            return expected
    return None


def _columns(table: sa.Table) -> list[str]:
    return [column.name for column in table.c if column.name not in {"id", "seal"}]


def _plain(value: Any) -> Any:
    return as_text(value) if isinstance(value, datetime) else value


def _seal(last: str, values: list[Any]) -> str:
    return digest((last, to_text(values)))
