"""The cycle collector comes back as it was, whatever happened meanwhile."""

import gc

import pytest

from sync.collecting import SELDOM, no_collecting, seldom_collecting


def fail(pause, looks_right):
    with pause():
        assert looks_right()
        raise ValueError("broken")


@pytest.mark.parametrize(
    ("pause", "looks_right"),
    [
        (no_collecting, lambda: not gc.isenabled()),
        (seldom_collecting, lambda: gc.get_threshold()[0] == SELDOM),
    ],
)
def test_it_is_as_before_even_after_a_failure(pause, looks_right):
    usual = gc.isenabled(), gc.get_threshold()

    with pytest.raises(ValueError, match="broken"):
        fail(pause, looks_right)

    assert (gc.isenabled(), gc.get_threshold()) == usual


def test_who_stands_still_inside_does_not_wake_it_too_early():
    with no_collecting():
        with no_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
