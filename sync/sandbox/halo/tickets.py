"""HaloPSA's tickets: those that the world raised, and what is posted and read back."""

import json
from typing import Any

from sync.sandbox.halo.lists import HaloLists, number, on
from sync.sandbox.wire import Ask, Reply, json_reply
from sync.sandbox.world.tickets import Raised, tickets

FIRST_OF_WORLD = 100_000
Row = dict[str, Any]


class HaloTickets:
    """Tickets and the notes on them, newest last."""

    def __init__(self, lists: HaloLists) -> None:
        self.lists = lists
        self.switches = lists.switches
        self.tickets: dict[int, Row] = {}
        self.notes: list[Row] = []
        self._numbers: dict[str, int] = {}
        self._seen: tuple[int, list[Row]] = (-1, [])

    def answer(self, ask: Ask, resource: str, one: str) -> Reply:
        if ask.method == "POST":
            return self._post(ask, resource)
        if resource == "actions":
            return json_reply({"record_count": len(self.notes), "actions": self.notes})
        if not one:
            return json_reply(self._page(ask))
        ticket = self.tickets.get(int(one) if one.isdecimal() else -1)
        return json_reply(ticket or {"Message": "Not found"}, 200 if ticket else 404)

    def _page(self, ask: Ask) -> Row:
        """One page of the list; dates and a type may narrow it, flags of activity do not."""
        query = ask.query
        chosen = [row for row in (*self._world(), *self.tickets.values()) if _wanted(row, query)]
        if self.switches.date_filter == "honoured" and query.get("datesearch") == "dateoccurred":
            first, last = query.get("startdate", ""), query.get("enddate", "~")
            chosen = [row for row in chosen if first <= row.get("dateoccurred", "~") <= last]
        if self.switches.order == "honoured" and query.get("order") == "id":
            chosen.sort(key=lambda row: row["id"], reverse=on(query, "orderdesc"))
        size, start = self.lists.cut(ask, "tickets")
        part = chosen[start:] if size is None else chosen[start : start + size]
        beyond = not part and self.switches.past_end == "zero"
        return {"record_count": 0 if beyond else len(chosen), "tickets": ask.shaped(part)}

    def _world(self) -> list[Row]:
        """The world's own tickets as rows, kept until the world changes; a number is for ever."""
        version, rows = self._seen
        if version != self.lists.estate.version:
            raised = sorted(tickets(self.lists.estate), key=lambda t: (t.at, t.mark))
            for ticket in raised:
                self._numbers.setdefault(ticket.mark, FIRST_OF_WORLD + len(self._numbers))
            rows = [self._row(ticket) for ticket in raised]
            self._seen = (self.lists.estate.version, rows)
        return rows

    def _row(self, ticket: Raised) -> Row:
        client, agent = self._names(ticket)
        return {
            "id": self._numbers[ticket.mark],
            "dateoccurred": self.lists.rows.date(ticket.at),
            "summary": ticket.summary,
            "tickettype_id": ticket.type[0],
            "tickettype_name": ticket.type[1],
            "client_id": ticket.client,
            "client_name": client,
            "agent_id": ticket.by,
            "agent_name": agent,
            "created_by": agent if self.switches.created_by == "filled" else None,
            "hasbeenclosed": True,
        }

    def _names(self, ticket: Raised) -> tuple[str, str]:
        estate = self.lists.estate
        client, agent = estate.clients.get(ticket.client), estate.agents.get(ticket.by)
        return client.name if client else "", agent.name if agent else ""

    def close(self, ticket_id: int) -> None:
        self.tickets[ticket_id]["hasbeenclosed"] = True

    def _post(self, ask: Ask, resource: str) -> Reply:
        try:
            sent = json.loads(ask.body)
        except ValueError:
            return json_reply({"Message": "The body is not JSON."}, 400)
        if isinstance(sent, dict) and self.switches.bare_ticket == "accepted":
            sent = [sent]
        if not isinstance(sent, list) or not sent:
            return json_reply({"Message": "Cannot deserialize the current JSON object."}, 400)
        if resource == "actions":
            return self._note(sent)
        stored = [self._store(ticket) for ticket in sent]
        if None in stored:
            return json_reply({"ClassName": "Faults", "Message": "Please enter a Summary"}, 400)
        everything = ask.query.get("returnall") == "true"
        return json_reply(stored if everything else stored[-1], self.switches.ticket_status)

    def _store(self, ticket: Any) -> Row | None:
        """Update the ticket whose id is given, else make one; nothing stops duplicates."""
        if not isinstance(ticket, dict):
            return None
        known = self.tickets.get(ticket.get("id", 0))
        if known is not None:
            known.update(ticket)
            return known
        if not ticket.get("summary"):
            return None
        number = 2000 + len(self.tickets)
        self.tickets[number] = {**ticket, "id": number, "hasbeenclosed": False}
        return self.tickets[number]

    def _note(self, sent: list[Any]) -> Reply:
        for note in sent:
            if note.get("ticket_id") not in self.tickets or not note.get("outcome_id"):
                return json_reply({"ClassName": "Actions", "Message": "Invalid outcome"}, 400)
            self.notes.append({**note, "id": len(self.notes) + 1})
        return json_reply(self.notes[-1], self.switches.ticket_status)


def _wanted(row: Row, query: dict[str, str]) -> bool:
    """What the parameters that name one id let through."""
    for parameter, name in (("requesttype_id", "tickettype_id"), ("client_id", "client_id")):
        if (only := number(query, parameter, 0)) and row.get(name) != only:
            return False
    return True
