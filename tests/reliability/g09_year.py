"""G9: a year of nights in five worlds: only the offboarding brakes, each slot has one mail.

Every night the world changes by a little (people join and leave, names are put right or changed),
some slots pass while nothing runs, some nights one list fails on the way. Beside it the same world
is read perfectly every night: whenever everything is believed, the open findings must be the same,
and told night by night (new, resolved, reopened) they must add up to what stands.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from sync import job
from sync.core import guard, judge
from sync.core.records import Collection
from sync.core.result import Edition, Letter, Life, Result
from sync.core.verdicts import Outcome
from sync.errors import SlotDone
from sync.job import Order, Parts
from sync.outbox import Delivery, Receipt
from sync.sandbox.verbs import Status
from sync.sandbox.world import World
from sync.schedule import slot_key
from tests.reliability.benches.bench import EPOCH, Bench, NoShelf, OneByOne, replaced
from tests.reliability.tally import Tally, Tier

NIGHTS = {"push": 40, "release": 365, "nightly": 365}
WORLDS = {"push": 2, "release": 5, "nightly": 5}
ZONE = ZoneInfo("Europe/Madrid")
FAULTS = 0.03
ENDPOINTS = (
    "halo.clients", "halo.sites", "halo.assets", "ae.companies", "ae.locations", "ae.computers",
)  # fmt: skip
TWINS = 2
"""Worlds that are read perfectly beside; the others only have to be at one with themselves."""
SLEEPERS = 2
"""Slots that pass while nothing runs, once in the year."""
LINKS = {Outcome.LINKED, Outcome.RENAMED}


def run(tier: Tier, seed: int) -> Tally:
    return _worlds(seed, NIGHTS[tier], WORLDS[tier])


def sabotage(seed: int) -> Tally:
    """Take whatever comes for the whole list: no proof, no brake, no withholding."""

    def believe(night, _recollection, _answers, _standing, _limits):
        manifests = tuple(pull.manifest for pull in night.pulls.values())
        kinds = frozenset(guard.NEEDS)
        return guard.Trust(night, manifests, (), (), kinds, frozenset())

    with replaced(guard, "weigh", believe):
        return _worlds(seed, 120, 2)


def _worlds(seed: int, nights: int, worlds: int) -> Tally:
    tally = Tally()
    with replaced(judge, "near_misses", lambda *_args, **_more: {}):  # suggestions claim nothing
        for number in range(worlds):
            found = _world(f"{seed}/{number}", nights, tally, twin=number < TWINS)
            tally.broken(*(f"seed {seed}/{number}, {what}" for what in found))
    return tally


class Year(Bench):
    """A bench that mails every night and keeps what the mail server took."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.accepted: Counter[bytes] = Counter()
        self.slots: list[str] = []

    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        self.accepted[body] += 1
        return {to: Receipt(Delivery.ACCEPTED) for to in recipients}

    def slot(self, missed: tuple[str, ...] = ()) -> Result:
        """Run tonight's slot, and find it done when it is asked for again."""
        self.write_users()
        key = slot_key(self.clock.now().astimezone(ZONE), "nightly")
        self.slots.append(key)
        with replaced(job, "ThreadPoolExecutor", OneByOne):
            result = job.run(self._parts(), Order(key, missed=missed)).result
            try:
                job.run(self._parts(), Order(key))
            except SlotDone:
                return result
        raise AssertionError(f"slot {key} ran twice")

    def _parts(self) -> Parts:
        return Parts(
            sources=self.sources(), memory=self.store, compose=_letter, shelf=NoShelf(),
            outbox=self.store, transport=self, clock=self.clock, settings=self.setup.settings,
            zone=ZONE, timezone=str(ZONE),
        )  # fmt: skip


def _letter(result: Result) -> Edition:
    name = f"<{result.run.id}@halosync>"
    body = f"Message-ID: {name}\r\n\r\n{result.run.slot}".encode()
    return Edition((Letter(("admin@msp.example",), result.run.slot, name, body),))


