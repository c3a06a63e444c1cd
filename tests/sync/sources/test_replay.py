"""A recorded night, played back offline: the same pulls, byte for byte, and no secrets on disk."""

import json
import os
import re
import socket
import stat
from datetime import timedelta

import pytest

from sync.core.pulls import State
from sync.core.records import Collection
from sync.errors import ConfigError, Stopped
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.files import Disk
from sync.sources.halo import HaloSource
from sync.sources.ledger import MemoryLedger
from sync.sources.people import PeopleSource
from sync.sources.replay import Recording, Replay
from sync.sources.settings import PeopleSettings
from tests.sync.sources.stand_in import (
    HALO_ID,
    HALO_SECRET,
    NOON,
    FakeClock,
    StandIn,
    ae_list,
    ae_settings,
    ae_world,
    computer,
    halo_settings,
    halo_world,
    says,
    serving,
    wire,
)

HMAC = {"key": "aeh_0123456789abcdef", "hmac_key": "00112233445566778899aabbccddeeff" * 2}


def everything(halo, ae, people):
    """All a run asks of its sources, as one comparable value."""
    pulls = [*halo.pull(), *ae.pull(), *people.pull()]
    answers = [
        halo.ask(Collection.HALO_CLIENTS, "12"),
        ae.ask(Collection.AE_COMPUTERS, "gone"),
        people.ask(Collection.AE_USERS, "x"),
    ]
    return repr((pulls, answers, halo.facts(), ae.facts(), ae.recent_requests()))


def users(folder):
    path = folder / "users.csv"
    path.write_text("Name,Email\nSam,sam@msp.example\n")
    path.chmod(0o600)
    at = (NOON - timedelta(days=3)).timestamp()
    os.utime(path, (at, at))
    return path


def record(folder, spoil=None, file=None, clean=str):
    """One run against a stand-in for both systems, recorded."""
    clock = FakeClock()
    with serving(StandIn(clock)) as server, wire(clock) as one, wire(clock) as two:
        halo_world(server)
        ae_world(server, computers=[computer(n) for n in range(250)])
        server.routes["/api/Client/12"] = says({"id": 12})
        server.routes["/api/v1/elevation-requests"] = ae_list([])
        if spoil:
            spoil(server)
        recording = Recording(folder, clock, clean)
        return everything(
            HaloSource(halo_settings(server.url), recording.wire("halo", one)),
            AutoElevateSource(
                ae_settings(server.url, **HMAC), recording.wire("ae", two), MemoryLedger()
            ),
            PeopleSource(PeopleSettings(file=file), clock, recording.files(Disk(clock))),
        )


def replay(folder, file=None):
    played = Replay(folder)
    return everything(
        HaloSource(halo_settings("https://nowhere.invalid"), played.wire("halo")),
        AutoElevateSource(
            ae_settings("https://nowhere.invalid", **HMAC), played.wire("ae"), MemoryLedger()
        ),
        PeopleSource(PeopleSettings(file=file), played.clock, played.files()),
    )


def test_a_good_night_replays_byte_for_byte(tmp_path):
    file = users(tmp_path)
    recorded = record(tmp_path / "rec", file=file)
    file.unlink()

    assert replay(tmp_path / "rec", file=file) == recorded
    assert "Sam" in recorded


