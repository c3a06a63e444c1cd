"""`halosync serve`: the schedule runs the nights; each is the same run as `halosync run --slot`."""

import logging
from datetime import datetime

from sync.app.caring import send_waiting
from sync.app.installation import Installation, refuse_root
from sync.app.night import PUBLISHED, RECENT, Wish, run_once
from sync.app.places import make_ready
from sync.clock import SystemClock
from sync.errors import SlotDone, SyncError
from sync.job import Order
from sync.schedule import JOB, Slot, serve, slot_moment
from sync.store import Store

log = logging.getLogger("halosync")


def run_service(here: Installation, clock: SystemClock) -> None:
    """Run every slot until a stop is asked for."""
    refuse_root(here.config)
    make_ready(here.where)

    def work(slot: Slot, missed: tuple[str, ...]) -> None:
        try:
            ending = run_once(here, Wish(Order(slot.key, missed=missed)), clock)
        except SlotDone as done:
            log.info("%s", done)
        else:
            log.info("slot %s ended with exit code %d", slot.key, ending.exit_code)

    _send_what_waits(here)
    log.info("serving: %s (%s)", here.crontab.explain(), here.config.schedule.timezone)
    serve(here.crontab, work, last_slot(here), clock.stop, here.where.beat)


def _send_what_waits(here: Installation) -> None:
    """A service that died over a mail sends it when it starts again, not a night later."""
    if not here.where.database.exists():
        return
    try:
        send_waiting(here)
    except SyncError as error:
        log.warning("the mail that waits was not sent yet: %s", error)


def last_slot(here: Installation) -> datetime | None:
    """When the last published slot was due; None where no slot was ever published."""
    if not here.where.database.exists():
        return None
    with Store.open(here.where.database, SystemClock(), read_only=True) as store:
        rows = store.runs(RECENT)
    for row in rows:
        if row.state == PUBLISHED and row.slot.startswith(f"{JOB}/"):
            return slot_moment(row.slot, here.zone) or row.started
    return None
