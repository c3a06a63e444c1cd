"""A night's folder is seen complete or not at all, and only once it is published."""

import json

import pytest

from reports.archive import forget, reveal, stage, tidy
from sync.core.result import Edition
from sync.errors import SyncError

NIGHT = {"date": "23 Nov 2026", "sentence": "All <b>well", "news": "-", "tone": "good", "open": "0"}
EDITION = Edition(files={"index.html": b"<p>", "night.json": json.dumps(NIGHT).encode()})


def shown(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_staged_night_is_hidden_until_it_is_revealed(tmp_path):
    stage(EDITION, tmp_path, 412)
    assert shown(tmp_path) == []

    reveal(tmp_path, 412)
    assert shown(tmp_path) == ["000412", "index.html"]
    assert (tmp_path / "000412/index.html").read_bytes() == b"<p>"


def test_an_archive_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    stage(EDITION, tmp_path, 1)
    (tmp_path / "index.html").mkdir()

    with pytest.raises(SyncError, match="could not be written") as caught:
        reveal(tmp_path, 1)
    assert "archive_dir" in caught.value.hint


def test_revealing_twice_changes_nothing(tmp_path):
    stage(EDITION, tmp_path, 1)
    reveal(tmp_path, 1)
    before = (tmp_path / "index.html").read_bytes()
    reveal(tmp_path, 1)

    assert (tmp_path / "index.html").read_bytes() == before
    assert shown(tmp_path) == ["000001", "index.html"]


def test_staging_again_after_a_crash_starts_from_nothing(tmp_path):
    stage(Edition(files={"stray.txt": b"half"}), tmp_path, 1)
    stage(EDITION, tmp_path, 1)
    reveal(tmp_path, 1)

    assert shown(tmp_path / "000001") == ["index.html", "night.json"]


def test_tidying_reveals_what_was_published_and_drops_the_rest(tmp_path):
    for run in (1, 2, 3):
        stage(EDITION, tmp_path, run)
    tidy(tmp_path, {1, 3})

    assert shown(tmp_path) == ["000001", "000003", "index.html"]
    assert not list(tmp_path.glob(".staged*"))


def test_tidying_an_archive_that_does_not_exist_yet_does_nothing(tmp_path):
    tidy(tmp_path / "none", {1})

    assert shown(tmp_path) == []


def test_the_index_names_the_newest_night_first_and_no_broken_one(tmp_path):
    for run in (9, 10):
        stage(EDITION, tmp_path, run)
        reveal(tmp_path, run)
    (tmp_path / "000011").mkdir()
    (tmp_path / "000012").mkdir()
    (tmp_path / "000012/night.json").write_text("[half")
    reveal(tmp_path, 10)
    page = (tmp_path / "index.html").read_text("utf-8")

    assert page.index("000010/") < page.index("000009/")
    assert "000011" not in page
    assert "000012" not in page
    assert "All &lt;b&gt;well" in page


def test_everything_is_for_the_owner_only(tmp_path):
    archive = tmp_path / "reports"
    stage(EDITION, archive, 1)
    reveal(archive, 1)

    modes = {path.stat().st_mode & 0o777 for path in archive.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {p.stat().st_mode & 0o777 for p in (archive, archive / "000001")} == {0o700}


def test_an_archive_that_cannot_be_written_says_what_to_check(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SyncError) as error:
        stage(EDITION, tmp_path / "file", 1)

    assert "report.archive_dir" in error.value.hint


def test_old_nights_go_as_a_whole_and_leave_the_index(tmp_path):
    for run in (1, 2, 30):
        stage(EDITION, tmp_path, run)
        reveal(tmp_path, run)
    (tmp_path / "notes").mkdir()

    assert forget(tmp_path, 2) == 1
    assert shown(tmp_path) == ["000002", "000030", "index.html", "notes"]
    assert "000001" not in (tmp_path / "index.html").read_text()
    assert forget(tmp_path, 2) == 0


def test_a_night_that_was_going_when_the_power_went_is_gone_after_the_next(tmp_path):
    stage(EDITION, tmp_path, 7)
    reveal(tmp_path, 7)
    (tmp_path / "000007").rename(tmp_path / ".going-000007")

    assert forget(tmp_path, 8) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