def hang_up(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def spoiled(server):
    good = server.routes["/api/Client"]
    server.routes["/api/Client"] = [says(b"", 503), says(b"<html>"), good]
    server.routes["/api/Asset"] = says({"Message": "no"}, 403)
    server.routes["/api/Site"] = lambda _ask: hang_up
    server.routes["/api/v1/companies"] = says(b"\xff\xfe", 200)
    server.routes["/api/v1/locations"] = [says(b"", 429, Retry_After="7"), ae_list([])]


def test_a_bad_night_replays_just_as_bad(tmp_path):
    recorded = record(tmp_path / "rec", spoiled)

    assert replay(tmp_path / "rec") == recorded
    for cause in ("network", "page-encoding"):
        assert f"cause='{cause}'" in recorded


@pytest.mark.parametrize("content", [None, "Nom,Courriel\n", "Name,Email\nx"])
def test_a_bad_file_replays_just_as_bad(tmp_path, content):
    file = tmp_path / "users.csv"
    if content is not None:
        file.write_text(content)
        file.chmod(0o600)
    recorded = record(tmp_path / "rec", file=file)
    file.unlink(missing_ok=True)

    assert replay(tmp_path / "rec", file=file) == recorded
    assert "cause='file-" in recorded


def test_a_replay_waits_for_nothing(tmp_path):
    record(tmp_path / "rec", lambda server: server.routes.update({"/api/Client": says(b"", 503)}))
    played = Replay(tmp_path / "rec")
    source = HaloSource(halo_settings("https://nowhere.invalid"), played.wire("halo"))

    assert {p.manifest.cause for p in source.pull()} == {"server-error"}


def test_no_secret_is_written_down(tmp_path):
    record(tmp_path / "rec")
    written = b"".join(p.read_bytes() for p in (tmp_path / "rec").rglob("*") if p.is_file())

    for secret in (HALO_ID, HALO_SECRET, "t0ken", HMAC["key"], HMAC["hmac_key"], "sig="):
        assert secret.encode() not in written
    assert b"uthorization" not in written
    assert b'"recorded' in written or b"recorded" in written


def test_the_recording_is_ours_alone(tmp_path):
    old = os.umask(0)
    try:
        record(tmp_path / "rec", file=users(tmp_path))
    finally:
        os.umask(old)

    for path in (tmp_path / "rec").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_folder_with_something_in_it_is_not_recorded_into(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(ConfigError, match="not empty"):
        Recording(tmp_path, FakeClock())


def test_a_request_that_was_not_recorded_is_a_cause(tmp_path):
    record(tmp_path / "rec")
    source = HaloSource(
        halo_settings("https://nowhere.invalid", exclude_internal=False),
        Replay(tmp_path / "rec").wire("halo"),
    )
    manifest = next(source.pull()).manifest

    assert (manifest.state, manifest.cause) == (State.UNREACHABLE, "not-recorded")


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"{}",
        b'{"trouble": "no such cause", "detail": "", "now": "2026-11-20T12:00:00+00:00"}',
        b'{"status": 200}',
    ],
)
def test_a_damaged_recording_is_named_before_anything_runs(tmp_path, damage):
    record(tmp_path / "rec")
    (tmp_path / "rec/halo/000001.json").write_bytes(damage)

    with pytest.raises(ConfigError, match=r"000001\.json"):
        Replay(tmp_path / "rec").wire("halo")


def test_a_folder_without_a_recording_is_named(tmp_path):
    with pytest.raises(ConfigError):
        Replay(tmp_path)
    (tmp_path / "recording.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(ConfigError, match="no recording this version can play"):
        Replay(tmp_path)


def test_a_stop_ends_a_replay_too(tmp_path):
    record(tmp_path / "rec")
    clock = FakeClock()
    clock.stop = Stopped("stop")
    source = HaloSource(
        halo_settings("https://x.invalid"), Replay(tmp_path / "rec", clock).wire("halo")
    )

    with pytest.raises(Stopped):
        list(source.pull())


def test_several_files_of_one_night_replay_each_as_itself(tmp_path):
    clock = FakeClock()
    files = Recording(tmp_path / "recording", clock).files(Disk(clock))
    texts = ["Name,Email\nSam,sam@msp.example\n", "Name,Linked\nAcme,True\n"]
    for number, text in enumerate(texts):
        path = users(tmp_path).with_name(f"{number}.csv")
        path.write_text(text)
        path.chmod(0o600)
        with files.take(path, settle_seconds=0, max_bytes=1000) as taken:
            taken.handle.read()

    played = Replay(tmp_path / "recording").files()
    found = []
    for _ in texts:
        with played.take(tmp_path, settle_seconds=0, max_bytes=1000) as taken:
            found.append(taken.handle.read().decode())

    assert found == texts


def test_a_secret_that_a_server_repeats_is_not_recorded(tmp_path):
    def repeats(server):
        server.routes["/api/v1/companies"] = says({"message": 'Bearer s3cret"word'}, 401)

    record(
        tmp_path / "rec", repeats, clean=lambda text: re.sub("s3cret.{1,3}word", "[secret]", text)
    )
    kept = b"".join(path.read_bytes() for path in (tmp_path / "rec").rglob("*.json"))

    assert b"Bearer [secret]" in kept
    assert b"s3cret" not in kept
