"""The goals that `python -m tests.reliability` counts, in the order of the specification.

A goal is one module with `run(tier, seed) -> Tally` and `sabotage(seed) -> Tally`: the second
removes the guard that the goal is about and must find violations, or the goal could not fail.
G21 is judged over the requests that all the others sent.
"""

from importlib import import_module
from types import ModuleType

SEED = 20_261
MODULES = {
    "G1": "g01_places",
    "G2": "g02_any_moment",
    "G3": "g03_recovery",
    "G4": "g04_crowd",
    "G5": "g05_wire_faults",
    "G6": "g06_fuzz",
    "G7": "g07_drift",
    "G8": "g08_brake",
    "G9": "g09_year",
    "G14": "g14_full",
    "G15": "g15_damage",
    "G17": "g17_slots",
    "G18": "g18_twice",
    "G20": "g20_backup",
}
OVER_ALL = {"G21": "g21_requests"}
"""Goals with `judge(asked, seed)` instead of `run`: they look at what the others left behind."""


def module(goal: str) -> ModuleType:
    return import_module(f"tests.reliability.{(MODULES | OVER_ALL)[goal]}")


def in_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: int(name.removeprefix("G")))
