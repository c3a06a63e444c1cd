"""G4: eight processes want one slot. One works, seven leave with 75, one mail arrives."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from sync import failpoint
from sync.app import night
from sync.errors import Exit
from tests.reliability.benches import oracle
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.places import FRESH, READY, Scene, scene
from tests.reliability.benches.rig import SLOT, Ended
from tests.reliability.tally import Tally, Tier

PROCESSES = 8
ROUNDS = {"push": 25, "release": 100, "nightly": 100}
PATIENCE = 20.0


def run(tier: Tier, seed: int) -> Tally:
    return _all(ROUNDS[tier], seed)


def sabotage(seed: int) -> Tally:
    """No lock: everybody may."""

    @contextmanager
    def unlocked(*_: object, **__: object) -> Iterator[object]:
        yield _Nobody()

    with replaced(night, "hold", unlocked):
        return _all(3, seed, only="begin:after-commit", patience=2.0)


class _Nobody:
    def phase(self, _name: str) -> None:
        """Nobody asks."""


def _all(rounds: int, seed: int, *, only: str = "", patience: float = PATIENCE) -> Tally:
    tally = Tally()
    rng = Random(seed)
    with scene(seed) as there:
        places = sorted(p for p in there.passed if not p.startswith(FRESH))
        for number in range(rounds):
            place = only or rng.choice(places)
            found = _round(there, place, patience)
            tally.broken(*(f"round {number}, held at {place}: {what}" for what in found))
            tally.trials += 1
    return tally


def _round(there: Scene, place: str, patience: float) -> Iterator[str]:
    """Start eight at once; whoever gets to the place waits there until the others have gone."""
    rig = there.rig
    rig.restore(READY)
    held, hold = os.pipe()
    ready, go = os.pipe()

    def arrange() -> None:
        os.close(hold)
        os.close(go)
        os.read(ready, 1)  # ends when the parent closes its end: all begin at once
        failpoint.arm(place, lambda: os.read(held, 1))  # and so does this

    children = {rig.start(SLOT, arrange) for _ in range(PROCESSES)}
    for end in (held, ready, go):
        os.close(end)
    ended = dict(_until(children, PROCESSES - 1, patience))
    os.close(hold)
    ended |= dict(_until(children - ended.keys(), PROCESSES, PATIENCE))
    for pid in children - ended.keys():
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        yield "a process hung"
    codes = Counter(str(end) for end in ended.values())
    if codes != {f"exit {Exit.OK}": 1, f"exit {Exit.TEMPORARY}": PROCESSES - 1}:
        yield f"they ended with {dict(codes)}"
    yield from oracle.whole(rig, there.truth, faults=0)
    mails = oracle.mailed_slots(rig)[f"{rig.world.nights} the night's"]
    if mails != 1:
        yield f"{mails} mails arrived"


def _until(children: set[int], wanted: int, patience: float) -> Iterator[tuple[int, Ended]]:
    """Give the ends of children as they come, until so many have ended."""
    left, until = set(children), time.monotonic() + patience
    while left and wanted > 0 and time.monotonic() < until:
        for pid in sorted(left):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                left.discard(pid)
                wanted -= 1
                yield pid, Ended(status)
        time.sleep(0.005)
