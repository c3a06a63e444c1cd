"""What lies in HaloPSA's ticket list: what AutoElevate raised, and what everybody else did."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sync.sandbox.world.estate import Estate
from sync.sandbox.world.people import AE_AGENT
from sync.sandbox.world.records import DAY_MS
from sync.sandbox.world.truth import truth_rows

KEPT_DAYS = 40
AE_TYPE, INCIDENT = (31, "AutoElevate Request"), (1, "Incident")
SPACING = 9
"""Days between two tickets that a client's own people raise."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One ticket; `mark` tells it from all others for ever."""

    mark: str
    client: int
    at: int
    by: int
    """The agent who made it."""
    type: tuple[int, str]
    summary: str


def by_hand(estate: Estate) -> set[str]:
    """Day zero: every third company whose name is not its client's was linked by hand long ago."""
    wrong = sorted(
        company.id
        for company in estate.companies.values()
        if (client := estate.clients.get(estate.belongs.get(company.id, -1))) is not None
        and client.name != company.name
    )
    return set(wrong[::3])


def linked_clients(estate: Estate, linking: str = "exact") -> dict[str, int]:
    """Company id -> client id of every link that AutoElevate has: by name, or by hand."""
    known = {
        row.ae_id: int(row.halo_id)
        for row in truth_rows(estate, linking)
        if row.kind == "company" and row.linkable and row.halo_id
    }
    hand = {i: estate.belongs[i] for i in estate.by_hand if i in estate.companies}
    return known | {i: client for i, client in hand.items() if client in estate.clients}


def tickets(estate: Estate) -> Iterator[Raised]:
    """Give everything of the last weeks, in no order."""
    linked = linked_clients(estate)
    for ask in estate.elevations:
        computer = estate.computers.get(ask.computer)
        client = linked.get(computer.company) if computer else None
        if client is not None:
            what = f"{ask.requested_by} asks for {ask.target or 'admin rights'}"
            yield Raised(f"elevation/{ask.id}", client, ask.created, AE_AGENT, AE_TYPE, what)
    people = [a.id for a in estate.agents.values() if not (a.api_only or a.system or a.disabled)]
    today = estate.now_ms // DAY_MS
    for client in estate.clients:
        for day in range(today - KEPT_DAYS, today):
            if (client + day) % SPACING == 0 and people:
                mark = f"{client}/{day}"
                at = day * DAY_MS + Random(mark).randrange(DAY_MS)
                yield Raised(
                    mark, client, at, people[(client + day) % len(people)], INCIDENT, "No sound"
                )
