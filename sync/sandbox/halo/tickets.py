"""HaloPSA's tickets, as far as the one optional ticket needs them."""

import json
from typing import Any

from sync.sandbox.switches import HaloSwitches
from sync.sandbox.wire import Ask, Reply, json_reply


class HaloTickets:
    """Tickets and the notes on them, newest last."""

    def __init__(self, switches: HaloSwitches) -> None:
        self.switches = switches
        self.tickets: dict[int, dict[str, Any]] = {}
        self.notes: list[dict[str, Any]] = []

    def answer(self, ask: Ask, resource: str, one: str) -> Reply:
        if ask.method == "POST":
            return self._post(ask, resource)
        if resource == "actions":
            return json_reply({"record_count": len(self.notes), "actions": self.notes})
        if not one:
            rows = list(self.tickets.values())
            return json_reply({"record_count": len(rows), "tickets": ask.shaped(rows)})
        ticket = self.tickets.get(int(one) if one.isdecimal() else -1)
        return json_reply(ticket or {"Message": "Not found"}, 200 if ticket else 404)

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

    def _store(self, ticket: Any) -> dict[str, Any] | None:
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
