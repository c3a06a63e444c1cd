"""Backups: whole, checked and private copies, some days and weeks of them; and retention."""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from sync.errors import ConfigError
from sync.failpoint import failpoint
from sync.store.db import backup_folder, damaged, explained
from sync.store.findings import FINDING
from sync.store.place import APPLICATION_ID
from sync.store.publish import OUTBOX
from sync.store.records import RECORD
from sync.store.runs import RUN, set_meta
from sync.store.verdicts import VERDICT

UPGRADES = 4
STAMP = "%Y%m%dT%H%M%SZ"
PRUNED = "pruned"
"""Up to this run, what stood then can no longer be told in full."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of what can be spared is kept."""

    days: int = 7
    """Daily backups."""
    weeks: int = 4
    """Weekly backups."""
    mail: timedelta = timedelta(days=90)
    """The bytes of sent mail."""
    closed: timedelta = timedelta(days=396)
    """Records and findings that no longer stand: thirteen months."""


KEEP = Keep()


def back_up(path: Path, at: datetime, *, why: str = "", keep: Keep = KEEP) -> Path:
    """Copy the database while it is in use, check the copy, and only then give it its name."""
    folder = backup_folder(path)
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{path.stem}-{at.strftime(STAMP)}{f'-{why}' if why else ''}.sqlite3"
    half = folder / f".{name}.part"
    half.unlink(missing_ok=True)
    try:
        os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with explained(half):
            _copy(path, half)
            complaint = complaint_of(half)
        if complaint:
            raise damaged(path, f"its backup fails the check: {complaint}")
        _to_disk(half)
        failpoint("backup:before-rename")
        half.replace(folder / name)
        _to_disk(folder)
    finally:
        half.unlink(missing_ok=True)
    _thin(folder, path.stem, keep)
    return folder / name


def _copy(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, no side files to forget


def complaint_of(file: Path) -> str:
    """Say what is wrong with a copy; nothing when it is sound and ours."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        owner = copy.execute("PRAGMA application_id").fetchone()[0]
    if said != "ok":
        return str(said)
    return "" if owner in {0, APPLICATION_ID} else "it belongs to another program"


def _to_disk(path: Path) -> None:
    """Flush a file or a folder, so that a power cut cannot undo the rename."""
    if path.is_dir() and os.name != "posix":
        return  # only POSIX can open a folder to flush it
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _thin(folder: Path, stem: str, keep: Keep) -> None:
    """Keep the newest backup of each of the last days and weeks."""
    found = sorted(folder.glob(f"{stem}-*.sqlite3"))
    for file in set(found) - kept(found, stem, keep):
        file.unlink()


def kept(files: Sequence[Path], stem: str, keep: Keep = KEEP) -> set[Path]:
    """Choose the newest of each of the last days and weeks that have one.

    Backups made by hand or before an upgrade have a word behind the date and are counted apart.
    """
    dated = [(when, file) for file in files if (when := _stamp(file, stem))]
    days = {when.date(): file for when, file in dated}
    weeks = {when.isocalendar()[:2]: file for when, file in dated}
    others = [file for file in files if not _stamp(file, stem)]
    daily, weekly = list(days.values())[-keep.days :], list(weeks.values())[-keep.weeks :]
    return {*others[-UPGRADES:], *daily, *weekly}


def _stamp(file: Path, stem: str) -> datetime | None:
    try:
        return datetime.strptime(file.stem[len(stem) + 1 :], STAMP)  # noqa: DTZ007
    except ValueError:
        return None


def restore(path: Path, file: Path, at: datetime) -> Path:
    """Put a backup in the database's place and keep the old file beside it; gives the old one.

    The caller holds the run lock.
    """
    if not file.is_file():
        raise ConfigError(f"there is no backup {file}", hint="See the folder `backups`.")
    with explained(file):
        complaint = complaint_of(file)
    if complaint:
        raise ConfigError(f"the backup {file} is damaged: {complaint}", hint="Choose an older one.")
    half = path.with_name(f".{path.name}.part")
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    half.write_bytes(file.read_bytes())
    _to_disk(half)
    old = path.with_name(f"{path.stem}-replaced-{at.strftime(STAMP)}.sqlite3")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(old.with_name(old.name + suffix))
    half.replace(path)
    _to_disk(path.parent)
    return old


def prune(conn: sa.Connection, at: datetime, keep: Keep = KEEP) -> int:
    """Forget closed intervals and the bytes of mail that are older than what is kept.

    What stands, events, runs and digests stay for ever. Gives how many rows went or were emptied.
    """
    mail = conn.execute(
        sa.update(OUTBOX)
        .where(OUTBOX.c.body.is_not(None), OUTBOX.c.run_id.in_(_before(at - keep.mail)))
        .values(body=None, reduced=None)
    )
    old = _before(at - keep.closed)
    closed: Iterable[tuple[sa.Table, sa.Column[int | None]]] = (
        (RECORD, RECORD.c.last_run),
        (VERDICT, VERDICT.c.last_run),
        (FINDING, FINDING.c.closed_run),
    )
    went = [conn.execute(sa.delete(table).where(end.in_(old))).rowcount for table, end in closed]
    if sum(went):
        newest = conn.scalar(sa.select(sa.func.max(old.subquery().c.id)))
        set_meta(conn, PRUNED, str(newest))
    return mail.rowcount + sum(went)


def _before(moment: datetime) -> sa.Select[tuple[int]]:
    return sa.select(RUN.c.id).where(RUN.c.started < moment)
