"""AutoElevate's key: wrong, expired, of the other kind, limited to some companies; the clocks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.doctor import Host, Status, tonight
from sync.errors import Exit
from sync.sandbox.switches import AeSwitches
from tests.sync.doctor.conftest import QuickClock
from tests.sync.doctor.test_lists import turned


@pytest.fixture
def signed(sandbox):
    """The settings that make requests signed."""
    keys = sandbox.autoelevate.keys
    return {"key": keys.hmac_token, "hmac_key": keys.hmac_key}


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_a_key_that_is_no_longer_good_ends_tonight_without_autoelevate(sandbox, doctor, state):
    sandbox.autoelevate.configure(AeSwitches(key_state=state))

    checks = doctor()

    assert turned(checks) == {"ae-key"}
    assert checks["ae-key"].why == "unauthorized"
    assert tonight(checks.values()) is Exit.SOURCE_DOWN


def test_a_service_that_cannot_be_reached_is_an_address_line(doctor):
    checks = doctor(autoelevate={"base_url": "http://127.0.0.1:9"})

    assert turned(checks) == {"ae-address"}
    assert checks["ae-address"].why == "refused"


def test_a_signing_key_is_told_from_a_bearer_key(doctor, signed):
    assert doctor()["ae-key"].why == "bearer"
    assert doctor(autoelevate=signed)["ae-key"].why == "signed"


@pytest.mark.parametrize(("minutes", "way"), [(7, "ahead"), (-7, "behind")])
def test_a_clock_too_far_off_breaks_signatures(doctor, signed, minutes, way):
    checks = doctor(QuickClock(timedelta(minutes=minutes)), autoelevate=signed)

    assert turned(checks) == {"ae-clock"}
    assert checks["ae-clock"].why == "clock-skew"
    assert way in checks["ae-clock"].detail
    assert checks["ae-clock"].tonight is Exit.SOURCE_DOWN


def test_a_clock_a_little_off_is_a_warning_also_for_a_bearer_key(doctor):
    checks = doctor(QuickClock(timedelta(minutes=3)))

    assert turned(checks) == {"ae-clock"}
    assert (checks["ae-clock"].why, checks["ae-clock"].tonight) == ("ahead", Exit.OK)


@pytest.fixture
def limited(sandbox):
    """A key that sees five of the companies."""
    sandbox.world.visible_companies = frozenset(sorted(sandbox.world.companies)[:5])
    yield sandbox
    sandbox.world.visible_companies = None


def test_a_limited_key_is_found_out_by_computers_of_strange_companies(limited, doctor):
    limited.autoelevate.configure(AeSwitches(computers_beyond_key=True))

    check = doctor()["ae-restriction"]

    assert (check.status, check.why) == (Status.WARNING, "strange")


def test_a_limited_key_is_found_out_by_autoelevates_own_count(limited, doctor):
    check = doctor()["ae-restriction"]

    assert (check.status, check.why) == (Status.WARNING, "fewer")


def test_a_key_that_opens_more_than_needed_is_a_warning(sandbox, doctor):
    scopes = AeSwitches().scopes | {"auditLogView", "requestView"}
    sandbox.autoelevate.configure(AeSwitches(scopes=scopes))

    checks = doctor()

    assert turned(checks) == {"ae-wider"}
    assert checks["ae-requests"].why == ""


def test_elevation_requests_are_an_extra_and_no_fault(doctor):
    check = doctor()["ae-requests"]

    assert (check.status, check.why) == (Status.OK, "none")


def test_each_list_costs_one_request_and_none_is_a_post(sandbox, doctor):
    doctor()

    asked = [seen for seen in sandbox.requests if seen.system == "autoelevate"]
    assert len(asked) == 7
    assert {seen.method for seen in asked} == {"GET"}


def test_the_doctor_spaces_its_questions_as_a_run_does(doctor):
    clock = QuickClock()

    doctor(clock, autoelevate={"spacing_seconds": 4})

    assert 16 <= clock.skipped <= 24


def test_a_night_beyond_the_hourly_quota_is_announced(sandbox, doctor):
    checks = doctor(autoelevate={"requests_per_hour": 1})

    assert checks["budget:autoelevate"].why == "waits"


def test_a_night_longer_than_its_deadline_is_a_warning(doctor, tmp_path):
    host = replace(Host(state=tmp_path), deadline_seconds=60.0)
    checks = doctor(halo={"requests_per_window": 5}, host=host)

    assert checks["budget:halo"].why == "too-long"
