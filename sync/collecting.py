"""The cycle collector, and the work during which it only costs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
