"""The three locks agree with each other, and every line of them is worth its hash."""

import pytest

from tests.release.locks import AUDIT, EVERYTHING, ROOT, RUNTIME, asked_for, pins

LOCKS = (EVERYTHING, RUNTIME, AUDIT)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pinned_version_has_hashes(lock):
    found = pins(lock)

    assert found
    assert [pin.name for pin in found if not pin.hashes] == []


def test_production_gets_exactly_what_the_tests_run_with():
    everything, runtime = set(pins(EVERYTHING)), set(pins(RUNTIME))

    assert runtime - everything == set()


def test_production_gets_all_that_halosync_asks_for_and_no_tool_of_development():
    runtime = {pin.name for pin in pins(RUNTIME)}

    assert asked_for() <= runtime
    assert not runtime & {"pytest", "ruff", "mypy", "hypothesis", "pip-audit", "babel"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_a_place_of_the_machine_that_made_it(lock):
    assert "://" not in lock.read_text(encoding="utf-8")
    assert str(ROOT) not in lock.read_text(encoding="utf-8")
    assert " /" not in lock.read_text(encoding="utf-8")


def test_a_line_that_is_no_pin_is_not_overlooked(tmp_path):
    lock = tmp_path / "loose.lock"
    lock.write_text("requests>=2\n")

    with pytest.raises(AssertionError, match="requests"):
        pins(lock)
