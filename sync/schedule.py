"""When it runs. The only home of cron lines, slots and the scheduler.

A slot is one planned run: job, local date and time of day. Its key is used up by publication
alone, so a slot may be started twice and still yields one report.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim, CronSimError

from sync.errors import SyncError

log = logging.getLogger("halosync")

JOB = "nightly"
BEAT_SECONDS = 60
LOOK_BACK = timedelta(days=35)
"""Slots older than this are not listed as missed."""

ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned run."""

    at: datetime
    """Aware, in the schedule's zone."""

    @property
    def key(self) -> str:
        return slot_key(self.at, self.name)

    @property
    def name(self) -> str:
        """The time of day; the second 02:00 of an autumn night is another slot than the first."""
        return f"{self.at:%H%M}-again" if self.at.fold else f"{self.at:%H%M}"


def slot_key(local: datetime, name: str) -> str:
    """The key of the named slot on this local date; `--slot NAME` uses it as it stands."""
    return f"{JOB}/{local:%Y-%m-%d}/{name}"


def slot_moment(key: str, zone: ZoneInfo) -> datetime | None:
    """When the slot of this key was due; None for one that was named by hand."""
    try:
        job, day, name = key.split("/")
        clock_time = datetime.strptime(f"{day} {name.removesuffix('-again')}", "%Y-%m-%d %H%M")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return (
        clock_time.replace(tzinfo=zone, fold=int(name.endswith("-again"))) if job == JOB else None
    )


class Crontab(BaseTrigger):  # type: ignore[misc]  # apscheduler ships no types
    """A cron line with Debian's rules in an explicit time zone.

    APScheduler's own cron trigger counts weekdays from Monday and runs twice in the autumn hour.
    """

    def __init__(self, line: str, zone: ZoneInfo) -> None:
        self.line, self.zone = ALIASES.get(line.strip(), line), zone
        self.after(datetime.now(UTC))  # a bad line fails here, not at five in the morning

    def after(self, moment: datetime) -> Slot | None:
        """Give the first slot strictly later than this moment."""
        return next(self.upcoming(moment), None)

    def upcoming(self, moment: datetime) -> Iterator[Slot]:
        """Give the slots strictly later than this moment, in order."""
        start = moment.astimezone(UTC)
        for at in CronSim(self.line, start.astimezone(self.zone)):
            # cronsim counts wall-clock time: in the repeated autumn hour it may offer the first
            # pass again. Real time decides.
            if at.astimezone(UTC) > start:
                yield Slot(at)

    def between(self, after: datetime, until: datetime) -> list[Slot]:
        """List the slots later than `after`, up to and including `until`."""
        slots = []
        for slot in self.upcoming(after):
            if slot.at.astimezone(UTC) > until.astimezone(UTC):
                break
            slots.append(slot)
        return slots

    def explain(self) -> str:
        return str(CronSim(self.line, datetime.now(self.zone)).explain())

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Answer APScheduler; `now` itself counts only for the very first time."""
        after = max(previous, now) if previous else now - timedelta(microseconds=1)
        slot = self.after(after)
        return slot.at if slot else None


def cron_problem(line: str) -> str:
    """Say what is wrong with a cron line; empty when nothing is."""
    expanded = ALIASES.get(line.strip(), line)
    if len(expanded.split()) != 5:
        return "it needs five fields: minute hour day-of-month month day-of-week"
    try:
        first = Crontab(line, ZoneInfo("UTC")).after(datetime.now(UTC))
    except CronSimError as error:
        return str(error).lower()
    return "" if first else "it never comes"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What was missed while nothing ran."""

    slot: Slot | None
    """The latest one, to be run now."""
    missed: tuple[str, ...] = ()
    """The keys of the earlier ones, to be listed in the report."""


def catch_up(crontab: Crontab, last: datetime | None, now: datetime) -> CatchUp:
    """Find the one slot to run at start; nothing at the very first start."""
    if last is None:
        return CatchUp(None)
    passed = crontab.between(max(last, now - LOOK_BACK), now)
    if not passed:
        return CatchUp(None)
    return CatchUp(passed[-1], tuple(slot.key for slot in passed[:-1]))


def next_slots(crontab: Crontab, now: datetime, count: int) -> Sequence[Slot]:
    return list(islice(crontab.upcoming(now), count))


Work = Callable[[Slot, tuple[str, ...]], None]
"""Runs one slot; the keys of slots missed before it are handed on to the report."""


class Rounds:
    """Runs whatever slots are due, one at a time, each once."""

    def __init__(self, crontab: Crontab, work: Work, last: datetime | None) -> None:
        self._crontab, self._work = crontab, work
        self._last = last or datetime.now(UTC)  # the very first start catches nothing up
        self._one_at_a_time = threading.Lock()

    def run_due(self, stop: threading.Event) -> None:
        """Run the latest slot that has passed, and again if another passed meanwhile."""
        with self._one_at_a_time:
            while not stop.is_set():
                found = catch_up(self._crontab, self._last, datetime.now(UTC))
                if found.slot is None:
                    return
                self._last = found.slot.at
                self._run(found.slot, found.missed)

    def _run(self, slot: Slot, missed: tuple[str, ...]) -> None:
        """One failed night must not end the service; the run itself has told what happened."""
        try:
            self._work(slot, missed)
        except SyncError as error:
            log.error("slot %s: %s", slot.key, error)  # noqa: TRY400 - a sentence says it all
        except Exception:
            log.exception("slot %s failed", slot.key)


def serve(
    crontab: Crontab, work: Work, last: datetime | None, stop: threading.Event, beat: Path
) -> None:
    """Run every slot until `stop` is set; the run in progress is waited for."""
    scheduler = BackgroundScheduler(
        timezone=crontab.zone,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    rounds = Rounds(crontab, work, last)
    _beat(beat, crontab)
    scheduler.start()
    try:
        # The first round is now, to catch up. Not as a job of its own: a one-off job that ends
        # while the scheduler is being stopped kills the scheduler's thread (JobLookupError).
        now = datetime.now(crontab.zone)
        scheduler.add_job(rounds.run_due, crontab, args=[stop], id=JOB, next_run_time=now)
        # Also wakes the scheduler after a suspend or a stepped clock, when its one long wait
        # would end late.
        scheduler.add_job(_beat, "interval", [beat, crontab], seconds=BEAT_SECONDS, id="heartbeat")
        _wait(stop)
    finally:
        stop.set()
        scheduler.shutdown(wait=True)
        beat.unlink(missing_ok=True)


def _wait(stop: threading.Event) -> None:
    while not stop.wait(1.0):  # short, since Windows delivers signals only between two waits
        pass


def _beat(file: Path, crontab: Crontab) -> None:
    """Say that the service lives; the container's health check reads this file's age."""
    now = datetime.now(UTC)
    following = crontab.after(now)
    lines: dict[str, Any] = {"alive": now.isoformat(timespec="seconds")}
    lines["next"] = following.at.isoformat() if following else "never"
    with contextlib.suppress(OSError):  # a full disk must not stop the schedule
        file.write_text("".join(f"{key} {value}\n" for key, value in lines.items()), "utf-8")
