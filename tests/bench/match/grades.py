"""The grades as shipped: estates of ordinary size, and the labelled sets with every strong error."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from sync.core.suggest.rank import FLOOR
from sync.core.verdicts import Grade, Suggestion
from tests.bench.match.companies import GENERATED, SEEDS
from tests.bench.match.generate import HELD_OUT, NameSet, generate
from tests.bench.match.promises import STRONG, Promise, Say
from tests.bench.match.sets import labelled, raw_names, slices, split_names

LABELLED_BY_PLACE = "chicago_sites"
"""Its labels go by address: two names that read the same may be two places. To be used for recall."""
SEED = 9_402
ESTATES = 30


class Shown(NamedTuple):
    """The best suggestion for one name; None where nothing was said."""

    ident: str
    name: str
    best: Suggestion | None
    right: bool
    has_answer: bool
    fault: str


def table(say: Say) -> Iterator[Promise]:
    _, unseen = split_names(raw_names())
    estates = [shown for names in slices(unseen, ESTATES, SEED) for shown in _shown(names)]
    say(f"### {ESTATES} estates of 300 clients, as shipped\n")
    _print(say, estates)
    held = [s.right for s in estates if s.fault == HELD_OUT and s.has_answer]
    say(f"Recall {_share(s.right for s in estates if s.has_answer):.4f}; of the fault class held out "
        f"from tuning ({HELD_OUT}) {_share(held):.4f}.\n")  # fmt: skip
    yield _strong(f"{ESTATES} estates", estates)
    every = list(estates)
    sets = [generate(unseen, GENERATED, seed) for seed in SEEDS]
    for names in (*sets, labelled(LABELLED_BY_PLACE), labelled("nsi_alias")):
        found = list(_shown(names))
        say(f"### {names.name}, as shipped\n")
        _print(say, found)
        _errors(say, found)
        yield _same_names(found) if names.name == LABELLED_BY_PLACE else _strong(names.name, found)
        every += found
    low = sum(s.best is not None and s.best.score < FLOOR for s in every)
    shown = sum(s.best is not None for s in every)
    yield Promise("nothing below 0.5 is shown", f"{low} of {shown:,}", low == 0)


def _shown(names: NameSet) -> Iterator[Shown]:
    left, right = ([Entry(*row) for row in rows] for rows in (names.left, names.right))
    for (ident, name), found in zip(names.left, match(left, right, Kind.COMPANY), strict=True):
        answers = names.truth.get(ident, set())
        best = found[0] if found else None
        hit = best is not None and best.halo_id in answers
        yield Shown(ident, name, best, hit, bool(answers), names.fault.get(ident, ""))


def _print(say: Say, found: list[Shown]) -> None:
    say("| grade | shown | right |\n|---|--:|--:|")
    told = [s for s in found if s.best]
    for grade in Grade:
        some = [s.right for s in told if s.best and s.best.grade is grade]
        say(f"| {grade.value} | {len(some):,} | {_share(some):.4f} |")
    say(f"| all | {len(told):,} | {_share(s.right for s in told):.4f} |")
    silent = [s for s in found if not s.best]
    rightly = sum(not s.has_answer for s in silent)
    say(f"\nLeft out on purpose (nothing reaches 0.5): {len(silent):,} names, {rightly:,} of them "
        "without a counterpart.\n")  # fmt: skip


def _wrong(found: Iterable[Shown]) -> list[Shown]:
    return [s for s in found if s.best and s.best.grade is Grade.STRONG and not s.right]


def _errors(say: Say, found: list[Shown]) -> None:
    """Name every strong suggestion that the labels call wrong, to be looked at."""
    for shown in _wrong(found):
        assert shown.best is not None
        why = ", ".join(reason.code for reason in shown.best.reasons)
        say(f"- strong, and wrong by the labels: `{shown.name}` -> `{shown.best.name}` ({why})")
    if _wrong(found):
        say("")


def _strong(where: str, found: list[Shown]) -> Promise:
    strong = _called_strong(found)
    what = f"{where}: of what is called strong, 99 % is right"
    return Promise(what, f"{_share(strong):.4f} of {len(strong):,}", _share(strong) >= STRONG)


def _same_names(found: list[Shown]) -> Promise:
    """Where labels tell a place from another of the same name, hold strong to what names can tell."""
    strong, wrong = _called_strong(found), _wrong(found)
    alike = sum(s.best is not None and _reads_the_same(s.best) for s in wrong)
    return Promise(
        f"{LABELLED_BY_PLACE}: what is strong and wrong by its labels reads the same",
        f"{alike} of {len(wrong)}; by the labels {_share(strong):.4f} of {len(strong)} are right",
        met=alike == len(wrong),
    )


def _called_strong(found: list[Shown]) -> list[bool]:
    return [s.right for s in found if s.best and s.best.grade is Grade.STRONG]


def _reads_the_same(best: Suggestion) -> bool:
    """Tell whether the two names differ in writing alone: no engine could tell them apart."""
    return all(r.code == "identical" or r.code.startswith("only-") for r in best.reasons)


def _share(rights: Iterable[bool]) -> float:
    listed = list(rights)
    return sum(listed) / max(1, len(listed))
