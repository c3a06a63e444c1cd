"""Halo's tickets as evidence: the clients for which AutoElevate raised some lately.

Opt-in, and dispensable: it has a token and a line of its own, so that nothing that goes wrong here
says anything about the lists.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import msgspec

from sync.core.pulls import Raised, Tickets
from sync.sources.causes import Trouble
from sync.sources.halo_api import HaloApi
from sync.sources.halo_rows import envelope
from sync.sources.http import Wire
from sync.sources.line import AE_PATIENCE, Line
from sync.sources.pace import Pace
from sync.sources.pages import Page, read_page
from sync.sources.rows import Id, RowFault, RowReader
from sync.sources.settings import HaloSettings, TicketSettings

SCOPE = "read:tickets"
PAGE = 100
"""NOTE: what this list really gives, however many are asked for."""
MOST_PAGES = 50
"""The newest 5,000 tickets are enough: every one found is a fact, and none has to be complete."""
TOMORROW = timedelta(days=1)
"""Halo writes times without offset: one that seems to come may be its own time zone's."""


class Ticket(msgspec.Struct, gc=False):
    id: Id
    client_id: Id | None = None
    dateoccurred: str | None = None
    tickettype_id: Id | None = None
    tickettype_name: str | None = None
    agent_name: str | None = None
    created_by: str | None = None


_READER: RowReader[Ticket] = RowReader(Ticket)
_ENVELOPE = envelope("tickets", _READER)


@dataclass(slots=True)
class _Found:
    """What the pages have shown so far, newest ticket first."""

    since: datetime
    until: datetime
    seen: set[int] = field(default_factory=set)
    clients: dict[int, list[date]] = field(default_factory=dict)
    falling: bool = True
    """Ids came in falling order: the order asked for was kept."""
    lowest: int | None = None

    def note(self, ticket: Ticket) -> bool:
        """Count one ticket; whether it is young enough."""
        self.falling = self.falling and (self.lowest is None or ticket.id < self.lowest)
        self.lowest = ticket.id
        self.seen.add(ticket.id)
        at = moment_of(ticket.dateoccurred)
        return at is not None and self.since <= at <= self.until

    def tickets(self, days: int) -> Tickets:
        raised = (Raised(str(i), len(on), max(on)) for i, on in sorted(self.clients.items()))
        return Tickets(days, tuple(raised), len(self.seen))


class TicketReader:
    def __init__(
        self, settings: HaloSettings, wanted: TicketSettings, wire: Wire, pace: Pace
    ) -> None:
        """`pace`: the one that the lists are asked at; Halo counts all requests together."""
        self._wanted = wanted
        self._api = HaloApi(settings, wire, scopes=(SCOPE,), line=Line(wire, pace, AE_PATIENCE))

    @property
    def requests(self) -> int:
        return self._api.line.requests

    def read(self) -> Tickets:
        """Look through the newest tickets; trouble ends it, and what was seen still holds."""
        now = self._api.line.moment()
        found = _Found(now - timedelta(days=self._wanted.days), now + TOMORROW)
        try:
            self._api.log_in(SCOPE)
            now = self._api.line.moment()
            found.since, found.until = now - timedelta(days=self._wanted.days), now + TOMORROW
            self._walk(found)
        except Trouble as trouble:
            seen = found.tickets(self._wanted.days)
            return Tickets(seen.days, seen.clients, seen.read, trouble.cause.value, trouble.detail)
        return found.tickets(self._wanted.days)

    def _walk(self, found: _Found) -> None:
        for number in range(1, MOST_PAGES + 1):
            page = self._page(number, found)
            before = len(found.seen)
            young = self._take(page, found)
            whole = page.total is not None and len(found.seen) >= page.total
            if len(found.seen) == before or whole or (found.falling and not young):
                return

    def _page(self, number: int, found: _Found) -> Page:
        # NOTE: what the date filter does is not proven. It can only save pages: every row is
        # looked at again, and one that is held back is evidence missed, never a wrong claim.
        asked = [
            ("pageinate", "true"), ("page_size", str(PAGE)), ("page_no", str(number)),
            ("order", "id"), ("orderdesc", "true"), ("includetickettype", "true"),
            ("includeagent", "true"), ("datesearch", "dateoccurred"),
            ("startdate", f"{found.since - TOMORROW:%Y-%m-%dT%H:%M:%S}"),
            ("enddate", f"{found.until:%Y-%m-%dT%H:%M:%S}"),
        ]  # fmt: skip
        if isinstance(self._wanted.ticket_type, int):
            asked.append(("requesttype_id", str(self._wanted.ticket_type)))
        return read_page(self._api.list("Tickets", asked, SCOPE).body, _ENVELOPE)

    def _take(self, page: Page, found: _Found) -> bool:
        """Count a page in; whether any of its tickets is young enough."""
        young = False
        for ticket in _typed(page):
            if ticket.id in found.seen or not found.note(ticket):
                continue
            young = True
            if ticket.client_id and is_raised_by(ticket, self._wanted):
                at = moment_of(ticket.dateoccurred)
                assert at is not None
                found.clients.setdefault(ticket.client_id, []).append(at.date())
        return young


def _typed(page: Page) -> Iterable[Ticket]:
    """Read the rows; one that cannot be read proves nothing and hinders nothing."""
    for row in page.rows:
        try:
            yield _READER.typed(row)
        except RowFault:
            continue


def is_raised_by(ticket: Ticket, wanted: TicketSettings) -> bool:
    """Whether a ticket is AutoElevate's: of the agent and of the type, where both are named.

    NOTE: who made a ticket stands in `created_by`; where Halo leaves that out, its agent counts.
    """
    if wanted.agent and _plain(ticket.created_by or ticket.agent_name) != _plain(wanted.agent):
        return False
    kind = wanted.ticket_type
    if isinstance(kind, int):
        return ticket.tickettype_id == kind
    return not kind or _plain(ticket.tickettype_name) == _plain(kind)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def moment_of(text: str | None) -> datetime | None:
    """Read Halo's time, UTC where it names no offset; None for what is no time."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def not_asked(wanted: TicketSettings, broken: Trouble) -> Tickets:
    """Halo is out of reach: asking for tickets as well would only cost time."""
    return Tickets(wanted.days, cause=broken.cause.value, detail=broken.detail)
