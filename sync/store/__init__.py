"""What halosync remembers, in one SQLite file. SQL and the libraries for it live only here."""

from sync.store.backup import Keep, restore
from sync.store.between import Between
from sync.store.reads import Happening, Link, RunDetail, RunRow, Sent, Status
from sync.store.store import Store

__all__ = [
    "Between",
    "Happening",
    "Keep",
    "Link",
    "RunDetail",
    "RunRow",
    "Sent",
    "Status",
    "Store",
    "restore",
]
