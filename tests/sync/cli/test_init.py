"""`halosync init`: what it asks, what it finds out, what it writes, what it refuses."""

import stat

import pytest

from sync.app.answers import Answers, AutoElevateAnswers, HaloAnswers, MailAnswers, draft
from sync.app.setup import find_language, find_timezone
from sync.cli.entry import perform
from sync.cli.init import NEEDED
from sync.config import load
from sync.doctor.discovery import likely_computers
from sync.errors import Exit
from sync.sandbox.switches import HaloSwitches
from sync.schedule import cron_problem


@pytest.fixture
def given(sandbox, tmp_path, monkeypatch):
    """The options that name the sandbox; its secrets in files."""
    monkeypatch.setattr("sync.app.setup.SPACING_SECONDS", 0.0)
    for name in ("TZ", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    connection = sandbox.connection()
    secrets = {
        "client-secret": connection["halo"]["client_secret"],
        "autoelevate-key": connection["autoelevate"]["bearer_key"],
    }
    options = {
        "--dir": str(tmp_path / "home"),
        "--halo-url": connection["halo"]["base_url"],
        "--client-id": connection["halo"]["client_id"],
        "--autoelevate-url": connection["autoelevate"]["base_url"],
    }
    for name, secret in secrets.items():
        (tmp_path / name).write_text(secret + "\n")
        options[f"--{name}-file"] = str(tmp_path / name)
    return options


def init(given, capsys, *more):
    capsys.readouterr()
    code = perform(["init", "--yes", *(part for pair in given.items() for part in pair), *more])
    said = capsys.readouterr()
    return code, said.out + said.err


def written(tmp_path):
    return load(str(tmp_path / "home/config.yaml"), {}, cron=cron_problem).config


def test_four_answers_are_enough(given, capsys, tmp_path):
    code, said = init(given, capsys)

    config = written(tmp_path)
    assert code == Exit.OK
    assert "Next: halosync doctor -c " in said
    assert config.halo.tenant == "demomsp"
    assert config.halo.asset_types == ("Workstation", "Laptop", "Server")
    assert config.mail is None


def test_what_it_wrote_satisfies_the_doctor(given, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("HALOSYNC_AUTOELEVATE__SPACING_SECONDS", "0")
    init(given, capsys, "--timezone", "Europe/Madrid")

    code = perform(["doctor", "-c", str(tmp_path / "home/config.yaml")])

    assert code == Exit.OK
    assert "FAILED" not in capsys.readouterr().out


def test_everything_it_writes_is_for_its_owner_only(given, capsys, tmp_path):
    init(given, capsys)

    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "home").rglob("*")}
    assert modes == {
        "config.yaml": 0o600,
        "secrets": 0o700,
        "halo-client-secret": 0o600,
        "autoelevate-key": 0o600,
    }


def test_no_secret_stands_in_the_configuration_or_on_the_terminal(given, sandbox, capsys, tmp_path):
    _, said = init(given, capsys)

    text = (tmp_path / "home/config.yaml").read_text()
    keys = sandbox.connection()
    for secret in (keys["halo"]["client_secret"], keys["autoelevate"]["bearer_key"]):
        assert secret not in text + said


def test_mail_is_written_with_its_password_apart(given, capsys, tmp_path):
    (tmp_path / "smtp").write_text("hunter22\n")
    mail = ["--mail-host", "smtp.example.com", "--mail-user", "h", "--sender", "h@example.com"]
    init(given, capsys, *mail, "--mail-password-file", str(tmp_path / "smtp"),
         "--to", "a@example.com", "--to", "b@example.com")  # fmt: skip

    config = written(tmp_path)
    assert config.mail.password.get_secret_value() == "hunter22"
    assert config.mail.tls == "starttls"
    assert config.report.recipients[0].to == ("a@example.com", "b@example.com")


