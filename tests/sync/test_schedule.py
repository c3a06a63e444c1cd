"""Every slot once: over daylight saving, sleep, stepped clocks and restarts."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.schedule import (
    ALIASES,
    CatchUp,
    Crontab,
    Rounds,
    Slot,
    catch_up,
    cron_problem,
    next_slots,
    serve,
    slot_key,
    slot_moment,
)

MADRID = ZoneInfo("Europe/Madrid")
NIGHTLY = Crontab("30 2 * * *", MADRID)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def at(slots):
    return [f"{slot.at:%m-%d %H:%M%z}" for slot in slots]


def test_in_spring_the_missing_half_past_two_comes_at_three():
    slots = NIGHTLY.between(utc(2026, 3, 28, 12), utc(2026, 3, 30, 12))

    assert at(slots) == ["03-29 03:00+0200", "03-30 02:30+0200"]


def test_in_autumn_the_repeated_half_past_two_comes_once():
    slots = NIGHTLY.between(utc(2026, 10, 24, 12), utc(2026, 10, 26, 12))

    assert at(slots) == ["10-25 02:30+0200", "10-26 02:30+0100"]


def test_a_start_inside_the_repeated_hour_does_not_run_the_first_pass_again():
    second_pass = utc(2026, 10, 25, 1, 10)  # 02:10 again; 02:30 was 40 minutes ago

    assert at([NIGHTLY.after(second_pass)]) == ["10-26 02:30+0100"]


def test_half_hourly_slots_of_the_repeated_hour_have_keys_of_their_own():
    slots = Crontab("*/30 * * * *", MADRID).between(utc(2026, 10, 24, 23), utc(2026, 10, 25, 2))

    assert [slot.name for slot in slots] == [
        "0130",
        "0200",
        "0230",
        "0200-again",
        "0230-again",
        "0300",
    ]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("0 3 * * 0", "2026-01-04"),  # Sunday; APScheduler's own parser says Monday
        ("0 3 * * 7", "2026-01-04"),
        ("0 3 * * 1-5", "2026-01-01"),
        ("0 3 L * *", "2026-01-31"),
        ("@weekly", "2026-01-04"),
        ("@monthly", "2026-02-01"),
    ],
)
def test_weekdays_and_aliases_mean_what_cron_means(line, first):
    slot = Crontab(line, ZoneInfo("UTC")).after(utc(2026, 1, 1, 0, 30))

    assert f"{slot.at:%Y-%m-%d}" == first


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("61 5 * * *", "bad minute"),
        ("0 5 * *", "five fields"),
        ("0 0 5 * * *", "five fields"),
        ("0 5 31 2 *", "bad day-of-month"),
        ("", "five fields"),
        ("@noon", "five fields"),
        ("0 5 * * MOON", "bad day-of-week"),
    ],
)
def test_a_bad_line_is_explained(line, problem):
    assert problem in cron_problem(line)


@pytest.mark.parametrize("line", ["0 5 * * *", "*/15 6-20 * * MON-FRI", "0 0 29 2 *", *ALIASES])
def test_a_good_line_has_no_problem(line):
    assert cron_problem(line) == ""


def test_after_downtime_the_latest_slot_is_run_and_the_others_are_listed():
    found = catch_up(NIGHTLY, utc(2026, 6, 1, 0, 30), utc(2026, 6, 4, 12))

    assert found.slot.key == "nightly/2026-06-04/0230"
    assert found.missed == ("nightly/2026-06-02/0230", "nightly/2026-06-03/0230")


def test_nothing_is_caught_up_at_the_first_start_or_in_time():
    assert catch_up(NIGHTLY, None, utc(2026, 6, 4, 12)) == CatchUp(None)
    assert catch_up(NIGHTLY, utc(2026, 6, 4, 0, 30), utc(2026, 6, 4, 12)) == CatchUp(None)


def test_a_year_of_downtime_lists_five_weeks():
    found = catch_up(NIGHTLY, utc(2025, 1, 1), utc(2026, 6, 4, 12))

    assert len(found.missed) == 34


def test_the_key_of_a_slot_leads_back_to_its_moment():
    for slot in next_slots(Crontab("*/30 * * * *", MADRID), utc(2026, 10, 24, 23), 8):
        assert slot_moment(slot.key, MADRID).astimezone(UTC) == slot.at.astimezone(UTC)


@pytest.mark.parametrize("key", ["manual/2026-06-04T10:00", "nightly/2026-06-04/main", "x", ""])
def test_a_key_made_by_hand_has_no_moment(key):
    assert slot_moment(key, MADRID) is None


def test_a_named_slot_belongs_to_the_local_date():
    assert slot_key(datetime(2026, 6, 4, 1, tzinfo=MADRID), "main") == "nightly/2026-06-04/main"


def test_a_stepped_back_clock_does_not_bring_a_slot_again():
    fired = NIGHTLY.get_next_fire_time(None, utc(2026, 6, 4))
    again = NIGHTLY.get_next_fire_time(fired, fired - timedelta(hours=1))

    assert again - fired == timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(sorted(available_timezones())),
    start=st.integers(0, 500 * 1440).map(lambda m: utc(2026, 1, 1) + timedelta(minutes=m)),
    wakes=st.lists(st.integers(60, 5 * 86400), min_size=3, max_size=40),
)
def test_over_any_sleep_each_local_day_has_its_slot_exactly_once(zone, start, wakes):
    """However irregularly we wake, what ran and what was listed as missed is every slot, once."""
    crontab = Crontab("30 2 * * *", ZoneInfo(zone))
    begin = now = last = start
    seen = []
    for seconds in wakes:
        now += timedelta(seconds=seconds)
        found = catch_up(crontab, last, now)
        if found.slot:
            last = found.slot.at
            seen += [*found.missed, found.slot.key]

    assert seen == [slot.key for slot in crontab.between(begin, now)]
    assert len(set(seen)) == len(seen)
    days = {key.split("/")[1] for key in seen}
    local_begin, local_now = begin.astimezone(crontab.zone), now.astimezone(crontab.zone)
    whole_days = (local_now.date() - local_begin.date()).days - 1
    expected = {str(local_begin.date() + timedelta(days=n + 1)) for n in range(whole_days)}
    assert expected <= days


@pytest.mark.parametrize(
    "zone", ["Australia/Lord_Howe", "Antarctica/Troll", "America/St_Johns", "Asia/Gaza", "Africa/Casablanca"]
)  # fmt: skip
def test_unusual_zones_have_one_slot_a_day_for_two_years(zone):
    slots = Crontab("30 2 * * *", ZoneInfo(zone)).between(utc(2026, 1, 1), utc(2028, 1, 1))

    days = [slot.at.date() for slot in slots]
    assert len(days) == len(set(days))
    assert set(days) >= {date(2026, 1, 2) + timedelta(days=n) for n in range(728)}


EVERY_SECOND = "* * * * * *"


def run_service(line, last, *, until, work=None):
    """Serve for real until `until` slots were worked; the slots and what was listed as missed."""
    stop, worked = threading.Event(), []

    def note(slot, missed):
        worked.append((slot, missed))
        if len(worked) >= until:
            stop.set()
        if work:
            work(slot)

    return stop, worked, note, (Crontab(line, ZoneInfo("UTC")), note, last, stop)


def test_the_service_runs_slots_on_time_and_each_once(tmp_path):
    _, worked, _, arguments = run_service(EVERY_SECOND, None, until=3)

    serve(*arguments, tmp_path / "beat")

    moments = [slot.at for slot, _ in worked]
    assert len(set(moments)) == len(moments) >= 3
    assert moments == sorted(moments)


def test_the_service_catches_up_at_start_and_lists_the_rest(tmp_path):
    last = datetime.now(UTC) - timedelta(days=3)
    _, worked, _, arguments = run_service("0 5 * * *", last, until=1)

    serve(*arguments, tmp_path / "beat")

    slot, missed = worked[0]
    assert datetime.now(UTC) - slot.at <= timedelta(days=1)
    assert len(missed) == 2


def test_a_failing_night_does_not_end_the_service(tmp_path, caplog):
    def fail(slot):
        raise RuntimeError("a bad night")

    _, worked, _, arguments = run_service(EVERY_SECOND, None, until=2, work=fail)

    serve(*arguments, tmp_path / "beat")

    assert len(worked) >= 2
    assert "a bad night" in caplog.text


def test_slots_that_pass_during_a_long_run_are_caught_up_after_it():
    worked, stop = [], threading.Event()

    def slow(slot, missed):
        worked.append((slot, missed))
        if len(worked) == 1:
            time.sleep(2.2)
        else:
            stop.set()

    last = datetime.now(UTC) - timedelta(seconds=2)
    Rounds(Crontab(EVERY_SECOND, ZoneInfo("UTC")), slow, last).run_due(stop)

    (first, _), (second, missed) = worked
    assert second.at - first.at >= timedelta(seconds=2)
    assert len(missed) == (second.at - first.at).seconds - 1


def test_the_service_says_that_it_lives_and_cleans_up(tmp_path):
    beat, stop = tmp_path / "beat", threading.Event()
    crontab = Crontab("0 5 * * *", MADRID)
    service = threading.Thread(target=serve, args=(crontab, print, None, stop, beat))
    service.start()
    while not beat.exists():
        time.sleep(0.01)
    told = beat.read_text(encoding="utf-8")
    stop.set()
    service.join(timeout=10)

    assert told.startswith("alive 20")
    assert f"next {crontab.after(datetime.now(UTC)).at.isoformat()}" in told
    assert not service.is_alive()
    assert not beat.exists()


def test_a_slot_names_its_job_date_and_time():
    assert Slot(datetime(2026, 6, 4, 5, 0, tzinfo=MADRID)).key == "nightly/2026-06-04/0500"
