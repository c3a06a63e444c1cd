"""The HaloPSA server: which path means what, and who may ask it."""

import json
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

from sync.sandbox.halo.lists import HaloLists, agents, number, on
from sync.sandbox.halo.people import HaloPeople
from sync.sandbox.halo.rows import Row
from sync.sandbox.halo.tickets import HaloTickets
from sync.sandbox.halo.token import SERVER_ERROR, Grant, HaloKeys, TokenDesk
from sync.sandbox.quota import Window
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.wire import Ask, Reply, json_reply
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.people import OUR_AGENT
from sync.sandbox.world.records import ASSET_TYPES, Agent, AssetType

LISTS = ("client", "site", "asset")
PLURALS = {
    "client": "clients",
    "site": "sites",
    "asset": "assets",
    "agent": "agents",
    "team": "teams",
    "roles": "roles",
    "tickets": "tickets",
    "assettype": "assettypes",
    "actions": "actions",
    "application": "applications",
    "instanceinfo": "instance",
    "authinfo": "authinfo",
}
LIMITS = {"300/300": (300, 300.0), "500/180": (500, 180.0)}
AREA = {"client": "customers", "site": "customers", "asset": "assets", "tickets": "tickets"}


class Halo:
    """One tenant. Keys, switches and tickets may be read (and switches replaced) by tests."""

    name = "halo"

    def __init__(self, estate: Estate, switches: HaloSwitches) -> None:
        self.estate = estate
        self.keys = HaloKeys.of(estate.seed)
        self.configure(switches)

    def configure(self, switches: HaloSwitches) -> None:
        """Let the tenant behave otherwise from now on; tokens and quota start afresh."""
        self.switches = switches
        self.lists = HaloLists(self.estate, switches)
        self.people = HaloPeople(self.estate, switches)
        self.tickets = HaloTickets(self.lists)
        self.tokens = TokenDesk(self.keys, switches, self.estate.seed)
        self._window = Window(*LIMITS[switches.limit]) if switches.limit != "none" else None

    def locate(self, ask: Ask) -> tuple[str, int]:
        parts = _parts(ask)
        if parts == ["auth", "token"]:
            return "halo.token", 1
        if not parts or parts[0] != "api" or len(parts) < 2 or parts[1] not in PLURALS:
            return "halo.unknown", 0
        name = f"halo.{PLURALS[parts[1]]}"
        if len(parts) > 2:
            return (f"{name}.me" if parts[2] == "me" else f"{name}.one"), 0
        return name, self.lists.page_number(ask.query)

    def answer(self, ask: Ask) -> Reply:
        if refused := self._refuse_flood(ask):
            return refused
        match _parts(ask):
            case ["auth", "token"]:
                return self.tokens.answer(ask)
            case ["api", "authinfo"]:
                base = f"http://{ask.headers.get('host', '')}"
                return json_reply({"auth_url": f"{base}/auth", "tenant_id": self.keys.tenant})
            case ["api", resource, *rest] if resource in PLURALS and len(rest) < 2:
                return self._guarded(ask, resource, rest[0] if rest else "")
        return Reply(404, SERVER_ERROR, {"Content-Type": "text/html"})

    def _guarded(self, ask: Ask, resource: str, one: str) -> Reply:
        grant = self.tokens.grant(ask)
        if grant is None:
            return self._denied(401)
        if not grant.scopes:
            return self._denied(self.switches.no_scope_status)
        if not self._may(grant, resource, ask.method):
            return self._denied(403)
        with self.estate.lock:
            return self._resource(ask, resource, one)

    def _resource(self, ask: Ask, resource: str, one: str) -> Reply:
        if resource in {"tickets", "actions"}:
            return self.tickets.answer(ask, resource, one)
        if ask.method != "GET":
            return json_reply({"Message": "The resource does not support this method."}, 405)
        if resource in LISTS:
            return self._one(ask, resource, one) if one else self._list(ask, resource)
        answers: dict[str, Callable[[], Reply]] = {
            "agent": lambda: self._agent(ask, one) if one else self._agents(ask),
            "team": lambda: self._team(ask, one),
            "roles": lambda: self._role(ask, one),
            "assettype": lambda: json_reply([_asset_type(kind) for kind in ASSET_TYPES]),
            "application": lambda: json_reply(self.people.applications(self.keys.client_id)),
        }
        return answers.get(resource, lambda: json_reply(self._instance(ask)))()

    def _list(self, ask: Ask, resource: str) -> Reply:
        return json_reply(self.lists.page(ask, resource))

    def _one(self, ask: Ask, resource: str, one: str) -> Reply:
        """A record by id: gone, hidden from this login, or there."""
        rows = self.lists.rows
        key = int(one) if one.isdecimal() else -1
        owner: int | None = None
        row: Row = {}
        if resource == "client" and (client := self.estate.clients.get(key)):
            owner, row = client.id, rows.client_detail(client)
        elif resource == "site" and (site := self.estate.sites.get(key)):
            owner, row = site.client, rows.site_detail(site)
        elif resource == "asset" and (asset := self.estate.assets.get(key)):
            owner, row = asset.client, rows.asset_detail(asset)
        if owner is None:
            return json_reply({"ClassName": resource.title(), "Message": "Not found"}, 404)
        shown = self.lists.visible(owner) and (ask.parents is None or owner in ask.parents)
        if shown or self.switches.invisible_by_id == 200:
            return json_reply(row)
        return self._denied(self.switches.invisible_by_id)

    def _agents(self, ask: Ask) -> Reply:
        query = ask.query
        chosen = agents(self.estate, query)
        if not self.switches.default_team and self.switches.without_team == "self":
            chosen = [a for a in chosen if a.id == OUR_AGENT]
        rows = ask.shaped([self.people.agent(a, details=False) for a in chosen])
        total = len(chosen)
        if self.switches.agent_paging == "honoured" and on(query, "pageinate"):
            size = number(query, "page_size", 50) or 50
            size = min(size, ask.cap or size)
            page = 1 if ask.first_page_only else ask.page
            rows = rows[(page - 1) * size : page * size]
        if self.switches.agent_envelope == "array":
            return json_reply(rows)
        return json_reply({"record_count": total, self.switches.agent_envelope: rows})

    def _agent(self, ask: Ask, one: str) -> Reply:
        agent: Agent | None = self.estate.agents.get(
            OUR_AGENT if one == "me" else int(one) if one.isdecimal() else -1
        )
        if agent is None:
            return json_reply({"ClassName": "Agent", "Message": "Not found"}, 404)
        if self.switches.claims == "forbidden" and agent.id != OUR_AGENT:
            return self._denied(403)
        details = one == "me" or on(ask.query, "includedetails")
        return json_reply(self.people.agent(agent, details=details))

    def _team(self, ask: Ask, one: str) -> Reply:
        if not one:
            return json_reply(self.people.teams(ask.query))
        team = self.people.team(
            int(one) if one.isdecimal() else -1, agents=on(ask.query, "includeagents")
        )
        return json_reply(team or {"Message": "Not found"}, 200 if team else 404)

    def _role(self, ask: Ask, one: str) -> Reply:
        if self.switches.claims == "forbidden":
            return self._denied(403)
        if not one:
            return json_reply(self.people.roles())
        name = self.people.role_named(one)
        if name is None:
            return json_reply({"Message": "Not found"}, 404)
        return json_reply(self.people.role(name, details=on(ask.query, "includedetails")))

    def _instance(self, ask: Ask) -> Row:
        base = f"http://{ask.headers.get('host', '')}"
        return {
            "dbid": f"sandbox-{self.estate.seed}",
            "app_name": "HaloPSA",
            "app_version": "2.196.4",
            "agent_count": len(self.estate.agents),
            "portal_url": f"{base}/portal",
            "auth_url": f"{base}/auth",
        }

    def _may(self, grant: Grant, resource: str, method: str) -> bool:
        """What the application's scopes and the login agent's access levels allow together."""
        switches = self.switches
        if resource == "application":
            return switches.applications == "readable"
        if not self._level(resource):
            return False
        if grant.scopes & {"all", "all:standard"}:
            return True
        if resource == "agent":
            return switches.agents_without_scope == "open"
        if resource == "asset" and not switches.read_assets_enough:
            return False
        needed = _needed(resource, method)
        return not needed or bool(grant.scopes & needed)

    def _level(self, resource: str) -> bool:
        s = self.switches
        match resource:
            case "client":
                return s.clients_access > 0
            case "site":
                return s.clients_access == 2 or (
                    s.clients_access == 1 and s.names_only_sites == 200
                )
            case "asset":
                return s.assets_access > 0
        return True

    def _denied(self, code: int) -> Reply:
        match self.switches.denied_body:
            case "json":
                return json_reply({"ClassName": "Access", "Message": "Access denied"}, code)
            case "html":
                return Reply(code, SERVER_ERROR, {"Content-Type": "text/html"})
        return Reply(code)

    def _refuse_flood(self, ask: Ask) -> Reply | None:
        if self._window is None or (
            ask.endpoint == "halo.token" and not self.switches.token_counted
        ):
            return None
        wait = self._window.take(ask.at)
        if not wait:
            return None
        limit, seconds = LIMITS[self.switches.limit]
        minutes = int(seconds / 60)
        text = f"Rate Limit Reached - {limit} Requests per rolling {minutes} minute window"
        body = json.dumps({"error": text}) if self.switches.limit_body == "json" else text
        kind = "application/json" if self.switches.limit_body == "json" else "text/plain"
        reply = Reply(429, body.encode(), {"Content-Type": kind})
        match self.switches.retry_after:
            case "seconds":
                reply.headers["Retry-After"] = str(int(wait) + 1)
            case "date":
                until = ask.now + timedelta(seconds=wait + 1)
                reply.headers["Retry-After"] = format_datetime(until, usegmt=True)
        return reply


def _parts(ask: Ask) -> list[str]:
    return [part for part in ask.path.lower().split("/") if part]


def _needed(resource: str, method: str) -> set[str]:
    """The scopes of which one is enough; agents, teams and the rest need none of their own."""
    if resource == "actions" or (resource == "tickets" and method == "POST"):
        return {"edit:tickets"}
    area = AREA.get(resource)
    return {f"read:{area}", f"edit:{area}"} if area else set()


def _asset_type(kind: AssetType) -> Row:
    return {
        "id": kind.id,
        "name": kind.name,
        "keyfield_id": 1,
        "keyfield_name": kind.key_field,
        "keyfield2_id": 0,
        "keyfield2_name": "",
        "keyfield3_id": 0,
        "keyfield3_name": "",
    }
