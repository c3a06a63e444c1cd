"""The technicians' file and the flags file: headers, rows and age, read as tonight's run would."""

from collections.abc import Iterator

from sync.core.pulls import Manifest, State
from sync.doctor.case import Case
from sync.doctor.checks import Check, Part, Status
from sync.errors import Exit
from sync.sources.people import PeopleSource
from sync.sources.settings import PeopleSettings

NEARLY = 0.8
"""From this share of its greatest age on, a file is worth renewing."""


def file_checks(case: Case) -> Iterator[Check]:
    yield _users(case, case.people)


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
