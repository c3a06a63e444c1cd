"""The lists of both systems: readable, not empty, not suspiciously short, names where expected."""

import pytest

from sync.core.records import Collection
from sync.doctor import Status, tonight
from sync.errors import Exit
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.verbs import Body, NarrowVisibility
from sync.sandbox.verbs import Status as Answers

NOT_OK = {Status.WARNING, Status.FAILED}


def turned(checks):
    return {key for key, check in checks.items() if check.status in NOT_OK}


@pytest.mark.parametrize(
    ("endpoint", "line"),
    [
        ("halo.clients", "list:halo.clients"),
        ("halo.sites", "list:halo.sites"),
        ("halo.assets", "list:halo.assets"),
        ("halo.agents", "list:halo.agents"),
        ("halo.assettypes", "asset-types"),
    ],
)
def test_one_list_refused_turns_its_line_and_the_run_would_withhold_it(
    sandbox, doctor, endpoint, line
):
    sandbox.faults.on(endpoint, Answers(403))

    checks = doctor()

    assert turned(checks) == {line}
    assert checks[line].why == "forbidden"
    assert tonight(checks.values()) is Exit.WITHHELD


def test_an_answer_that_is_no_list_is_never_taken_for_an_empty_one(sandbox, doctor):
    sandbox.faults.on("halo.clients", Body(b'{"maintenance": true}'))

    assert doctor()["list:halo.clients"].why == "page-shape"


def test_an_empty_list_fails_and_the_brake_would_hold_it(sandbox, doctor):
    sandbox.faults.on("halo.clients", NarrowVisibility(frozenset()))

    check = doctor()["list:halo.clients"]

    assert (check.status, check.why, check.tonight) == (Status.FAILED, "empty", Exit.BRAKE)


def test_a_login_without_default_team_sees_only_itself(sandbox, doctor):
    sandbox.halo.configure(HaloSwitches(default_team=False))

    assert doctor()["list:halo.agents"].why == "alone"


def test_a_list_much_shorter_than_autoelevates_is_a_warning(sandbox, doctor):
    few = frozenset(sorted(sandbox.world.clients)[:3])
    sandbox.faults.on("halo.clients", NarrowVisibility(few))

    checks = doctor()

    assert turned(checks) == {"list-short:halo.clients"}
    assert checks["list-short:halo.clients"].fact("other") == len(sandbox.world.companies)


def test_a_list_much_shorter_than_last_night_would_be_held_by_the_brake(doctor):
    checks = doctor(known={Collection.HALO_SITES: 500})

    assert turned(checks) == {"list-short:halo.sites"}
    assert tonight(checks.values()) is Exit.BRAKE


def test_a_login_that_sees_names_only_cannot_tell_the_inactive_ones(sandbox, doctor):
    sandbox.halo.configure(HaloSwitches(clients_access=1))

    assert turned(doctor()) == {"inactive-unknown:halo.clients", "inactive-unknown:halo.sites"}


@pytest.mark.parametrize(("types", "why"), [((), "all"), (("Workstashun",), "asset-type-unknown")])
def test_asset_types_left_out_or_misspelt_turn_their_line(doctor, types, why):
    assert doctor(halo={"asset_types": types})["asset-types"].why == why


@pytest.fixture
def numbered(sandbox):
    """Every computer's inventory number is a number, as when Halo numbers assets by itself."""
    before = {asset.id: asset.inventory_number for asset in sandbox.world.assets.values()}
    with sandbox.world.changing():
        for asset in sandbox.world.assets.values():
            asset.inventory_number = str(40_000 + asset.id)
    yield sandbox
    with sandbox.world.changing():
        for asset_id, number in before.items():
            sandbox.world.assets[asset_id].inventory_number = number


def test_a_field_of_numbers_is_no_field_of_names(numbered, doctor):
    checks = doctor()

    assert turned(checks) == {"name-field:inventory_number"}
    assert checks["name-field:inventory_number"].why == "numbers"


def test_a_field_that_nobody_fills_in_is_named(doctor):
    checks = doctor(halo={"asset_name_fields": ("key_field", "key_field3", "field:Hostname X")})

    assert turned(checks) == {"name-field:key_field3", "name-field:field:Hostname X"}


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ("companyView", "ae-list:ae.companies"),
        ("locationView", "ae-list:ae.locations"),
        ("computerView", "ae-list:ae.computers"),
    ],
)
def test_each_scope_that_the_key_lacks_is_named(sandbox, doctor, missing, line):
    scopes = frozenset({"companyView", "locationView", "computerView"}) - {missing}
    sandbox.autoelevate.configure(AeSwitches(scopes=scopes))

    checks = doctor()

    assert turned(checks) == {line}
    assert checks[line].fact("scope") == missing
    assert tonight(checks.values()) is Exit.WITHHELD
