"""The interpreter's habits, and the work during which they only cost."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 10_000_000
TURN_SECONDS = 0.05


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
    """Let the cycle collector look only after every ten million new objects instead of 700.

    For work that takes an hour, mostly waiting. An exchange leaves no cycle behind, so there is
    nothing to find; a single look at the records of a large tenant cost a tenth of its pull.
    """
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def long_turns() -> Iterator[None]:
    """Let a thread work for 50 ms, instead of 5, before another one may take its turn.

    For threads that wait for a network, and let go while they do. Where several have work at once,
    each change of turns makes the next one fetch its memory anew.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
