"""HaloPSA as a source: its clients, sites, assets and agents.

`HaloSource(settings, HttpWire(WireSettings(...), clock, deadline))`. Reads only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from sync.core.pulls import Answer, Manifest, Pull, State, SystemFacts, Tickets
from sync.core.records import Collection, Side
from sync.sources.causes import Cause
from sync.sources.halo_api import HaloApi
from sync.sources.halo_assets import asset_types, check_name_fields
from sync.sources.halo_rows import envelope, reader_for
from sync.sources.halo_tickets import TicketReader, not_asked
from sync.sources.http import Wire
from sync.sources.pages import Page, read_page
from sync.sources.pulling import doubted, is_empty, pull
from sync.sources.rows import RowFault
from sync.sources.settings import HaloSettings
from sync.sources.walk import Progress, Walk

Parameters = tuple[tuple[str, str], ...]
ALL_STATES: Parameters = (("includeactive", "true"), ("includeinactive", "true"))
PLACES = {
    Collection.HALO_CLIENTS: ("Client", "clients", "read:customers"),
    Collection.HALO_SITES: ("Site", "sites", "read:customers"),
    Collection.HALO_ASSETS: ("Asset", "assets", "read:assets"),
    Collection.HALO_AGENTS: ("Agent", "agents", ""),
}
"""Path, the envelope's key, and the scope without which nothing will come."""


class _Instance(msgspec.Struct):
    dbid: str | int | None = None
    app_name: str | None = None
    app_version: str | None = None


class _Me(msgspec.Struct):
    name: str | None = None


