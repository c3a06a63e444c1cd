"""A tenant of a thousand companies: every open record of a whole night gets its suggestions."""

import time
from collections.abc import Iterator
from statistics import median

from sync import job
from sync.core import judge
from sync.core.link import link_all
from sync.core.records import AE_OF, HALO_OF
from sync.core.suggest import near_misses
from sync.sandbox.world import World
from tests.bench.match.promises import Promise, Say
from tests.reliability.benches.bench import EPOCH, Bench

COMPANIES, COMPUTERS, SEED = 1_000, 20_000, 1_309
ROUNDS, MOST_SECONDS = 3, 1.0


def table(say: Say) -> Iterator[Promise]:
    world = World.create(SEED, COMPANIES, COMPUTERS, EPOCH)
    with Bench(world) as bench:
        bench.write_users()
        night = job.pull(bench.sources())
    linking = judge.Settings().linking
    verdicts = link_all(
        {kind: night.ae(c) for kind, c in AE_OF.items()},
        {kind: night.halo(c) for kind, c in HALO_OF.items()},
        linking,
    )
    waits = sum(v.outcome.is_open for v in verdicts)
    costs, worked = [], []
    for _ in range(ROUNDS):
        began, at_work = time.perf_counter(), time.process_time()
        found = near_misses(night, verdicts)
        costs.append(time.perf_counter() - began)
        worked.append(time.process_time() - at_work)
    seconds, cpu = median(costs), median(worked)
    silent = waits - sum(bool(s) for s in found.values())
    say(f"### A tenant of {COMPANIES:,} companies and {COMPUTERS:,} computers\n")
    say("| open records | with a suggestion | left out on purpose | s | CPU s |")
    say("|--:|--:|--:|--:|--:|")
    say(f"| {waits:,} | {waits - silent:,} | {silent:,} | {seconds:.2f} | {cpu:.2f} |\n")
    what = f"{COMPANIES:,} companies: suggestions for every open record within {MOST_SECONDS:g} s"
    yield Promise(what, f"{seconds:.2f} s (CPU {cpu:.2f})", seconds <= MOST_SECONDS)
