"""G15: a damaged database is harmless or refused; no report is ever made from it.

Bytes are flipped, the file is cut short, the write-ahead log taken away. Then a night is tried: it
must be refused with a sentence, or say exactly what it says without the damage. Afterwards the
backup is restored, and the night must be that of an undamaged database.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from sync.core.result import Result
from sync.errors import SyncError
from sync.store import Store, recall, restore
from sync.store.db import Database
from tests.reliability.benches.bench import memory_folder, replaced
from tests.reliability.benches.years import Calendar, history, live
from tests.reliability.tally import Tally, Tier

TRIALS = {"push": 40, "release": 500, "nightly": 500}
Damage = Callable[[Path, Random], None]
NIGHTS = 4
UNGUARDED = 60
PAGE = 4096
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
NAME = "halosync.sqlite3"


def run(tier: Tier, seed: int) -> Tally:
    return _damaged(seed, TRIALS[tier], DAMAGES)


def _damaged(seed: int, trials: int, ways: Sequence[Damage]) -> Tally:
    rng, tally = Random(seed), Tally()
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        sound, backup = _sound(Path(folder))
        control = _night(_copied(sound, Path(folder) / "control"))
        for number in range(trials):
            way = ways[number % len(ways)]
            place = _copied(sound, Path(folder) / "trial")
            way(place, rng)
            for what in _tried(place, backup, control, tally):
                tally.broken(f"trial {number}, {way.__name__}: {what}")
            tally.trials += 1
            shutil.rmtree(place)
    return tally


def sabotage(seed: int) -> Tally:
    """Open whatever is there and ask nothing of it."""

    def nothing(*_args: object, **_more: object) -> tuple[()]:
        return ()

    def unchecked(_self: Database) -> str:
        return ""

    with replaced(recall, "complaints", nothing), replaced(Database, "checked", unchecked):
        return _damaged(seed, UNGUARDED, [change_letters])


def _sound(folder: Path) -> tuple[Path, Path]:
    """A database with a log that is not yet part of the file, and a backup of the same moment."""
    home, still = folder / "home", folder / "still"
    store, _clock = history(home / NAME, NIGHTS)
    with store:
        backup = store.back_up()
        still.mkdir(mode=0o700)
        for part in home.glob(f"{NAME}*"):
            shutil.copy(part, still / part.name)
    return still, backup


def _copied(sound: Path, place: Path) -> Path:
    shutil.copytree(sound, place)
    return place


def flip_bytes(place: Path, rng: Random) -> None:
    file = rng.choice([part for part in sorted(place.iterdir()) if part.stat().st_size])
    raw = bytearray(file.read_bytes())
    for _ in range(rng.choice((1, 1, 3, 40))):
        raw[rng.randrange(len(raw))] ^= rng.randrange(1, 256)
    file.write_bytes(raw)


def cut_short(place: Path, rng: Random) -> None:
    file = place / NAME
    file.write_bytes(file.read_bytes()[: rng.randrange(file.stat().st_size)])


def lose_the_log(place: Path, rng: Random) -> None:
    for suffix in rng.choice((("-wal",), ("-shm",), ("-wal", "-shm"))):
        (place / f"{NAME}{suffix}").unlink(missing_ok=True)


def change_letters(place: Path, rng: Random) -> None:
    """What SQLite itself does not mind: only the guards see that a text is another one."""
    file = place / NAME
    raw = bytearray(file.read_bytes())
    letters = [n for n, byte in enumerate(raw) if n > PAGE and chr(byte) in LETTERS]
    for at in rng.sample(letters, 8):
        raw[at] = ord(rng.choice(LETTERS))
    file.write_bytes(raw)


DAMAGES: tuple[Damage, ...] = (
    flip_bytes,
    flip_bytes,
    cut_short,
    lose_the_log,
    change_letters,
)


def _night(place: Path) -> Result:
    with Store.open(place / NAME, clock := Calendar()) as store:
        return live(store, clock, NIGHTS)


def _tried(place: Path, backup: Path, control: Result, tally: Tally) -> Iterator[str]:
    try:
        result = _night(place)
    except SyncError:
        tally.notes["refused"] = int(str(tally.notes.get("refused", 0))) + 1
    except Exception as error:  # noqa: BLE001 - whatever it is, it was not a sentence
        yield f"no sentence but {type(error).__name__}: {error}"
    else:
        if _told(result) != _told(control):
            yield "a report from a damaged database"
    try:
        restore(place / NAME, backup, Calendar().now())
        if _told(_night(place)) != _told(control):
            yield "the restored backup says something else"
    except Exception as error:  # noqa: BLE001
        yield f"the backup could not be restored: {type(error).__name__}: {error}"


def _told(result: Result) -> tuple[object, ...]:
    return (result.verdicts, result.findings, result.resolved, result.pairs_made, result.counts)
