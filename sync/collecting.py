"""The cycle collector, and the work during which it only costs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 1_000_000


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the cycle collector out while a million tuples come and go.

    None of them forms a cycle, and each look at them costs as much as reading them.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the cycle collector look only after every million new objects instead of 700.

    For work that takes an hour, mostly waiting. An exchange leaves no cycle behind, so there is
    nothing to find; looking at the records that stay cost a tenth to a quarter of a pull's time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
