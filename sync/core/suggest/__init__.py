"""Near misses: the Halo records probably meant by the records that will not link. Never a link."""

from sync.core.suggest.engine import match
from sync.core.suggest.entries import Entry
from sync.core.suggest.night import near_misses
from sync.core.suggest.rank import FLOOR

__all__ = ["FLOOR", "Entry", "match", "near_misses"]
