"""Tonight's requests: how many pages the lists have, against both quotas and the run's deadline."""

from collections.abc import Iterator
from math import ceil

from sync.core.records import Collection
from sync.doctor.case import Case
from sync.doctor.checks import Check, Part, Status
from sync.doctor.sizes import Sizes
from sync.sources.autoelevate import ROUTES, TAKE
from sync.sources.pace import LONGEST_QUOTA_WAIT, Spaced

HALO_EXTRA = 6
"""Token, tenant, instance, login and the second pass over the agents."""
AE_EXTRA = 2
"""Usage and the elevation requests."""


def budget_checks(case: Case, sizes: Sizes) -> Iterator[Check]:
    if Collection.HALO_CLIENTS in sizes.now:
        yield _halo(case, sizes)
    if Collection.AE_COMPANIES in sizes.now:
        yield _autoelevate(case, sizes)


def _halo(case: Case, sizes: Sizes) -> Check:
    settings, count = case.halo, sizes.now
    pages = sum(
        ceil(max(1, count.get(collection, 0)) / size)
        for collection, size in (
            (Collection.HALO_CLIENTS, settings.page_size),
            (Collection.HALO_SITES, settings.page_size),
            (Collection.HALO_ASSETS, settings.asset_page_size),
        )
    )
    requests = pages + HALO_EXTRA + sizes.ticket_requests
    waits = (requests - 1) // settings.requests_per_window * settings.window_seconds
    return _check(case, "halo", requests, waits)


def _autoelevate(case: Case, sizes: Sizes) -> Check:
    settings = case.autoelevate
    pace = Spaced(
        case.clock,
        case.ledger,
        seconds=settings.spacing_seconds,
        per_hour=settings.requests_per_hour,
    )
    requests, quota = AE_EXTRA, 0.0
    for collection, route in ROUTES.items():
        pages = ceil(max(1, sizes.now.get(collection, 0)) / TAKE)
        requests += pages
        quota += pace.planned_wait(f"/api/v1/{route}", pages)
    waits = quota + (requests - 1) * settings.spacing_seconds
    late = quota >= LONGEST_QUOTA_WAIT
    return _check(case, "autoelevate", requests, waits, extended=quota, late=late)


def _check(  # noqa: PLR0913 - the sum and its terms
    case: Case, of: str, requests: int, waits: float, *, extended: float = 0.0, late: bool = False
) -> Check:
    """Waiting for AutoElevate's hourly quota stretches the deadline; nothing else does."""
    minutes = ceil(waits / 60)
    facts = (("requests", requests), ("minutes", minutes))
    if late or waits - extended > case.host.deadline_seconds:
        limit = ceil(case.host.deadline_seconds / 60)
        return Check(
            Part.BUDGET, "budget", Status.WARNING, of=of, why="too-long",
            facts=(*facts, ("limit", limit)),
        )  # fmt: skip
    why = "waits" if extended else ""
    return Check(Part.BUDGET, "budget", Status.OK, of=of, why=why, facts=facts)
