"""G18: the same world again changes nothing: no event, no row, not a byte of the report.

Three nights over one world that stands still, while both systems give their rows in another order
each time. The second and third night must write no change at all, and print the same report.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from random import Random

from reports.deliver import Group, ReportSettings, compose
from sync.core import changes
from sync.core.result import Life, Result
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from tests.reliability.benches.bench import EPOCH, Bench, Setup, replaced
from tests.reliability.tally import Tally, Tier

WORLDS = {"push": 12, "release": 200, "nightly": 1_000}
TABLES = ("clients", "sites", "assets", "agents", "companies", "locations", "computers")
INTERVALS = ("record", "verdict", "finding", "pair")
READERS = ReportSettings("halosync@msp.example", groups=(Group(("admin@msp.example",)),))


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    for number in range(WORLDS[tier]):
        tally.broken(*(f"seed {seed}/{number}: {what}" for what in _world(f"{seed}/{number}")))
        tally.trials += 1
    return tally


def sabotage(seed: int) -> Tally:
    """Forget from night to night that a finding was open before."""

    def always_new(findings, _past, now):
        return tuple(replace(f, life=Life.NEW, since=now) for f in findings)

    with replaced(changes, "age", always_new):
        return run("push", seed)


def _world(seed: str) -> list[str]:
    rng = Random(seed)
    world = World.create(rng.getrandbits(32), rng.randrange(6, 25), rng.randrange(20, 130), EPOCH)
    order = rng.choice(("honoured", "unordered"))
    setup = Setup(
        HaloSwitches(limit="none", order=order),
        AeSwitches(hourly=None),
        page_size=rng.randrange(5, 60),
        asset_page_size=rng.randrange(5, 60),
    )
    with Bench(world, setup) as bench:
        nights = [_night(bench, rng) for _ in range(3)]
    (_, first), (second, after_second), (third, after_third) = nights
    changed = [t for t in INTERVALS if not first[t] == after_second[t] == after_third[t]]
    return [
        *_news(second),
        *_news(third),
        *(f"a row of {table} changed" for table in changed),
        *_differences(second, third),
    ]


def _night(bench: Bench, rng: Random) -> tuple[Result, dict[str, list[tuple]]]:
    _shuffle(bench.world, rng)
    bench.write_users()
    return bench.night().result, _rows(bench)


def _shuffle(world: World, rng: Random) -> None:
    """Let both systems hold their records in another order."""
    with world.changing():
        for name in (*TABLES, "technicians"):
            table = getattr(world, name)
            items = list(table.items())
            rng.shuffle(items)
            table.clear()
            table.update(items)


def _rows(bench: Bench) -> dict[str, list[tuple]]:
    """Every interval in the store, read past the store's own code."""
    with closing(sqlite3.connect(bench.folder / "store.sqlite3")) as raw:
        return {t: raw.execute(f"SELECT * FROM {t} ORDER BY id").fetchall() for t in INTERVALS}


def _news(result: Result) -> Iterator[str]:
    """Whatever a report would call new, changed or over."""
    told = {
        "findings are not simply open": [f for f in result.findings if f.life is not Life.OPEN],
        "findings are resolved": result.resolved,
        "records are missing": result.vanished,
        "renames": result.renamed,
        "pairs were made": result.pairs_made,
        "pairs ended": result.pairs_ended,
        "doubts": result.doubts,
    }
    for what, which in told.items():
        if which:
            yield f"run {result.run.id}: {len(which)} {what}, {which[0]}"


def _differences(second: Result, third: Result) -> Iterator[str]:
    """What two runs over the same facts print differently."""
    same = replace(third, run=second.run, trend=second.trend)
    if same != second:
        names = [n for n in second.__dataclass_fields__ if getattr(same, n) != getattr(second, n)]
        yield f"the results differ in {', '.join(names)}"
    one, other = compose(second, READERS), compose(same, READERS)
    for name in one.files:
        if one.files[name] != other.files.get(name):
            yield f"{name} differs"
    if one.letters != other.letters:
        yield "the letters differ"
