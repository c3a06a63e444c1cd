"""The AutoElevate Partner API server: order of checks, quotas, paging, and the key's view."""

import base64
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sync.sandbox.ae_key import AeKeys, Signed, refusal
from sync.sandbox.ae_rows import AeRows, Row
from sync.sandbox.estate import Estate
from sync.sandbox.quota import Window
from sync.sandbox.records import DAY_MS, Computer
from sync.sandbox.switches import AeSwitches
from sync.sandbox.truth import listed
from sync.sandbox.wire import Ask, Reply, json_reply

ACKNOWLEDGMENT = "i-understand-this-is-beta-and-may-change"
SCOPES = {
    "companies": "companyView",
    "locations": "locationView",
    "computers": "computerView",
    "usage": "computerView",
    "audit-logs": "auditLogView",
    "elevation-requests": "requestView",
}
NAMES = {
    400: "BadRequestError", 401: "UnauthorizedError", 403: "ForbiddenError", 404: "NotFoundError",
    422: "UnprocessableError", 429: "RateLimitError",
}  # fmt: skip
BURST = (24, 30.0)
"""Measured once: of 57 reads in a row 24 passed; one every four seconds always did."""
STATES = {"PENDING", "APPROVED", "DENIED", "WITHDRAWN"}
RETIRING = {
    "Deprecation": "true",
    "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT",
    "Link": '</api/v2/usage>; rel="successor-version"',
}


