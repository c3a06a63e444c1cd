"""AutoElevate's lists and records by id: what the key may see, in which order, page by page."""

import base64
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sync.sandbox.autoelevate.rows import AeRows, Row
from sync.sandbox.switches import AeSwitches
from sync.sandbox.wire import Ask
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.records import DAY_MS, AuditEntry, Computer, Elevation, Location
from sync.sandbox.world.truth import listed

STATES = {"", "PENDING", "APPROVED", "DENIED", "WITHDRAWN"}
FOR_EVER = 1 << 62


class Refused(Exception):  # noqa: N818 - an answer on its way out, not an error of ours
    """Carries a refusal from wherever it is found out."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class AeLists:
    def __init__(self, estate: Estate, switches: AeSwitches) -> None:
        self.estate = estate
        self.switches = switches
        self.rows = AeRows(estate, switches)
        self._chosen: dict[object, tuple[int, list[Any]]] = {}

    def answer(self, ask: Ask, route: str, paging: tuple[int, int]) -> Row:
        """One page of a list, or the usage."""
        now = now_ms(ask)
        pages: dict[str, Callable[[Any], Row]] = {
            "companies": self.rows.company,
            "locations": self.rows.location,
            "computers": lambda computer: self.rows.computer(computer, now),
            "elevation-requests": self.rows.elevation,
        }
        if route in pages:
            return self._page(ask, self._choose(ask, route), paging, pages[route])
        return self._audit(ask, paging[0]) if route == "audit-logs" else self._usage(ask)

    def one(self, ask: Ask, route: str, record_id: str) -> Row:
        """A record by id; a computer that is not known is a 422, everything else a 404."""
        unknown = Refused(422 if route == "computers" else 404, "unknown id")
        found, company = self._find(route, record_id.lower())
        if found is None:
            raise unknown
        if not self._shown(ask, company):
            raise Refused(403, "forbidden") if self.switches.invisible_by_id == 403 else unknown
        match route:
            case "companies":
                return self.rows.company(found)
            case "locations":
                return self.rows.location(found)
            case "elevation-requests":
                return self.rows.elevation(found)
        if self.switches.window_by_id and not listed(found, now_ms(ask)):
            raise unknown
        return self.rows.computer(found, now_ms(ask))

    def _find(self, route: str, record_id: str) -> tuple[Any, str]:
        """The record and the id of the company it belongs to."""
        estate = self.estate
        match route:
            case "companies":
                return estate.companies.get(record_id), record_id
            case "elevation-requests":
                request = next((e for e in estate.elevations if e.id == record_id), None)
                machine = estate.computers.get(request.computer) if request else None
                return request, machine.company if machine else ""
        below: dict[str, Any] = estate.locations if route == "locations" else estate.computers
        found = below.get(record_id)
        return found, found.company if found else ""

    def _page(
        self, ask: Ask, chosen: list[Any], paging: tuple[int, int], row: Callable[[Any], Row]
    ) -> Row:
        """NOTE: `totalCount` is 0 once `skip` passes the end."""
        take, skip = paging
        part = chosen[skip : skip + take]
        if self.switches.order == "unstable" and skip and part:
            part = [chosen[skip - 1], *part[1:]]
        items = ask.shaped([row(record) for record in part])
        return {"items": items, "totalCount": len(chosen) if skip < len(chosen) else 0}

    def _choose(self, ask: Ask, route: str) -> list[Any]:
        """The selected records in order, kept until the world changes or the minute is over."""
        query = {n: v for n, v in ask.query.items() if n not in {"take", "skip"}}
        minute = int(ask.now.timestamp()) // 60
        key = (route, tuple(sorted(query.items())), ask.parents, minute)
        version, chosen = self._chosen.get(key, (-1, []))
        if version != self.estate.version:
            version = self.estate.version
            chosen = list(self._select(ask, route))
            self._chosen = {k: v for k, v in self._chosen.items() if v[0] == version}
            self._chosen[key] = (version, chosen)
        return chosen

    def _select(self, ask: Ask, route: str) -> Iterable[Any]:
        match route:
            case "companies":
                return [c for c in self.estate.companies.values() if self._shown(ask, c.id)]
            case "locations":
                return sorted(self._locations(ask), key=lambda p: (p.created, p.id))
            case "computers":
                return self._computers(ask)
        return sorted(self._elevations(ask), key=lambda e: (-e.created, e.id))

    def _locations(self, ask: Ask) -> Iterable[Location]:
        of_company = uuid_of(ask.query, "companyid")
        return (
            p
            for p in self.estate.locations.values()
            if of_company in {"", p.company} and self._shown(ask, p.company)
        )

    def _computers(self, ask: Ask) -> Iterable[Computer]:
        of_company = uuid_of(ask.query, "companyid")
        of_place = uuid_of(ask.query, "locationid")
        beyond = self.switches.computers_beyond_key and ask.parents is None
        now, nulls = now_ms(ask), self.switches.null_seen_listed
        return (
            c
            for c in self.estate.computers.values()
            if of_company in {"", c.company}
            and of_place in {"", c.location}
            and listed(c, now, nulls=nulls)
            and (beyond or self._shown(ask, c.company))
        )

    def _elevations(self, ask: Ask) -> Iterable[Elevation]:
        """Every request, or those of a time; requests of a deleted machine are gone with it."""
        query, machines = ask.query, self.estate.computers
        start, end = whole(query, "start", 0) or 0, whole(query, "end", FOR_EVER) or FOR_EVER
        of_company = uuid_of(query, "companyid")
        state = query.get("approvalstate", "")
        if state not in STATES:
            raise Refused(400, "approvalState is unknown")
        return (
            e
            for e in self.estate.elevations
            if start <= e.created <= end
            and state in {"", e.state}
            and e.computer in machines
            and of_company in {"", machines[e.computer].company}
            and self._shown(ask, machines[e.computer].company)
        )

    def _shown(self, ask: Ask, company: str) -> bool:
        key = self.estate.visible_companies
        return (key is None or company in key) and (ask.parents is None or company in ask.parents)

    def _usage(self, ask: Ask) -> Row:
        """The agent count is refreshed now and then, so it is a few off in a large estate."""
        now = now_ms(ask)
        count = sum(listed(c, now) for c in self.estate.computers.values())
        return {
            "partnerId": self.estate.partner_id,
            "partnerName": "Demo MSP",
            "blockerEnabled": False,
            "justInTimeAdminLoginEnabled": False,
            "totalActiveAgents": count + 3 if count > 100 else count,
        }

    def _audit(self, ask: Ask, take: int) -> Row:
        """Newest first, from the cursor on; the cursor is opaque to the client."""
        found = sorted(self._entries(ask), key=lambda e: (-e.at, e.id))
        try:
            after = base64.urlsafe_b64decode(ask.query.get("cursor", "")).decode()
        except ValueError:
            raise Refused(400, "cursor is invalid") from None
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

    def _entries(self, ask: Ask) -> Iterable[AuditEntry]:
        query = ask.query
        start = max(whole(query, "start", 0) or 0, now_ms(ask) - 30 * DAY_MS)
        end = whole(query, "end", FOR_EVER) or FOR_EVER
        kind, action = query.get("entitytype", ""), query.get("action", "")
        return (
            e
            for e in self.estate.audit
            if start <= e.at <= end
            and kind in {"", e.entity}
            and action in {"", e.action.partition(".")[2]}
        )


def whole(query: dict[str, str], name: str, default: int) -> int | None:
    """A whole number from the query; None when it is something else."""
    value = query.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError:
        return None


def uuid_of(query: dict[str, str], name: str) -> str:
    """An id from the query in lower case; empty when none was given."""
    value = query.get(name, "")
    try:
        return value and str(UUID(value))
    except ValueError:
        raise Refused(400, f"{name} must be a UUID") from None


def now_ms(ask: Ask) -> int:
    return int(ask.now.timestamp() * 1000)
