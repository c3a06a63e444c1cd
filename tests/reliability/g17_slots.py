"""G17: every zone of the world, two years at half past two, asleep and awake: each slot once.

The slots are enumerated apart from the scheduler, from nothing but each zone's offsets: a date's
slot is the first instant at which the local clock shows its half past two or anything later. That
is what cron means: in the spring gap the next minute there is, in the autumn hour the first pass.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from sync.schedule import Crontab, Slot, catch_up, slot_moment
from tests.reliability.benches.bench import replaced
from tests.reliability.tally import Tally, Tier

LINE, LOCAL = "30 2 * * *", time(2, 30)
START = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAYS = 730
SHORT = 24
"""Zones of a push: those below and some of the rest."""
ODD_ONES = (
    "Africa/Casablanca", "America/New_York", "America/Nuuk", "Antarctica/Troll", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Europe/Madrid", "Pacific/Chatham",
)  # fmt: skip
ONE_DAY = timedelta(days=1)


def run(tier: Tier, seed: int) -> Tally:
    return _all(_zones(tier, seed), seed)


def sabotage(seed: int) -> Tally:
    """Add twenty-four hours of real time to the slot before, as naive schedulers do."""
    with replaced(Crontab, "upcoming", _day_after_day):
        return _all(ODD_ONES, seed)


def _day_after_day(self: Crontab, moment: datetime) -> Iterator[Slot]:
    at = datetime.combine(START.astimezone(self.zone).date(), LOCAL, self.zone).astimezone(UTC)
    at += ONE_DAY * max(0, (moment - at).days)
    while True:
        if at > moment:
            yield Slot(at.astimezone(self.zone))
        at += ONE_DAY


def _zones(tier: Tier, seed: int) -> tuple[str, ...]:
    known = sorted(available_timezones())
    if tier != "push":
        return tuple(known)
    return (*ODD_ONES, *Random(seed).sample(known, SHORT - len(ODD_ONES)))


def _all(zones: tuple[str, ...], seed: int) -> Tally:
    tally = Tally(notes={"zones": len(zones)})
    for name in zones:
        zone = ZoneInfo(name)
        due = [at for at in enumerated(zone) if at > START]
        service = Service(Crontab(LINE, zone), due, Random(f"{seed}/{name}"))
        service.live(until=START + timedelta(days=DAYS))
        passed = due[: bisect_right(due, service.seen_until)]
        tally.trials += len(passed)
        tally.broken(*(f"{name}: {what}" for what in complaints(passed, service)))
    return tally


@dataclass
class Service:
    """Lives through two years as `serve` does, with only the scheduler's pure functions."""

    crontab: Crontab
    due: list[datetime]
    rng: Random
    now: datetime = START
    last: datetime = START
    seen_until: datetime = START
    """The latest moment its clock ever showed."""
    handled: list[str] = field(default_factory=list)
    """The keys that were run or listed as missed, in order."""
    woke_wrong: list[str] = field(default_factory=list)

    def live(self, until: datetime) -> None:
        ways = (self.wait, self.sleep, self.step_back, self.run_ahead, self.restart)
        while self.now < until:
            (way,) = self.rng.choices(ways, (35, 40, 5, 10, 10))
            way()
            self.wake()

    def wake(self) -> None:
        """Do what is due, as `Rounds.run_due` does; a second look finds nothing."""
        self.seen_until = max(self.seen_until, self.now)
        for _ in range(2):
            found = catch_up(self.crontab, self.last, self.now)
            if found.slot is None:
                return
            self.handled += [*found.missed, found.slot.key]
            self.last = found.slot.at

    def wait(self) -> None:
        """Awake until the scheduler fires, some seconds late as under load."""
        fires = self.crontab.get_next_fire_time(self.last, self.now)
        assert fires is not None
        fires = fires.astimezone(UTC)  # in its own zone an ambiguous time equals no other
        first = self.due[bisect_right(self.due, max(self.now, self.last))]
        if fires != first:
            self.woke_wrong.append(f"the scheduler woke at {fires}, the slot is at {first}")
        self.now = fires + timedelta(seconds=self.rng.uniform(0, 5))

    def sleep(self) -> None:
        """Closed lid, powered off, suspended: any hour of the next week."""
        self.now += timedelta(seconds=self.rng.uniform(60, 7 * 86_400))

    def step_back(self) -> None:
        """The clock was ahead and is set right: a slot may come a second time."""
        self.now -= timedelta(seconds=self.rng.choice((1, 60, 3_600, 86_400)))

    def run_ahead(self) -> None:
        """The clock jumps ahead for a moment and is set back."""
        ahead = timedelta(seconds=self.rng.choice((60, 3_600, 86_400)))
        self.now += ahead
        self.wake()
        self.now -= ahead

    def restart(self) -> None:
        """All that a new process knows is the key of the last published slot."""
        if self.handled:
            moment = slot_moment(self.handled[-1], self.crontab.zone)
            assert moment is not None
            self.last = moment


def complaints(due: list[datetime], service: Service) -> Iterator[str]:
    yield from service.woke_wrong
    zone = service.crontab.zone
    moments = [slot_moment(key, zone) for key in service.handled]
    counted = Counter(at.astimezone(UTC) for at in moments if at is not None)
    for at in due:
        if at not in counted:
            yield f"the slot of {at.astimezone(zone):%Y-%m-%d %H:%M} was missed"
    for at, times in counted.items():
        if times > 1:
            yield f"the slot of {at.astimezone(zone):%Y-%m-%d %H:%M} came {times} times"
    for at in counted.keys() - due:
        yield f"{at.astimezone(zone):%Y-%m-%d %H:%M} is no slot"


# What cron means, from a zone's offsets alone


def enumerated(zone: ZoneInfo) -> Iterator[datetime]:
    """For each local date: the first instant whose local time is half past two or later."""
    spans = list(_spans(zone))
    ends = [end for _, end, _ in spans]
    day = START.date() - ONE_DAY
    for _ in range(DAYS + 20):
        target = datetime.combine(day, LOCAL, UTC)
        day += ONE_DAY
        # A shift is below 26 hours, so two days before nothing can have come this far.
        first = bisect_right(ends, target - 2 * ONE_DAY)
        for start, end, offset in spans[first:]:
            if target - offset < end:
                yield max(start, target - offset)
                break


def _spans(zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The times between two changes of a zone's offset."""
    begin = at = START - 5 * ONE_DAY
    until = at + (DAYS + 40) * ONE_DAY
    offset = _offset(zone, at)
    while at < until:
        following = at + timedelta(hours=6)
        if _offset(zone, following) != offset:
            change = _change(zone, at, following)
            yield begin, change, offset
            begin, offset = change, _offset(zone, change)
        at = following
    yield begin, until, offset


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two moments."""
    was = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(zone, middle) == was:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
