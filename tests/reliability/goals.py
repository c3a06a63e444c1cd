"""The goals that `python -m tests.reliability` counts: one module each, found by its name.

`g07_drift.py` is G7. It has `run(tier, seed) -> Tally` and `sabotage(seed) -> Tally`: the second
removes the guard that the goal is about and must find violations, or the goal could not fail.
A goal that is not of the usual tiers says so: `TIERS = ("release",)`. G21 has `over_all(asked, seed)`
instead of `run`: it is judged over the requests that all the others sent.
"""

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.reliability.tally import Tier

SEED = 20_261
USUAL: tuple[Tier, ...] = ("push", "release")
MODULES = {
    f"G{int(found[1])}": path.stem
    for path in sorted(Path(__file__).parent.glob("g*.py"))
    if (found := re.match(r"g(\d\d)_", path.name))
}


def module(goal: str) -> ModuleType:
    return import_module(f"tests.reliability.{MODULES[goal]}")


def is_over_all(goal: str) -> bool:
    """Whether the goal looks at what the others left behind."""
    return hasattr(module(goal), "over_all")


def of_tier(tier: Tier) -> list[str]:
    return [goal for goal in MODULES if tier in getattr(module(goal), "TIERS", USUAL)]
