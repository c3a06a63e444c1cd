"""AutoElevate's application and agent in Halo: each box of the checklist set wrong, one by one."""

import pytest

from sync.doctor import Part, Status, tonight
from sync.errors import Exit
from sync.sandbox.switches import DOCTOR_SETTINGS, HaloSwitches

LINES = {
    "in_section": "team:in_section",
    "unassigned_access": "team:unassigned_access",
    "otheragent_access": "team:otheragent_access",
    "membershiplevel": "department",
    "isapiagent": "agent-api-only",
    "isdisabled": "agent-enabled",
    "scopes": "ae-scope:edit:tickets",
    "grant_type": "ae-method",
    "login": "ae-login",
    "application": "ae-active",
    **{
        code: f"right:{code}"
        for code in ("Tx", "Ux", "Dx", "l6", "l9", "l8", "l7", "ld", "le", "lo")
    },
    **{code: f"restriction:{code}" for code in ("Fc", "Ft", "Fa")},
}
FAIL = {"agent-enabled", "ae-scope:edit:tickets", "ae-method", "ae-login", "ae-active"}
"""What stops AutoElevate for certain; the rest is inferred from Halo's schema and only warns."""


def shown(checks):
    """Each line's status and its refinement."""
    return {key: (check.status, check.why) for key, check in checks.items()}


def test_every_box_of_the_checklist_is_tried():
    assert set(LINES) == set(DOCTOR_SETTINGS)


CLAIMS = {code for code, line in LINES.items() if line.startswith(("right:", "restriction:"))}


@pytest.mark.parametrize(
    ("broken", "claims"),
    [*((code, "codes") for code in sorted(LINES)), *((code, "names") for code in sorted(CLAIMS))],
)
def test_one_box_set_wrong_turns_its_line_and_no_other(sandbox, doctor, broken, claims):
    sandbox.halo.configure(HaloSwitches(applications="readable", claims=claims))
    right = shown(doctor())
    sandbox.halo.configure(
        HaloSwitches(applications="readable", claims=claims, broken=frozenset({broken}))
    )
    wrong = shown(doctor())

    line = LINES[broken]
    assert {key for key in wrong if wrong[key] != right.get(key)} == {line}
    assert right[line][0] is Status.OK
    if broken != "l7":
        assert wrong[line][0] is (Status.FAILED if line in FAIL else Status.WARNING)


def test_not_letting_autoelevate_reassign_tickets_is_a_legitimate_choice(sandbox, doctor):
    sandbox.halo.configure(HaloSwitches(broken=frozenset({"l7"})))

    check = doctor()["right:l7"]

    assert (check.status, check.why) == (Status.OK, "chosen")


def test_autoelevates_agent_does_not_decide_how_our_own_run_ends(sandbox, doctor):
    sandbox.halo.configure(HaloSwitches(broken=frozenset({"isdisabled", "Tx"})))

    assert tonight(doctor().values()) is Exit.OK


@pytest.mark.parametrize("asked", ["3", "autoelevate@msp.example", " autoelevate INTEGRATION "])
def test_the_agent_may_be_named_by_id_mail_or_name(doctor, asked):
    assert doctor(ae_agent=asked)["agent"].fact("id") == 3


def test_an_agent_that_does_not_exist_is_said_and_its_boxes_become_clicks(doctor):
    checks = doctor(ae_agent="nobody@example.com")

    assert checks["agent"].status is Status.FAILED
    assert checks["right:Tx"].status is Status.UNREADABLE


@pytest.mark.parametrize("claims", ["absent", "forbidden"])
def test_claims_that_cannot_be_read_are_clicks_by_hand_and_no_fault(sandbox, doctor, claims):
    sandbox.halo.configure(HaloSwitches(claims=claims))

    checks = doctor()

    rights = [check for key, check in checks.items() if key.startswith(("right:", "restriction:"))]
    assert {check.status for check in rights} == {Status.UNREADABLE}
    assert len(rights) == 13
    assert tonight(checks.values()) is Exit.OK


def test_applications_that_cannot_be_read_are_clicks_for_every_scope(doctor):
    checks = doctor()

    application = [c for c in checks.values() if c.part is Part.APPLICATION]
    assert len(application) == 7
    assert {check.status for check in application} == {Status.UNREADABLE}
