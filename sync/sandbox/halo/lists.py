"""HaloPSA's lists: which rows a question selects, in which order, and how they are cut to pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sync.sandbox.halo.rows import HaloRows, Row
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.wire import Ask
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.records import Agent, Asset, Client, Site

Query = dict[str, str]
CAPS = {"50/100": (50, 100), "50": (50, 50), "100": (100, 100), "none": (None, None)}


def on(query: Query, name: str) -> bool:
    """A flag is on when it says `true`, in lower case; nothing else is known to work."""
    return query.get(name) == "true"


def number(query: Query, name: str, default: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isdecimal() else default


@dataclass(frozen=True, slots=True)
class Table:
    """One list endpoint: its envelope's key and how its records become rows."""

    key: str
    records: Callable[[Ask], Iterable[Any]]
    row: Callable[[Any, Query], Row]
    words: Callable[[Any], tuple[str, ...]]
    """What `search` looks into; the first is also what an unordered list is sorted by."""


class HaloLists:
    def __init__(self, estate: Estate, switches: HaloSwitches) -> None:
        self.estate = estate
        self.switches = switches
        self.rows = HaloRows(estate, switches)
        self._chosen: dict[object, tuple[int, list[Any]]] = {}
        rows = self.rows
        self.tables = {
            "client": Table(
                "clients", self._clients, lambda c, _q: rows.client(c), lambda c: (c.name,)
            ),
            "site": Table("sites", self._sites, lambda s, _q: rows.site(s), lambda s: (s.name,)),
            "asset": Table(
                "assets",
                self._assets,
                self._asset_row,
                lambda a: (a.key_field, a.inventory_number),
            ),
        }

    def page(self, ask: Ask, resource: str) -> object:
        """One page of a list, in its envelope."""
        table = self.tables[resource]
        query = ask.query
        with self.estate.lock:
            chosen = self._choose(ask, resource, table)
            size, start = self.cut(ask, resource)
            part = chosen[start:] if size is None else chosen[start : start + size]
            rows = ask.shaped([table.row(record, query) for record in part])
        beyond = not part and self.switches.past_end == "zero"
        envelope: Row = {"record_count": 0 if beyond else len(chosen), table.key: rows}
        if on(query, "pageinate"):
            envelope = {"page_no": max(1, ask.page), "page_size": size or len(rows), **envelope}
        return {**envelope, "columns_id": 0, "columns": [{"id": 1, "name": "Name"}]}

    def page_number(self, query: Query) -> int:
        return number(query, "page_no", 1) or 1

    def visible(self, client_id: int) -> bool:
        seen = self.estate.visible_clients
        return seen is None or client_id in seen

    def cut(self, ask: Ask, resource: str) -> tuple[int | None, int]:
        """How many rows this page has, and from which row it starts."""
        query = ask.query
        assets, rest = CAPS[self.switches.caps]
        cap = ask.cap or (assets if resource == "asset" else rest)
        paged = on(query, "pageinate")
        if not paged and self._everything(query):
            return None, 0
        asked = number(query, "page_size" if paged else "count", 50) or 50
        size = asked if cap is None else min(asked, cap)
        page = ask.page if paged and not ask.first_page_only else 1
        step = size if self.switches.offset_from == "capped" or ask.cap else asked
        return size, (page - 1) * step

    def _everything(self, query: Query) -> bool:
        """Whether a question without paging gets all rows at once."""
        if "count" in query:
            return False
        if query.get("pageinate") == "false":
            return self.switches.pageinate_false == "honoured"
        return self.switches.unpaged == "everything"

    def _choose(self, ask: Ask, resource: str, table: Table) -> list[Any]:
        """The selected records in order; kept until the world changes."""
        paging = {"page_no", "page_size", "noicon"}
        query = {name: value for name, value in ask.query.items() if name not in paging}
        key = (resource, tuple(sorted(query.items())), ask.parents)
        version, chosen = self._chosen.get(key, (-1, []))
        if version != self.estate.version:
            chosen = self._searched(table, table.records(ask), query)
            self._sort(chosen, table, query)
            self._chosen = {k: v for k, v in self._chosen.items() if v[0] == self.estate.version}
            self._chosen[key] = (self.estate.version, chosen)
        return chosen

    def _searched(self, table: Table, records: Iterable[Any], query: Query) -> list[Any]:
        wanted = query.get("search", "").casefold()
        since = query.get("lastupdatefromdate", "")
        if since and self.switches.last_update == "filters":
            records = [r for r in records if self.rows.date(r.changed) >= since]
        if not wanted:
            return list(records)
        return [r for r in records if any(wanted in w.casefold() for w in table.words(r))]

    def _sort(self, chosen: list[Any], table: Table, query: Query) -> None:
        by_id = query.get("order") == "id" and self.switches.order == "honoured"
        chosen.sort(
            key=(lambda r: r.id) if by_id else (lambda r: (table.words(r)[0].casefold(), r.id)),
            reverse=on(query, "orderdesc"),
        )

    def _alive(self, query: Query) -> Callable[[Client | Site | Asset], bool]:
        """What the active and inactive flags let through."""
        active, inactive = on(query, "includeactive"), on(query, "includeinactive")
        if "activeinactive" in query:
            first, _, second = query["activeinactive"].partition(",")
            active, inactive = first == "true", second == "true"
        if not ({"includeactive", "includeinactive", "activeinactive"} & query.keys()):
            active, inactive = True, self.switches.flags_omitted == "all"
        return lambda record: inactive if record.inactive else active

    def _parents(self, ask: Ask) -> Callable[[int], bool]:
        """What this login, or the script's narrowing, lets through."""
        shown = ask.parents
        return lambda client: self.visible(client) and (shown is None or client in shown)

    def _clients(self, ask: Ask) -> Iterable[Client]:
        alive, seen = self._alive(ask.query), self._parents(ask)
        internal = not on(ask.query, "exclude_internal")
        return (
            c
            for c in self.estate.clients.values()
            if alive(c) and seen(c.id) and (internal or not c.internal)
        )

    def _sites(self, ask: Ask) -> Iterable[Site]:
        query = ask.query
        alive, seen = self._alive(query), self._parents(ask)
        of_client = number(query, "client_id", 0)
        stock = on(query, "includestocklocations")
        other = query.get("includenonstocklocations") != "false"
        hidden = self._internal_clients() if on(query, "exclude_internal") else set()
        return (
            s
            for s in self.estate.sites.values()
            if alive(s)
            and seen(s.client)
            and (stock if s.stock else other)
            and of_client in {0, s.client}
            and s.client not in hidden
        )

    def _internal_clients(self) -> set[int]:
        return {c.id for c in self.estate.clients.values() if c.internal}

    def _assets(self, ask: Ask) -> Iterable[Asset]:
        query = ask.query
        alive, seen = self._alive(query), self._parents(ask)
        of_client, of_site = number(query, "client_id", 0), number(query, "site_id", 0)
        kinds = {int(t) for t in query.get("assettypes", "").split(",") if t.isdecimal()}
        if one := number(query, "assettype_id", 0):
            kinds = {one}
        tag = query.get("inventory_number")
        return (
            a
            for a in self.estate.assets.values()
            if alive(a)
            and seen(a.client)
            and (not kinds or a.type in kinds)
            and of_client in {0, a.client}
            and of_site in {0, a.site}
            and tag in {None, a.inventory_number}
        )

    def _asset_row(self, asset: Asset, query: Query) -> Row:
        fields = on(query, "includeassetfields") and "assettype_id" in query
        return self.rows.asset(asset, icon=not on(query, "noicon"), fields=fields)


def agents(estate: Estate, query: Query) -> list[Agent]:
    """The agents that the flags select; enabled people only unless more is asked for."""
    enabled = query.get("includeenabled") != "false"
    disabled = on(query, "includedisabled")
    api = on(query, "includeapiagents")
    unassigned = on(query, "includeunassigned")
    wanted = query.get("search", "").casefold()
    return [
        a
        for a in sorted(estate.agents.values(), key=lambda a: a.id)
        if (disabled if a.disabled else enabled)
        and (api or not a.api_only)
        and (unassigned or not a.system)
        and (wanted in a.name.casefold() or wanted in a.email.casefold())
    ]
