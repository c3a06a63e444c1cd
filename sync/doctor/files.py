"""The technicians' and the flags files: headers, rows and age, read as tonight's run would."""

from collections.abc import Iterator
from dataclasses import replace

from sync.core.pulls import Manifest, State
from sync.core.sides import FlagFile
from sync.doctor.case import Case
from sync.doctor.checks import Check, Facts, Part, Status
from sync.errors import Exit
from sync.sources.files import Disk
from sync.sources.flags import FlagReader
from sync.sources.people import PeopleSource
from sync.sources.settings import PeopleSettings

NEARLY = 0.8
"""From this share of its greatest age on, a file is worth renewing."""


def file_checks(case: Case) -> Iterator[Check]:
    yield _users(case, case.people)
    for file in FlagReader(case.flags, case.clock, Disk(case.clock)).read():
        yield _flags(case, file)


def _users(case: Case, settings: PeopleSettings) -> Check:
    pulled = next(iter(PeopleSource(settings, case.clock).pull()))
    manifest = pulled.manifest
    facts = (("file", str(settings.file or "")), ("n", len(pulled.records)))
    if manifest.state is State.OFF:
        return Check(Part.FILES, "users", Status.OK, why="off")
    if not manifest.state.trusted:
        return Check(
            Part.FILES, "users", Status.FAILED, why=manifest.cause, facts=facts,
            detail=manifest.detail, tonight=Exit.WITHHELD,
        )  # fmt: skip
    return _aged(case, settings, manifest, facts)


def _aged(
    case: Case,
    settings: PeopleSettings,
    manifest: Manifest,
    facts: tuple[tuple[str, str | int], ...],
) -> Check:
    if manifest.as_of is None:
        return Check(Part.FILES, "users", Status.OK, why="list", facts=facts)
    days = max(0, (case.clock.now() - manifest.as_of).days)
    facts = (*facts, ("days", days), ("most", settings.max_age_days))
    if days >= settings.max_age_days * NEARLY:
        return Check(Part.FILES, "users", Status.WARNING, why="ageing", facts=facts)
    return Check(Part.FILES, "users", Status.OK, facts=facts)


def _flags(case: Case, file: FlagFile) -> Check:
    """A file of "Linked" columns. One that cannot be believed says nothing; the night goes on."""
    facts: Facts = (("file", file.name), ("n", len(file.rows)), ("unread", file.unread))
    check = Check(Part.FILES, "flags", Status.WARNING, of=file.kind.value, facts=facts)
    if file.cause:
        return replace(check, why=str(file.cause), detail=file.detail)
    days = max(0, (case.clock.now() - file.as_of).days) if file.as_of else 0
    check = replace(check, facts=(*facts, ("days", days), ("most", case.flags.max_age_days)))
    if file.unread:
        return replace(check, why="unread")
    if days >= case.flags.max_age_days * NEARLY:
        return replace(check, why="ageing")
    return replace(check, status=Status.OK)
