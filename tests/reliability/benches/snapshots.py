"""Databases as each released version left them, recorded as SQL: what an upgrade starts from.

`python -m tests.reliability.benches.snapshots` records the newest revision. Do so before a release; what
was released is never recorded again, for it is what people have.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sync.store import schema
from tests.reliability.benches.years import history

FOLDER = Path(__file__).parents[2] / "fixtures" / "store"
NIGHTS = 3
KEPT = ("application_id", "auto_vacuum", "user_version")


def recorded(revision: str) -> Path:
    return FOLDER / f"{revision}.sql"


def record(revision: str) -> Path:
    """Write down a short history in this version's tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state" / "halosync.sqlite3"
        store, _ = history(path, NIGHTS, NIGHTS + 1)
        store.close()
        with closing(sqlite3.connect(path)) as raw:
            marks = [f"PRAGMA {p}={raw.execute(f'PRAGMA {p}').fetchone()[0]};" for p in KEPT]
            lines = [*marks, *raw.iterdump()]
    file = recorded(revision)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def play(revision: str, path: Path) -> None:
    """Make the database that was recorded."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.executescript(recorded(revision).read_text(encoding="utf-8"))
        raw.execute("PRAGMA journal_mode=WAL")


if __name__ == "__main__":
    print(record(schema.REVISIONS[-1]))
