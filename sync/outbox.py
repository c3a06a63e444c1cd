"""Sends what the outbox holds. Every report leaves through here, and each byte was stored first.

Per recipient `pending -> sending -> accepted | refused | unknown`; `unknown` (we died while
sending) is sent again byte for byte, so delivery is at least once and never silently none.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

log = logging.getLogger("halosync")


class Delivery(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One stored message and the recipients that have not accepted or refused it yet."""

    id: int
    run_id: int
    message_id: str
    recipients: tuple[str, ...]
    body: bytes
    reduced: bytes = b""
    """Sent instead of `body` once the server called that too big."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the mail server said about one recipient."""

    state: Delivery
    """ACCEPTED, REFUSED (5xx for recipient or message) or PENDING (4xx, connection, login)."""
    reason: str = ""
    too_big: bool = False
    """The whole message was refused for its size (552)."""


class Outbox(Protocol):
    def unsent(self) -> Sequence[Parcel]:
        """Every parcel with recipients pending, sending or unknown, oldest first."""
        ...

    def mark(
        self, parcel: Parcel, receipts: Mapping[str, Receipt], at: datetime, *, reduced: bool
    ) -> None:
        """Record what was said, in one transaction. `accepted` never changes again."""
        ...


class Transport(Protocol):
    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        """Hand one finished message over; one receipt per recipient, and no exception."""
        ...


def send_all(outbox: Outbox, transport: Transport, now: datetime) -> dict[str, Receipt]:
    """Try every unsent parcel once; the last receipt per recipient."""
    said: dict[str, Receipt] = {}
    for parcel in outbox.unsent():
        said.update(_send(outbox, transport, parcel, now))
    return said


def _send(
    outbox: Outbox, transport: Transport, parcel: Parcel, now: datetime
) -> Mapping[str, Receipt]:
    receipts = _try(outbox, transport, parcel, now, reduced=False)
    too_big = tuple(to for to, r in receipts.items() if r.too_big)
    if not (parcel.reduced and too_big):
        return receipts
    again = replace(parcel, recipients=too_big)
    return {**receipts, **_try(outbox, transport, again, now, reduced=True)}


def _try(
    outbox: Outbox, transport: Transport, parcel: Parcel, now: datetime, *, reduced: bool
) -> Mapping[str, Receipt]:
    sending = {to: Receipt(Delivery.SENDING) for to in parcel.recipients}
    outbox.mark(parcel, sending, now, reduced=reduced)
    receipts = transport.send(parcel.reduced if reduced else parcel.body, parcel.recipients)
    last = reduced or not parcel.reduced
    for_good = {to: r for to, r in receipts.items() if last or not r.too_big}
    if for_good:
        outbox.mark(parcel, for_good, now, reduced=reduced)
    for to, receipt in for_good.items():
        if receipt.state is Delivery.REFUSED:
            # The last word on it: no later run tries again.
            log.warning("run %d's report is refused for %s: %s", parcel.run_id, to, receipt.reason)
    return receipts
