"""Requests made to routes with an hourly quota, remembered across runs."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from sync.store import tables

QUOTA = tables.Quota.__table__  # type: ignore[attr-defined]
KEPT = timedelta(hours=2)


def recent(conn: sa.Connection, route: str, since: datetime) -> tuple[datetime, ...]:
    """Give the requests made to a route since then, oldest first."""
    made = sa.select(QUOTA.c.at).where(QUOTA.c.route == route, QUOTA.c.at >= since)
    return tuple(conn.scalars(made.order_by(QUOTA.c.at)))


def note(conn: sa.Connection, route: str, at: datetime) -> None:
    """Count one request; what no quota looks at any more is forgotten."""
    conn.execute(sa.insert(QUOTA).values(route=route, at=at))
    conn.execute(sa.delete(QUOTA).where(QUOTA.c.at < at - KEPT))
