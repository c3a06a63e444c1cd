"""One run at a time, and whoever waits learns for whom."""

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from sync.clock import SystemClock
from sync.errors import Busy, ConfigError, Exit, Stopped
from sync.lock import HOLDER_NAME, LOCK_NAME, hold, holder

HOLD_FOR_EVER = """
    import pathlib, sys, time
    from sync.clock import SystemClock
    from sync.lock import hold
    with hold(pathlib.Path(sys.argv[1]), SystemClock()) as lock:
        lock.phase("pulling")
        print("held", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def other_process(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD_FOR_EVER), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_loser_is_told_who_works_and_at_what(tmp_path, other_process):
    with pytest.raises(Busy) as caught, hold(tmp_path, SystemClock()):
        pass

    assert caught.value.exit_code is Exit.TEMPORARY
    assert f"process {other_process.pid}" in str(caught.value)
    assert "pulling" in str(caught.value)
    assert "--wait" in caught.value.hint


def test_a_killed_run_frees_the_lock_though_its_files_stay(tmp_path, other_process):
    os.kill(other_process.pid, signal.SIGKILL)
    other_process.wait()

    assert (tmp_path / LOCK_NAME).exists()
    assert (tmp_path / HOLDER_NAME).exists()
    with hold(tmp_path, SystemClock()):
        assert holder(tmp_path).pid == os.getpid()


def test_waiting_ends_when_the_other_is_done(tmp_path, other_process):
    threading.Timer(0.6, other_process.kill).start()

    with hold(tmp_path, SystemClock(), wait_seconds=20):
        assert holder(tmp_path).pid == os.getpid()


def test_waiting_too_long_is_busy_and_a_stop_ends_it_at_once(tmp_path):
    clock = SystemClock()
    with hold(tmp_path, clock):
        with pytest.raises(Busy), hold(tmp_path, clock, wait_seconds=0.1):
            pass
        clock.stop.set()
        with pytest.raises(Stopped), hold(tmp_path, clock, wait_seconds=60):
            pass


def test_of_eight_at_once_one_wins(tmp_path):
    barrier, done, won, lost = threading.Barrier(8), threading.Event(), [], []

    def compete():
        barrier.wait()
        try:
            with hold(tmp_path, SystemClock()):
                won.append(1)
                done.wait(10)
        except Busy:
            lost.append(1)
            if len(lost) == 7:
                done.set()

    threads = [threading.Thread(target=compete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 7)


def test_the_side_file_leaves_with_its_holder_and_junk_in_it_misleads_nobody(tmp_path):
    with hold(tmp_path, SystemClock()):
        (tmp_path / HOLDER_NAME).write_text("{half", encoding="utf-8")
        with pytest.raises(Busy, match="another run is at work"), hold(tmp_path, SystemClock()):
            pass

    assert not (tmp_path / HOLDER_NAME).exists()


def test_lock_and_side_file_are_for_their_owner_only(tmp_path):
    before = os.umask(0)
    try:
        with hold(tmp_path, SystemClock()):
            modes = {f.name: f.stat().st_mode & 0o777 for f in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == {LOCK_NAME: 0o600, HOLDER_NAME: 0o600}


def test_a_place_that_cannot_be_locked_is_a_configuration_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with (
        pytest.raises(ConfigError, match="cannot be locked"),
        hold(tmp_path / "file", SystemClock()),
    ):
        pass
