"""Times as the reader's clock shows them: everything stored is UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.core.result import RunFacts


def local(at: datetime, run: RunFacts) -> datetime:
    """Convert to the zone of the run's schedule."""
    try:
        return at.astimezone(ZoneInfo(run.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return at


def started(run: RunFacts) -> datetime:
    return local(run.started, run)
