"""The stored side of the outbox: which mail is due, and what was said of it."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from sync.core.result import Letter
from sync.outbox import Delivery, Parcel, Receipt
from sync.store.codec import from_text
from sync.store.db import Database, damaged
from sync.store.publish import DELIVERY, OUTBOX

DUE = (Delivery.PENDING.value, Delivery.SENDING.value, Delivery.UNKNOWN.value)


def unsent(database: Database) -> tuple[Parcel, ...]:
    """Give every mail that somebody has not accepted or refused, oldest first.

    Only one run sends at a time, so a recipient found `sending` was left by a run that died there:
    whether the mail arrived is unknown, and it is sent again.
    """
    died = DELIVERY.c.state == Delivery.SENDING.value
    with database.read() as conn:
        interrupted = conn.scalar(sa.select(sa.func.count()).where(died))
    if interrupted:
        with database.write("outbox-unknown") as conn:
            conn.execute(sa.update(DELIVERY).where(died).values(state=Delivery.UNKNOWN.value))
    with database.read() as conn:
        return _due(conn, database.path)


def _due(conn: sa.Connection, path: Path) -> tuple[Parcel, ...]:
    rows = conn.execute(
        sa.select(DELIVERY.c.outbox_id, DELIVERY.c.recipient)
        .join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id)
        .where(DELIVERY.c.state.in_(DUE), OUTBOX.c.body.is_not(None))
        .order_by(DELIVERY.c.id)
    )
    waiting: dict[int, list[str]] = {}
    for outbox_id, recipient in rows:
        waiting.setdefault(outbox_id, []).append(recipient)
    return tuple(_parcel(conn, path, outbox_id, to) for outbox_id, to in waiting.items())


def _parcel(conn: sa.Connection, path: Path, outbox_id: int, to: list[str]) -> Parcel:
    row = conn.execute(sa.select(OUTBOX).where(OUTBOX.c.id == outbox_id)).one()
    for body, sealed in ((row.body, row.body_sha256), (row.reduced, row.reduced_sha256)):
        if body is not None and sha256(body).hexdigest() != sealed:
            raise damaged(path, f"the stored mail {row.message_id} is not what was written")
    return Parcel(row.id, row.run_id, row.message_id, tuple(to), row.body, row.reduced or b"")


def mark(
    conn: sa.Connection,
    parcel: Parcel,
    receipts: Mapping[str, Receipt],
    at: datetime,
    *,
    reduced: bool,
) -> None:
    """Record what was said of each recipient; `accepted` stays whatever comes after."""
    for recipient, receipt in receipts.items():
        sending = receipt.state is Delivery.SENDING
        conn.execute(
            sa.update(DELIVERY)
            .where(
                DELIVERY.c.outbox_id == parcel.id,
                DELIVERY.c.recipient == recipient,
                DELIVERY.c.state != Delivery.ACCEPTED.value,
            )
            .values(
                state=receipt.state.value,
                reason=receipt.reason,
                reduced=reduced,
                at=at,
                attempts=DELIVERY.c.attempts + int(sending),
            )
        )


def letters(conn: sa.Connection, run_id: int) -> tuple[Letter, ...]:
    """Give the mails of a run byte for byte, as long as retention keeps them."""
    rows = conn.execute(
        sa.select(OUTBOX)
        .where(OUTBOX.c.run_id == run_id, OUTBOX.c.body.is_not(None))
        .order_by(OUTBOX.c.id)
    )
    return tuple(
        Letter(
            from_text(r.recipients, tuple[str, ...]),
            r.subject,
            r.message_id,
            r.body,
            r.reduced or b"",
        )
        for r in rows
    )
