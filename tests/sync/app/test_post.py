"""From `mail:` in the configuration to the transport that carries the report."""

import base64

import pytest

from reports.mailer import FolderTransport, GraphTransport, SmtpTransport
from sync.app.post import transport
from sync.config import ConfigMistakes, load, secrets

BASE = """\
halo: {base_url: "https://acme.halopsa.com", client_id: a, client_secret: s}
autoelevate: {key: aeb_x}
report: {policy: always}
mail:
  sender: reports@msp.example
"""
OAUTH = "  oauth: {tenant: msp.example, client_id: app, client_secret: app-secret-0815}\n"


@pytest.fixture
def read(tmp_path):
    def read(text):
        file = tmp_path / "config.yaml"
        file.write_text(BASE + text, encoding="utf-8")
        file.chmod(0o600)
        return load(str(file), {}, cron=lambda _: "").config

    return read


def test_a_folder_is_a_folder(read, tmp_path):
    way = transport(read(f"  transport: folder\n  folder: {tmp_path}\n"))

    assert isinstance(way, FolderTransport)


def test_graph_asks_for_graph_tokens_of_the_tenant(read):
    way = transport(read("  transport: graph\n" + OAUTH))

    assert isinstance(way, GraphTransport)
    assert way.mailbox == "reports@msp.example"
    assert way.credentials.scope == "https://graph.microsoft.com/.default"
    tail = "login.microsoftonline.com/msp.example/oauth2/v2.0/token"
    assert way.credentials.token_url == f"https://{tail}"


def test_smtp_with_oauth_logs_in_by_token_for_outlook(read):
    way = transport(read("  host: smtp.office365.com\n  username: reports@msp.example\n" + OAUTH))

    assert isinstance(way, SmtpTransport)
    assert way.token.__self__.scope == "https://outlook.office365.com/.default"
    assert way.password == ""


def test_smtp_without_oauth_has_no_token(read):
    way = transport(read("  host: smtp.example.com\n  username: u\n  password: p\n"))

    assert way.token is None


def test_what_a_server_repeats_of_the_login_is_struck_out(read):
    way = transport(read("  host: smtp.example.com\n  username: u\n  password: s3cret-word\n"))
    repeated = base64.b64encode(b"\0u\0s3cret-word").decode()

    assert "[secret]" in way.clean(f"535 AUTH PLAIN {repeated}")
    assert "s3cret" not in way.clean("535 s3cret-word is wrong")


def test_other_services_name_their_own_token_address_and_scope(read):
    own = (
        "  oauth: {token_url: 'https://id.example/t', client_id: a, client_secret: b, scope: x y}\n"
    )
    way = transport(read("  host: smtp.example.com\n  username: u\n" + own))

    assert (way.token.__self__.token_url, way.token.__self__.scope) == (
        "https://id.example/t",
        "x y",
    )


def test_the_mail_applications_secret_is_known_for_redaction(read):
    assert "app-secret-0815" in secrets(read("  transport: graph\n" + OAUTH))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  transport: graph\n", "has no oauth section"),
        ("  host: s.example\n  username: u\n  password: p\n" + OAUTH, "password beside oauth"),
        ("  host: s.example\n" + OAUTH, "oauth without username"),
        ("  transport: graph\n  oauth: {client_id: a, client_secret: b}\n", "has no tenant"),
        ("  transport: grahp\n", "mail.transport"),
    ],
)
def test_half_a_setting_is_a_mistake_with_its_place(read, text, words):
    with pytest.raises(ConfigMistakes) as wrong:
        read(text)

    assert words in str(wrong.value)
    assert "config.yaml:" in str(wrong.value)
