"""Exact linking of a million computers, beside a bare dictionary join of the same rows."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from statistics import median

from sync.core.link import link_all
from sync.core.records import AeRecord, HaloRecord, Kind
from sync.core.rooms import Room, furnish
from sync.core.verdicts import Outcome
from sync.interpreter import no_collecting
from tests.bench.match.promises import Promise, Say

COMPANIES, EACH, ROUNDS = 2_000, 500, 3
MOST_FOR_PAIRS, MOST_FOR_VERDICTS = 2.0, 4.0

Pairs = list[tuple[str, str]]


class Tenant:
    """A large tenant in which everything links."""

    def __init__(self) -> None:
        self.companies = [AeRecord(Kind.COMPANY, f"c{n}", f"Company {n}") for n in range(COMPANIES)]
        self.clients = [HaloRecord(Kind.COMPANY, f"{n}", f"Company {n}") for n in range(COMPANIES)]
        self.computers = [
            AeRecord(Kind.COMPUTER, f"m{n}-{k}", f"LT-{k:04}", f"c{n}")
            for n in range(COMPANIES)
            for k in range(EACH)
        ]
        self.assets = [
            _asset(f"{n * EACH + k}", f"LT-{k:04}", f"{n}")
            for n in range(COMPANIES)
            for k in range(EACH)
        ]

    def bare_join(self) -> Pairs:
        """Do the least that finds each computer's asset, without asking who else claims it."""
        by_name = {client.name: client.id for client in self.clients}
        client_of = {company.id: by_name.get(company.name) for company in self.companies}
        by_key = {(asset.client, asset.name): asset.id for asset in self.assets}
        found = (
            (c.id, by_key.get((client_of.get(c.company or ""), c.name))) for c in self.computers
        )
        return [(computer, asset) for computer, asset in found if asset]

    def pairs(self) -> Pairs:
        """Go as far as the product's own rooms and look-ups give the pairs: no verdicts yet."""
        linked = link_all({Kind.COMPANY: self.companies}, {Kind.COMPANY: self.clients})
        rooms: dict[str | None, Room | None] = {v.ae_id: Room(v.halo_id) for v in linked}
        furnish(rooms, Kind.COMPUTER, self.assets, None)
        found = []
        for computer in self.computers:
            room = rooms.get(computer.company)
            asset = room.one.get(computer.name) if room else None
            if asset:
                found.append((computer.id, asset.id))
        return found

    def verdicts(self) -> Pairs:
        """Link as every night does: contested, ambiguous, inactive and all."""
        verdicts = link_all(
            {Kind.COMPANY: self.companies, Kind.COMPUTER: self.computers},
            {Kind.COMPANY: self.clients, Kind.COMPUTER: self.assets},
        )
        return [
            (v.ae_id, v.halo_id or "")
            for v in verdicts
            if v.outcome is Outcome.LINKED and v.kind is Kind.COMPUTER
        ]


def table(say: Say) -> Iterator[Promise]:
    tenant = Tenant()
    links = (tenant.bare_join, tenant.pairs, tenant.verdicts)
    rounds = [[_timed(link) for link in links] for _ in range(ROUNDS)]
    (bare, joined), (pairs, paired), (full, linked) = map(_median, zip(*rounds, strict=True))
    say(f"### Exact linking, {len(tenant.computers):,} computers against "
        f"{len(tenant.assets):,} assets\n")  # fmt: skip
    say("| | CPU s | times | linked |\n|---|--:|--:|--:|")
    for what, cost, count in (
        ("bare dictionary join", bare, joined),
        ("up to the pairs", pairs, paired),
        ("link_all, with every verdict", full, linked),
    ):
        say(f"| {what} | {cost:.2f} | {cost / bare:.2f} | {count:,} |")
    say("")
    whole = joined == paired == linked == len(tenant.computers)
    for what, cost, most in (
        ("up to the pairs", pairs, MOST_FOR_PAIRS),
        ("with every verdict", full, MOST_FOR_VERDICTS),
    ):
        yield Promise(f"a million linked {what}: at most {most:g} times a bare dictionary join",
                      f"{cost / bare:.2f} times", met=whole and cost <= most * bare)  # fmt: skip


def _timed(link: Callable[[], Pairs]) -> tuple[float, int]:
    """Give the processor seconds and how many were linked."""
    gc.collect()
    with no_collecting():  # as `job.run` does it
        begun = time.process_time()
        found = link()
        return time.process_time() - begun, len(found)


def _median(rounds: Iterable[tuple[float, int]]) -> tuple[float, int]:
    """Give the median cost, and the fewest that were linked."""
    costs, counts = zip(*rounds, strict=True)
    return median(costs), min(counts)


def _asset(ident: str, name: str, client: str) -> HaloRecord:
    return HaloRecord(Kind.COMPUTER, ident, name, client, names=(("key_field", name),))
