"""G25: a large tenant, 50,000 computers, within 512 MB and with a mail that is not clipped.

The real command runs in a process of its own over sockets; the invented world is held and served by
this one, so that its memory is not counted. Two nights: the first fills the database, before the
second one computer in a hundred is renamed. What the database grew by is told, not judged.
"""

import email
import email.policy
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

from sync.sandbox.serve import Sandbox, describe
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from tests.reliability.benches.bench import memory_folder
from tests.reliability.benches.quick_run import UNBOUNDED
from tests.reliability.tally import Tally, Tier

TIERS: tuple[Tier, ...] = ("release",)
TRIALS = {"release": 3}
COMPUTERS, FEW = 50_000, 3_000
MOST_MB = 512
MOST_HTML = 92_160
DAY = 86_400
CHANGED = 100  # one computer in so many is renamed for the second night
PATIENT = "run_deadline_minutes: 1440\n"
"""The invented quotas are waited out in no time, but on the clock they are hours."""


class Night(NamedTuple):
    """What one run left behind."""

    code: int
    said: str
    mb: float
    html: int
    """Bytes of the mail's HTML part."""
    stored: int
    """AutoElevate's computers in the database."""
    database: int
    """Bytes of the database file and what stands beside it."""


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    peaks, grown, mails = [], [], []
    for number in range(TRIALS[tier]):
        nights = _nights(seed + number, COMPUTERS)
        for which, night in zip(("first", "second"), nights, strict=True):
            tally.broken(*(f"seed {seed + number}, {which} night: {w}" for w in _wrong(night)))
        tally.trials += 1
        first, second = nights
        peaks += [night.mb for night in nights]
        mails += [night.html for night in nights]
        grown.append((first.database, second.database - first.database))
    tally.notes = {
        "peak_mb": f"{max(peaks):.0f}",
        "html_bytes": max(mails),
        "first_night_mb": f"{max(g[0] for g in grown) / 1e6:.1f}",
        "second_night_mb": f"{max(g[1] for g in grown) / 1e6:.1f}",
    }
    return tally


def sabotage(seed: int) -> Tally:
    """Let the mail hold every row."""
    tally = Tally()
    for night in _nights(seed, FEW, UNBOUNDED):
        tally.broken(*_wrong(night, FEW))
    tally.trials = 1
    return tally


def _wrong(night: Night, computers: int = COMPUTERS) -> Iterator[str]:
    if night.code:
        yield f"the run ended with {night.code}: {night.said[-300:]}"
    if night.stored < 0.9 * computers:
        yield f"{night.stored} of {computers} computers are in the database"
    if night.mb > MOST_MB:
        yield f"{night.mb:.0f} MB of memory"
    if not 0 < night.html <= MOST_HTML:
        yield f"{night.html} bytes of HTML in the mail"


def _nights(seed: int, computers: int, *words: str) -> list[Night]:
    """Run two nights over one world."""
    world = World.create(seed, computers // 20, computers, datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="halosync-large-", dir=memory_folder()) as name:
        folder = Path(name)
        halo, ae = HaloSwitches(limit="none"), AeSwitches(hourly=None)
        with Sandbox(world, halo=halo, autoelevate=ae, folder=folder) as sandbox:
            first = _night(sandbox, folder, words)
            world.nights += 1  # the day passes, nothing else does
            _rename(world, seed)
            return [first, _night(sandbox, folder, words)]


def _night(sandbox: Sandbox, folder: Path, words: tuple[str, ...]) -> Night:
    made = describe(sandbox, folder)
    config, facts = Path(made["config"]), folder / "facts"
    config.write_text(config.read_text() + PATIENT)
    sandbox.inbox.mails.clear()
    later = str(sandbox.world.nights * DAY)
    quick = [sys.executable, "-m", "tests.reliability.benches.quick_run", str(facts), later]
    done = subprocess.run(
        [*quick, "run", "-q", "-c", str(config), *words],
        env={**os.environ, "HALOSYNC_ALLOW_ROOT": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    peak = float(facts.read_text()) if facts.exists() else 0.0
    bodies = [mail.body for mail in sandbox.inbox.mails]
    html = max(map(_html_bytes, bodies), default=0)
    database = folder / "state" / "halosync.sqlite3"
    said = done.stdout + done.stderr
    return Night(done.returncode, said, peak, html, _stored(database), _size(database))


def _html_bytes(raw: bytes) -> int:
    part = email.message_from_bytes(raw, policy=email.policy.default).get_body(("html",))
    # Line ends as they were written, not as they travel.
    return len(part.get_content().replace("\r\n", "\n").encode()) if part else 0


def _stored(database: Path) -> int:
    with closing(sqlite3.connect(database)) as raw:
        query = "SELECT COUNT(*) FROM record WHERE collection = 'ae.computers' AND last_run IS NULL"
        return int(raw.execute(query).fetchone()[0])


def _size(database: Path) -> int:
    return sum(part.stat().st_size for part in database.parent.glob(f"{database.name}*"))


def _rename(world: World, seed: int) -> None:
    rng = Random(seed)
    computers = sorted(world.computers.values(), key=lambda computer: computer.id)
    for computer in rng.sample(computers, len(computers) // CHANGED):
        world.rename(computer, f"{computer.name}-R")