def _world(seed: str, nights: int, tally: Tally, *, twin: bool) -> Iterator[str]:
    """Yield each thing that went wrong in one year of one world."""
    rng = Random(seed)
    asleep = set(rng.sample(range(10, nights - 5), SLEEPERS))
    leaving = nights // 2
    while leaving in asleep:
        leaving += 1
    size = rng.getrandbits(32), rng.randrange(6, 10), rng.randrange(45, 80)
    ledger: set[tuple[str, str]] = set()
    week: deque[int] = deque(maxlen=8)  # technicians: of a dozen, three may leave within days
    with Year(World.create(*size, EPOCH)) as real, Year(World.create(*size, EPOCH)) as perfect:
        for night in range(nights):
            tally.trials += 1
            ideal = _perfect(perfect, night, leaving) if twin else None
            _pass(real.world, night, leaving)
            if night in asleep:
                continue
            fault = night not in {0, leaving} and rng.random() < FAULTS
            result = _night(real, rng if fault else None)
            tally.notes["withheld"] = int(str(tally.notes.get("withheld", 0))) + bool(
                result.withheld
            )
            week.append(len(real.world.technicians))
            bled = max(week) - week[-1] >= max(3, max(week) * 0.2)
            found = _judged(result, night, leaving, Collection.AE_USERS if bled else None)
            yield from (f"night {night}: {what}" for what in found)
            yield from (f"night {night}: {what}" for what in _told(result, ledger))
            _acknowledge(real, result)
            believed = not result.doubts and not result.withheld
            if ideal is not None and believed and not ideal.doubts:
                yield from (f"night {night}: {what}" for what in _apart(result, ideal))
        yield from _mailed(real)


def _perfect(bench: Year, night: int, leaving: int) -> Result:
    _pass(bench.world, night, leaving)
    result = bench.slot()
    _acknowledge(bench, result)
    return result


def _pass(world: World, night: int, leaving: int) -> None:
    if night:
        world.advance(1)
    if night == leaving:
        _offboard(world)


def _offboard(world: World) -> None:
    """A customer's machines are all taken out at once, as at the end of a contract."""
    homes = Counter(c.company for c in world.computers.values())
    company = homes.most_common(1)[0][0]
    for computer in [c for c in world.computers.values() if c.company == company]:
        world.death(computer)


def _night(bench: Year, rng: Random | None) -> Result:
    """Run one slot; with a generator, one list of one system fails every time it is asked."""
    if rng is None:
        return bench.slot()
    bench.faults.on(rng.choice(ENDPOINTS), Status(rng.choice((403, 500, 503))))
    try:
        return bench.slot()
    finally:
        bench.faults.clear()


def _acknowledge(bench: Year, result: Result) -> None:
    if any(doubt.stops for doubt in result.doubts):
        bench.store.ack(result.run.id, "admin", "they left us", bench.clock.now() + timedelta(1))


def _judged(result: Result, night: int, leaving: int, bled: Collection | None) -> Iterator[str]:
    """The brake holds on the night of the offboarding, and for a list that truly bled."""
    stops = [d.code for d in result.doubts if d.stops and d.collection is not bled]
    if night == leaving and not stops:
        yield "a customer's machines went all at once, and nothing was doubted"
    if night != leaving and stops:
        yield f"doubted without need: {stops[0]}"


def _told(result: Result, ledger: set[tuple[str, str]]) -> Iterator[str]:
    """Add up what every report tells; the sum must be what is open."""
    fresh = {f.key for f in result.findings if f.life is not Life.OPEN}
    gone = {f.key for f in result.resolved}
    if fresh & ledger:
        yield f"told as new although open: {min(fresh & ledger)}"
    if gone - ledger:
        yield f"told as resolved although not open: {min(gone - ledger)}"
    ledger |= fresh
    ledger -= gone
    if ledger != {f.key for f in result.findings}:
        yield "what was told does not add up to what is open"


def _apart(result: Result, ideal: Result) -> Iterator[str]:
    """Whatever happened before, tonight must read like a year of perfect nights."""
    real = {(v.kind, v.ae_id): v.outcome for v in result.verdicts}
    truth = {(v.kind, v.ae_id): v.outcome for v in ideal.verdicts}
    for key in sorted(real.keys() & truth.keys()):
        if (real[key] in LINKS) != (truth[key] in LINKS):
            yield f"{key} is {real[key]} and ought to be {truth[key]}"


def _mailed(bench: Year) -> Iterator[str]:
    slots = Counter(body.decode().rpartition("\n")[2] for body in bench.accepted.elements())
    for slot in bench.slots:
        if slots[slot] != 1:
            yield f"slot {slot} was mailed {slots[slot]} times"
