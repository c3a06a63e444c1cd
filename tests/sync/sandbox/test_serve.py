"""The folder: what a first start leaves, what a second start finds again."""

import csv
import json
import smtplib
import stat
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from sync.config import load
from sync.errors import ConfigError
from sync.sandbox.serve import describe, prepare
from tests.sync.sandbox.talk import AeTalk, HaloTalk, ask

SMALL = {"companies": 10, "computers": 60}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "demo"


def test_the_description_is_one_line_of_json_with_the_agreed_keys(folder):
    with prepare(folder, **SMALL) as sandbox:
        said = json.loads(json.dumps(describe(sandbox, folder)))

    assert {key: set(value) if isinstance(value, dict) else "" for key, value in said.items()} == {
        "halo": {"base_url", "auth_url", "tenant", "client_id", "client_secret"},
        "autoelevate": {"base_url", "bearer_key", "hmac_token", "hmac_key"},
        "smtp": {"host", "port", "maildir"},
        "config": "",
        "users_file": "",
        "truth_file": "",
    }


def test_keys_have_the_real_shapes(folder):
    with prepare(folder, **SMALL) as sandbox:
        ae = describe(sandbox, folder)["autoelevate"]

    assert ae["bearer_key"].startswith("aeb_")
    assert ae["hmac_token"].startswith("aeh_")
    assert len(bytes.fromhex(ae["hmac_key"])) == 32


def test_only_the_owner_reads_the_folder(folder):
    with prepare(folder, **SMALL) as sandbox:
        describe(sandbox, folder)

        files = [p for p in folder.rglob("*") if p.is_file()]
        folders = [folder, *(p for p in folder.rglob("*") if p.is_dir())]
        assert {p.name for p in files} == {"config.yaml", "users.csv", "truth.csv", "sandbox.json"}
        assert {stat.S_IMODE(p.stat().st_mode) for p in files} == {0o600}
        assert {stat.S_IMODE(p.stat().st_mode) for p in folders} == {0o700}


def test_the_configuration_is_accepted_and_points_at_the_servers(folder):
    with prepare(folder, **SMALL) as sandbox:
        said = describe(sandbox, folder)
    config = load(str(folder / "config.yaml"), {}, cron=lambda _line: "").config

    assert str(config.halo.base_url).startswith(said["halo"]["base_url"])
    assert config.autoelevate.key.get_secret_value() == said["autoelevate"]["bearer_key"]
    assert config.mail.port == said["smtp"]["port"]
    assert config.users.file == folder / "users.csv"
    assert config.report.policy == "always"
    assert config.halo.asset_types == ("Workstation", "Laptop", "Server")


def test_the_users_file_lists_every_technician(folder):
    with prepare(folder, **SMALL) as sandbox:
        describe(sandbox, folder)
    with (folder / "users.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert list(rows[0]) == ["name", "email", "role"]
    assert [r["email"] for r in rows] == [t.email for t in sandbox.world.technicians.values()]


def test_the_truth_file_is_the_truth_of_that_night(folder):
    with prepare(folder, **SMALL, nights=3) as sandbox:
        describe(sandbox, folder)
    with (folder / "truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [(r["ae_id"], r["linkable"] == "true") for r in rows] == [
        (row.ae_id, row.linkable) for row in sandbox.world.truth()
    ]


def test_a_second_start_has_the_same_world_at_the_same_addresses(folder):
    with prepare(folder, **SMALL) as first:
        before = describe(first, folder)
    with prepare(folder, **SMALL) as second:
        assert describe(second, folder) == before
        assert second.world.companies == first.world.companies
        assert HaloTalk(second).get("client?count=1").status == 200


def test_advancing_keeps_ids_and_birthdays(folder):
    with prepare(folder, **SMALL) as first:
        pass
    with prepare(folder, **SMALL, nights=4) as second:
        served = AeTalk(second).walk("companies")

    born = {c["id"]: c["createdAt"] for c in served}
    assert all(born[c.id] == c.created for c in first.world.companies.values())
    assert second.world.now == first.world.now + timedelta(days=4)


def test_a_port_that_is_taken_is_replaced(folder):
    with prepare(folder, **SMALL) as first, prepare(folder, **SMALL) as second:
        ports = {
            first.halo_server.port,
            second.halo_server.port,
            first.inbox.port,
            second.inbox.port,
        }

        assert len(ports) == 4
        assert HaloTalk(second).token


def test_the_date_header_tells_the_worlds_time(folder):
    with prepare(folder, **SMALL, nights=2) as sandbox:
        date = ask(sandbox.halo_server.port, "/api/authinfo", {}).headers["Date"]

    late = parsedate_to_datetime(date) - sandbox.world.epoch
    assert timedelta(days=2) <= late < timedelta(days=2, minutes=5)


def test_the_mailbox_can_be_made_to_refuse_large_mail(folder):
    sandbox = prepare(folder, **SMALL)
    sandbox.mail_options["size_limit"] = 500
    with sandbox, smtplib.SMTP(sandbox.inbox.host, sandbox.inbox.port, timeout=5) as smtp:
        smtp.ehlo()

        assert smtp.esmtp_features["size"] == "500"


@pytest.mark.parametrize("text", ["{", "[]", '{"epoch": "soon"}', '{"colour": 1}', '{"epoch": 5}'])
def test_an_unreadable_memory_is_said_with_a_remedy(folder, text):
    folder.mkdir()
    (folder / "sandbox.json").write_text(text)

    with pytest.raises(ConfigError, match="cannot be read") as caught:
        prepare(folder, **SMALL)
    assert "delete the file" in caught.value.hint


def test_a_folder_that_cannot_be_is_said_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot use") as caught:
        prepare(tmp_path / "file", **SMALL)
    assert "--dir" in caught.value.hint
