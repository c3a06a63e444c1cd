"""G2: kill nights at any moment. Every slot is reported once, every report arrives.

Nights follow each other in one installation: each is shot at a random moment of its run, then run
again as cron or the service would. Every second installation has a slow mail server, so that many
shots fall while a mail is under way. The moments are real time: a seed replays worlds and
moments, but not which statement a shot hits.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

from sync import outbox
from sync.outbox import Delivery, Outbox, Parcel, Receipt, Transport
from tests.reliability.benches import oracle
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.oracle import Control, Truth
from tests.reliability.benches.processes import shoot_processes
from tests.reliability.benches.rig import BY_HAND, SLOT, Rig
from tests.reliability.tally import Tally, Tier

TIERS: tuple[Tier, ...] = ("push", "release", "nightly")
LANDED = {"push": 30, "release": 1_000, "nightly": 5_000}
PROCESSES = {"push": 0, "release": 60, "nightly": 300}
WORKERS = 2
NIGHTS = 20
"""In one installation, before the next one begins."""
SLOW = 0.15


def run(tier: Tier, seed: int) -> Tally:
    share = LANDED[tier] // WORKERS
    tally = Tally(notes={"copies": 0, "twice": 0})
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        seeds = [seed + 100_000 * number for number in range(WORKERS)]
        for part in pool.map(_until_landed, seeds, [share] * WORKERS):
            _add(tally, part)
    shoot_processes(tally, seed, PROCESSES[tier])
    return tally


def sabotage(seed: int) -> Tally:
    """Write down that a mail was accepted, and only then send it."""

    def early(
        box: Outbox, way: Transport, parcel: Parcel, now: object, *, reduced: bool
    ) -> Mapping[str, Receipt]:
        hoped = {to: Receipt(Delivery.ACCEPTED) for to in parcel.recipients}
        box.mark(parcel, hoped, now, reduced=reduced)
        return way.send(parcel.reduced if reduced else parcel.body, parcel.recipients)

    with replaced(outbox, "_try", early):
        return _until_landed(seed, 60)


def _add(tally: Tally, part: Tally) -> None:
    tally.add(part)
    for name, number in part.notes.items():
        tally.notes[name] = int(str(tally.notes.get(name, 0))) + int(str(number))


def _until_landed(seed: int, wanted: int) -> Tally:
    """One installation after the other, until so many shots have landed."""
    tally = Tally(notes={"copies": 0, "twice": 0})
    number = 0
    while tally.trials < wanted:
        story = Installation(seed + number, SLOW * (number % 2), tally)
        story.live(wanted)
        number += 1
    return tally


@dataclass
class Installation:
    """Some nights of one installation, each shot at."""

    seed: int
    slow: float
    tally: Tally
    shots: int = 0

    def live(self, wanted: int) -> None:
        rng = Random(f"{self.seed}/moments")
        with Rig(self.seed) as rig, Control(rig.world) as control:
            rig.here(SLOT)
            oracle.decide(rig)
            control.night()
            rig.mailbox.seconds = self.slow
            seconds = 0.3 + self.slow
            for _ in range(NIGHTS):
                rig.advance()
                truth = control.night()
                if truth.exit_code:
                    break  # the brake holds a list from here on; another world shows more
                seconds = self._night(rig, truth, rng.uniform(0, seconds)) or seconds
                if self.tally.trials >= wanted:
                    break
            self._end(rig, control)

    def _night(self, rig: Rig, truth: Truth, moment: float) -> float:
        """Shoot, look, run again, look; gives how long a whole run takes."""
        hit = rig.killed_after(moment)
        self.shots += hit.killed
        self.tally.trials += hit.killed
        if not hit.killed and hit.code != truth.exit_code:
            self._broken(rig, [f"a run that was not hit ended with {hit}"])
        self._broken(rig, oracle.safe(rig))
        oracle.decide_more(rig)
        began = time.monotonic()
        again = rig.run(SLOT)
        took = time.monotonic() - began
        if again.code != truth.exit_code:
            self._broken(rig, [f"the run after it ended with {again}"])
        self._broken(rig, oracle.whole(rig, truth, faults=self.shots))
        self._broken(rig, self._reported_once(rig))
        return took if hit.killed and took > self.slow + 0.1 else 0.0

    def _reported_once(self, rig: Rig) -> Iterator[str]:
        slots = {slot for slot in rig.slots.values() if "by hand" not in slot}
        reports = oracle.mailed_slots(rig)
        yield from (f"slot {s} has {reports[s]} reports" for s in slots if reports[s] != 1)

    def _end(self, rig: Rig, control: Control) -> None:
        """One more night that nobody disturbs."""
        rig.mailbox.seconds = 0
        rig.advance()
        truth = control.night()
        last = rig.run(BY_HAND)
        if last.code != truth.exit_code:
            self._broken(rig, [f"the last run ended with {last}"])
        self._broken(rig, oracle.whole(rig, truth, faults=self.shots))
        copies = [mail.copies for mail in rig.mailbox.mails()]
        for name, number in (("copies", sum(copies)), ("twice", sum(n > 1 for n in copies))):
            self.tally.notes[name] = int(str(self.tally.notes[name])) + number

    def _broken(self, rig: Rig, found: Sequence[str] | Iterator[str]) -> None:
        where = f"seed {self.seed}, night {rig.world.nights}"
        self.tally.broken(*(f"{where}: {what}" for what in found))
