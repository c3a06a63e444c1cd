"""Whole processes: asked to stop, asked twice, asked all at once, left to serve."""

import os
import signal
import subprocess
import sys
import time

import pytest

from sync.errors import Exit
from sync.sandbox.verbs import Stall


@pytest.fixture
def start(home):
    """Start a command as a process of its own; whatever is left at the end is killed."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "sync", *arguments, "-c", str(home.config)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until(claim, seconds=20):
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def meet(start, sandbox):
    """Start a run whose assets come so late that it can be met in the middle of it."""

    def meet(*arguments, seconds=60):
        sandbox.requests.clear()
        sandbox.faults.on("halo.assets", Stall(seconds))
        process = start("run", *arguments)
        wait_until(lambda: sandbox.requests.to("halo.assets"))
        sandbox.faults.clear()
        return process

    return meet


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_rolls_back_and_the_next_one_works(home, meet, sandbox, number):
    process = meet("--slot", "nightly", seconds=2)
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=15)

    assert (process.returncode, out) == (128 + number, "")
    assert "asked to stop" in err
    assert sandbox.inbox.mails == []  # whoever stopped it knows
    assert home.ask("history")[1]["runs"][0]["state"] == "failed"
    assert home.type("run", "--slot", "nightly")[0] == Exit.OK


def test_a_second_signal_leaves_at_once(meet):
    process = meet()
    os.kill(process.pid, signal.SIGTERM)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGTERM)

    assert process.wait(timeout=5) == Exit.SIGTERM


def test_a_killed_run_leaves_nothing_behind_that_stops_the_next(home, meet):
    process = meet()
    process.kill()
    process.wait()
    code, document = home.ask("run", "--no-email")

    assert (code, document["run_id"]) == (Exit.OK, 2)
    assert [row["state"] for row in home.ask("history")[1]["runs"]] == ["published", "died"]


def test_of_several_processes_for_one_slot_one_works(start, meet):
    winner = meet("--slot", "nightly")
    losers = [start("run", "--slot", "nightly") for _ in range(3)]
    codes = [process.wait(timeout=60) for process in losers]

    assert codes == [Exit.TEMPORARY] * 3
    assert all(f"process {winner.pid}" in process.stderr.read() for process in losers)


def test_the_service_runs_a_missed_slot_at_start_and_stops_when_asked(home, start, sandbox):
    assert home.type("run", "--slot", "0000")[0] == Exit.OK  # what came since was missed
    text = home.config.read_text(encoding="utf-8")
    home.config.write_text(text + 'schedule: {cron: "1 0 * * *"}\n', encoding="utf-8")
    service = start("serve")
    wait_until(lambda: len(sandbox.inbox.mails) >= 2, seconds=60)
    wait_until((home.folder / "state" / "serve.alive").exists)
    service.terminate()
    _, err = service.communicate(timeout=20)

    assert service.returncode == Exit.SIGTERM
    assert "serving: At 00:01 every day (UTC)" in err
    assert not (home.folder / "state" / "serve.alive").exists()
    newest = home.ask("history")[1]["runs"][0]
    assert newest["slot"].endswith("/0001")
