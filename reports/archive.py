"""The folder of nights: staged before publication, revealed after it, tidied after a crash.

A reader sees a night's folder complete or not at all, and never one that was not published.
"""

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from reports.render import NightLine, nights_html
from sync.core.result import Edition
from sync.errors import SyncError

NIGHT_FILE = "night.json"
"""What the index says of a night; written with the edition, read for every later index."""
_STAGED = ".staged-"
_GOING = ".going-"


def stage(edition: Edition, archive_dir: Path, run_id: int) -> None:
    """Write the edition into a hidden folder, every byte on disk before publication."""
    hidden = archive_dir / f"{_STAGED}{run_id:06d}"
    try:
        archive_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(hidden, ignore_errors=True)
        hidden.mkdir(mode=0o700)
        for name, content in edition.files.items():
            _write(hidden / name, content)
        _sync_folder(hidden)
        _sync_folder(archive_dir)
    except OSError as error:
        raise _not_written(archive_dir, error) from error


def reveal(archive_dir: Path, run_id: int, language: str = "en") -> Path:
    """Show a published run's folder and list it in the index; safe to repeat."""
    hidden, shown = archive_dir / f"{_STAGED}{run_id:06d}", archive_dir / f"{run_id:06d}"
    try:
        if hidden.exists():
            if shown.exists():
                shutil.rmtree(shown)
            hidden.rename(shown)
            _sync_folder(archive_dir)
        refresh(archive_dir, language)
    except OSError as error:
        raise _not_written(archive_dir, error) from error
    return shown


def _not_written(archive_dir: Path, error: OSError) -> SyncError:
    return SyncError(
        f"the report could not be written to {archive_dir}: {error.strerror or error}",
        hint="check free space and the rights on report.archive_dir",
    )


def tidy(archive_dir: Path, published_ids: Collection[int], language: str = "en") -> None:
    """After a crash: reveal what was published, remove what was not."""
    if not archive_dir.is_dir():
        return
    for hidden in sorted(archive_dir.glob(f"{_STAGED}*")):
        number = hidden.name.removeprefix(_STAGED)
        if number.isdigit() and int(number) in published_ids:
            reveal(archive_dir, int(number), language)
        else:
            shutil.rmtree(hidden, ignore_errors=True)


def forget(archive_dir: Path, first_kept: int, language: str = "en") -> int:
    """Remove the nights before this run, each as a whole; give how many went."""
    for half in archive_dir.glob(f"{_GOING}*"):
        shutil.rmtree(half)
    old = [
        folder
        for folder in archive_dir.glob("[0-9]*")
        if folder.name.isdigit() and int(folder.name) < first_kept
    ]
    for folder in old:
        shutil.rmtree(folder.rename(archive_dir / f"{_GOING}{folder.name}"))
    if old:
        refresh(archive_dir, language)
    return len(old)


def refresh(archive_dir: Path, language: str = "en") -> None:
    """Write the index of nights anew from what each night says of itself."""
    page = nights_html(_nights(archive_dir), language)
    _write(archive_dir / "index.html", page.encode())


def night_file(said: Mapping[str, str]) -> bytes:
    return json.dumps(said, ensure_ascii=True, sort_keys=True).encode() + b"\n"


def _nights(archive_dir: Path) -> Iterator[NightLine]:
    """Newest first; a folder without a readable file is left out, not an error."""
    for folder in sorted(archive_dir.glob("[0-9]*"), reverse=True):
        try:
            said = json.loads((folder / NIGHT_FILE).read_bytes())
            yield NightLine(folder=folder.name, **{k: str(said[k]) for k in NightLine._fields[1:]})
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _write(path: Path, content: bytes) -> None:
    """Readable by the owner only; complete on disk or not there."""
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
