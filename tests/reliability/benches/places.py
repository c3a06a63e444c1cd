"""The places where a run can be hit, and the ways to hit it there."""

import errno
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sync import failpoint
from tests.reliability.benches import oracle
from tests.reliability.benches.oracle import Control, Truth
from tests.reliability.benches.rig import SLOT, Arrange, Rig

FRESH = ("migrate:",)
"""Places that only the first run of an installation passes."""
NOT_OF_A_RUN = ("decide:",)
INSIDE = ("publish:", "migrate:upgraded")


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def fail() -> None:
    raise RuntimeError("a bug, on purpose")


def fill(place: str) -> Callable[[], None]:
    """The disk is full, as SQLite says it inside a transaction and the system anywhere else."""
    inside = place.endswith(":before-commit") or (
        place.startswith(INSIDE) and not place.endswith(":after-commit")
    )

    def full() -> None:
        if not inside:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    return full


WAYS: dict[str, Callable[[str], Callable[[], None]]] = {
    "SIGKILL": lambda _place: kill,
    "SIGTERM": lambda _place: terminate,
    "exception": lambda _place: fail,
    "ENOSPC": fill,
}


def at(place: str, nth: int, act: Callable[[], None]) -> Arrange:
    """Arm a place for its nth passing."""

    def arrange() -> None:
        passings = 0

        def passing() -> None:
            nonlocal passings
            passings += 1
            if passings == nth:
                act()

        failpoint.arm(place, passing)

    return arrange


@dataclass(frozen=True, slots=True)
class Scene:
    """A rig with two good nights behind it and a third one due; what that must lead to."""

    rig: Rig
    truth: Truth
    passed: Counter[str]
    """How often an ordinary run passes each place; those of a first run only, once."""


READY, NEW = "two nights", "no night"


@contextmanager
def scene(seed: int) -> Iterator[Scene]:
    """Set up a rig in the first world, from this seed on, whose third night is an ordinary one."""
    for attempt in range(20):
        with Rig(seed + 1000 * attempt) as rig, Control(rig.world) as control:
            rig.save(NEW)
            codes = [rig.here(SLOT)]
            oracle.decide(rig)
            codes.append(control.night().exit_code)
            rig.advance()
            codes += [rig.here(SLOT), control.night().exit_code]
            rig.save(READY)
            rig.advance()
            truth = control.night()
            if any((*codes, truth.exit_code)):
                continue  # the brake or a mishap: another world shows more
            yield Scene(rig, truth, _counted(rig))
            return
    raise AssertionError("no world with three ordinary nights")


def _counted(rig: Rig) -> Counter[str]:
    """Run the third night once in this process and count."""
    first = failpoint.passed()
    times: Counter[str] = Counter()
    for place in first:
        failpoint.arm(place, lambda place=place: times.update([place]))
    rig.here(SLOT)
    failpoint.disarm()
    rig.restore(READY)
    times |= Counter(failpoint.passed())
    return Counter({place: n for place, n in times.items() if not place.startswith(NOT_OF_A_RUN)})
