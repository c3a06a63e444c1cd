"""The labelled sets near misses are measured on."""

import csv
import random
from pathlib import Path

from tests.bench.match.generate import NameSet, generate

NAMES = Path(__file__).parents[2] / "fixtures" / "names"


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def labelled(name: str, *, removed: float = 0.25, seed: int = 7, folder: Path = NAMES) -> NameSet:
    """Read a labelled set, taking away the answers of a seeded share of the questions."""
    left = [(i, n) for i, n in _rows(folder / name / "queries.csv")]
    right = [(i, n) for i, n in _rows(folder / name / "targets.csv")]
    truth: dict[str, set[str]] = {}
    for query, target in _rows(folder / name / "truth.csv"):
        truth.setdefault(query, set()).add(target)
    gone: set[str] = set()
    rng = random.Random(seed)
    for query, _ in left:
        if rng.random() < removed:
            gone |= truth.get(query, set())
    truth = {q: answers - gone for q, answers in truth.items() if answers - gone}
    return NameSet(name, left, [row for row in right if row[0] not in gone], truth, {})


def raw_names(folder: Path = NAMES) -> list[str]:
    return [name for name, _ in _rows(folder / "names.csv")]


def split_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Split the raw names: a third to learn on, the rest to measure on."""
    shuffled = sorted(names)
    random.Random(3).shuffle(shuffled)
    cut = len(shuffled) // 3
    return shuffled[:cut], shuffled[cut:]


def slices(names: list[str], count: int, seed: int, size: int = 300) -> list[NameSet]:
    """Estates of ordinary size."""
    drawn = []
    for at in range(count):
        rng = random.Random(seed * 1000 + at)
        drawn.append(generate(rng.sample(names, int(size * 1.6)), size, seed * 1000 + at))
    return drawn
