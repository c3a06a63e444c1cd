"""AutoElevate as a source: its companies, locations and computers, through the partner API.

`AutoElevateSource(settings, HttpWire(WireSettings(...), clock, deadline), ledger)`. Reads only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sync.core.pulls import Answer, Manifest, Pull, State, SystemFacts
from sync.core.records import Collection, Side
from sync.sources.autoelevate_api import AutoElevateApi
from sync.sources.autoelevate_rows import (
    ElevationRequest,
    Moments,
    Usage,
    envelope,
    millis_of,
    reader_for,
)
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Wire
from sync.sources.ledger import RequestLedger
from sync.sources.pages import Page, read_page
from sync.sources.pulling import doubted, is_empty, pull
from sync.sources.rows import RowReader, each
from sync.sources.settings import AutoElevateSettings
from sync.sources.walk import Progress, Tally, Walk

ROUTES = {
    Collection.AE_COMPANIES: "companies",
    Collection.AE_LOCATIONS: "locations",
    Collection.AE_COMPUTERS: "computers",
}
TAKE = 200
"""The documented maximum; more is a 400 or a silent cap, depending on which text is right."""
SILENT_DAYS = 30
DAY = timedelta(hours=24)


class AutoElevateSource:
    def __init__(
        self,
        settings: AutoElevateSettings,
        wire: Wire,
        ledger: RequestLedger,
        progress: Progress | None = None,
    ) -> None:
        self._api = AutoElevateApi(settings, wire, ledger)
        self._progress = progress
        self._usage: Usage | None = None

    @property
    def collections(self) -> tuple[Collection, ...]:
        return tuple(ROUTES)

    def pull(self) -> Iterator[Pull]:
        self._usage = self._api.read("usage", Usage)
        for collection in ROUTES:
            pulled = self._pull(collection)
            agents = self._usage.totalActiveAgents if self._usage else None
            if agents and is_empty(pulled) and collection is not Collection.AE_LOCATIONS:
                detail = f"no rows came, but AutoElevate counts {agents} active agents"
                pulled = doubted(pulled, Cause.EMPTY_CONTRADICTED, detail)
            yield pulled

    def ask(self, collection: Collection, record_id: str) -> Answer:
        """Ask for one record; a computer that is known but silent leaves the list without dying."""
        reply = self._api.ask(ROUTES[collection], record_id)
        if reply is None:
            return Answer.UNKNOWN
        match reply.status:
            case 404 | 422:
                return Answer.GONE
            case 403:
                return Answer.HIDDEN
            case 200:
                return self._what_it_says(collection, record_id, reply.body)
        return Answer.UNKNOWN

    def facts(self) -> SystemFacts:
        usage = self._usage or Usage()
        return SystemFacts(
            Side.AE,
            identity=(usage.partnerId or "").lower(),
            name=usage.partnerName or "",
            version="v1",
            login=self._api.login,
            active_agents=usage.totalActiveAgents,
            notices=tuple(self._api.notices),
            requests=self._api.line.requests,
        )

    def recent_requests(self) -> Mapping[str, int] | None:
        """Elevation requests per computer in the last 24 h of the server's time."""
        until = self._api.line.moment()
        start, end = millis_of(until - DAY), millis_of(until)
        moments = Moments(lambda: until)
        asked_by: dict[str, str] = {}

        def note(row: ElevationRequest) -> None:
            moments.of("createdAt", [row.createdAt])
            if start <= row.createdAt <= end:
                asked_by[row.id.lower()] = row.computerId.lower()

        span = (("start", str(start)), ("end", str(end)))
        reader = RowReader(ElevationRequest, each(note))
        tally = Tally()
        try:
            self._walk(Collection.AE_COMPUTERS, reader, "elevation-requests", span).run(tally)
        except Trouble:
            return None
        return None if tally.flaw else dict(Counter(asked_by.values()))

    def _pull(self, collection: Collection) -> Pull:
        route = ROUTES[collection]
        manifest = Manifest(
            collection,
            State.COMPLETE,
            endpoint=f"GET /api/v1/{route}",
            parameters=(("take", str(TAKE)),),
            login=self._api.login,
        )
        return pull(
            manifest,
            lambda: [self._walk(collection, reader_for(collection, self._api.line.moment), route)],
            lambda i: self.ask(collection, i),
            self._api.line.moment,
            needs_order=False,
        )

    def _walk(
        self,
        collection: Collection,
        reader: RowReader[Any],
        route: str,
        asked: Sequence[tuple[str, str]] = (),
    ) -> Walk:
        shape = envelope(reader)

        def fetch(_number: int, received: int) -> tuple[Page, datetime]:
            paging = (("take", str(TAKE)), ("skip", str(received)))
            reply = self._api.list(route, (*asked, *paging))
            return read_page(reply.body, shape), reply.at

        def plan_quota(total: int) -> None:
            self._api.plan(route, max(0, total - 1) // TAKE)

        return Walk(
            collection,
            fetch,
            reader,
            TAKE,
            count_rows=True,
            progress=None if asked else self._progress,
            on_total=plan_quota,
        )

    def _what_it_says(self, collection: Collection, record_id: str, body: bytes) -> Answer:
        try:
            said = msgspec.json.decode(body, type=_Known, strict=False)
        except (msgspec.MsgspecError, RecursionError):
            return Answer.UNKNOWN
        if said.id.lower() != record_id.lower():
            return Answer.UNKNOWN
        if collection is Collection.AE_COMPUTERS and _silent(said, self._api.line.moment()):
            return Answer.SILENT
        return Answer.PRESENT


class _Known(msgspec.Struct):
    """The part of a by-id answer that matters."""

    id: str
    lastCheckedInAt: int | None = None  # noqa: N815 - AutoElevate's field name


def _silent(said: _Known, now: datetime) -> bool:
    """A machine without a check-in within 30 days is not listed, and neither is one without any."""
    edge = millis_of(now - timedelta(days=SILENT_DAYS))
    return said.lastCheckedInAt is None or said.lastCheckedInAt < edge
