"""Decode, link and publish beside their bare floors: what it costs to be careful.

The floor of each step is the least code that does its core: msgspec decoding whole pages into typed
rows, a dictionary join of the same keys, and `sqlite3.executemany` of the very rows that the night
wrote, into the same tables, in one transaction. Each size has a process of its own, which holds
what a real night holds; a step and its floor take turns, and the median of five rounds counts.
Nothing is imported while a clock runs.
"""

import gc
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec

from sync import job
from sync.core import guard, judge
from sync.core.link import link_all
from sync.core.pulls import Night
from sync.core.records import AE_OF, HALO_OF, Kind
from sync.core.result import Edition
from sync.interpreter import no_collecting
from sync.sources import autoelevate_rows, halo_assets, halo_rows
from sync.store import Store
from tests.bench.match import promises
from tests.bench.match.promises import Promise, Say
from tests.bench.recorded import Player, record
from tests.reliability.benches.bench import empty_database

SIZES = (50_000, 100_000)
ROUNDS = 5
STEPS = ("decode", "link", "publish")
WRITTEN = ("record", "verdict", "pair", "finding")
ASSETS = halo_assets.asset_reader(("key_field", "inventory_number"), frozenset())  # the defaults
MOST_TIMES, MOST_GROWTH = 2.0, 2.2


class Cost(NamedTuple):
    seconds: float
    cpu: float
    """Processor seconds, which a busy machine does not stretch as much."""


class Measured(NamedTuple):
    """One size: step -> what we take and what its floor takes, and the rows that were written."""

    ours: dict[str, Cost]
    floor: dict[str, Cost]
    rows: int


class Pages(NamedTuple):
    """The recorded answers of one list, and a decoder for its whole pages."""

    bodies: list[bytes]
    decoder: msgspec.json.Decoder[Any]


