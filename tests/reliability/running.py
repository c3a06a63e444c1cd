"""Runs goals, two at a time, each in a process of its own, and times them."""

import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.reliability import recorder
from tests.reliability.goals import is_over_all, module
from tests.reliability.tally import Line, Tally, Tier

WORKERS = 2


def run_goals(wanted: Sequence[str], tier: Tier, seed: int) -> Iterator[Line]:
    """Yield each goal's line as it is known; those over all requests come last."""
    asked: Counter[str] = Counter()
    # A fresh process per goal: armed failpoints, patched guards and memory end with it.
    with ProcessPoolExecutor(
        WORKERS, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        waiting = {pool.submit(run_goal, g, tier, seed): g for g in wanted if not is_over_all(g)}
        for done in as_completed(waiting):
            line = _result(done.result, waiting[done], seed)
            asked.update(line.tally.asked)
            yield line
    for goal in wanted:
        if is_over_all(goal):
            yield judge_all(goal, asked, tier, seed)


def run_goal(goal: str, tier: Tier, seed: int) -> Line:
    """Run one goal here, and with its guard removed where the tier asks for that."""
    recorder.forget()
    started = time.monotonic()
    tally = _counted(lambda: module(goal).run(tier, seed))
    tally.asked = recorder.taken()
    sabotage = None if tier == "push" else _sabotage(lambda: module(goal).sabotage(seed))
    return Line(goal, tally, time.monotonic() - started, seed, sabotage)


def judge_all(goal: str, asked: Counter[str], tier: Tier, seed: int) -> Line:
    started = time.monotonic()
    tally = _counted(lambda: module(goal).over_all(asked, seed))
    sabotage = None if tier == "push" else _sabotage(lambda: module(goal).sabotage(seed))
    return Line(goal, tally, time.monotonic() - started, seed, sabotage)


def _counted(work: Callable[[], Tally]) -> Tally:
    """A goal that dies is a violation, not the end of the others."""
    try:
        return work()
    except Exception:  # noqa: BLE001 - whatever it is, it is counted and shown
        traceback.print_exc(file=sys.stderr)
        return Tally(violations=["the goal's own run died: see the traceback"])


def _sabotage(work: Callable[[], Tally]) -> int:
    """How many violations are found without the guard; dying instead of counting proves nothing."""
    try:
        return len(work().violations)
    except Exception:  # noqa: BLE001
        traceback.print_exc(file=sys.stderr)
        return 0


def _result(ask: Callable[[], Line], goal: str, seed: int) -> Line:
    try:
        return ask()
    except Exception:  # noqa: BLE001 - a worker that was killed takes its goal with it, no other
        traceback.print_exc(file=sys.stderr)
        return Line(goal, Tally(violations=["its process died"]), 0.0, seed)
