"""G21 knows the requests for tickets where they are evidence, and takes them amiss anywhere else."""

from dataclasses import replace

import pytest

from sync.sandbox.world import World
from sync.sources.halo import HaloSource
from sync.sources.settings import TicketSettings
from tests.reliability import recorder
from tests.reliability.benches.bench import EPOCH, HALO, Bench, Setup, replaced
from tests.reliability.g21_requests import over_all

WANTED = TicketSettings(agent="AutoElevate Integration")
RIGHT = frozenset({"read:customers", "read:assets", "read:tickets"})
OFF = Setup(halo=replace(HALO, app_scopes=RIGHT))
ON = replace(OFF, tickets=WANTED)


@pytest.fixture(autouse=True)
def known():
    """Leave what the goals have recorded as it was."""
    before = recorder.taken()
    recorder.forget()
    yield
    recorder.forget()
    recorder._asked.update(before)


def night(setup):
    with Bench(World.create(3, 4, 40, EPOCH), setup) as bench:
        bench.write_users()
        bench.night()
    return recorder.taken()


def test_with_the_evidence_on_its_requests_are_among_those_we_know():
    asked = night(ON)

    assert asked["GET halo /api/Tickets" + recorder.WANTED] > 0
    assert asked["POST halo /auth/token scope=read:tickets" + recorder.WANTED] == 1
    assert over_all(asked, 0).violations == []


def test_with_it_off_there_is_no_such_request():
    assert [shape for shape in night(OFF) if "ickets" in shape] == []


def test_a_source_that_asks_although_it_is_off_is_a_violation():
    real = HaloSource._tickets

    def asks_anyway(self):
        self._settings = replace(self._settings, tickets=WANTED)
        return real(self)

    with replaced(HaloSource, "_tickets", asks_anyway):
        violations = over_all(night(OFF), 0).violations

    assert [v.partition("times ")[2] for v in violations] == [
        "GET halo /api/Tickets",
        "POST halo /auth/token scope=read:tickets",
    ]
