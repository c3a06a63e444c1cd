"""Log lines: one each, in UTC, machine-readable when asked, of bounded size, for one account."""

import json
import logging
import os
import stat
from datetime import UTC, datetime

import pytest

from sync.app import logs
from sync.app.redaction import Redactor

LOG = logging.getLogger(logs.LOGGER)
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.fixture
def written(tmp_path):
    """Log into a file as `run` does; its lines so far."""
    file = tmp_path / "logs/halosync.log"

    def start(*secrets, **how):
        logs.set_up(Redactor(secrets), level=logging.CRITICAL, file=file, **how)
        return lambda: file.read_text(encoding="utf-8").splitlines()

    yield start
    logs.close()


def test_json_lines_are_one_document_each_with_time_and_level(written):
    lines = written(as_json=True)
    LOG.info("pulled %d computers of %s", 30, "Müller\n2026 forged")
    LOG.warning("slow")
    first, second = map(json.loads, lines())

    assert first["message"] == "pulled 30 computers of Müller\\n2026 forged"
    assert datetime.fromisoformat(first["time"]).tzinfo is UTC
    assert (first["level"], second["level"]) == ("info", "warning")


def test_a_traceback_in_a_json_line_is_a_list_without_secrets(written):
    lines = written("hunter2-secret", as_json=True)
    try:
        int("hunter2-secret")
    except ValueError:
        LOG.exception("it broke")
    (line,) = map(json.loads, lines())

    assert "ValueError" in line["traceback"][-1]
    assert "hunter2" not in json.dumps(line)


def test_the_log_is_turned_over_before_it_grows_too_large(written, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "FILE_BYTES", 1_000)
    monkeypatch.setattr(logs, "FILES", 3)
    lines = written()
    for number in range(200):
        LOG.info("line %d", number)
    there = sorted((tmp_path / "logs").iterdir())

    assert [file.name for file in there] == ["halosync.log", "halosync.log.1", "halosync.log.2"]
    assert all(file.stat().st_size <= 1_000 for file in there)
    assert lines()[-1].endswith("line 199")
    assert {stat.S_IMODE(file.stat().st_mode) for file in there} == {0o600}


def test_turned_over_logs_and_crash_files_go_after_a_month(tmp_path):
    for name, days in (
        ("halosync.log", 90),
        ("halosync.log.1", 31),
        ("halosync.log.2", 29),
        ("crash-20261001T000000Z-1.txt", 31),
        ("crash-20261120T000000Z-2.txt", 3),
        ("notes.txt", 400),
    ):
        file = tmp_path / name
        file.write_text("x")
        os.utime(file, (at := NOW.timestamp() - days * 86_400, at))
    logs.forget(tmp_path, NOW)

    left = sorted(file.name for file in tmp_path.iterdir())
    assert left == ["crash-20261120T000000Z-2.txt", "halosync.log", "halosync.log.2", "notes.txt"]
