"""One night at three sizes, step by step: seconds, peak memory, rows written, growth.

Run as `make bench-night`. Each size has a process of its own. The two systems' answers are recorded
beforehand and handed over as bytes, so "decode" is ours alone: envelopes, rows, proofs. The second
night has one percent of the computers renamed. Last comes the report of 50,000 open rows.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import sqlalchemy as sa

from reports.deliver import Group, ReportSettings, compose
from sync import job
from sync.core import guard, judge
from sync.core.result import Result
from sync.sandbox.world import World
from tests.bench.memory import forget_peak, peak_mb
from tests.reliability.benches.bench import EPOCH, Bench, DirectWire

SIZES = (1_000, 10_000, 100_000)
STEPS = ("decode", "recall", "link", "suggest", "judge", "render", "publish")
CHANGED = 100  # one computer in so many is renamed for the second night


class TapeWire:
    """Hands out answers that were recorded before the clock started."""

    def __init__(self, wire: DirectWire, tape: dict) -> None:
        self.clock, self.deadline = wire.clock, wire.deadline
        self._wire, self._tape = wire, tape

    def send(self, request):
        key = (request.method, request.url)
        if key not in self._tape:
            self._tape[key] = self._wire.send(request)
        return self._tape[key]


class TapedBench(Bench):
    """A bench whose systems answer each question once and from then on from the tape."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.tape: dict = {}

    def _wire(self, system):
        return TapeWire(super()._wire(system), self.tape)


@dataclass
class Stopwatch:
    seconds: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        forget_peak()
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.peaks[name] = peak_mb()

    def timed(self, name: str, function):
        def run(*args, **kwargs):
            with self.step(name):
                return function(*args, **kwargs)

        return run


class Writes:
    """Counts the rows that every statement wrote."""

    def __init__(self) -> None:
        self.rows = 0
        sa.event.listen(sa.Engine, "after_cursor_execute", self._count)

    def _count(self, _conn, cursor, statement, *_rest) -> None:
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            self.rows += max(0, cursor.rowcount)


def one_night(bench: TapedBench, settings: ReportSettings) -> tuple[Stopwatch, Result]:
    """Do what `job.run` does, with a stopwatch around each step."""
    watch = Stopwatch()
    facts = bench.store.begin(
        f"manual/{bench.world.nights}", bench.clock.now(), timezone="UTC", config_hash=""
    )
    with watch.step("decode"):
        tonight = job.pull(bench.sources())
    with watch.step("recall"):
        past = bench.store.recall(facts.started)
        gaps = guard.missing(tonight, past)
        standing = {c: bench.store.standing(c, ids) for c, ids in gaps.items()}
        trust = guard.weigh(tonight, past, {}, standing, guard.Limits())
    real = judge.link_all, judge.near_misses
    judge.link_all = watch.timed("link", real[0])
    judge.near_misses = watch.timed("suggest", real[1])
    start = time.perf_counter()
    result = judge.judge(facts, tonight, trust, past, judge.Settings())
    judge.link_all, judge.near_misses = real
    whole = time.perf_counter() - start
    watch.seconds["judge"] = whole - watch.seconds["link"] - watch.seconds["suggest"]
    watch.peaks["judge"] = peak_mb()
    with watch.step("render"):
        edition = compose(result, settings)
    with watch.step("publish"):
        bench.store.publish(tonight, result, edition)
    return watch, result


def rename_one_percent(world: World, seed: int) -> None:
    rng = Random(seed)
    computers = sorted(world.computers.values(), key=lambda c: c.id)
    for computer in rng.sample(computers, max(1, len(computers) // CHANGED)):
        world.rename(computer, f"{computer.name}-R")


def measure(computers: int, seed: int) -> None:
    """Both nights of one size; a line per night and step on standard output."""
    settings = ReportSettings(sender="halosync@msp.example", groups=(Group(("a@msp.example",)),))
    writes = Writes()
    world = World.create(seed, computers // 20, computers, EPOCH)
    with TapedBench(world) as bench:
        for night in ("first", "1 % changed"):
            bench.write_users()
            bench.tape.clear()
            job.pull(bench.sources())  # fills the tape
            before = writes.rows
            watch, result = one_night(bench, settings)
            for step in STEPS:
                print(f"{computers}\t{night}\t{step}\t{watch.seconds[step]}\t{watch.peaks[step]}")
            print(f"{computers}\t{night}\trows written\t{writes.rows - before}\t0")
            print(f"{computers}\t{night}\topen rows\t{len(result.findings)}\t0", flush=True)
            world.nights += 1  # the day passes, nothing else does
            rename_one_percent(world, seed)


def table(sizes: tuple[int, ...], seed: int) -> None:
    """Measure every size in its own process and print seconds, memory and growth."""
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for size in sizes:
        command = [
            sys.executable,
            "-m",
            "tests.bench.night",
            "--one",
            str(size),
            "--seed",
            str(seed),
        ]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for line in out.splitlines():
            _, night, step, value, peak = line.split("\t")
            rows.setdefault((night, step), []).append((float(value), float(peak)))
    heads = "".join(f"{f'{s:,}':>12}{'MB':>7}" for s in sizes) + "    growth"
    for night in ("first", "1 % changed"):
        print(f"\n{night} night; seconds and peak MB by number of computers, seed {seed}")
        print(f"{'':14}{heads}")
        for step in (*STEPS, "rows written", "open rows"):
            print(line_of(step, rows[night, step]))


def line_of(step: str, cells: list[tuple[float, float]]) -> str:
    counted = step in {"rows written", "open rows"}
    shown = "".join(f"{v:>12,.0f}{'':7}" if counted else f"{v:>12.3f}{p:>7.0f}" for v, p in cells)
    growth = " ".join(f"x{b / a:.1f}" if a else "-" for (a, _), (b, _) in pairwise(cells))
    return f"{step:14}{shown}    {growth}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", type=int, help="measure one size in this process")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    if asked.one:
        measure(asked.one, asked.seed)
    else:
        table(tuple(asked.sizes), asked.seed)
        command = [sys.executable, "-m", "tests.bench.many_rows"]
        sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