class HaloSource:
    def __init__(
        self, settings: HaloSettings, wire: Wire, progress: Progress | None = None
    ) -> None:
        check_name_fields(settings.asset_name_fields)
        self._settings = settings
        self._api = HaloApi(settings, wire)
        self._wire = wire
        self._progress = progress
        self._login: str | None = None
        self._types: frozenset[int] = frozenset()
        """The asset types that this run's list was asked for; empty = every type."""

    @property
    def collections(self) -> tuple[Collection, ...]:
        return tuple(PLACES)

    def pull(self) -> Iterator[Pull]:
        for collection in PLACES:
            yield self._pull(collection)

    def ask(self, collection: Collection, record_id: str) -> Answer:
        """Ask for one record; only a 404 says gone, and even that may mean hidden."""
        return self._api.ask(
            PLACES[collection][0], record_id, lambda body: self._known(collection, body)
        )

    def _known(self, collection: Collection, body: bytes) -> Answer:
        """Tell a record that the list should have shown from one that it leaves out by rule."""
        reader = reader_for(collection, self._settings, self._types)
        try:
            _, record = reader.read(msgspec.Raw(body))
        except RowFault:
            return Answer.PRESENT
        return Answer.LEFT_OUT if record is None else Answer.PRESENT

    def facts(self) -> SystemFacts:
        """Whom we talked to. What may not be read stays empty; that is never a fault."""
        instance = self._api.read("InstanceInfo", _Instance) or _Instance()
        tickets, asked = self._tickets()
        return SystemFacts(
            Side.HALO,
            identity="" if instance.dbid is None else str(instance.dbid),
            name=instance.app_name or "",
            version=instance.app_version or "",
            login=self._whoami(),
            scope=self._api.token.scope,
            requests=self._api.line.requests + asked,
            tickets=tickets,
        )

    def _tickets(self) -> tuple[Tickets | None, int]:
        """Give what tickets prove, and how many requests that took; None where it is not wanted."""
        wanted = self._settings.tickets
        if wanted is None:
            return None, 0
        if self._api.line.broken is not None:
            return not_asked(wanted, self._api.line.broken), 0
        reader = TicketReader(self._settings, wanted, self._wire, self._api.pace)
        return reader.read(), reader.requests

    def recent_requests(self) -> Mapping[str, int] | None:
        return None

    def _pull(self, collection: Collection) -> Pull:
        path, _, scope = PLACES[collection]
        constant = self._parameters(collection)
        manifest = Manifest(
            collection,
            State.COMPLETE,
            endpoint=f"GET /api/{path}",
            parameters=constant + self._choice(collection),
        )

        def plan() -> Sequence[Walk]:
            self._api.log_in(scope)
            return self._walks(collection, constant)

        pulled = pull(
            manifest,
            plan,
            lambda i: self.ask(collection, i),
            self._api.line.moment,
            needs_order=True,
        )
        signed = replace(pulled.manifest, login=self._whoami(), scope=self._api.token.scope)
        pulled = Pull(signed, pulled.records)
        if collection is Collection.HALO_AGENTS and is_empty(pulled) and signed.unique <= 1:
            # NOTE: an agent without a default team cannot see other agents.
            detail = f"{signed.unique} agents came: give the login's agent a default team"
            return doubted(pulled, Cause.AGENTS_HIDDEN, detail)
        return pulled

    def _parameters(self, collection: Collection) -> Parameters:
        """Everything but the page number; compared from night to night, so nothing that varies."""
        settings = self._settings
        size = settings.page_size
        if collection is Collection.HALO_AGENTS:
            names = ("includeenabled", "includedisabled", "includeapiagents")
            asked: Parameters = tuple((name, "true") for name in names)
        elif collection is Collection.HALO_ASSETS:
            size = settings.asset_page_size
            asked = (*ALL_STATES, ("noicon", "true"))
        else:
            asked = ALL_STATES
            if settings.exclude_internal:
                asked += (("exclude_internal", "true"),)
        if collection is Collection.HALO_SITES and settings.include_stock_sites:
            asked += (("includestocklocations", "true"), ("includenonstocklocations", "true"))
        return (*asked, ("pageinate", "true"), ("page_size", str(size)), ("order", "id"))

    def _choice(self, collection: Collection) -> Parameters:
        if collection is not Collection.HALO_ASSETS or not self._settings.asset_types:
            return ()
        return (("assettypes", ",".join(str(wanted) for wanted in self._settings.asset_types)),)

    def _walks(self, collection: Collection, constant: Parameters) -> list[Walk]:
        if collection is not Collection.HALO_ASSETS:
            return [self._walk(collection, constant, frozenset())]
        wanted, by_type = self._settings.asset_types, self._by_type
        if by_type or wanted:
            self._types = asset_types(wanted, self._api.asset_types)
        ids = self._types
        if by_type:
            # NOTE: Halo sends an asset's own fields only when asked for one type at a time.
            fields = (("includeassetfields", "true"),)
            parts: list[Parameters] = [(("assettype_id", str(i)), *fields) for i in sorted(ids)]
        elif ids:
            parts = [(("assettypes", ",".join(map(str, sorted(ids)))),)]
        else:
            parts = [()]
        return [self._walk(collection, constant + part, ids) for part in parts]

    @property
    def _by_type(self) -> bool:
        return any(name.startswith("field:") for name in self._settings.asset_name_fields)

    def _walk(self, collection: Collection, asked: Parameters, types: frozenset[int]) -> Walk:
        path, key, scope = PLACES[collection]
        reader = reader_for(collection, self._settings, types)
        shape = envelope(key, reader, bare=collection is Collection.HALO_AGENTS)
        sent = dict(asked)
        size = int(sent["page_size"])

        def fetch(number: int, _received: int) -> tuple[Page, datetime]:
            if number == 1:
                sent["page_size"] = str(size)
            reply = self._api.list(path, (*sent.items(), ("page_no", str(number))), scope)
            page = read_page(reply.body, shape)
            if number == 1 and 0 < len(page.rows) < min(size, page.total or 0):
                # NOTE: a capped page: whether page 2 starts after the capped or after the asked
                # size is unknown. Asking for what came makes them the same.
                sent["page_size"] = str(len(page.rows))
            return page, reply.at

        return Walk(collection, fetch, reader, size, progress=self._progress)

    def _whoami(self) -> str:
        """The login agent's name, asked once; empty where Halo does not say."""
        if self._login is None and self._api.answered:
            me = self._api.read("Agent/me", _Me)
            self._login = (me.name or "") if me else ""
        return self._login or ""
