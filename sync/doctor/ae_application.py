"""AutoElevate's own application in Halo, where our login may read applications at all."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import msgspec

from sync.doctor.case import Case
from sync.doctor.checks import Check, Facts, Part, Status
from sync.sources.causes import Trouble
from sync.sources.halo_api import HaloApi
from sync.sources.halo_rows import envelope
from sync.sources.pages import read_page
from sync.sources.rows import RowFault, RowReader

SCOPES = ("read:tickets", "edit:tickets", "read:customers", "read:assets")
"""What the vendor's guide asks for."""
CODES = ("method", "login", "active")


class _Scope(msgspec.Struct):
    name: str | None = None


class Application(msgspec.Struct):
    id: int
    name: str | None = None
    grant_type: str | int | None = None
    loginas_agent_id: int | None = None
    loginas_agent_name: str | None = None
    inactive: bool | None = None
    scopes: list[_Scope] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Whom AutoElevate's application logs in as; 0 = nobody."""

    agent_id: int


def application_checks(api: HaloApi, case: Case) -> Generator[Check, None, Found | None]:
    """Yield what the application shows, or every box as a click by hand."""
    del case
    application = _theirs(_read(api))
    if application is None:
        yield from _by_hand()
        return None
    yield _method(application)
    yield _login(application)
    active = Status.FAILED if application.inactive else Status.OK
    yield _check("active", active, facts=(("name", application.name or ""),))
    granted = {scope.name for scope in application.scopes or ()}
    for scope in SCOPES:
        yield _check("scope", _scope_status(scope, granted), of=scope)
    return Found(application.loginas_agent_id or 0)


def _read(api: HaloApi) -> list[Application]:
    reader: RowReader[Application] = RowReader(Application)
    try:
        page = read_page(api.list("Application", ()).body, envelope("applications", bare=True))
        return [reader.typed(row) for row in page.rows]
    except (Trouble, RowFault):
        return []


def _theirs(applications: list[Application]) -> Application | None:
    """The one that bears AutoElevate's name; several or none = a person has to look."""
    named = [a for a in applications if "autoelevate" in (a.name or "").casefold()]
    return named[0] if len(named) == 1 else None


def _by_hand() -> Iterator[Check]:
    for code in CODES:
        yield _check(code, Status.UNREADABLE)
    for scope in SCOPES:
        yield _check("scope", Status.UNREADABLE, of=scope)


def _method(application: Application) -> Check:
    method = str(application.grant_type or "")
    if not method or method.isdigit():
        return _check("method", Status.UNREADABLE)
    right = "credential" in method.casefold() or "services" in method.casefold()
    return _check("method", Status.OK if right else Status.FAILED, facts=(("value", method),))


def _login(application: Application) -> Check:
    facts = (("name", application.loginas_agent_name or ""),)
    return _check(
        "login", Status.OK if application.loginas_agent_id else Status.FAILED, facts=facts
    )


def _scope_status(scope: str, granted: set[str | None]) -> Status:
    enough = {"all", "all:standard", scope}
    if scope.startswith("read:"):
        enough.add(scope.replace("read:", "edit:"))
    return Status.OK if granted & enough else Status.FAILED


def _check(code: str, status: Status, *, of: str = "", facts: Facts = ()) -> Check:
    return Check(Part.APPLICATION, f"ae-{code}", status, of=of, facts=facts)