class Refused(Exception):  # noqa: N818 - an answer on its way out, not an error of ours
    """Carries a refusal from wherever it is found out."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class AutoElevate:
    """One MSP. `configure` replaces the switches."""

    name = "autoelevate"

    def __init__(self, estate: Estate, switches: AeSwitches) -> None:
        self.estate = estate
        self.keys = AeKeys.of(estate.seed)
        self.configure(switches)

    def configure(self, switches: AeSwitches) -> None:
        """Let the API behave otherwise from now on; its buckets are empty again."""
        self.switches = switches
        self.rows = AeRows(self.estate, switches)
        self._hourly: dict[str, Window] = {}
        self._bursts: dict[str, Window] = {}
        self._chosen: dict[object, tuple[int, list[Any]]] = {}

    def locate(self, ask: Ask) -> tuple[str, int]:
        route, one, _ = _route(ask)
        if route not in SCOPES:
            return "ae.unknown", 0
        if one:
            return f"ae.{route}.one", 0
        take, skip = _whole(ask.query, "take", 50), _whole(ask.query, "skip", 0)
        return f"ae.{route}", (skip // take + 1 if take and take > 0 and skip else 1)

    def answer(self, ask: Ask) -> Reply:
        try:
            reply = self._checked(ask)
        except Refused as no:
            return json_reply(_error(no.code, str(no)), no.code)
        if self.switches.deprecated:
            reply.headers.update(RETIRING)
        return reply

    def _checked(self, ask: Ask) -> Reply:
        """400, then 401, then 403, then 429; or 429 before all of them."""
        route, one, _ = _route(ask)
        if self.switches.checks == "429-first" and (full := self._full(ask)):
            return full
        if ask.headers.get("x-acknowledgment") != ACKNOWLEDGMENT:
            raise Refused(400, "acknowledgment header missing or wrong")
        if not _accepts_json(ask.headers.get("accept", "*/*")):
            return json_reply({"error": "Not Acceptable", "supported": ["application/json"]}, 406)
        if route not in SCOPES or ask.method != "GET":
            raise Refused(404, "not found")
        paging = self._paging(ask)
        self._authorised(ask)
        if SCOPES[route] not in self._scopes():
            raise Refused(403, f"scope {SCOPES[route]} missing")
        if self.switches.checks == "400-first" and (full := self._full(ask)):
            return full
        with self.estate.lock:
            return json_reply(self._one(ask, route, one) if one else self._list(ask, route, paging))

    def _scopes(self) -> frozenset[str]:
        scopes = self.switches.scopes
        return scopes - {"auditLogView"} if self.switches.audit == "forbidden" else scopes

    def _authorised(self, ask: Ask) -> None:
        if self.switches.key_state != "valid":
            raise Refused(401, f"API key {self.switches.key_state}")
        server_ms = int(time.time() * 1000) + self.switches.clock_skew_ms
        signed = Signed(ask.method, ask.target, ask.body)
        why = refusal(self.keys, ask.headers.get("authorization", ""), signed, server_ms)
        if why:
            raise Refused(401, why)

    def _full(self, ask: Ask) -> Reply | None:
        """429 when the route's hour, or the undocumented short window, is used up."""
        route, one, pinned = _route(ask)
        own = "" if pinned or not self.switches.alias_own_bucket else "alias "
        bucket = f"{own}{ask.method} {route}{'/{id}' if one else ''}"
        if self.switches.burst != "off":
            wait = self._bursts.setdefault(bucket, Window(*BURST)).take(ask.at)
            if wait:
                return _limited(wait if self.switches.burst == "retry-after" else None)
        if self.switches.hourly is None:
            return None
        left = max(0, self.switches.hourly - self.switches.other_consumers)
        wait = self._hourly.setdefault(bucket, Window(left, 3600.0)).take(ask.at)
        return _limited(wait if self.switches.retry_after else None) if wait else None

    def _paging(self, ask: Ask) -> tuple[int, int]:
        query = ask.query
        take, skip = _whole(query, "take", 50), _whole(query, "skip", 0)
        if take is None or take < 1:
            raise Refused(400, "take must be at least 1")
        if skip is None or skip < 0:
            raise Refused(400, "skip must be at least 0")
        if take > 200:
            if self.switches.over_take == "refused":
                raise Refused(400, "take must be at most 200")
            take = 200
        for name in ("companyid", "locationid"):
            if name in query and not _is_uuid(query[name]):
                raise Refused(400, f"{name} must be a UUID")
        return min(take, ask.cap or take), 0 if ask.first_page_only else skip

    def _list(self, ask: Ask, route: str, paging: tuple[int, int]) -> Row:
        match route:
            case "usage":
                return self._usage(ask)
            case "audit-logs":
                return self._audit(ask, paging[0])
            case "companies":
                return self._page(ask, paging, self.rows.company)
            case "locations":
                return self._page(ask, paging, self.rows.location)
            case "computers":
                now = _now_ms(ask)
                return self._page(ask, paging, lambda c: self.rows.computer(c, now))
        return self._page(ask, paging, self.rows.elevation)

    def _page(
        self, ask: Ask, paging: tuple[int, int], row: Callable[[Any], Row]
    ) -> dict[str, object]:
        take, skip = paging
        chosen = self._choose(ask)
        part = chosen[skip : skip + take]
        if self.switches.order == "unstable" and skip and part:
            part = [chosen[skip - 1], *part[1:]]
        items = ask.shaped([row(record) for record in part])
        return {"items": items, "totalCount": len(chosen) if skip < len(chosen) else 0}

    def _choose(self, ask: Ask) -> list[Any]:
        """The selected records in order, kept until the world changes or the minute is over."""
        query = {n: v for n, v in ask.query.items() if n not in {"take", "skip"}}
        minute = int(ask.now.timestamp()) // 60
        key = (_route(ask)[0], tuple(sorted(query.items())), ask.parents, minute)
        version, chosen = self._chosen.get(key, (-1, []))
        if version != self.estate.version:
            chosen = list(self._select(ask, _route(ask)[0]))
            self._chosen = {k: v for k, v in self._chosen.items() if v[0] == self.estate.version}
            self._chosen[key] = (self.estate.version, chosen)
        return chosen

    def _select(self, ask: Ask, route: str) -> Iterable[Any]:
        query = ask.query
        company, place = query.get("companyid", "").lower(), query.get("locationid", "").lower()
        estate = self.estate
        match route:
            case "companies":
                return [c for c in estate.companies.values() if self._shown(ask, c.id)]
            case "locations":
                places = [
                    p
                    for p in estate.locations.values()
                    if company in {"", p.company} and self._shown(ask, p.company)
                ]
                return sorted(places, key=lambda p: (p.created, p.id))
            case "computers":
                return [
                    c
                    for c in estate.computers.values()
                    if company in {"", c.company} and place in {"", c.location}
                    and self._lists(ask, c)
                ]  # fmt: skip
        return self._elevations(ask, company)

    def _elevations(self, ask: Ask, company: str) -> Iterable[Any]:
        query, machines = ask.query, self.estate.computers
        start, end = _whole(query, "start", 0) or 0, _whole(query, "end", 1 << 62) or 1 << 62
        state = query.get("approvalstate", "")
        if state and state not in STATES:
            raise Refused(400, "approvalState is unknown")
        found = [
            e
            for e in self.estate.elevations
            if start <= e.created <= end and state in {"", e.state} and e.computer in machines
            and company in {"", machines[e.computer].company}
            and self._shown(ask, machines[e.computer].company)
        ]  # fmt: skip
        return sorted(found, key=lambda e: (-e.created, e.id))

    def _lists(self, ask: Ask, computer: Computer) -> bool:
        """Whether the computers' list shows this machine."""
        if not listed(computer, _now_ms(ask), nulls=self.switches.null_seen_listed):
            return False
        return self._shown(ask, computer.company) or (
            self.switches.computers_beyond_key and ask.parents is None
        )

    def _shown(self, ask: Ask, company: str) -> bool:
        key = self.estate.visible_companies
        return (key is None or company in key) and (ask.parents is None or company in ask.parents)

    def _one(self, ask: Ask, route: str, one: str) -> Row:
        record_id, estate = one.lower(), self.estate
        unknown = Refused(422 if route == "computers" else 404, "unknown id")
        found: Any = {
            "companies": estate.companies,
            "locations": estate.locations,
            "computers": estate.computers,
            "elevation-requests": {e.id: e for e in estate.elevations},
        }.get(route, {}).get(record_id)
        if found is None:
            raise unknown
        if route == "elevation-requests":
            return self.rows.elevation(found)
        owner = found.id if route == "companies" else found.company
        if not self._shown(ask, owner):
            raise Refused(403, "forbidden") if self.switches.invisible_by_id == 403 else unknown
        if route == "computers":
            if self.switches.window_by_id and not listed(found, _now_ms(ask)):
                raise unknown
            return self.rows.computer(found, _now_ms(ask))
        return (self.rows.company if route == "companies" else self.rows.location)(found)

    def _usage(self, ask: Ask) -> Row:
        """The agent count is refreshed now and then, so it is a few off in a large estate."""
        count = sum(listed(c, _now_ms(ask)) for c in self.estate.computers.values())
        return {
            "partnerId": self.estate.partner_id,
            "partnerName": "Demo MSP",
            "blockerEnabled": False,
            "justInTimeAdminLoginEnabled": False,
            "totalActiveAgents": count + 3 if count > 100 else count,
        }

    def _audit(self, ask: Ask, take: int) -> Row:
        """Newest first, from the cursor on; the cursor is opaque to the client."""
        query = ask.query
        edge = max(_whole(query, "start", 0) or 0, _now_ms(ask) - 30 * DAY_MS)
        end = _whole(query, "end", 1 << 62) or 1 << 62
        kind, action = query.get("entitytype", ""), query.get("action", "")
        found = [
            e
            for e in sorted(self.estate.audit, key=lambda e: (-e.at, e.id))
            if edge <= e.at <= end and kind in {"", e.entity}
            and action in {"", e.action.partition(".")[2]}
        ]  # fmt: skip
        after = base64.urlsafe_b64decode(query.get("cursor", "")).decode()
        ids = [e.id for e in found]
        start = ids.index(after) + 1 if after in ids else 0
        part = found[start : start + take]
        more = start + take < len(found)
        return {
            "items": ask.shaped([self.rows.audit(e) for e in part]),
            "nextCursor": base64.urlsafe_b64encode(part[-1].id.encode()).decode() if more else None,
            "hasMore": more,
            "totalCount": len(found),
        }


def _route(ask: Ask) -> tuple[str, str, bool]:
    """Route, id (or nothing), and whether the version was pinned."""
    parts = [part for part in ask.path.split("/") if part]
    if parts[:1] != ["api"]:
        return "", "", False
    pinned = parts[1:2] == ["v1"]
    rest = parts[2 if pinned else 1 :]
    if len(rest) not in {1, 2}:
        return "", "", pinned
    return rest[0], rest[1] if len(rest) == 2 else "", pinned


def _whole(query: dict[str, str], name: str, default: int) -> int | None:
    value = query.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError:
        return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _now_ms(ask: Ask) -> int:
    return int(ask.now.timestamp() * 1000)


def _accepts_json(accept: str) -> bool:
    kinds = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    return bool(kinds & {"*/*", "application/*", "application/json"})


def _error(code: int, message: str) -> Row:
    return {"name": NAMES[code], "message": message, "statusCode": code}


def _limited(wait: float | None) -> Reply:
    body = _error(429, "rate limit")
    if wait is None:
        return json_reply(body, 429)
    seconds = int(wait) + 1
    return json_reply({**body, "retryAfterInSeconds": seconds}, 429, {"Retry-After": str(seconds)})
