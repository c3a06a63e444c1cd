"""What Halo's front door shows: each fault turns its own line, and only that."""

import pytest

from sync.doctor import Status, tonight
from sync.errors import Exit
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.verbs import Redirect
from sync.sandbox.verbs import Status as Answers


def failed(checks):
    return {key for key, check in checks.items() if check.status is Status.FAILED}


def test_a_healthy_set_up_has_no_failed_line_and_tonight_ends_well(doctor):
    checks = doctor(send_test=True)

    assert failed(checks) == set()
    assert tonight(checks.values()) is Exit.OK


@pytest.mark.parametrize(
    ("halo", "line", "why"),
    [
        ({"client_secret": "wrong"}, "secret", "invalid-client"),
        ({"client_id": "wrong"}, "secret", "invalid-client"),
        ({"tenant": "somebody-else"}, "tenant", "wrong-tenant"),
        ({"base_url": "http://127.0.0.1:9"}, "address", "refused"),
    ],
)
def test_a_wrong_key_of_the_configuration_turns_its_own_line(doctor, halo, line, why):
    checks = doctor(halo=halo)

    assert failed(checks) == {line}
    assert checks[line].why == why
    assert tonight(checks.values()) is Exit.SOURCE_DOWN


@pytest.mark.parametrize("status", [400, 401, 500])
@pytest.mark.parametrize("login", ["none", "disabled"])
def test_an_application_without_a_living_agent_is_told_from_a_wrong_secret(
    sandbox, doctor, login, status
):
    sandbox.halo.configure(HaloSwitches(login=login, login_status=status))

    assert failed(doctor()) == {"login-agent"}


@pytest.mark.parametrize("missing", ["read:customers", "read:assets"])
def test_the_missing_permission_is_named(sandbox, doctor, missing):
    both = frozenset({"read:customers", "read:assets"})
    sandbox.halo.configure(HaloSwitches(app_scopes=both - {missing}))

    checks = doctor()

    assert failed(checks) == {f"scope:{missing}"}
    assert checks["halo-rest"].status is Status.UNREADABLE


def test_permissions_wider_than_needed_are_a_warning(sandbox, doctor):
    scopes = frozenset({"read:customers", "read:assets", "edit:assets", "all"})
    sandbox.halo.configure(HaloSwitches(app_scopes=scopes))

    checks = doctor()

    assert checks["wider-scopes"].status is Status.WARNING
    assert checks["wider-scopes"].fact("scopes") == "all, edit:assets"
    assert failed(checks) == set()


def test_a_tenant_that_halo_calls_otherwise_is_a_warning(sandbox, doctor):
    sandbox.halo.configure(HaloSwitches(tenant_from="ignored"))

    checks = doctor(halo={"tenant": "old-name"})

    assert checks["tenant"].why == "differs"
    assert failed(checks) == set()


def test_a_tenant_left_out_is_found(doctor):
    checks = doctor(halo={"tenant": ""})

    assert (checks["tenant"].status, checks["tenant"].fact("said")) == (Status.OK, "demomsp")


def test_a_redirected_address_is_not_followed(sandbox, doctor):
    sandbox.faults.on("halo.authinfo", Redirect("https://login.example/"))

    checks = doctor()

    assert checks["address"].why == "redirect"
    assert len(sandbox.requests.to("halo.token")) == 0


def test_a_login_that_halo_does_not_name_is_left_to_a_person(sandbox, doctor):
    sandbox.faults.on("halo.agents.me", Answers(403))

    assert doctor()["login-agent"].status is Status.UNREADABLE


def test_a_halo_that_is_away_does_not_keep_the_doctor_from_autoelevate(doctor):
    checks = doctor(halo={"base_url": "http://127.0.0.1:9"})

    assert checks["ae-key"].status is Status.OK
