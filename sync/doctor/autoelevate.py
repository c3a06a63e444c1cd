"""AutoElevate's key: its kind, what it opens, whether it sees every company, and both clocks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sync.core.records import Collection
from sync.doctor.case import Case
from sync.doctor.checks import Check, Facts, Part, Status, stopped
from sync.doctor.listening import Listening
from sync.doctor.sizes import Sizes
from sync.errors import Exit
from sync.sources.autoelevate import ROUTES, TAKE
from sync.sources.autoelevate_api import LARGEST_SKEW, SCOPES, AutoElevateApi, root_of
from sync.sources.autoelevate_rows import Company, Computer, Usage
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Reply, Request
from sync.sources.pages import Envelope, Page, read_page
from sync.sources.rows import RowFault, RowReader

ITEMS = Envelope("items", "totalCount")
NOTABLE_SKEW = timedelta(minutes=2)
SHUT_OUT = {Cause.UNAUTHORIZED.value, Cause.CLOCK_SKEW.value}
SEEN = 0.9
"""AutoElevate's own count of agents runs a little behind; a tenth missing is no delay."""


def key_checks(case: Case, sizes: Sizes) -> Iterator[Check]:
    wire = Listening(case.to_autoelevate)
    api = AutoElevateApi(case.autoelevate, wire, case.ledger)
    try:
        case.to_autoelevate.send(Request(f"{root_of(case.autoelevate.base_url)}/"))
    except Trouble as trouble:
        yield stopped(Part.AUTOELEVATE, "ae-address", trouble, whole=True)
        return
    yield _check("ae-address", Status.OK, facts=(("address", root_of(case.autoelevate.base_url)),))
    agents = _agents(api)
    pages: dict[Collection, Page] = {}
    for collection, route in ROUTES.items():
        check = _opened(api, collection, route, pages)
        if collection in pages:
            check = _counted(collection, route, pages[collection].total or 0)
            sizes.now[collection] = pages[collection].total or 0
        if not pages and check.why in SHUT_OUT:
            yield _shut(check)
            return
        yield check
    if not pages:
        return
    yield _check("ae-key", Status.OK, why=_scheme(case))
    yield from _clock(case, wire.last)
    yield from _restriction(pages, agents)
    yield from _optional(api)


def _opened(
    api: AutoElevateApi, collection: Collection, route: str, pages: dict[Collection, Page]
) -> Check:
    """One list. Companies and computers a whole page, which the restriction is read from."""
    take = 1 if collection is Collection.AE_LOCATIONS else TAKE
    try:
        reply = api.list(route, (("take", str(take)), ("skip", "0")))
        pages[collection] = read_page(reply.body, ITEMS)
    except Trouble as trouble:
        failed = stopped(Part.AUTOELEVATE, "ae-list", trouble, of=collection.value)
        return replace(failed, facts=(("scope", SCOPES[route]),))
    return Check(Part.AUTOELEVATE, "ae-list", Status.OK, of=collection.value)


def _counted(collection: Collection, route: str, count: int) -> Check:
    """Empty is never good news: tonight's run would wait for a word."""
    facts: Facts = (("n", count), ("scope", SCOPES[route]))
    check = Check(Part.AUTOELEVATE, "ae-list", Status.OK, of=collection.value, facts=facts)
    if count:
        return check
    return replace(check, status=Status.FAILED, why="empty", tonight=Exit.BRAKE)


def _shut(check: Check) -> Check:
    """The key as a whole is refused: not one list's trouble."""
    code = "ae-clock" if check.why == Cause.CLOCK_SKEW.value else "ae-key"
    return Check(
        Part.AUTOELEVATE, code, Status.FAILED, why=check.why, detail=check.detail,
        tonight=Exit.SOURCE_DOWN,
    )  # fmt: skip


def _scheme(case: Case) -> str:
    return "signed" if case.autoelevate.hmac_key else "bearer"


def _clock(case: Case, last: Reply | None) -> Iterator[Check]:
    server = last.server_time if last else None
    if server is None:
        return
    skew = case.clock.now() - server
    facts: Facts = (("seconds", round(abs(skew).total_seconds())),)
    why = "ahead" if skew > timedelta(0) else "behind"
    if abs(skew) > LARGEST_SKEW and case.autoelevate.hmac_key:
        yield _check("ae-clock", Status.FAILED, why=why, facts=facts, tonight=Exit.SOURCE_DOWN)
    elif abs(skew) > NOTABLE_SKEW:
        yield _check("ae-clock", Status.WARNING, why=why, facts=facts)
    else:
        yield _check("ae-clock", Status.OK, facts=facts)


def _agents(api: AutoElevateApi) -> int | None:
    usage = api.read("usage", Usage)
    return usage.totalActiveAgents if usage else None


def _restriction(pages: dict[Collection, Page], agents: int | None) -> Iterator[Check]:
    """A key limited to some companies shortens every list without a word."""
    companies, computers = pages.get(Collection.AE_COMPANIES), pages.get(Collection.AE_COMPUTERS)
    if companies is None or computers is None:
        return
    listed = computers.total or 0
    strange = 0
    if (companies.total or 0) <= len(companies.rows):
        known = {row.id.lower() for row in _typed(companies, Company)}
        strange = sum(c.companyId.lower() not in known for c in _typed(computers, Computer))
    facts: Facts = (("listed", listed), ("agents", agents or 0), ("strange", strange))
    if strange:
        yield _check("ae-restriction", Status.WARNING, why="strange", facts=facts)
    elif agents is not None and agents - listed > 5 and listed < agents * SEEN:
        yield _check("ae-restriction", Status.WARNING, why="fewer", facts=facts)
    elif agents is None:
        yield _check("ae-restriction", Status.UNREADABLE)
    else:
        yield _check("ae-restriction", Status.OK, facts=facts)


def _typed(page: Page, struct: type[Any]) -> list[Any]:
    reader: RowReader[Any] = RowReader(struct)
    found = []
    for row in page.rows:
        try:
            found.append(reader.typed(row))
        except RowFault:
            continue
    return found


def _optional(api: AutoElevateApi) -> Iterator[Check]:
    """What helps (elevation requests), and what we never need (audit logs)."""
    yield _check("ae-requests", Status.OK, why="" if _opens(api, "elevation-requests") else "none")
    wider = _opens(api, "audit-logs")
    yield _check("ae-wider", Status.WARNING if wider else Status.OK)


def _opens(api: AutoElevateApi, route: str) -> bool:
    try:
        api.list(route, (("take", "1"),))
    except Trouble:
        return False
    return True


def _check(
    code: str, status: Status, *, why: str = "", facts: Facts = (), tonight: Exit = Exit.OK
) -> Check:
    return Check(Part.AUTOELEVATE, code, status, why=why, facts=facts, tonight=tonight)
