"""Machines by rule, over invented fleets with a neighbour for every gap."""

import re
from collections import Counter
from collections.abc import Iterator

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from sync.core.verdicts import Suggestion
from tests.bench.match.fleet import Fleet, fleet
from tests.bench.match.promises import Promise, Say

SEEDS = (1_401, 1_402, 1_403, 1_404, 1_405)
SIZE = 11_000
PRECISION, RECALL = 0.995, 0.96


def table(say: Say) -> Iterator[Promise]:
    counts: Counter[str] = Counter()
    for seed in SEEDS:
        counts.update(count(fleet(SIZE, seed)))
    say(f"### Machines: {len(SEEDS)} fleets of about {SIZE:,}, identical names left out\n")
    say("| shown | right of these | recall | between complete numbers that differ |")
    say("|--:|--:|--:|--:|")
    say(f"| {counts['shown']:,} | {counts['right'] / counts['shown']:.4f} "
        f"| {counts['right'] / counts['answerable']:.4f} | {counts['other number']} |\n")  # fmt: skip
    say("| grade | shown | right |\n|---|--:|--:|")
    for grade in ("strong", "medium", "weak"):
        shown = counts[f"{grade} shown"]
        say(f"| {grade} | {shown:,} | {counts[f'{grade} right'] / max(1, shown):.4f} |")
    say(f"\nLeft out on purpose (no rule holds, or several assets fit): {counts['silent']:,} machines, "
        f"{counts['silent rightly']:,} of them without an asset.\n")  # fmt: skip
    precision = counts["right"] / counts["shown"]
    recall = counts["right"] / counts["answerable"]
    where = f"machines, {len(SEEDS)} fleets of {SIZE:,}"
    yield Promise(f"{where}: precision at least {PRECISION}", f"{precision:.4f}",
                  precision >= PRECISION)  # fmt: skip
    yield Promise(f"{where}: recall at least {RECALL}", f"{recall:.4f}", recall >= RECALL)
    other = counts["other number"]
    yield Promise(f"{where}: nothing between complete numbers that differ", f"{other} of "
                  f"{counts['shown']:,}", other == 0)  # fmt: skip


def count(world: Fleet) -> Counter[str]:
    """Count what is shown, what of it is right, and what may never be shown."""
    counts: Counter[str] = Counter()
    found = match(
        [Entry(i, name, parent) for i, parent, name in world.machines],
        [Entry(i, name, parent) for i, parent, name in world.assets],
        Kind.COMPUTER,
    )
    names = {i: name for i, _, name in world.assets}
    for (ident, _, name), suggestions in zip(world.machines, found, strict=True):
        wanted = world.truth.get(ident, "")
        if wanted and names[wanted] == name:
            continue
        counts["answerable"] += bool(wanted)
        if not suggestions:
            counts["silent"] += 1
            counts["silent rightly"] += not wanted
        for suggestion in suggestions[:1]:
            if suggestion.score < 1:
                counts.update(_judged(name, suggestion, right=suggestion.halo_id == wanted))
    return counts


def _judged(name: str, suggestion: Suggestion, *, right: bool) -> Counter[str]:
    grade = suggestion.grade.value
    return Counter(
        {
            "shown": 1,
            "right": right,
            f"{grade} shown": 1,
            f"{grade} right": right,
            "other number": _other_number(name, suggestion.name),
        }
    )


def _other_number(name: str, other: str) -> bool:
    """Tell whether both names hold complete numbers and these differ."""
    if 15 in {len(name), len(other)}:
        return False  # a name cut to the NetBIOS limit may end inside a number
    return all(_numbers(name, fold) != _numbers(other, fold) for fold in ("", "OIL"))


def _numbers(name: str, fold: str) -> list[int]:
    host = re.sub(r"\s*\(.*|\s+-\s.*|\..*|.*\\", "", name).upper()
    return [
        int(n) for n in re.findall(r"\d+", host.translate(str.maketrans(fold, "011"[: len(fold)])))
    ]
