"""The interpreter is as before, whatever happened meanwhile."""

import gc
import sys

import pytest

from sync.interpreter import (
    SELDOM,
    TURN_SECONDS,
    long_turns,
    no_collecting,
    seldom_collecting,
)


def habits():
    return gc.isenabled(), gc.get_threshold(), sys.getswitchinterval()


def fail(pause, looks_right):
    with pause():
        assert looks_right()
        raise ValueError("broken")


@pytest.mark.parametrize(
    ("pause", "looks_right"),
    [
        (no_collecting, lambda: not gc.isenabled()),
        (seldom_collecting, lambda: gc.get_threshold()[0] == SELDOM),
        (long_turns, lambda: sys.getswitchinterval() == pytest.approx(TURN_SECONDS)),
    ],
)
def test_it_is_as_before_even_after_a_failure(pause, looks_right):
    usual = habits()

    with pytest.raises(ValueError, match="broken"):
        fail(pause, looks_right)

    assert habits() == usual


def test_who_stands_still_inside_does_not_wake_it_too_early():
    with no_collecting():
        with no_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
