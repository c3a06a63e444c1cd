"""What was asked for, as a run understands it: above all, under which slot it counts."""

from datetime import UTC, datetime
from typing import Any

from sync.app.installation import Installation
from sync.errors import UsageError
from sync.job import Order
from sync.schedule import slot_key

MANUAL = "manual"


def order(here: Installation, now: datetime, slot: str | None = None, **wishes: Any) -> Order:
    """Give a named slot its key for today, and a run by hand a key of its own."""
    if slot is None:
        key = f"{MANUAL}/{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    elif slot.isascii() and slot.replace("-", "").replace("_", "").isalnum():
        key = slot_key(now.astimezone(here.zone), slot)
    else:
        raise UsageError(
            "a slot's name has letters, digits, - and _ only", hint="for example --slot nightly"
        )
    return Order(key, **wishes)
