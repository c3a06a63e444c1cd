"""Halo's tickets as evidence: whether they may be read, and whether any is AutoElevate's."""

from collections.abc import Iterator

from sync.doctor.case import Case
from sync.doctor.checks import Check, Part, Status
from sync.doctor.sizes import Sizes
from sync.sources.halo_api import HaloApi
from sync.sources.halo_tickets import TicketReader


def ticket_checks(case: Case, api: HaloApi, sizes: Sizes) -> Iterator[Check]:
    """Look through the tickets as tonight's run will. Whatever is wrong, the night goes on."""
    wanted = case.halo.tickets
    if wanted is None:
        return
    reader = TicketReader(case.halo, wanted, case.to_halo, api.pace)
    found = reader.read()
    sizes.ticket_requests = reader.requests
    named = " / ".join(str(name) for name in (wanted.agent, wanted.ticket_type) if name)
    facts = (
        ("n", found.read), ("clients", len(found.clients)), ("days", found.days), ("named", named),
    )  # fmt: skip
    why = found.cause or ("none" if not found.read else "" if found.clients else "nobody")
    status = Status.WARNING if why else Status.OK
    yield Check(Part.LISTS, "tickets", status, why=why, facts=facts, detail=found.detail)
