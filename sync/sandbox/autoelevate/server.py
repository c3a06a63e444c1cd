"""The AutoElevate Partner API server: order of checks, quotas, paging, and the key's view."""

import time
from typing import Any

from sync.sandbox.autoelevate.key import AeKeys, Signed, refusal
from sync.sandbox.autoelevate.lists import AeLists, Refused, uuid_of, whole
from sync.sandbox.quota import Window
from sync.sandbox.switches import AeSwitches
from sync.sandbox.wire import Ask, Reply, json_reply
from sync.sandbox.world.estate import Estate

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
    400: "BadRequestError",
    401: "UnauthorizedError",
    403: "ForbiddenError",
    404: "NotFoundError",
    422: "UnprocessableError",
    429: "RateLimitError",
}
BURST = (24, 30.0)
"""Measured once: of 57 reads in a row 24 passed; one every four seconds always did."""
RETIRING = {
    "Deprecation": "true",
    "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT",
    "Link": '</api/v2/usage>; rel="successor-version"',
}


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
        self.lists = AeLists(self.estate, switches)
        self._hourly: dict[str, Window] = {}
        self._bursts: dict[str, Window] = {}

    def locate(self, ask: Ask) -> tuple[str, int]:
        route, one, _ = _route(ask)
        if route not in SCOPES:
            return "ae.unknown", 0
        if one:
            return f"ae.{route}.one", 0
        take, skip = whole(ask.query, "take", 50), whole(ask.query, "skip", 0)
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
            lists = self.lists
            return json_reply(
                lists.one(ask, route, one) if one else lists.answer(ask, route, paging)
            )

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
        take, skip = whole(query, "take", 50), whole(query, "skip", 0)
        if take is None or take < 1:
            raise Refused(400, "take must be at least 1")
        if skip is None or skip < 0:
            raise Refused(400, "skip must be at least 0")
        if take > 200:
            if self.switches.over_take == "refused":
                raise Refused(400, "take must be at most 200")
            take = 200
        uuid_of(query, "companyid")
        uuid_of(query, "locationid")
        return min(take, ask.cap or take), 0 if ask.first_page_only else skip


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


def _accepts_json(accept: str) -> bool:
    kinds = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    return bool(kinds & {"*/*", "application/*", "application/json"})


def _error(code: int, message: str) -> dict[str, Any]:
    return {"name": NAMES[code], "message": message, "statusCode": code}


def _limited(wait: float | None) -> Reply:
    body = _error(429, "rate limit")
    if wait is None:
        return json_reply(body, 429)
    seconds = int(wait) + 1
    return json_reply({**body, "retryAfterInSeconds": seconds}, 429, {"Retry-After": str(seconds)})
