"""Published reports, read again: their text, their files, and whether these are still the same."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from reports.preview import preview
from sync.app.installation import Installation
from sync.app.post import PAGE, night_folder
from sync.app.reading import open_store
from sync.errors import UsageError

SAMPLE_ROWS = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """One published run's report as it lies in the archive."""

    run_id: int
    mail: bytes
    """The first of its letters byte for byte: from the outbox while that keeps it, else from the
    archive; empty when neither has one."""
    files: Mapping[str, Path]
    changed: tuple[str, ...]
    """Files whose bytes are not the published ones."""

    @property
    def text(self) -> str:
        """The text part of the night's mail."""
        if not self.mail:
            return ""
        part = message_from_bytes(self.mail, policy=policy.default).get_body(("plain",))
        return str(part.get_content()).rstrip() if part else ""

    @property
    def page(self) -> Path | None:
        return self.files.get(PAGE)


def read_report(here: Installation, run_id: int | None) -> Kept:
    """Find a published run's report; the latest when none is named."""
    with open_store(here) as store:
        latest = store.status().published
        wanted = run_id or (latest.id if latest else 0)
        detail = store.run(wanted) if wanted else None
        letters = store.letters(wanted) if wanted else ()
    if detail is None or detail.row.state != "published":
        raise UsageError(
            f"run {run_id} was not published" if run_id else "no run was published yet",
            hint="`halosync history` lists the runs",
        )
    folder = night_folder(here, wanted)
    files = {name: folder / name for name in detail.files if (folder / name).is_file()}
    changed = tuple(name for name, path in files.items() if _digest(path) != detail.files[name])
    mail = letters[0].body if letters else _bytes(files.get("mail.eml"))
    return Kept(wanted, mail, files, changed)


def complaints_about(here: Installation, run_id: int) -> list[str]:
    """Compare a run's archived files with what was published."""
    kept = read_report(here, run_id)
    return [f"{name} of run {run_id} is not what was published" for name in kept.changed]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _bytes(file: Path | None) -> bytes:
    return file.read_bytes() if file else b""


def write_preview(folder: Path) -> list[Path]:
    """Write the sample reports; the page that lists them comes first."""
    index = preview(folder, SAMPLE_ROWS)
    return [index, *sorted(folder.glob(f"*/{PAGE}"))]
