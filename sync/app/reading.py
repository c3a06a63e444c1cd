"""What the command line may ask of the store, so that it need not know the store."""

from datetime import UTC, datetime

from sync.app.installation import Installation
from sync.clock import SystemClock
from sync.store import RunRow, Store

__all__ = ["RunRow", "Store", "next_slot", "open_store"]


def open_store(here: Installation, *, read_only: bool = True) -> Store:
    """Open the database for reading, beside a run if need be."""
    return Store.open(here.where.database, SystemClock(), read_only=read_only)


def next_slot(here: Installation) -> str:
    slot = here.crontab.after(datetime.now(UTC))
    return f"{slot.at:%Y-%m-%d %H:%M %Z}" if slot else "never"
