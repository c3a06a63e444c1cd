"""A run that fails leaves the last report alone, and tells whoever waits for the next one."""

from email import message_from_bytes, policy

import pytest

from sync.errors import Exit, SyncError


def mails(sandbox):
    return [message_from_bytes(mail.body, policy=policy.default) for mail in sandbox.inbox.mails]


@pytest.fixture
def fail(monkeypatch):
    def fail(error):
        def stop(*_arguments):
            raise error

        monkeypatch.setattr("sync.job.run", stop)

    return fail


def test_the_readers_learn_that_no_report_comes_and_what_to_do(home, sandbox, fail):
    fail(SyncError("the disk is full", hint="make room"))
    code, _, err = home.type("run")

    (mail,) = mails(sandbox)
    text = mail.get_content()
    assert code == Exit.BUG
    assert "the disk is full" in err
    assert mail["Subject"] == "halosync: no report, the run failed (exit code 1)"
    assert "What happened: the disk is full" in text
    assert "What to do: make room" in text


def test_a_failure_after_publishing_does_not_say_that_there_is_no_report(
    home, sandbox, monkeypatch
):
    def fail(*_arguments):
        raise OSError("the archive's disk is gone")

    monkeypatch.setattr("sync.job._show", fail)
    code, _, _ = home.type("run")
    said = mails(sandbox)[-1]

    assert code == Exit.BUG
    assert said["Subject"] == "halosync: the run failed after its report (exit code 1)"
    assert "Nothing was published" not in said.get_content()
    assert "halosync report send" in said.get_content().replace("\n", " ")
    assert home.ask("status")[1]["published"]["id"] == 1


def test_a_bug_s_own_words_are_not_mailed(home, sandbox, fail):
    fail(ValueError("Acme Ltd, whose name is nobody's business"))
    home.type("run")

    (mail,) = mails(sandbox)
    assert "a bug in halosync (ValueError)" in mail.get_content()
    assert "Acme" not in mail.get_content()


def test_a_secret_in_an_error_is_struck_out_of_the_mail(home, sandbox, fail):
    secret = sandbox.connection()["halo"]["client_secret"]
    fail(SyncError(f"https://host/?key={secret} was refused"))
    home.type("run")

    assert secret not in mails(sandbox)[0].get_content()


@pytest.mark.parametrize("arguments", [("--dry-run",), ()])
def test_nobody_is_alarmed_by_a_dry_run_or_twice(home, sandbox, fail, arguments):
    fail(SyncError("no"))
    home.type("run", *arguments)

    assert len(mails(sandbox)) == (0 if arguments else 1)


def test_a_full_disk_stops_a_run_before_it_starts(home, sandbox, monkeypatch):
    monkeypatch.setenv("HALOSYNC_MIN_FREE_MEGABYTES", "999999999")
    code, _, err = home.type("run")

    assert code == Exit.CONFIG
    assert "MB are free" in err
    assert "MB are free" in mails(sandbox)[0].get_content()


def test_an_alarm_that_cannot_be_mailed_does_not_hide_the_failure(home, sandbox, fail):
    sandbox.inbox.faults.codes["rcpt"] = "550 no such user"
    fail(SyncError("the disk is full"))
    code, _, err = home.type("run")
    sandbox.inbox.faults.codes.clear()

    assert code == Exit.BUG
    assert "the disk is full" in err


def test_a_failing_backup_is_told_and_changes_nothing(home, monkeypatch):
    def fail(*_arguments):
        raise SyncError("the backup's disk is full")

    monkeypatch.setattr("sync.store.Store.back_up", fail)
    code, out, err = home.type("run")

    assert code == Exit.OK
    assert "Run 1 published." in out
    assert "its backup or pruning failed: the backup's disk is full" in err
