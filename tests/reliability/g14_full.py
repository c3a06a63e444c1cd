"""G14: the disk fills up at every page, no file may grow, the report's folder cannot be written.

Nothing is corrupt, the last report stays, the failure is told in a sentence, and once there is
room the next plain run needs nobody's help.
"""

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from sync.errors import Exit, SyncError
from sync.store import Store
from sync.store.db import Database
from tests.reliability.benches import oracle
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.places import NEW, READY, Scene, scene
from tests.reliability.benches.rig import BY_HAND, SLOT, Arrange, Ended
from tests.reliability.tally import Tally, Tier

SIZES = {"push": 8, "release": 60, "nightly": 120}
EVERY = {"push": 8, "release": 1, "nightly": 1}
"""Every so many pages of the database."""
LARGEST = 400_000
"""Bytes; no file of a rig is larger."""

Trial = tuple[str, str, Arrange]
"""What is done, the state it begins in, and how the child arranges it."""


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    with scene(seed) as there:
        for trial in (*_pages(there, EVERY[tier]), *_sizes(seed, SIZES[tier])):
            _one(tally, there, trial)
        for where, put in OBSTACLES:
            _blocked(tally, there, where, put)
    return tally


def sabotage(seed: int) -> Tally:
    """Swallow what the database says when it cannot publish."""
    real = Store.publish

    def publish(self: Store, *night: object) -> None:
        try:
            real(self, *night)
        except SyncError:
            return

    tally = Tally()
    with replaced(Store, "publish", publish), scene(seed) as there:
        for trial in _pages(there, 8):
            _one(tally, there, trial)
    return tally


def _one(tally: Tally, there: Scene, trial: Trial) -> None:
    name, state, arrange = trial
    there.rig.restore(state)
    ended = there.rig.run(SLOT, arrange)
    found = [*_told(there, ended, state), *_intact(there, state), *_recovers(there, state)]
    tally.broken(*(f"{name}, from {state}: {what}" for what in found))
    tally.trials += 1


# The ways to run out of room


def _pages(there: Scene, every: int) -> Iterator[Trial]:
    """From what the database has to what an undisturbed run makes of it, and from nothing."""
    rig = there.rig
    for state in (READY, NEW):
        rig.restore(state)
        before = _page_count(rig.state / "halosync.sqlite3")
        rig.run(SLOT)
        after = _page_count(rig.state / "halosync.sqlite3")
        for pages in range(max(1, before - 1), after + 2, every):
            yield f"{pages} pages", state, _at_most(pages)


def _page_count(file: Path) -> int:
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file)) as raw:
        return int(raw.execute("PRAGMA page_count").fetchone()[0])


def _at_most(pages: int) -> Arrange:
    """Let the database grow no further: SQLite then says what it says of a full disk."""

    def arrange() -> None:
        real = Database.__init__

        def init(self: Database, *args: object, **named: object) -> None:
            real(self, *args, **named)
            self._pragmas.append(f"max_page_count={pages}")

        Database.__init__ = init

    return arrange


def _sizes(seed: int, wanted: int) -> Iterator[Trial]:
    """No file may be longer than so many bytes: database, log, archive, backup alike."""
    rng = Random(f"{seed}/sizes")
    for number in range(wanted):
        size = int(LARGEST ** rng.uniform(0.5, 1))
        yield f"files of {size} bytes", (READY, NEW)[number % 2], _no_longer(size)


def _no_longer(size: int) -> Arrange:
    def arrange() -> None:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    return arrange


def _blocked(tally: Tally, there: Scene, where: str, put: Callable[[Path], None]) -> None:
    """Put something into the way, run, take it away again, run."""
    rig = there.rig
    rig.restore(READY)
    place, kept = rig.state / where, rig.folder / "kept"
    if place.exists():
        place.rename(kept)
    put(place)
    ended = rig.run(SLOT)
    found = list(_told(there, ended, ""))
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    if kept.exists():
        kept.rename(place)
    found += [*_intact(there, READY), *_recovers(there, READY)]
    tally.broken(*(f"{put.__name__} at {where}: {what}" for what in found))
    tally.trials += 1


def _file(place: Path) -> None:
    place.write_text("in the way")


def _nowhere(place: Path) -> None:
    place.symlink_to(place.parent / "nowhere")


def _full_folder(place: Path) -> None:
    place.mkdir()
    _file(place / "in the way")


OBSTACLES: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("reports", _file),
    ("reports", _nowhere),
    ("reports/.staged-000003", _file),
    ("reports/000003", _file),
    ("reports/index.html", _full_folder),
    ("reports/.index.html.part", _full_folder),
    ("backups", _file),
)
"""Where, and what is in the way there: root's rights open any folder, but these stop root too."""


# What must hold


def _told(there: Scene, ended: Ended, state: str) -> Iterator[str]:
    """A failed run says so by exit code and ping; one that ends well has done its work or, with
    something still in the way (no state), has said what it could not do.
    """
    rig = there.rig
    said = (rig.folder / "said.txt").read_text()
    (rig.folder / "said.txt").unlink()
    if "a bug in halosync" in said:
        yield f"it was called a bug: {said.strip()}"
    if ended.code is None:
        yield f"it ended with {ended}"
    elif ended.code == Exit.OK and state:
        yield from oracle.complete(rig, faults=0, decided=state == READY)
    elif ended.code == Exit.OK:
        if "error: " not in said:
            yield "nothing was said of it"
    elif "fail " not in (rig.pings.read_text() if rig.pings.exists() else ""):
        yield f"it ended with {ended}, and the monitoring service was not told"
    elif not list(rig.alarms.folder.glob("*.eml")):
        yield f"it ended with {ended}, and nobody was mailed an alert"


def _intact(there: Scene, state: str) -> Iterator[str]:
    if state == READY:
        yield from (f"at once: {what}" for what in oracle.safe(there.rig))
        last = there.rig.archive / "000002"
        if not last.is_dir():
            yield "the last report is gone"


def _recovers(there: Scene, state: str) -> Iterator[str]:
    again = there.rig.run(BY_HAND)
    if again.code != there.truth.exit_code:
        yield f"with room again, the next run ended with {again}"
    elif state == READY:
        yield from oracle.whole(there.rig, there.truth, faults=1)
    else:
        oracle.decide(there.rig)
        yield from oracle.complete(there.rig, faults=1)
