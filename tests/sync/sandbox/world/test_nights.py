"""One night after another: small changes, and nothing that was ever true becomes another thing."""

import copy

import pytest

from sync.sandbox.world import World
from tests.sync.sandbox.talk import EPOCH


@pytest.fixture
def estate() -> World:
    return World.create(11, 60, 1500, EPOCH)


def test_a_night_is_a_day(estate):
    estate.advance(3)

    assert (estate.now - EPOCH).days == 3
    assert estate.nights == 3


def test_nights_at_once_or_one_by_one_end_in_the_same_world(estate):
    other = World.create(11, 60, 1500, EPOCH)
    estate.advance(6)
    for _ in range(6):
        other.advance(1)

    assert estate.computers == other.computers
    assert estate.assets == other.assets
    assert estate.truth() == other.truth()


def test_ids_and_creation_times_never_change(estate):
    before = {c.id: c.created for c in [*estate.companies.values(), *estate.computers.values()]}
    estate.advance(20)

    after = {c.id: c.created for c in [*estate.companies.values(), *estate.computers.values()]}
    assert all(after[i] == before[i] for i in before.keys() & after.keys())
    assert all(
        after[i] > estate.epoch.timestamp() * 1000 - 86_400_000
        for i in after.keys() - before.keys()
    )


def test_ordinary_churn_is_one_or_two_percent_a_night(estate):
    for _ in range(10):
        before = copy.deepcopy(estate.computers)
        estate.advance(1)
        gone = before.keys() - estate.computers.keys()
        new = estate.computers.keys() - before.keys()
        changed = [
            i for i in before.keys() & estate.computers.keys() if before[i] != estate.computers[i]
        ]

        assert 0 < len(gone | new) + len(changed) <= 0.03 * len(before)
        assert len(gone) <= 0.01 * len(before)


def test_admins_put_names_right(estate):
    wrong = {row.ae_id for row in estate.truth() if not row.linkable}
    estate.advance(15)

    right = {row.ae_id for row in estate.truth() if row.linkable}
    assert wrong & right


def test_machines_fall_silent_and_come_back(estate):
    before = {c.id: c.awake for c in estate.computers.values()}
    estate.advance(10)

    moves = {(before[c.id], c.awake) for c in estate.computers.values() if c.id in before}
    assert {(True, False), (False, True)} <= moves


def test_companies_are_renamed_after_they_were_linked(estate):
    linked = {row.ae_id for row in estate.truth() if row.kind == "company" and row.linkable}
    names = {i: estate.companies[i].name for i in linked}
    estate.advance(60)

    renamed = [i for i in linked if i in estate.companies and estate.companies[i].name != names[i]]
    assert renamed
    assert all(i in estate.belongs for i in renamed)


def test_new_customers_arrive_with_their_machines(estate):
    before = set(estate.companies)
    estate.advance(30)

    new = set(estate.companies) - before
    assert new
    assert all(any(c.company == i for c in estate.computers.values()) for i in new)


def test_new_requests_for_rights_come_in_every_day(estate):
    estate.advance(2)
    day = [e for e in estate.elevations if e.created > estate.now_ms - 86_400_000]

    assert day
    assert all(e.computer in estate.computers for e in day)
    assert min(e.created for e in estate.elevations) > estate.now_ms - 30 * 86_400_000
