"""Which files are taken: ours, finished, fresh enough, of a sane size."""

import os

import pytest

from sync.core.pulls import State
from sync.sources.causes import Trouble
from sync.sources.files import Disk
from tests.sync.sources.stand_in import FakeClock
from tests.sync.sources.users_file import GOOD, put, read, refused


def test_an_absent_file_is_stale(tmp_path):
    manifest = read(tmp_path / "users.csv").manifest

    assert (manifest.state, manifest.cause) == (State.STALE, "file-absent")


def test_an_old_file_is_stale_but_its_people_are_shown(tmp_path):
    pulled = read(put(tmp_path, GOOD, days_old=36))

    assert (pulled.manifest.state, pulled.manifest.cause) == (State.STALE, "file-old")
    assert "36 days old" in pulled.manifest.detail
    assert len(pulled.records) == 2
    assert read(put(tmp_path, GOOD, days_old=34.9)).manifest.state is State.COMPLETE


def test_a_young_file_must_hold_still_for_two_seconds(tmp_path):
    path = put(tmp_path, GOOD, days_old=0)
    clock = FakeClock()

    assert read(path, clock).manifest.state is State.COMPLETE
    assert clock.waits == [2.0]


def test_a_file_that_grows_meanwhile_is_refused(tmp_path):
    path = put(tmp_path, GOOD, days_old=0)

    class Busy(FakeClock):
        def wait(self, seconds):
            super().wait(seconds)
            with path.open("a") as more:
                more.write("Bob,bob@x.example,\n")

    assert read(path, Busy()).manifest.cause == "file-growing"


def test_a_part_file_beside_it_means_unfinished(tmp_path):
    path = put(tmp_path, GOOD)
    put(tmp_path, "", "users.csv.part")

    assert refused(path) == "file-growing"
    assert refused(put(tmp_path, GOOD, "other.part")) == "file-growing"


def test_links_pipes_and_folders_are_no_files(tmp_path):
    (tmp_path / "link.csv").symlink_to(put(tmp_path, GOOD))
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()

    for name in ("link.csv", "pipe.csv", "folder.csv"):
        assert refused(tmp_path / name) == "file-unsafe", name


def test_a_file_anyone_may_change_is_refused(tmp_path):
    assert refused(put(tmp_path, GOOD, mode=0o602)) == "file-unsafe"
    assert read(put(tmp_path, GOOD, mode=0o644)).manifest.state is State.COMPLETE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_account_is_refused(tmp_path):
    path = put(tmp_path, GOOD)
    os.chown(path, 12345, 12345)

    assert refused(path) == "file-unsafe"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_forbidden(tmp_path):
    assert refused(put(tmp_path, GOOD, mode=0)) == "file-forbidden"


def test_a_giant_is_refused_before_it_is_read(tmp_path):
    assert refused(put(tmp_path, GOOD), max_bytes=10) == "file-too-big"


def test_a_file_that_changes_under_the_reader_is_refused(tmp_path):
    path = put(tmp_path, GOOD)

    with (
        pytest.raises(Trouble, match="file-growing"),
        Disk(FakeClock()).take(path, settle_seconds=0, max_bytes=1000),
        path.open("a") as more,
    ):
        more.write("Bob,bob@x.example,\n")


def test_a_file_replaced_under_the_reader_is_refused(tmp_path):
    path = put(tmp_path, GOOD)

    with (
        pytest.raises(Trouble, match="file-growing"),
        Disk(FakeClock()).take(path, settle_seconds=0, max_bytes=1000),
    ):
        put(tmp_path, GOOD, "new.csv").rename(path)