class Steps:
    """The three steps of one night and their floors, over answers recorded beforehand."""

    def __init__(self, bench: Player, folder: Path) -> None:
        """The database lies in `folder`: on a disk, as it does where halosync is installed."""
        self._bench = bench
        self._path, self._told = folder / "measured.sqlite3", folder / "told.sqlite3"
        self._pages = _recorded(bench)

    def decode(self) -> Cost:
        self.night = Night({})  # no real night has to let go of another first
        return _timed(self._pull)

    def _pull(self) -> None:
        self.night = job.pull(self._bench.sources())

    def bare_decode(self) -> Cost:
        return _timed(self._decode_pages)

    def _decode_pages(self) -> None:
        for bodies, decoder in self._pages:
            for body in bodies:
                decoder.decode(body)

    def link(self) -> Cost:
        ours, theirs = _sides(self.night)
        with no_collecting():  # as `job.run` does it
            return _timed(lambda: link_all(ours, theirs))

    def bare_link(self) -> Cost:
        ours, theirs = _sides(self.night)
        with no_collecting():
            return _timed(lambda: _join(ours, theirs))

    def judge(self) -> None:
        """Work out what is to be published, with no clock running, and publish it once."""
        store, clock = self._bench.store, self._bench.clock
        self._facts = store.begin("manual/1", clock.now(), timezone="UTC", config_hash="")
        past = store.recall(self._facts.started)
        trust = guard.weigh(self.night, past, {}, {}, guard.Limits())
        self._result = judge.judge(self._facts, self.night, trust, past, judge.Settings())
        self.publish()
        shutil.copy(self._path, self._told)
        self.rows = sum(map(len, self._rows().values()))

    def publish(self) -> Cost:
        self._fresh()
        facts = self._facts
        with Store.open(self._path, self._bench.clock) as store:
            begun = store.begin(facts.slot, facts.started, timezone="UTC", config_hash="")
            assert begun.id == facts.id
            return _timed(lambda: store.publish(self.night, self._result, Edition()))

    def bare_publish(self) -> Cost:
        self._fresh()
        rows = self._rows()
        with closing(sqlite3.connect(self._path, isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous=FULL")
            return _timed(lambda: _write(raw, rows))

    def _fresh(self) -> None:
        """Lay an empty database where the next round writes."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        shutil.copy(empty_database(), self._path)

    def _rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give the very rows that the night wrote."""
        with closing(sqlite3.connect(self._told)) as raw:
            return {t: raw.execute(f"SELECT * FROM {t}").fetchall() for t in WRITTEN}


def _recorded(bench: Player) -> list[Pages]:
    """Sort the tape by list; a list's typed page holds its rows as the product reads them."""
    shapes = {
        "/Client": ("clients", halo_rows.Client), "/Site": ("sites", halo_rows.Site),
        "/Asset": ("assets", ASSETS.struct), "/Agent": ("agents", halo_rows.Agent),
        "/companies": ("items", autoelevate_rows.Company),
        "/locations": ("items", autoelevate_rows.Location),
        "/computers": ("items", autoelevate_rows.Computer),
        "/elevation-requests": ("items", autoelevate_rows.ElevationRequest),
    }  # fmt: skip
    pages = []
    for path, (key, row) in shapes.items():
        bodies = [
            reply.body
            for (_, url), reply in bench.tape.items()
            if url.partition("?")[0].endswith(path) and reply.status == 200
        ]
        page = msgspec.defstruct("Page", [(key, list[row])])
        bare = bool(bodies) and bodies[0].lstrip()[:1] == b"["
        pages.append(Pages(bodies, msgspec.json.Decoder(list[row] if bare else page, strict=False)))
    return pages


def _sides(night: Night) -> tuple[dict[Kind, Any], dict[Kind, Any]]:
    return (
        {kind: night.ae(c) for kind, c in AE_OF.items()},
        {kind: night.halo(c) for kind, c in HALO_OF.items()},
    )


def _join(ours: dict[Kind, Any], theirs: dict[Kind, Any]) -> list[tuple[str, str]]:
    """Do the least that finds each record's counterpart, without asking who else claims it."""
    by_name = {client.name: client.id for client in theirs[Kind.COMPANY]}
    client_of = {company.id: by_name.get(company.name) for company in ours[Kind.COMPANY]}
    found = [*client_of.items()]
    for kind in (Kind.LOCATION, Kind.COMPUTER):
        by_key = {(there.client, there.name): there.id for there in theirs[kind]}
        found += [(o.id, by_key.get((client_of.get(o.company), o.name))) for o in ours[kind]]
    by_email = {agent.email: agent.id for agent in theirs[Kind.USER]}
    found += [(user.id, by_email.get(user.email)) for user in ours[Kind.USER]]
    return [(ours, theirs) for ours, theirs in found if theirs]


def _write(raw: sqlite3.Connection, tables: dict[str, list[tuple[Any, ...]]]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    for table, rows in tables.items():
        marks = ", ".join("?" * len(rows[0]))
        raw.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    raw.execute("COMMIT")


def _timed(work: Callable[[], object]) -> Cost:
    gc.collect()
    began, worked = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - began, time.process_time() - worked)


def rounds(steps: Steps) -> Iterator[tuple[str, Cost]]:
    """Each floor just before its step, so that both meet the same machine.

    The steps come in the order of a night, each in all its rounds: what a later one leaves in
    memory does not slow down an earlier one.
    """
    for _ in range(ROUNDS):
        yield "bare decode", steps.bare_decode()
        yield "decode", steps.decode()
    for _ in range(ROUNDS):
        yield "bare link", steps.bare_link()
        yield "link", steps.link()
    steps.judge()
    for _ in range(ROUNDS):
        yield "bare publish", steps.bare_publish()
        yield "publish", steps.publish()


def measure(computers: int) -> None:
    """Measure one size in this process; JSON on standard output."""
    with TemporaryDirectory(prefix="bench-floors-") as name:
        record(computers, Path(name))
        with Player(Path(name)) as bench:
            steps = Steps(bench, Path(name))
            gc.freeze()  # the recorded answers are nobody's memory
            costs: dict[str, list[Cost]] = {}
            for step, cost in rounds(steps):
                costs.setdefault(step, []).append(cost)
    told = {n: Cost(*map(median, zip(*c, strict=True))) for n, c in costs.items()}
    sys.stdout.write(json.dumps({"costs": told, "rows": steps.rows}))


def in_its_own_process(computers: int) -> Measured:
    command = [sys.executable, "-m", "tests.bench.floors", str(computers)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    costs = {name: Cost(*cost) for name, cost in told["costs"].items()}
    return Measured(
        {step: costs[step] for step in STEPS},
        {step: costs[f"bare {step}"] for step in STEPS},
        told["rows"],
    )


def total(costs: dict[str, Cost]) -> Cost:
    return Cost(*map(sum, zip(*costs.values(), strict=True)))


def table(say: Say) -> Iterator[Promise]:
    """Print both sizes; give what was promised of them."""
    found = {size: in_its_own_process(size) for size in SIZES}
    for size, (ours, floor, rows) in found.items():
        say(f"### Decode, link, publish: {size:,} computers, {rows:,} rows written\n")
        say("| step | s | floor s | times | CPU s | floor CPU s | times |")
        say("|---|--:|--:|--:|--:|--:|--:|")
        lines = [(step, ours[step], floor[step]) for step in STEPS]
        for step, cost, bare in [*lines, ("together", total(ours), total(floor))]:
            say(f"| {step} | {cost.seconds:.2f} | {bare.seconds:.2f} "
                f"| {cost.seconds / bare.seconds:.2f} | {cost.cpu:.2f} | {bare.cpu:.2f} "
                f"| {cost.cpu / bare.cpu:.2f} |")  # fmt: skip
        say("")
    yield from _promises(*(found[size] for size in SIZES))


def _promises(small: Measured, large: Measured) -> Iterator[Promise]:
    ours, floor, before = total(large.ours), total(large.floor), total(small.ours)
    times, growth = ours.seconds / floor.seconds, ours.seconds / before.seconds
    yield Promise(
        f"decode, link and publish at {SIZES[1]:,} computers: at most {MOST_TIMES:g} times their floors",
        f"{times:.2f} times (CPU {ours.cpu / floor.cpu:.2f})",
        met=times <= MOST_TIMES,
    )
    yield Promise(
        f"twice the records take at most {MOST_GROWTH:g} times the time",
        f"{growth:.2f} times (CPU {ours.cpu / before.cpu:.2f})",
        met=growth <= MOST_GROWTH,
    )


def main() -> None:
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        promises.table(print, [*table(print)])


if __name__ == "__main__":
    main()
