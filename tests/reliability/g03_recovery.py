"""G3: kill the run that recovers from a kill, up to five in a row; the first left alone converges.

Half of the shots fall at a named place, half at a random moment.
"""

from collections.abc import Iterator
from random import Random
from statistics import median
from time import monotonic

from sync.store import outbox
from tests.reliability.benches import oracle
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.places import FRESH, READY, Scene, at, kill, scene
from tests.reliability.benches.rig import BY_HAND, SLOT, Ended
from tests.reliability.tally import Tally, Tier

CHAINS = {"push": 20, "release": 200, "nightly": 400}
LONGEST = 5
WORLDS = 4
OF_A_RECOVERY = ("outbox-unknown:before-commit", "outbox-unknown:after-commit")
"""Passed only where a run died while the mail server had the message."""


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally(notes={"kills": 0})
    for number in range(WORLDS):
        _chains(tally, seed + number, CHAINS[tier] // WORLDS)
    return tally


def sabotage(seed: int) -> Tally:
    """Take a mail that was being sent when the run died for sent."""
    tally = Tally(notes={"kills": 0})
    with replaced(outbox, "DUE", ("pending",)):
        _chains(tally, seed, 30)
    return tally


def _chains(tally: Tally, seed: int, wanted: int) -> None:
    rng = Random(f"{seed}/chains")
    with scene(seed) as there:
        seconds = _duration(there)
        for number in range(wanted):
            there.rig.restore(READY)
            shots = list(_shots(there, rng, seconds))
            landed = sum(ended.killed for _, ended in shots)
            found = list(_converged(there, shots, landed))
            story = ", ".join(where for where, _ in shots)
            tally.broken(*(f"seed {seed}, chain {number} ({story}): {what}" for what in found))
            tally.trials += 1
            tally.notes["kills"] = int(str(tally.notes["kills"])) + landed


def _duration(there: Scene) -> float:
    """How long an undisturbed run takes here and now."""
    took = []
    for _ in range(3):
        there.rig.restore(READY)
        began = monotonic()
        there.rig.run(SLOT)
        took.append(monotonic() - began)
    return median(took)


def _shots(there: Scene, rng: Random, seconds: float) -> Iterator[tuple[str, Ended]]:
    places = [*(p for p in sorted(there.passed) if not p.startswith(FRESH)), *OF_A_RECOVERY]
    for number in range(rng.randint(2, LONGEST)):
        words = SLOT if number == 0 or rng.random() < 0.5 else BY_HAND
        if number:
            oracle.decide_more(there.rig)
        if rng.random() < 0.5:
            place = rng.choice(places)
            nth = rng.randint(1, max(1, min(4, there.passed[place])))
            yield f"{place} {nth}", there.rig.run(words, at(place, nth, kill))
        else:
            moment = rng.uniform(0, seconds)
            yield f"{moment:.3f} s", there.rig.killed_after(moment, words)


def _converged(there: Scene, shots: list[tuple[str, Ended]], landed: int) -> Iterator[str]:
    for where, ended in shots:
        if not ended.killed and ended.code != there.truth.exit_code:
            yield f"a run that was not hit at {where} ended with {ended}"
    yield from (f"at once: {what}" for what in oracle.safe(there.rig))
    last = there.rig.run(BY_HAND)
    if last.code != there.truth.exit_code:
        yield f"the run that was left alone ended with {last}"
    yield from oracle.whole(there.rig, there.truth, faults=landed)