def test_all_that_is_missing_is_named_at_once(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, said = init({}, capsys, "--mail-host", "smtp.example.com")

    assert code == Exit.USAGE
    assert all(option in said for option in [*NEEDED.values(), "--sender", "--to"])


def test_a_login_that_does_not_work_writes_nothing(given, capsys, tmp_path):
    given["--client-id"] = "another"

    code, said = init(given, capsys)

    assert code == Exit.SOURCE_DOWN
    assert "Halo does not know this client id and secret." in said
    assert "-> tab Details" in said
    assert not (tmp_path / "home").exists()


def test_a_key_that_does_not_work_writes_nothing(given, capsys, tmp_path):
    (tmp_path / "autoelevate-key").write_text("aeb_wrong")

    code, said = init(given, capsys)

    assert code == Exit.SOURCE_DOWN
    assert "make a new key with companyView, locationView and computerView" in said
    assert not (tmp_path / "home").exists()


def test_the_missing_permission_is_named(given, sandbox, capsys):
    sandbox.halo.configure(HaloSwitches(app_scopes=frozenset({"read:customers"})))
    _, said = init(given, capsys)
    sandbox.halo.configure(HaloSwitches())

    assert "FAILED    Permission read:assets" in said


def test_an_address_without_tls_is_refused(given, capsys):
    given["--halo-url"] = "http://halo.example.com"

    code, said = init(given, capsys)

    assert code == Exit.CONFIG
    assert "does not begin with https://" in said


def test_a_configuration_that_is_there_is_kept(given, capsys, tmp_path):
    init(given, capsys)
    before = (tmp_path / "home/config.yaml").read_bytes()

    code, said = init(given, capsys, "--language", "es")

    assert (code, "add --force" in said) == (Exit.USAGE, True)
    assert (tmp_path / "home/config.yaml").read_bytes() == before
    assert init(given, capsys, "--language", "es", "--force")[0] == Exit.OK
    assert written(tmp_path).report.language == "es"


def test_asset_types_may_be_chosen(given, capsys, tmp_path):
    init(given, capsys, "--asset-types", "Laptop, Server")

    assert written(tmp_path).halo.asset_types == ("Laptop", "Server")


def test_likely_computers_are_offered_and_licences_are_not():
    names = ["Windows Server", "Server Licence", "Laptop", "Monitor", "Portátil", "PC", "PCoIP"]

    assert likely_computers(dict(enumerate(names))) == (
        "Windows Server",
        "Laptop",
        "Portátil",
        "PC",
    )


@pytest.mark.parametrize(
    "odd", ["#", "a: b", "'", '"', "\\", "no", "0123", "ñ ", "[x]", "{y}", "@"]
)
def test_any_answer_survives_being_written(tmp_path, odd):
    answers = Answers(
        HaloAnswers("https://a.example", odd, "s", tenant=odd, asset_types=(odd, "b")),
        AutoElevateAnswers("aeh_k", "signing"),
        MailAnswers("smtp.example.com", "h@example.com", username=odd, password="p"),
        users_file=tmp_path / odd.replace("/", ""),
    )
    for name, secret in answers.secrets().items():
        (tmp_path / "secrets").mkdir(exist_ok=True)
        (tmp_path / "secrets" / name).write_text(secret)
        (tmp_path / "secrets" / name).chmod(0o600)
    file = tmp_path / "config.yaml"
    file.write_text(draft(answers), encoding="utf-8")

    config = load(str(file), {}, cron=cron_problem).config
    assert (config.halo.tenant, config.halo.asset_types) == (odd, (odd, "b"))
    assert (config.mail.username, config.users.file.name) == (odd, odd)


def test_the_time_zone_is_found_and_never_invented(tmp_path, monkeypatch):
    zone = tmp_path / "zoneinfo/Europe/Madrid"
    monkeypatch.setattr("sync.app.setup.LOCALTIME", zone)

    assert find_timezone({}) == "Europe/Madrid"
    assert find_timezone({"TZ": ":America/Bogota"}) == "America/Bogota"
    assert find_timezone({"TZ": "Nowhere/Atlantis"}) == "Europe/Madrid"


@pytest.mark.parametrize(("lang", "language"), [("es_ES.UTF-8", "es"), ("de_DE", "en"), ("", "en")])
def test_the_language_is_the_machines_where_we_speak_it(lang, language):
    assert find_language({"LANG": lang}) == language
