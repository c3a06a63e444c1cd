"""Tickets as evidence: the doctor says whether they can be read and whether any is AutoElevate's."""

import pytest

from sync.doctor import Status, tonight
from sync.errors import Exit
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.verbs import Status as Answers
from sync.sources.settings import TicketSettings

RIGHT = frozenset({"read:customers", "read:assets", "read:tickets"})
WANTED = {"tickets": TicketSettings(agent="AutoElevate Integration")}


@pytest.fixture
def allowed(sandbox):
    sandbox.halo.configure(HaloSwitches(app_scopes=RIGHT))
    return sandbox


def test_with_the_setting_off_there_is_no_line_and_no_request(sandbox, doctor):
    sandbox.requests.clear()

    assert "tickets" not in doctor()
    assert sandbox.requests.to("halo.tickets") == []


def test_it_counts_the_tickets_and_whose_they_are(allowed, doctor):
    check = doctor(halo=WANTED)["tickets"]

    assert (check.status, check.why) == (Status.OK, "")
    assert check.fact("n") > check.fact("clients") > 0


def test_its_requests_are_in_tonight_s_budget(allowed, doctor):
    without, with_them = (doctor(halo=h)["budget:halo"].fact("requests") for h in ({}, WANTED))

    assert with_them > without


@pytest.mark.parametrize(
    "wanted", [TicketSettings(agent="AutoElevate"), TicketSettings(ticket_type=99)]
)
def test_a_name_that_no_ticket_bears_is_said(allowed, doctor, wanted):
    check = doctor(halo={"tickets": wanted})["tickets"]

    assert (check.status, check.why) in {(Status.WARNING, "nobody"), (Status.WARNING, "none")}


def test_a_missing_right_is_one_warning_and_the_night_would_go_on(sandbox, doctor):
    checks = doctor(halo=WANTED)
    warned = {key for key, c in checks.items() if c.status in {Status.WARNING, Status.FAILED}}

    assert warned == {"tickets"}
    assert (checks["tickets"].why, tonight(checks.values())) == ("invalid-scope", Exit.OK)


def test_trouble_with_the_list_is_a_warning_too(allowed, doctor):
    allowed.faults.on("halo.tickets", Answers(403))

    check = doctor(halo=WANTED)["tickets"]
    assert (check.status, check.why) == (Status.WARNING, "forbidden")
