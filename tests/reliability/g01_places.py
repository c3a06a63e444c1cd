"""G1: hit a run at every place it passes, in four ways; then run it again, plainly.

Nothing that a reader sees may be half of a night, and the next plain run needs nobody's help.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import sqlalchemy as sa

from sync.errors import Exit
from sync.store import publish
from tests.reliability.benches import oracle
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.places import FRESH, NEW, READY, WAYS, Scene, at, scene
from tests.reliability.benches.rig import BY_HAND, SLOT, Ended
from tests.reliability.tally import Tally, Tier

SEEDS = {"push": 1, "release": 3, "nightly": 5}
AFTERWARDS = ("backup:", "prune:")
"""Places after the report is out: what fails there is told in the log, and changes nothing."""


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    for number in range(SEEDS[tier]):
        part = _all(seed + number, number)
        tally.add(part)
        tally.notes |= part.notes
    return tally


def sabotage(seed: int) -> Tally:
    """Publish in two transactions: what was filed until here is committed at once."""
    with _split_in_two():
        return _all(seed, 0, only="publish:")


@contextmanager
def _split_in_two() -> Iterator[None]:
    real = publish._observe

    def observe(conn: sa.Connection, *filed: object) -> None:
        raw = conn.connection.dbapi_connection
        raw.execute("COMMIT")
        raw.execute("BEGIN IMMEDIATE")
        real(conn, *filed)

    with replaced(publish, "_observe", observe):
        yield


def _all(seed: int, number: int, *, only: str = "") -> Tally:
    """Every place in every way; each seed takes another passing of the places passed often."""
    tally = Tally()
    with scene(seed) as there:
        places = sorted(place for place in there.passed if place.startswith(only))
        for place, way in product(places, WAYS):
            nth = 1 + number % there.passed[place]
            found = _trial(there, place, way, nth)
            tally.broken(*(f"seed {seed}, {way} at {place} ({nth}): {what}" for what in found))
            tally.trials += 1
    tally.notes["places"] = len(places)
    return tally


def _trial(there: Scene, place: str, way: str, nth: int) -> Iterator[str]:
    rig, first = there.rig, place.startswith(FRESH)
    rig.restore(NEW if first else READY)
    ended = rig.run(SLOT, at(place, nth, WAYS[way](place)))
    yield from EXPECTED[way](there, ended, place)
    if (rig.state / "halosync.sqlite3").exists():
        yield from (f"at once: {what}" for what in oracle.safe(rig, decided=not first))
    if not first:
        oracle.decide_more(rig)
    again = rig.run(BY_HAND)
    if again.code != there.truth.exit_code:
        yield f"the next run ended with {again}"
    if first:
        oracle.decide(rig)  # a database that was never there had nothing to lose
        yield from oracle.complete(rig, faults=1)
    else:
        yield from oracle.whole(rig, there.truth, faults=1)


# How a run that was hit may end


def _shot(_there: Scene, ended: Ended, _place: str) -> Iterator[str]:
    if not ended.killed:
        yield f"the kill did not land: {ended}"


def _stopped(there: Scene, ended: Ended, _place: str) -> Iterator[str]:
    """Rolled back, or already published and then brought to its end."""
    wanted = {Exit.SIGTERM: 0, Exit.OK: 1}
    if ended.code not in wanted:
        yield f"it ended with {ended}"
        return
    mails = oracle.mailed_slots(there.rig)[f"{there.rig.world.nights} the night's"]
    if mails != wanted[Exit(ended.code)]:
        yield f"it ended with {ended}, and {mails} mails arrived"


def _failed(there: Scene, ended: Ended, place: str) -> Iterator[str]:
    """Told by the exit code and by a ping; after the report is out, by the log."""
    if ended.code == Exit.OK and place.startswith(AFTERWARDS):
        log = (there.rig.state / "logs" / "halosync.log").read_text()
        if "backup or pruning failed" not in log:
            yield "nothing in the log says that it failed"
        return
    if ended.code != Exit.BUG:
        yield f"it ended with {ended}"
    if "fail " not in there.rig.pings.read_text():
        yield "the monitoring service was not told"


EXPECTED: dict[str, Callable[[Scene, Ended, str], Iterator[str]]] = {
    "SIGKILL": _shot,
    "SIGTERM": _stopped,
    "exception": _failed,
    "ENOSPC": _failed,
}
