"""Exact linking of a million computers, beside a bare dictionary join of the same rows."""

import time
from collections.abc import Callable

from sync.core.link import link_all
from sync.core.records import AeRecord, HaloRecord, Kind
from sync.core.verdicts import Outcome

COMPANIES, EACH = 2_000, 500


def table(say: Callable[[str], None]) -> None:
    companies = [AeRecord(Kind.COMPANY, f"c{n}", f"Company {n}") for n in range(COMPANIES)]
    clients = [HaloRecord(Kind.COMPANY, f"{n}", f"Company {n}") for n in range(COMPANIES)]
    computers = [
        AeRecord(Kind.COMPUTER, f"m{n}-{k}", f"LT-{k:04}", f"c{n}")
        for n in range(COMPANIES)
        for k in range(EACH)
    ]
    assets = [
        _asset(f"{n * EACH + k}", f"LT-{k:04}", f"{n}")
        for n in range(COMPANIES)
        for k in range(EACH)
    ]
    begun = time.process_time()
    joined = _join(companies, clients, computers, assets)
    bare = time.process_time() - begun
    begun = time.process_time()
    verdicts = link_all(
        {Kind.COMPANY: companies, Kind.COMPUTER: computers},
        {Kind.COMPANY: clients, Kind.COMPUTER: assets},
    )
    ours = time.process_time() - begun
    linked = sum(v.outcome is Outcome.LINKED for v in verdicts) - COMPANIES
    say(f"### Exact linking, {len(computers):,} computers against {len(assets):,} assets\n")
    say("| | CPU s | linked |\n|---|--:|--:|")
    say(f"| bare dictionary join | {bare:.2f} | {len(joined):,} |")
    say(f"| link_all | {ours:.2f} | {linked:,} |\n")


def _asset(ident: str, name: str, client: str) -> HaloRecord:
    return HaloRecord(Kind.COMPUTER, ident, name, client, names=(("key_field", name),))


def _join(
    companies: list[AeRecord],
    clients: list[HaloRecord],
    computers: list[AeRecord],
    assets: list[HaloRecord],
) -> list[tuple[str, str]]:
    """Do the least that finds each computer's asset, without asking who else claims it."""
    by_name = {client.name: client.id for client in clients}
    client_of = {company.id: by_name.get(company.name) for company in companies}
    by_key = {(asset.client, asset.name): asset.id for asset in assets}
    found = ((c.id, by_key.get((client_of.get(c.company or ""), c.name))) for c in computers)
    return [(computer, asset) for computer, asset in found if asset]
