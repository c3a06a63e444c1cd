"""`run`: what it publishes, what it leaves alone, and the exit code that scripts rely on."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sync import failpoint
from sync.clock import SystemClock
from sync.errors import Exit
from sync.lock import hold
from tests.monitor import listening


def test_a_run_publishes_mails_and_says_so(home, sandbox):
    code, out, _ = home.type("run")

    assert code == Exit.OK
    assert "Run 1 published." in out
    assert "link by name" in out
    assert "mail: 1 accepted" in out
    assert "archive/000001/index.html" in out
    assert len(sandbox.inbox.mails) == 1


def test_run_now_means_run_with_all_its_options(home):
    code, document = home.ask("--run-now", "--dry-run")

    assert code == Exit.OK
    assert document["command"] == "run"
    assert document["dry_run"] is True


def test_the_document_has_counts_classes_and_no_names(home):
    _, document = home.ask("run", "--no-email")

    assert document["schema_version"] == 1
    assert document["run_id"] == 1
    assert document["exit"] == "ok"
    assert document["classes"]["ae.companies"]["state"] == "complete"
    assert document["counts"]["company"]["linked"] > 0
    assert document["open"] > 0
    assert document["report"].endswith("000001/index.html")


def test_a_slot_is_published_once(home, sandbox):
    first, _, _ = home.type("run", "--slot", "nightly")
    again, out, err = home.type("run", "--slot", "nightly")

    assert (first, again) == (Exit.OK, Exit.OK)
    assert out == ""
    assert "was published already, by run 1" in err
    assert "by run 1" in home.ask("run", "--slot", "nightly")[1]["done"]
    assert len(sandbox.inbox.mails) == 1


@pytest.fixture
def died_before_mailing(home, sandbox):
    """A slot that was published by a run which died before its mail left."""

    def die():
        raise KeyboardInterrupt

    failpoint.arm("publish:after-commit", die)
    home.type("run", "--slot", "nightly")
    failpoint.disarm()
    sandbox.inbox.mails.clear()  # the alarm of the run that died


def test_the_slot_sends_it_when_asked_for_again(home, sandbox, died_before_mailing):
    code, _, err = home.type("run", "--slot", "nightly")

    assert code == Exit.OK
    assert "was published already, by run 1" in err
    assert len(sandbox.inbox.mails) == 1


def test_the_service_sends_it_at_its_next_start(home, sandbox, died_before_mailing, monkeypatch):
    monkeypatch.setattr("sync.app.service.serve", lambda *_: None)
    home.type("serve")

    assert len(sandbox.inbox.mails) == 1


def test_the_monitoring_service_hears_of_a_run_and_not_of_a_slot_that_is_done(home, monkeypatch):
    with listening() as monitor:
        for name in ("START", "OK", "FAIL"):
            monkeypatch.setenv(f"HALOSYNC_HEARTBEAT__{name}", f"{monitor.url}/{name}-uuid")
        home.type("run", "--slot", "nightly")
        home.type("run", "--slot", "nightly")
        home.type("run", "--dry-run")
        (home.folder / "state").mkdir(exist_ok=True)
        with hold(home.folder / "state", SystemClock()):
            home.type("run")

    assert [path for path, _ in monitor.told] == ["/START-uuid", "/OK-uuid"]


def test_the_mail_of_a_published_run_leaves_even_if_the_archive_cannot_show_it(home, sandbox):
    (home.folder / "archive" / "index.html").mkdir(parents=True)
    code, _, err = home.type("run")

    assert code == Exit.OK
    assert len(sandbox.inbox.mails) == 1
    assert "run 1 is published, but not in the archive yet" in err


def test_an_earlier_report_that_cannot_be_shown_does_not_stop_tonight_s(home, sandbox):
    home.type("run", "--no-email")
    (home.folder / "archive" / ".staged-000001").mkdir()
    (home.folder / "archive" / "index.html").unlink()
    (home.folder / "archive" / "index.html").mkdir()
    home.type("run")

    assert len(sandbox.inbox.mails) == 1


def test_what_a_killed_run_left_in_the_archive_is_tidied(home):
    staged = home.folder / "archive" / ".staged-000007"
    staged.mkdir(parents=True)
    home.type("run", "--no-email")

    assert not staged.exists()


def test_without_a_slot_every_call_is_a_run(home):
    home.type("run", "--no-email")
    home.type("run", "--no-email")

    _, document = home.ask("history")
    assert [row["id"] for row in document["runs"]] == [2, 1]


def test_a_dry_run_publishes_nothing_and_sends_nothing(home, sandbox):
    code, out, _ = home.type("run", "-n")

    assert code == Exit.OK
    assert "Dry run: nothing was published." in out
    assert home.ask("history")[1]["runs"] == []
    assert sandbox.inbox.mails == []
    assert not (home.folder / "archive").exists()


def test_no_email_publishes_and_archives_but_sends_nothing(home, sandbox):
    code, out, _ = home.type("run", "--no-email")

    assert code == Exit.OK
    assert "mail: none due" in out
    assert (home.folder / "archive" / "000001" / "index.html").is_file()
    assert sandbox.inbox.mails == []


def test_open_records_fail_a_run_only_where_asked_for(home):
    assert home.type("run", "--dry-run", "--fail-on-unlinked")[0] == Exit.FINDINGS
    assert home.type("run", "--dry-run", "--fail-on-unlinked=100000")[0] == Exit.OK


def test_a_recording_is_judged_again_offline_with_the_same_outcome(home, sandbox):
    _, live = home.ask("run", "--no-email", "--record", str(home.folder / "tape"))
    asked = len(sandbox.requests)
    code, replayed = home.ask("run", "--replay", str(home.folder / "tape"))

    assert code == Exit.OK
    assert replayed["dry_run"] is True
    assert replayed["counts"] == live["counts"]
    assert len(sandbox.requests) == asked


def test_the_loser_of_two_runs_leaves_with_75_and_names_the_winner(home):
    (home.folder / "state").mkdir()
    with hold(home.folder / "state", SystemClock()) as lock:
        lock.phase("pulling")
        code, _, err = home.type("run")

    assert code == Exit.TEMPORARY
    assert "another run is at work: process" in err
    assert "pulling" in err


def test_a_system_that_lets_us_not_in_is_published_as_such(home, monkeypatch):
    monkeypatch.setenv("HALOSYNC_AUTOELEVATE__KEY", "aeb_revoked")

    code, document = home.ask("run", "--no-email")

    assert code == Exit.SOURCE_DOWN
    assert document["classes"]["ae.companies"]["state"] == "unreachable"
    assert document["classes"]["halo.clients"]["state"] == "complete"


def test_mail_that_nobody_accepts_is_exit_4_and_goes_out_later(home, sandbox):
    sandbox.inbox.faults.codes["rcpt"] = "451 try later"
    code, out, _ = home.type("run")
    del sandbox.inbox.faults.codes["rcpt"]
    waiting = home.ask("status")[1]["unsent"]
    sent, said, _ = home.type("report", "send")

    assert code == Exit.MAIL_NOT_ACCEPTED
    assert "mail: 1 pending" in out
    assert waiting == 1
    assert (sent, said.split()[1]) == (Exit.OK, "accepted")
    assert home.type("report", "send")[1] == "Nothing waits to be sent.\n"


@pytest.mark.parametrize("name", ["../x", "a b", "a/b", ""])
def test_a_slot_has_a_plain_name(home, name):
    code, _, err = home.type("run", "--slot", name)

    assert code == Exit.USAGE
    assert "letters, digits" in err


def test_a_wait_is_written_with_its_unit(home):
    code, _, err = home.type("run", "--wait", "soon")

    assert code == Exit.USAGE
    assert "30s, 10m or 2h" in err


def test_no_secret_reaches_the_terminal_the_log_or_the_archive(home, sandbox):
    code, out, err = home.type("run", "-vv")

    where = json.loads(json.dumps(sandbox.connection()))
    secrets = [where["halo"]["client_secret"], where["autoelevate"]["bearer_key"]]
    files = [f for f in home.folder.rglob("*") if f.is_file() and f.name != "config.yaml"]
    everything = out.encode() + err.encode() + b"".join(f.read_bytes() for f in files)
    assert code == Exit.OK
    assert "published" in err
    assert not [secret for secret in secrets if secret.encode() in everything]


def test_a_bug_is_one_sentence_and_a_file_without_secrets(home, sandbox, monkeypatch):
    secret = sandbox.connection()["halo"]["client_secret"]

    def fail(*_arguments):
        raise RuntimeError(f"unforeseen: {secret}")

    monkeypatch.setattr("sync.job.run", fail)
    code, out, err = home.type("run")

    (crash,) = (home.folder / "state" / "logs").glob("crash-*.txt")
    text = crash.read_text(encoding="utf-8")
    assert code == Exit.BUG
    assert out == ""
    assert str(crash) in err
    assert "Traceback" not in err
    assert "unforeseen: [secret]" in text


def test_nights_older_than_the_archive_keeps_are_removed_and_the_newest_stays(home, monkeypatch):
    text = home.config.read_text(encoding="utf-8")
    home.config.write_text(text + "retention: {archive_months: 1}\n", encoding="utf-8")
    archive = home.folder / "archive"
    home.type("run", "-q")
    home.type("run", "-q")
    assert {"000001", "000002"} <= {path.name for path in archive.iterdir()}

    later = datetime.now(UTC) + timedelta(days=40)
    monkeypatch.setattr(SystemClock, "now", lambda _clock: later)
    home.type("run", "-q", "--slot", "forty-days-on")

    assert [path.name for path in archive.glob("0*")] == ["000003"]
