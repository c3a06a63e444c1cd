"""The mutants of G24 are real changes, and a test that looks closely kills them."""

import ast
from subprocess import CalledProcessError

import pytest

from tests.reliability.mutation.mutants import mutants
from tests.reliability.mutation.mutating import Area, hunt

pytestmark = pytest.mark.slow

FARE = '''"""What a ride costs."""


def fare(kilometres: int, night: bool = False) -> int:
    """Give the price of a ride in euros."""
    if kilometres > 10 and not night:
        return kilometres * 2
    return kilometres * 3
'''
WEAK = """
from fare import fare

def test_a_ride_costs_something():
    assert fare(5)
"""
STRONG = """
import pytest
from fare import fare

@pytest.mark.parametrize(
    ("ride", "price"),
    [((10,), 30), ((11,), 22), ((12,), 24), ((12, True), 36), ((10, True), 30), ((1,), 3)],
)
def test_a_ride_costs_so_much(ride, price):
    assert fare(*ride) == price
"""
ENDLESS = """
def count(to):
    n = 0
    while n < to:
        n += 1
    return n
"""
COUNTED = """
from count import count

def test_counting_ends():
    assert (count(0), count(3)) == (0, 3)
"""


def hunted(folder, source, test, **more):
    name = "count" if source is ENDLESS else "fare"
    (folder / f"{name}.py").write_text(source)
    (folder / "test_it.py").write_text(test)
    return hunt(Area("tiny", (f"{name}.py",), ("test_it.py",), **more), folder)


def survivors(fates):
    return {fate.what for fate in fates if not fate.killed}


def whats(source):
    return [mutant.what for mutant in mutants(ast.parse(source))]


def test_a_test_that_looks_closely_kills_every_mutant(tmp_path):
    fates = hunted(tmp_path, FARE, STRONG)

    assert len(fates) == 12
    assert survivors(fates) == set()


def test_what_a_weak_test_misses_survives_with_its_line(tmp_path):
    fates = hunted(tmp_path, FARE, WEAK)

    assert {"10 -> 11", "not night -> night", "3 -> 4"} <= survivors(fates)
    assert "return kilometres * 3 -> return None" not in survivors(fates)
    missed = next(fate for fate in fates if fate.what == "kilometres * 2 -> kilometres // 2")
    assert (missed.where, missed.killed, missed.tests) == ("fare.py:7", False, 0)
    assert (tmp_path / "fare.py").read_text() == FARE, "nothing is ever written"


def test_without_their_claims_the_best_tests_kill_nothing(tmp_path):
    assert len(survivors(hunted(tmp_path, FARE, STRONG, claims=False))) == 12


def test_a_mutant_that_hangs_is_noticed(tmp_path):
    fates = hunted(tmp_path, ENDLESS, COUNTED, patience=2)

    assert "n += 1 -> n -= 1" in {fate.what for fate in fates if fate.hung}
    assert survivors(fates) == set()


def test_tests_that_fail_without_any_mutant_measure_nothing(tmp_path):
    with pytest.raises(CalledProcessError):
        hunted(tmp_path, FARE, WEAK.replace("assert", "assert not"))


def test_wording_types_and_asserts_are_left_alone():
    source = '''
"""A docstring."""
from typing import Literal
Answers = dict[str, int | None]
def f(a: int | None) -> Literal["x"]:
    """Another."""
    assert a == 1
    raise ValueError(f"so it is {a + 1}")
'''

    assert whats(source) == ["raise ValueError(f'so it is {a + 1}') -> pass"]


def test_rules_that_are_data_lose_each_of_their_members():
    assert whats("SAFE = {A, B}") == ["{A, B} -> {B}", "{A, B} -> {A}"]
    assert whats("NEEDS = {A: (B, C)}") == ["{A: (B, C)} -> {}", "(B, C) -> (C,)", "(B, C) -> (B,)"]


def test_a_change_is_undone_once_it_is_compiled():
    tree = ast.parse(FARE)
    for mutant in mutants(tree):
        mutant.code(tree, "fare.py")

    assert ast.unparse(tree) == ast.unparse(ast.parse(FARE))
