"""What can be read afterwards: status, history, reports, settings, the schedule."""

import json

import pytest

from sync.errors import Exit


@pytest.fixture
def ran(home):
    assert home.type("run")[0] == Exit.OK
    return home


def test_before_the_first_run_the_commands_say_so(home):
    code, _, err = home.type("status")

    assert code == Exit.CONFIG
    assert "there is no database" in err
    assert "first run creates it" in err


def test_status_tells_lists_counts_and_the_next_slot(ran):
    _, out, _ = ran.type("status")

    assert "Last report   run 1" in out
    assert "AutoElevate companies" in out
    assert "Next" in out
    assert "Waits for you" not in out


def test_status_is_a_document_for_machines(ran):
    _, document = ran.ask("status")

    assert document["published"]["id"] == 1
    assert document["classes"]["halo.clients"]["state"] == "complete"
    assert document["waiting"] == []
    assert set(document["tenants"]) == {"halo", "ae"}


def test_history_lists_runs(ran):
    _, out, _ = ran.type("history")

    header, row = out.splitlines()
    assert header.split() == ["run", "started", "state", "open", "link", "slot"]
    assert row.split()[0] == "1"
    assert "published" in row


def test_a_sound_database_is_called_sound(ran):
    assert ran.type("verify")[:2] == (Exit.OK, "Sound: every digest and rule holds.\n")
    assert ran.ask("verify", "--run", "1")[1]["sound"] is True


def test_a_published_report_is_read_again(ran):
    code, out, err = ran.type("report", "show")

    assert code == Exit.OK
    assert "AutoElevate" in out
    assert "000001/index.html" in out
    assert err == ""


def test_a_changed_page_is_noticed(ran):
    page = ran.folder / "archive" / "000001" / "index.html"
    page.write_text("all is well", encoding="utf-8")

    _, _, err = ran.type("report", "show", "--run", "1")

    assert "index.html is not the file that was published" in err
    code, said, _ = ran.type("verify", "--run", "1")
    assert code == Exit.CONFIG
    assert "index.html of run 1 is not what was published" in said


def test_a_run_that_was_not_published_has_no_report(ran):
    code, _, err = ran.type("report", "show", "--run", "99")

    assert code == Exit.USAGE
    assert "run 99 was not published" in err


def test_a_backup_is_made_beside_the_nightly_ones(ran):
    code, out, _ = ran.type("backup")

    assert code == Exit.OK
    assert out.strip().endswith(".sqlite3")


def test_acknowledging_what_was_never_doubted_is_refused(ran):
    code, _, err = ran.type("ack", "1", "--by", "Ana", "--reason", "moved out")

    assert code == Exit.USAGE
    assert "doubted no list" in err


def test_settings_are_shown_with_origin_and_without_secrets(home, sandbox):
    _, out, _ = home.type("config", "show")

    secret = sandbox.connection()["halo"]["client_secret"]
    assert secret not in out
    assert 'halo.client_secret: "**********"  # ' in out
    assert "brake.max_drop_percent: 20  # default" in out


def test_paths_name_every_place(home):
    _, document = home.ask("config", "paths")

    assert document["config"] == str(home.config)
    assert document["state"] == str(home.folder / "state")
    assert document["reports"] == str(home.folder / "archive")


def test_the_schema_is_printed_for_editors(home):
    _, out, _ = home.type("config", "schema")

    assert json.loads(out)["title"] == "Config"


def test_the_schedule_is_explained_and_the_next_slots_listed(home):
    home.config.write_text(
        home.config.read_text(encoding="utf-8")
        + 'schedule: {cron: "30 2 * * *", timezone: Europe/Madrid}\n',
        encoding="utf-8",
    )
    _, out, _ = home.type("schedule", "show", "--count", "3")
    _, document = home.ask("schedule", "show", "--count", "1")

    assert "02:30" in out
    assert len(out.splitlines()) == 4
    assert document["slots"][0]["key"].startswith("nightly/20")


def test_sample_reports_are_written_to_look_at(home):
    folder = home.folder / "samples"
    code, out, _ = home.type("report", "preview", "--dir", str(folder))

    assert code == Exit.OK
    assert out.splitlines()[0] == str(folder / "index.html")
    assert (folder / "index.html").is_file()
