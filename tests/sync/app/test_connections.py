"""A recording is played back without touching what real runs keep account of."""

import pytest

from sync.app.connections import Tape, connections
from sync.clock import SystemClock
from sync.config import load
from sync.sources.ledger import MemoryLedger
from sync.sources.replay import Recording

SETTINGS = {
    "HALOSYNC_HALO__BASE_URL": "https://h.example",
    "HALOSYNC_HALO__CLIENT_ID": "a",
    "HALOSYNC_HALO__CLIENT_SECRET": "b",
    "HALOSYNC_AUTOELEVATE__KEY": "aeb_c",
    "HALOSYNC_REPORT__POLICY": "always",
}


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return load(None, SETTINGS, cron=lambda _line: "").config


def test_a_live_run_spends_the_hourly_quota_and_a_replay_does_not(config, tmp_path):
    clock, ledger = SystemClock(), MemoryLedger()
    Recording(tmp_path / "tape", clock)

    with connections(config, clock, ledger, Tape()) as live:
        assert live.ledger is ledger
        assert live.clock is clock
    with connections(config, clock, ledger, Tape(replay=tmp_path / "tape")) as played:
        assert played.ledger is not ledger
        assert played.clock is not clock


def test_both_systems_share_one_deadline(config):
    clock = SystemClock()
    with connections(config, clock, MemoryLedger(), Tape()) as live:
        assert live.to_halo.deadline is live.to_autoelevate.deadline
        assert 3590 < live.to_halo.deadline.left() <= 3600
