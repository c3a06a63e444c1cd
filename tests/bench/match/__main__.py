"""`python -m tests.bench.match`: near misses and exact linking, measured beside their rivals.

Prints the tables of docs/matching.md. The rivals are installed from the `bench` extra into an
environment that is thrown away; without a package index they are left out, with a line saying so.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from tests.bench.match import linking, machines
from tests.bench.match.generate import HELD_OUT, NameSet, generate
from tests.bench.match.measure import Figures, figures
from tests.bench.match.sets import labelled, raw_names, slices, split_names

ROOT = Path(__file__).parents[3]
SEEDS = (101, 102)
SLOW = {"rapidfuzz WRatio", "recordlinkage"}
OURS = ("halosync", "rapidfuzz token_sort", "rapidfuzz WRatio")
RIVALS = ("string_grouper", "splink (duckdb)", "recordlinkage")
SAMPLE = 500
"""Questions a slow rival is asked, of a set with more."""


@dataclass(frozen=True)
class Run:
    figures: Figures
    seconds: float
    cpu: float
    """Processor seconds, which a busy machine does not stretch as much."""
    peak: float
    asked: int


def main() -> None:
    say(f"Measured {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python "
        f"{sys.version.split()[0]}.\n")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="bench-match-") as folder:
        pythons = dict.fromkeys(OURS, sys.executable)
        if "--no-rivals" not in sys.argv:
            rival = install_rivals(Path(folder))
            pythons |= dict.fromkeys(RIVALS, rival) if rival else {}
        for names in sets():
            table(names, pythons, Path(folder))
        sizes(Path(folder))
    estates()
    machines.table(say)
    linking.table(say)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def sets() -> Iterator[NameSet]:
    _, unseen = split_names(raw_names())
    for seed in SEEDS:
        yield generate(unseen, 10_000, seed)
    yield labelled("chicago_sites")
    yield labelled("nsi_alias")


def install_rivals(folder: Path) -> str:
    """Install the rivals into a new environment; give its Python, or nothing if that fails."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = wanted["project"]["optional-dependencies"]["bench"]
    venv.create(folder / "rivals", with_pip=True)
    python = str(folder / "rivals" / ("Scripts" if os.name == "nt" else "bin") / "python")
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", *packages], capture_output=True, check=False
    )
    if done.returncode:
        say("The rivals of the `bench` extra could not be installed; their rows are left out.\n")
        return ""
    return python


def table(names: NameSet, pythons: dict[str, str], folder: Path) -> None:
    say(f"### {names.name}: {len(names.left):,} names, {len(names.right):,} to choose from, "
        f"{len(names.truth):,} with an answer\n")  # fmt: skip
    say("| engine | R@1 | R@3 | R@P95 | R@P99 | s | CPU s | MB |")
    say("|---|--:|--:|--:|--:|--:|--:|--:|")
    for engine, python in pythons.items():
        run = measure(engine, python, names, folder)
        if run is None:
            say(f"| {engine} | did not run | | | | | | |")
            continue
        f, note = run.figures, "" if run.asked == len(names.left) else f" ({run.asked} asked)"
        say(f"| {engine}{note} | {f.first:.3f} | {f.three:.3f} | {f.at_95:.3f} | {f.at_99:.3f} "
            f"| {run.seconds:.1f} | {run.cpu:.1f} | {run.peak:.0f} |")  # fmt: skip
        if engine == "halosync":
            shown = (
                f"\nShown (score 0.5 or more): precision {f.precision:.4f}, recall {f.recall:.4f}"
            )
    say(shown + "\n")


def measure(engine: str, python: str, names: NameSet, folder: Path) -> Run | None:
    """Run one engine over one set in a process of its own."""
    asked = names.left
    if engine in SLOW and len(asked) > SAMPLE:
        asked = random.Random(5).sample(asked, SAMPLE)
    source, result = folder / "in.json", folder / "out.json"
    source.write_text(json.dumps({"left": asked, "right": names.right}))
    script = str(Path(__file__).with_name("engines.py"))
    done = subprocess.run(
        [python, script, engine, str(source), str(result)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stderr.decode()[-2000:])
        return None
    told = json.loads(result.read_text())
    answers = {i: [(t, s) for t, s in found] for i, found in told["answers"].items()}
    measured = figures(names, answers, {i for i, _ in asked})
    return Run(measured, told["seconds"], told["cpu"], told["peak"], len(asked))


def estates() -> None:
    """Estates of ordinary size, with the grades, and the fault nobody was tuned on."""
    _, unseen = split_names(raw_names())
    shown: dict[str, list[bool]] = {"strong": [], "medium": [], "weak": []}
    held: list[bool] = []
    answerable = 0
    for names in slices(unseen, 30, 77):
        found = match(
            [Entry(*r) for r in names.left], [Entry(*r) for r in names.right], Kind.COMPANY
        )
        answerable += len(names.truth)
        for (ident, _), suggestions in zip(names.left, found, strict=True):
            right = bool(suggestions) and suggestions[0].halo_id in names.truth.get(ident, ())
            if suggestions:
                shown[suggestions[0].grade.value].append(right)
            if names.fault[ident] == HELD_OUT and ident in names.truth:
                held.append(right)
    everything = [right for rights in shown.values() for right in rights]
    say("### 30 estates of 300 clients, as shipped\n")
    say("| grade | shown | right |\n|---|--:|--:|")
    for grade, rights in {**shown, "all": everything}.items():
        say(f"| {grade} | {len(rights)} | {sum(rights) / max(1, len(rights)):.4f} |")
    say(f"\nRecall {sum(everything) / answerable:.4f}; of the fault class held out from tuning "
        f"({HELD_OUT}) {sum(held) / max(1, len(held)):.4f}.\n")  # fmt: skip


def sizes(folder: Path) -> None:
    say("### Time and memory by size\n\n| names on each side | s | CPU s | MB |\n|--:|--:|--:|--:|")
    _, unseen = split_names(raw_names())
    rng = random.Random(8)
    words = sorted({word for name in unseen for word in name.split() if len(word) > 2})
    for size in (1_000, 10_000, 100_000):
        pool = unseen if size < len(unseen) else [
            " ".join(rng.choices(words, k=rng.choice([2, 2, 3, 3, 4]))) for _ in range(int(size * 1.25))
        ]  # fmt: skip
        run = measure("halosync as shipped", sys.executable, generate(pool, size, 9), folder)
        if run:
            say(f"| {size:,} | {run.seconds:.2f} | {run.cpu:.2f} | {run.peak:.0f} |")
    say("")


if __name__ == "__main__":
    main()
