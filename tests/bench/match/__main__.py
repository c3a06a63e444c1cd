"""`python -m tests.bench.match`: near misses and exact linking, measured beside their rivals.

Prints the tables of docs/matching.md, and at the end each promise with its figure and a verdict.
The rivals live in an environment of their own, with the versions of `peers.lock`; without a package
index they are left out, and the verdicts say so. `--no-rivals` leaves them out on purpose.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import floors
from tests.bench.match import companies, grades, invented, linking, machines, promises, tenant
from tests.bench.match.promises import Promise
from tests.bench.match.rivals import ROOT, pythons

MOST_MINUTES = 10
PROPERTIES = "tests/sync/core/suggest"
EXPLAINED = "tests/sync/cli/test_explain.py"


def main() -> None:
    begun = time.monotonic()
    engines = pythons(rivals="--no-rivals" not in sys.argv)
    cores = os.cpu_count()
    say(f"Measured {datetime.now(UTC):%Y-%m-%d}, {cores} cores, Python "
        f"{sys.version.split()[0]}, {_busy()}.\n")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="bench-match-") as folder:
        found = [*companies.table(say, engines, Path(folder))]
        companies.sizes(say, Path(folder))
    for section in (grades, invented, machines, linking, floors, tenant):
        found += section.table(say)
    found += _tests()
    minutes = (time.monotonic() - begun) / 60
    found.append(
        Promise(
            f"all of this within {MOST_MINUTES} minutes on two cores",
            f"{minutes:.1f} minutes on {cores}",
            met=minutes <= MOST_MINUTES,
        )
    )
    promises.table(say, found)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _busy() -> str:
    """How much else the machine was doing: the clock's seconds mean little on a busy one."""
    return (
        f"load {os.getloadavg()[0]:.1f} before the start" if os.name == "posix" else "load unknown"
    )


def _tests() -> Iterator[Promise]:
    """Hold what is no figure against its tests: they are run, not quoted."""
    what = (
        "order-independent, symmetric, never above an identical name, hostile names under 50 ms",
        "`explain` shows the report's own candidates, evidence and distance to the runner-up",
    )
    for words, tests in zip(what, (PROPERTIES, EXPLAINED), strict=True):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        counted = re.findall(r"\d+ (?:passed|failed|error)", done.stdout)
        yield Promise(words, ", ".join(counted) or "did not run", met=done.returncode == 0)


if __name__ == "__main__":
    main()
