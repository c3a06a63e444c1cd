"""Where the database file may lie: private, local, ours. Checked before SQLite touches it."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from sync.errors import ConfigError
from sync.store.db import damaged, explained, newest_backup

APPLICATION_ID = 0x48414C4F
"""Written in the file's header; reads HALO."""
HEADER = b"SQLite format 3\x00"
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre",
     "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "davfs",
     "fuse.davfs2"}
)  # fmt: skip
MOUNTS = Path("/proc/self/mountinfo")


def prepare(path: Path) -> None:
    """Create a private folder and an empty private file, or check those that are there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_network(path.parent)
        if not path.exists() and not path.is_symlink():
            _create(path)
        check(path)
        if os.name == "posix":
            _close_to_others(path)
        if path.stat().st_size == 0:
            _write_header(path)
    except OSError as error:
        raise ConfigError(
            f"the database {path} cannot be created or opened: {error.strerror}",
            hint="The user that runs halosync must own the state folder and may write there.",
        ) from error


def check(path: Path) -> None:
    """Refuse what is not a database of ours, before SQLite opens it."""
    if not path.exists():
        raise ConfigError(
            f"there is no database at {path}",
            hint="The first run creates it; check `state_dir` if there should be one.",
        )
    if path.is_symlink() or not path.is_file():
        raise ConfigError(
            f"{path} is not an ordinary file", hint="Point `state_dir` to a folder of its own."
        )
    with path.open("rb") as file:
        head = file.read(72)
    if not head and newest_backup(path) is None:
        return
    if not head.startswith(HEADER):
        raise damaged(path, "it is empty" if not head else "it does not begin like a database")
    if int.from_bytes(head[68:72], "big") not in {0, APPLICATION_ID}:
        raise ConfigError(
            f"{path} is a database of another program",
            hint="Point `state_dir` to a folder of its own.",
        )


def _create(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return  # another process was faster; it made the same file


def _close_to_others(path: Path) -> None:
    """Take rights from group and world; SQLite gives its side files the mode of the database."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)


def _write_header(path: Path) -> None:
    """Settle what can only be settled while the file is empty."""
    with explained(path), closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA auto_vacuum=INCREMENTAL")
        raw.execute("PRAGMA journal_mode=WAL")


def refuse_network(folder: Path, mounts: Path = MOUNTS) -> None:
    """SQLite's locks and its write-ahead log do not hold on a network file system."""
    kind = filesystem_of(folder.resolve(), mounts)
    if kind in NETWORK or str(folder).startswith("\\\\"):
        raise ConfigError(
            f"the state folder {folder} lies on a network file system ({kind or 'UNC path'})",
            hint="Set `state_dir` to a folder on a local disk.",
        )


def filesystem_of(folder: Path, mounts: Path = MOUNTS) -> str:
    """Name the type of the file system that holds the folder; empty where it cannot be known."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    longest, kind = -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        point = Path(left.split()[4].replace("\\040", " "))
        if folder.is_relative_to(point) and len(point.parts) >= longest:
            longest, kind = len(point.parts), right.split()[0]
    return kind
