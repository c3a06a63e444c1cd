"""SIGTERM and Ctrl-C: the first asks the run to roll back and leave, the second leaves at once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from sync.errors import Exit, Stopped

CODES = {signal.SIGINT: Exit.SIGINT, signal.SIGTERM: Exit.SIGTERM}


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """Give the event that a signal sets, and turn the stop into its exit code."""
    stop = threading.Event()
    received: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        if received:
            os._exit(int(CODES[signal.Signals(number)]))
        received.append(number)
        stop.set()

    before = {number: signal.signal(number, ask) for number in CODES}
    try:
        yield stop
    except Stopped as stopped:
        if received:
            stopped.exit_code = CODES[signal.Signals(received[0])]
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
