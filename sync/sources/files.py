"""Takes a file from disk only when it is ours, finished and of a sane size."""

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from sync.clock import Clock
from sync.sources.causes import Cause, Trouble

YOUNG_SECONDS = 10.0
"""A file untouched for longer than this is not being written any more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An open file and when it was last written; `at` is when we took it."""

    handle: BinaryIO = field(repr=False)
    written: datetime
    at: datetime
    size: int


class Files(Protocol):
    """Where files come from: the disk, or a recording of it."""

    def take(
        self, path: Path, *, settle_seconds: float, max_bytes: int
    ) -> AbstractContextManager[Taken]:
        """Open a file for reading, or raise `Trouble`."""
        ...


class Disk:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @contextmanager
    def take(self, path: Path, *, settle_seconds: float, max_bytes: int) -> Iterator[Taken]:
        at = self._clock.now()
        try:
            with self._taken(path, settle_seconds, max_bytes, at) as taken:
                yield taken
        except Trouble as trouble:
            trouble.at = trouble.at or at
            raise

    @contextmanager
    def _taken(
        self, path: Path, settle_seconds: float, max_bytes: int, at: datetime
    ) -> Iterator[Taken]:
        _no_partner(path)
        with _opened(path) as handle:
            before = os.fstat(handle.fileno())
            _check_ours(before, path)
            if before.st_size > max_bytes:
                size = before.st_size // 1024 // 1024
                raise Trouble(Cause.FILE_TOO_BIG, f"{path.name} has {size} MiB")
            if at.timestamp() - before.st_mtime < max(YOUNG_SECONDS, settle_seconds):
                self._clock.wait(settle_seconds)
                _check_still(handle, before, path)
            written = datetime.fromtimestamp(before.st_mtime, UTC)
            yield Taken(handle, written, at, before.st_size)
            _check_still(handle, before, path)


def _no_partner(path: Path) -> None:
    """A `.part` file is what many programs call a file they have not finished writing."""
    partner = path.with_name(f"{path.name}.part")
    if path.suffix.lower() == ".part" or partner.exists():
        raise Trouble(Cause.FILE_GROWING, f"{partner.name} stands beside it")


def _opened(path: Path) -> BinaryIO:
    # No links followed, and no waiting for the writer of a FIFO.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        if path.is_symlink():
            raise Trouble(Cause.FILE_UNSAFE, f"{path.name} is a symbolic link")
        return os.fdopen(os.open(path, flags), "rb")
    except FileNotFoundError:
        raise Trouble(Cause.FILE_ABSENT, f"{path.name} is not there") from None
    except PermissionError:
        raise Trouble(Cause.FILE_FORBIDDEN, f"{path.name} may not be read") from None
    except (OSError, ValueError) as error:
        raise Trouble(Cause.FILE_UNSAFE, f"{path.name}: {type(error).__name__}") from None


def _check_ours(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Trouble(Cause.FILE_UNSAFE, f"{path.name} is not a regular file")
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid not in {0, os.geteuid()}:
        raise Trouble(Cause.FILE_UNSAFE, f"{path.name} belongs to another account")
    if found.st_mode & stat.S_IWOTH:
        raise Trouble(Cause.FILE_UNSAFE, f"anyone may write to {path.name}")


def _check_still(handle: BinaryIO, before: os.stat_result, path: Path) -> None:
    """Refuse a file that changed, or was replaced, since we looked at it."""
    now = os.fstat(handle.fileno())
    try:
        named = path.stat()
    except OSError:
        raise Trouble(Cause.FILE_GROWING, f"{path.name} went away while being read") from None
    if {_mark(now), _mark(named)} != {_mark(before)}:
        raise Trouble(Cause.FILE_GROWING, f"{path.name} changed while being read")


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
