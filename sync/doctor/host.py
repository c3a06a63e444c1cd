"""This machine: file modes, the state folder, disk space, time zone, who runs it."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sync.doctor.case import Case, Host
from sync.doctor.checks import Check, Part, Status
from sync.errors import Exit


def host_checks(case: Case) -> Iterator[Check]:
    host = case.host
    yield from _files(host)
    yield _state(host)
    yield _disk(host)
    yield _zone(host)
    if host.refused is not None:
        yield Check(
            Part.HOST,
            "start",
            Status.FAILED,
            facts=(("hint", host.refused.hint),),
            detail=str(host.refused),
            tonight=host.refused.exit_code,
        )


def _files(host: Host) -> Iterator[Check]:
    """Config and secret files: for nobody else to read."""
    named = [] if host.config is None else [("config-file", host.config)]
    named += [("secret-file", file) for file in host.secret_files]
    for code, file in named:
        of = file.name if code == "secret-file" else ""
        facts = (("file", str(file)),)
        if os.name != "posix":
            continue
        open_to = "written" if _mode(file) & 0o022 else "read" if _mode(file) & 0o077 else ""
        status = {"": Status.OK, "read": Status.WARNING, "written": Status.FAILED}[open_to]
        yield Check(Part.HOST, code, status, of=of, why=open_to, facts=facts)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0


def _state(host: Host) -> Check:
    """The folder itself, or the nearest one above it that exists and would hold it."""
    folder = _existing(host.state)
    facts = (("folder", str(host.state)),)
    if not os.access(folder, os.W_OK | os.X_OK) or not folder.is_dir():
        return _host("state", Status.FAILED, "not-writable", facts, Exit.CONFIG)
    if folder != host.state:
        return _host("state", Status.OK, "new", facts)
    if os.name == "posix" and _mode(folder) & 0o077:
        return _host("state", Status.WARNING, "open", facts)
    return _host("state", Status.OK, "", facts)


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _disk(host: Host) -> Check:
    free = shutil.disk_usage(_existing(host.state)).free // 1_000_000
    facts = (("free", free), ("least", host.min_free_megabytes))
    if free < host.min_free_megabytes:
        return _host("disk", Status.FAILED, "", facts, Exit.CONFIG)
    return _host("disk", Status.WARNING if free < 5 * host.min_free_megabytes else Status.OK,
                 "", facts)  # fmt: skip


def _zone(host: Host) -> Check:
    facts = (("zone", host.timezone), ("next", host.next_slot))
    if not host.timezone_set:
        return _host("time-zone", Status.WARNING, "unset", facts)
    return _host("time-zone", Status.OK, "", facts)


def _host(
    code: str,
    status: Status,
    why: str,
    facts: tuple[tuple[str, str | int], ...],
    exit_code: Exit = Exit.OK,
) -> Check:
    return Check(Part.HOST, code, status, why=why, facts=facts, tonight=exit_code)
