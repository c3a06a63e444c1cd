"""Where things lie, and the reasons not to start there."""

import os
from pathlib import Path

import pytest

from sync.app.installation import refuse_root
from sync.app.places import make_ready, places, refuse_full
from sync.config import load
from sync.errors import ConfigError, Exit

SETTINGS = {
    "HALOSYNC_HALO__BASE_URL": "https://acme.halopsa.com",
    "HALOSYNC_HALO__CLIENT_ID": "a",
    "HALOSYNC_HALO__CLIENT_SECRET": "b",
    "HALOSYNC_AUTOELEVATE__KEY": "aeb_c",
    "HALOSYNC_REPORT__POLICY": "always",
}


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def config(**more):
        return load(None, SETTINGS | more, cron=lambda _line: "").config

    return config


def test_the_configured_folder_goes_before_systemds_and_that_before_the_usual(config, tmp_path):
    systemd = {"STATE_DIRECTORY": "/var/lib/halosync:/other"}
    here = str(tmp_path / "here")

    assert places(config(HALOSYNC_STATE_DIR=here), systemd).state == Path(here)
    assert places(config(), systemd).state == Path("/var/lib/halosync")
    assert places(config(), {}).state.name == "halosync"


def test_reports_lie_in_the_state_directory_unless_put_elsewhere(config, tmp_path):
    elsewhere = str(tmp_path / "www")

    assert places(config(), {"STATE_DIRECTORY": "/s"}).archive == Path("/s/reports")
    assert places(config(HALOSYNC_REPORT__ARCHIVE_DIR=elsewhere), {}).archive == Path(elsewhere)


def test_the_state_directory_is_made_private(config, tmp_path):
    where = places(config(HALOSYNC_STATE_DIR=str(tmp_path / "a" / "b")), {})

    make_ready(where)

    assert where.state.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_said_with_its_key(config, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    where = places(config(HALOSYNC_STATE_DIR=str(tmp_path / "file" / "state")), {})

    with pytest.raises(ConfigError, match="cannot be made") as caught:
        make_ready(where)

    assert "state_dir" in caught.value.hint
    assert caught.value.exit_code is Exit.CONFIG


def test_a_full_disk_is_noticed_before_the_run(config, tmp_path):
    where = places(config(HALOSYNC_STATE_DIR=str(tmp_path)), {})

    refuse_full(where, 0)
    with pytest.raises(ConfigError, match="MB are free") as caught:
        refuse_full(where, 10**9)

    assert "min_free_megabytes" in caught.value.hint


def test_root_is_refused_unless_allowed_or_only_this_machine_is_reached(config, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    sandbox = {
        "HALOSYNC_HALO__BASE_URL": "http://127.0.0.1:8000",
        "HALOSYNC_AUTOELEVATE__BASE_URL": "http://127.0.0.1:8001",
    }

    refuse_root(config(HALOSYNC_ALLOW_ROOT="true"))
    refuse_root(config(**sandbox))
    with pytest.raises(ConfigError, match="root"):
        refuse_root(config())


def test_any_other_user_may_run_it(config, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    refuse_root(config())
