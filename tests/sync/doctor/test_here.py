"""This machine, the technicians' file and the way the mail leaves."""

import os
from dataclasses import replace

import pytest

from sync.core.records import Kind
from sync.doctor import Host, Status, tonight
from sync.doctor.case import Post
from sync.errors import ConfigError, Exit, SyncError
from sync.sources.flags import FlagSettings
from sync.sources.settings import PeopleSettings, Person
from tests.sync.doctor.test_lists import turned


@pytest.fixture
def host(tmp_path):
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    config = tmp_path / "config.yaml"
    config.write_text("")
    config.chmod(0o600)
    return Host(state=state, config=config, next_slot="tomorrow")


@pytest.mark.parametrize(
    ("mode", "status"),
    [(0o600, Status.OK), (0o640, Status.WARNING), (0o604, Status.WARNING), (0o622, Status.FAILED)],
)
def test_the_configuration_is_for_its_owner_only(doctor, host, mode, status):
    host.config.chmod(mode)

    assert doctor(host=host)["config-file"].status is status


def test_a_secret_file_that_others_may_read_is_named(doctor, host, tmp_path):
    secret = tmp_path / "halo-secret"
    secret.write_text("x")
    secret.chmod(0o644)

    checks = doctor(host=replace(host, secret_files=(secret,)))

    assert turned(checks) == {"secret-file:halo-secret"}


def test_a_state_folder_open_to_others_is_a_warning(doctor, host):
    host.state.chmod(0o755)

    assert turned(doctor(host=host)) == {"state"}


def test_a_state_folder_that_the_first_run_will_make_is_fine(doctor, host):
    check = doctor(host=replace(host, state=host.state / "deep" / "new"))["state"]

    assert (check.status, check.why) == (Status.OK, "new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_folder_that_cannot_be_written_keeps_the_run_from_starting(doctor, host):
    host.state.chmod(0o500)

    assert tonight(doctor(host=host).values()) is Exit.CONFIG


def test_a_state_folder_that_is_a_file_keeps_the_run_from_starting(doctor, host, tmp_path):
    file = tmp_path / "file"
    file.write_text("")

    assert doctor(host=replace(host, state=file))["state"].tonight is Exit.CONFIG


def test_a_full_disk_keeps_the_run_from_starting(doctor, host):
    checks = doctor(host=replace(host, min_free_megabytes=10**9))

    assert turned(checks) == {"disk"}
    assert tonight(checks.values()) is Exit.CONFIG


def test_a_schedule_without_time_zone_is_a_warning(doctor, host):
    assert turned(doctor(host=replace(host, timezone_set=False))) == {"time-zone"}


def test_what_would_refuse_a_run_is_repeated_with_its_hint(doctor, host):
    refused = ConfigError("halosync does not run as root", hint="use a user of its own")

    check = doctor(host=replace(host, refused=refused))["start"]

    assert (check.detail, check.fact("hint")) == (str(refused), refused.hint)
    assert check.tonight is Exit.CONFIG


def people(tmp_path, text, **settings):
    file = tmp_path / "users.csv"
    file.write_text(text, encoding="utf-8")
    return PeopleSettings(file=file, settle_seconds=0, **settings)


def test_a_users_file_is_read_as_tonight_will_read_it(doctor, tmp_path):
    settings = people(tmp_path, "Name,Email\nAna,ana@x.example\nBo,bo@x.example\n")

    check = doctor(people=settings)["users"]

    assert (check.status, check.fact("n"), check.fact("days")) == (Status.OK, 2, 0)


def test_unknown_headers_are_found_before_the_night(doctor, tmp_path):
    checks = doctor(people=people(tmp_path, "Who,Where\nAna,ana@x.example\n"))

    assert turned(checks) == {"users"}
    assert checks["users"].why == "file-headers"
    assert tonight(checks.values()) is Exit.WITHHELD


@pytest.mark.parametrize(("days", "why"), [(10, ""), (30, "ageing"), (60, "file-old")])
def test_a_users_file_grows_old(doctor, tmp_path, days, why):
    settings = people(tmp_path, "Name,Email\nAna,ana@x.example\n")
    then = settings.file.stat().st_mtime - days * 86400
    os.utime(settings.file, (then, then))

    assert doctor(people=settings)["users"].why == why


def test_a_users_file_that_is_gone_is_said(doctor, tmp_path):
    check = doctor(people=PeopleSettings(file=tmp_path / "gone.csv"))["users"]

    assert (check.status, check.why) == (Status.FAILED, "file-absent")


def test_technicians_in_the_configuration_need_no_file(doctor):
    check = doctor(people=PeopleSettings(people=(Person("Ana", "ana@x.example"),)))["users"]

    assert (check.status, check.why) == (Status.OK, "list")


def flags(tmp_path, text, days=0):
    file = tmp_path / "companies.csv"
    file.write_text(text, encoding="utf-8")
    then = file.stat().st_mtime - 60 - days * 86400
    os.utime(file, (then, then))
    return FlagSettings(((Kind.COMPANY, file),))


GRID = "Name,Linked to Ticketing System\nAcme,True\n"


@pytest.mark.parametrize(
    ("text", "days", "why"),
    [
        (GRID, 0, ""),
        (GRID, 30, "ageing"),
        (GRID, 60, "file-old"),
        (f"{GRID}Bolt,perhaps\n", 0, "unread"),
        ("Company name?,Linked?\nAcme,True\n", 0, "file-headers"),
    ],
)
def test_a_flags_file_is_read_as_tonight_will_read_it(doctor, tmp_path, text, days, why):
    checks = doctor(flags=flags(tmp_path, text, days))

    assert turned(checks) == ({"flags:company"} if why else set())
    assert checks["flags:company"].why == why
    assert tonight(checks.values()) is Exit.OK


def refuse():
    raise SyncError("the mail server refused the login (535)", hint="check mail.password")


def test_a_mail_server_that_refuses_is_how_tonight_would_end(doctor):
    checks = doctor(post=Post("smtp", "mail.example:587", 2, knock=refuse))

    assert turned(checks) == {"mail"}
    assert checks["mail"].fact("hint") == "check mail.password"
    assert tonight(checks.values()) is Exit.MAIL_NOT_ACCEPTED


def test_no_test_mail_leaves_unless_asked_for(doctor):
    sent = []
    post = Post("smtp", "mail.example:587", 1, knock=lambda: None, send=lambda: sent.append(1))

    assert "test-mail" not in doctor(post=post)
    assert doctor(post=post, send_test=True)["test-mail"].status is Status.OK
    assert sent == [1]


def test_without_mail_the_doctor_says_that_reports_stay_here(doctor):
    checks = doctor(post=Post())

    assert turned(checks) == {"mail"}
    assert tonight(checks.values()) is Exit.OK
