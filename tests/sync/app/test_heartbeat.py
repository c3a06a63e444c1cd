"""The monitoring service learns that a run started and how it ended, and can disturb nothing."""

import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from sync.app import heartbeat
from sync.app.heartbeat import Heartbeat
from sync.config.model import Heartbeat as Addresses
from sync.core.pulls import Manifest, State
from sync.core.records import Collection
from sync.core.result import Edition, Letter, Result, RunFacts
from sync.errors import Exit
from sync.job import Ending
from sync.outbox import Delivery, Receipt
from tests.monitor import listening
from tests.reliability.post.rude_monitor import RudeMonitor

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LETTER = Letter(("a@example.com",), "s", "<1@h>", b"")


@pytest.fixture
def monitor(request):
    with listening(getattr(request, "param", 200)) as server:
        yield server


def beat_of(monitor):
    return Heartbeat(
        Addresses(**{n: SecretStr(f"{monitor.url}/{n}-uuid") for n in ("start", "ok", "fail")})
    )


def ending(*, receipts=None, letters=(LETTER,), state=State.COMPLETE, code=Exit.OK):
    manifests = (Manifest(Collection.HALO_CLIENTS, state),)
    result = Result(RunFacts(7, NOW, "nightly/2026-11-23/0500"), manifests)
    said = {to: Receipt(delivery) for to, delivery in (receipts or {}).items()}
    return Ending(result, Edition(tuple(letters)), said, code)


def test_a_good_run_is_ok_with_its_counts_and_no_names(monitor):
    beat = beat_of(monitor)

    beat.start("nightly/2026-11-23/0500")
    beat.end(ending(receipts={"a@example.com": Delivery.ACCEPTED}))

    (started, slot), (path, body) = monitor.told
    assert (started, slot) == ("/start-uuid", {"slot": "nightly/2026-11-23/0500"})
    assert path == "/ok-uuid"
    assert body == {"run": 7, "open": 0, "withheld": 0, "exit_code": 0}


@pytest.mark.parametrize(
    ("how", "path"),
    [
        ({"receipts": {"a@b.c": Delivery.ACCEPTED, "d@e.f": Delivery.REFUSED}}, "/ok-uuid"),
        ({"receipts": {"a@b.c": Delivery.PENDING}}, "/fail-uuid"),
        ({"receipts": {}}, "/fail-uuid"),
        ({"letters": ()}, "/ok-uuid"),
        ({"letters": (), "state": State.SUSPECT}, "/fail-uuid"),
        ({"letters": (), "state": State.OFF}, "/ok-uuid"),
        ({"letters": (), "code": Exit.FINDINGS}, "/ok-uuid"),
    ],
)
def test_ok_means_nothing_withheld_and_the_mail_accepted_where_one_was_due(monitor, how, path):
    beat_of(monitor).end(ending(**how))

    assert [told for told, _ in monitor.told] == [path]


def test_a_failed_run_tells_its_exit_code(monitor):
    beat_of(monitor).failed(Exit.CONFIG)

    assert monitor.told == [("/fail-uuid", {"exit_code": 78})]


@pytest.mark.parametrize("monitor", [302, 404, 500], indirect=True)
def test_a_refusing_service_is_only_a_warning_and_no_redirect_is_followed(monitor, caplog):
    beat_of(monitor).failed(Exit.BUG)

    assert len(monitor.told) == 1
    assert "was not told" in caplog.text
    assert "uuid" not in caplog.text


def test_a_dead_service_is_only_a_warning(caplog):
    Heartbeat(Addresses(ok=SecretStr("http://127.0.0.1:9/uuid"))).end(ending(letters=()))

    assert "was not told: ConnectionRefusedError" in caplog.text


def test_a_silent_service_is_given_up_on(monkeypatch, caplog):
    monkeypatch.setattr(heartbeat, "TIMEOUT_SECONDS", 0.2)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as deaf:
        Heartbeat(Addresses(fail=SecretStr(f"http://127.0.0.1:{deaf.server_port}/uuid"))).failed(
            Exit.BUG
        )

    assert "was not told" in caplog.text


@pytest.mark.parametrize("silent", [True, False])
def test_a_service_that_never_ends_its_answer_is_given_up_on(monkeypatch, silent):
    monkeypatch.setattr(heartbeat, "LIMIT_SECONDS", 0.3)
    with RudeMonitor(silent=silent, dripping=not silent) as rude:
        begun = time.monotonic()
        Heartbeat(Addresses(fail=SecretStr(f"{rude.url}/uuid"))).failed(Exit.BUG)

    assert time.monotonic() - begun < heartbeat.TIMEOUT_SECONDS / 2
    assert len(rude.told) == 1


def test_where_no_address_is_configured_nothing_happens(caplog):
    beat = Heartbeat(None)
    beat.start("x")
    beat.failed(Exit.BUG)

    assert caplog.text == ""
