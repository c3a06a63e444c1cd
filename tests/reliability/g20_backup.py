"""G20: a backup taken while a run writes is whole, and a restored one goes on as if nothing was.

A second thread decides and publishes night after night while copies are taken. Each copy must pass
SQLite's own check, hold the decisions up to its moment, and give the same next night as a database
that lived the same nights without any of this.
"""

import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sync.core.result import Result
from sync.errors import SyncError
from sync.store import Store, backup, restore
from tests.reliability.benches.bench import memory_folder, replaced
from tests.reliability.benches.years import Calendar, decide, history, live
from tests.reliability.tally import Tally, Tier

BACKUPS = {"push": 10, "release": 100, "nightly": 100}
NIGHTS = 8


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        controls = _Controls(Path(folder) / "controls")
        number = 0
        while tally.trials < BACKUPS[tier]:
            number += 1
            place = Path(folder) / f"{number}"
            for copy, least in _copies(place, BACKUPS[tier] - tally.trials):
                tally.trials += 1
                found = _readable(_judged(copy, least, controls))
                tally.broken(*(f"backup {tally.trials}: {what}" for what in found))
            shutil.rmtree(place)
    return tally


def sabotage(seed: int) -> Tally:
    """Copy the file as it lies there, in pieces and while it changes, and believe the copy."""

    def in_pieces(path: Path, target: Path) -> None:
        with path.open("rb") as source, target.open("wb") as copy:
            while piece := source.read(1 << 14):
                copy.write(piece)
                time.sleep(0.02)

    with replaced(backup, "_copy", in_pieces), replaced(backup, "complaint_of", _silent):
        return run("push", seed)


def _silent(_file: Path) -> str:
    return ""


def _copies(place: Path, wanted: int) -> list[tuple[Path, int]]:
    """Take copies while another thread writes, each with the decisions it must hold at least."""
    store, clock = history(place / "halosync.sqlite3", 1)
    done = threading.Event()

    def work() -> None:
        for number in range(1, NIGHTS):
            decide(store, number)
            live(store, clock, number)
        done.set()

    writer = threading.Thread(target=work)
    copies: list[tuple[Path, int]] = []
    writer.start()
    while not done.is_set() and len(copies) < wanted:
        least = len(store.decisions())
        made = backup.back_up(place / "halosync.sqlite3", clock.now(), why=f"{len(copies)}")
        copies.append((made.rename(place / f"copy-{len(copies)}.sqlite3"), least))
    writer.join()
    _keep_old(place)
    store.close()
    return copies


def _keep_old(place: Path) -> None:
    """Keep what lies there at the end, log and all: it is what a backup is put back over."""
    (place / "old").mkdir(mode=0o700)
    for part in place.glob("halosync.sqlite3*"):
        shutil.copy(part, place / "old" / part.name)


class _Controls:
    """What the night after so many nights and decisions says, found out once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[int, int], Result] = {}

    def after(self, nights: int, decisions: int) -> Result:
        key = nights, decisions
        if key not in self._known:
            path = self._folder / f"{nights}-{decisions}" / "halosync.sqlite3"
            store, clock = history(path, nights, decisions)
            with store:
                self._known[key] = live(store, clock, nights)
        return self._known[key]


def _readable(found: Iterator[str]) -> Iterator[str]:
    """A copy that cannot even be asked is a violation, not the end of the count."""
    try:
        yield from found
    except (sqlite3.Error, ValueError) as error:
        yield f"it cannot be read: {error}"


def _judged(copy: Path, least: int, controls: _Controls) -> Iterator[str]:
    with closing(sqlite3.connect(copy)) as raw:
        said = raw.execute("PRAGMA integrity_check").fetchone()[0]
        tables = raw.execute("SELECT count(*) FROM sqlite_master WHERE name='decision'")
        known = tables.fetchone()[0]
        held = raw.execute("SELECT count(*) FROM decision").fetchone()[0] if known else 0
    if said != "ok":
        yield f"integrity_check says {said}"
        return
    path = copy.with_suffix("") / "halosync.sqlite3"
    shutil.copytree(copy.parent / "old", path.parent)
    try:
        restore(path, copy, Calendar().now())
        with Store.open(path, clock := Calendar()) as store:
            yield from store.check_invariants()
            nights, decisions = len(store.runs(100)), len(store.decisions())
            if store.runs(1)[0].state == "started":
                nights -= 1
            result = live(store, clock, nights)
    except (SyncError, sqlite3.Error, IndexError) as error:
        yield f"it cannot be gone on from: {error}"
        return
    if held < least:
        yield f"{least} decisions had been made, {held} were copied"
    elif decisions != held:
        yield f"{held} decisions were copied, {decisions} came back"
    elif decisions not in {nights, nights + 1}:
        yield f"{decisions} decisions beside {nights} nights"
    elif _told(result) != _told(controls.after(nights, decisions)):
        yield f"the night after {nights} differs"


def _told(result: Result) -> tuple[object, ...]:
    return (result.verdicts, result.findings, result.resolved, result.pairs_made, result.counts)
