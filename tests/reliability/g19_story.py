"""G19: stories of forty steps: days, bad nights, kills, decisions, backups, another configuration.

Beside halosync runs a reference model that knows the invented world and nothing of halosync's
tables. After every step the invariants hold, and what is stored and said is what the model expects.
A story that fails is told again with fewer steps until no step can be left out.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from typing import Any

from sync.core import guard, judge, ledger
from sync.core.pulls import Answer
from sync.core.result import Vanished
from sync.core.sheet import Past
from sync.store import recall
from sync.store.db import Database
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.rig import with_what_was_compiled
from tests.reliability.story.steps import Step, Story
from tests.reliability.story.world import CHANGES
from tests.reliability.tally import Tally, Tier

TIERS: tuple[Tier, ...] = ("push", "release", "nightly")
STORIES = {"push": 8, "release": 300, "nightly": 1_500}
STEPS = 40
WORKERS = {"push": 1, "release": 2, "nightly": 2}
TALKATIVE = 5
"""In every so-manieth story near misses are looked for too; they claim nothing and cost half."""
LIKELY = {
    **dict.fromkeys(CHANGES, 6), "leave": 2, "reborn": 2, "narrow": 2,
    "night": 22, "failing": 4, "narrowed": 4, "truncated": 3, "kill": 10, "unmailed": 2,
    "acknowledge": 7, "decide": 10, "back up": 3, "restore": 2, "reconfigure": 3,
}  # fmt: skip
RETOLD = 3
"""So many failing stories are told again and again to find what matters in them."""


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally(notes={"steps": 0})
    workers = WORKERS[tier]
    shares = [range(n, STORIES[tier], workers) for n in range(workers)]
    if workers == 1:
        return _stories(seed, shares[0])
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_stories, [seed] * workers, shares):
            tally.add(part)
            tally.notes["steps"] = int(str(tally.notes["steps"])) + int(str(part.notes["steps"]))
    return tally


def sabotage(seed: int) -> Tally:
    """Take out one guard after the other; one that is not missed makes the whole run worthless."""
    tally = Tally()
    for guardless in SABOTAGES:
        with guardless():
            part = _stories(seed, range(6), retell=False)
        if not part.violations:
            return Tally(part.trials)
        tally.add(part)
    return tally


def _stories(seed: int, numbers: Sequence[int], *, retell: bool = True) -> Tally:
    tally = Tally(notes={"steps": 0})
    for number in numbers:
        name = f"{seed}/{number}"
        steps = drawn(name)
        done, found = told(name, steps)
        tally.trials += 1
        tally.notes["steps"] = int(str(tally.notes["steps"])) + done
        if found and retell and len(tally.violations) < RETOLD:
            steps, found = shortest(name, steps[:done])
        if found:
            tally.broken(f"story {name}: {found[0]} (after {', '.join(map(str, steps[:done]))})")
    return tally


def drawn(name: str) -> list[Step]:
    rng = Random(f"{name}/steps")
    whats = rng.choices(list(LIKELY), list(LIKELY.values()), k=STEPS - 1)
    return [Step(what, rng.randrange(10**6)) for what in ("night", *whats)]


def told(name: str, steps: Sequence[Step]) -> tuple[int, list[str]]:
    """Tell a story up to the first step after which something is wrong."""
    talkative = int(name.rpartition("/")[2]) % TALKATIVE == 0
    with ExitStack() as stack:
        compiled = with_what_was_compiled(Database.__init__)
        stack.enter_context(replaced(Database, "__init__", compiled))
        if not talkative:
            stack.enter_context(replaced(judge, "near_misses", lambda *_args, **_more: {}))
        story = stack.enter_context(Story(name))
        for number, step in enumerate(steps, start=1):
            if found := list(_done(story, step)):
                return number, found
    return len(steps), []


def _done(story: Story, step: Step) -> Iterator[str]:
    try:
        yield from story.do(step)
    except Exception as error:  # noqa: BLE001 - whatever it is, no step may end like this
        yield f"{step.what} ended in {type(error).__name__}: {error}"


def shortest(name: str, steps: Sequence[Step]) -> tuple[list[Step], list[str]]:
    """Leave out what can be left out, large pieces first, as long as something is wrong."""
    kept = list(steps)
    _, found = told(name, kept)
    size = len(kept) // 2
    while size:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            done, still = told(name, fewer)
            if still:
                kept, found = fewer[:done], still
            else:
                at += size
        size //= 2
    return kept, found


# guards to remove


def _nothing_decided() -> AbstractContextManager[None]:
    """Judge without what people decided."""
    return replaced(recall, "decisions", lambda _conn: ())


def _gone_unproven() -> AbstractContextManager[None]:
    """Take whatever a list lacks for gone."""
    real = guard._vanished

    def vanished(*asked: Any) -> Vanished:
        return replace(real(*asked), answer=Answer.GONE)

    return replaced(guard, "_vanished", vanished)


def _names_only() -> AbstractContextManager[None]:
    """Judge by tonight's names alone, as if nothing had ever been linked."""
    return replaced(ledger, "remembered", lambda *_args: Past())


SABOTAGES: tuple[Callable[[], AbstractContextManager[None]], ...] = (
    _nothing_decided,
    _gone_unproven,
    _names_only,
)
