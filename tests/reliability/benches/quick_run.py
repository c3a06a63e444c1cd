"""The real command in a process of its own, where waiting is free; it tells what memory it held.

`python -m tests.reliability.benches.quick_run FACTS LATER WORDS...`: runs `halosync WORDS` with a clock that
begins LATER seconds from now and jumps over every wait (the systems' quotas are hours of it), and
writes the peak of its resident memory in MB into the file FACTS.
"""

import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reports.render import mail
from sync.cli.entry import perform
from sync.clock import SystemClock
from tests.reliability.benches.bench import replaced

ENDLESS = {"LIMIT_BYTES": 10**9, "MOST_ROWS": 10**6, "GENEROUS": 10**6, "PER_COMPANY": 10**6}
"""The sabotage: a mail that holds every row."""
UNBOUNDED = "--unbounded"


class Leaping:
    """Time that goes on by itself and jumps over what would be waited."""

    def __init__(self, later: float) -> None:
        self._ahead = later

    def now(self, _clock: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self, _clock: SystemClock) -> float:
        return time.monotonic() + self._ahead

    def wait(self, clock: SystemClock, seconds: float) -> None:
        self._ahead += max(0.0, seconds)
        clock.check()


def peak_mb() -> float:
    """This process's own high-water mark; what it was forked from does not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> int:
    facts, later, *words = sys.argv[1:]
    leaping = Leaping(float(later))
    with ExitStack() as stack:
        for name in ("now", "monotonic", "wait"):
            jump = getattr(leaping, name)
            method = lambda *asked, _jump=jump: _jump(*asked)  # noqa: E731 - binds as a method
            stack.enter_context(replaced(SystemClock, name, method))
        if UNBOUNDED in words:
            words.remove(UNBOUNDED)
            for name, value in ENDLESS.items():
                stack.enter_context(replaced(mail, name, value))
        code = perform(words)
    Path(facts).write_text(str(peak_mb()))
    return code


if __name__ == "__main__":
    sys.exit(main())
