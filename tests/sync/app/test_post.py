"""From `mail:` in the configuration to the transport that carries the report."""

import base64
import email
import email.policy
import html
from dataclasses import replace

import pytest

from reports.mailer import FolderTransport, GraphTransport, SmtpTransport
from reports.preview import samples
from sync.app.post import compose, transport
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


def test_what_graph_repeats_of_the_application_is_struck_out(read):
    way = transport(read("  transport: graph\n" + OAUTH))
    secret = way.credentials.client_secret

    assert way.clean(f"403 the secret {secret} may not") == "403 the secret [secret] may not"


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


RECIPIENTS = """\
  transport: folder
  folder: /var/spool/halosync
report:
  policy: always
  recipients:
    - {to: [a@msp.example], only: [high]}
    - {to: [b@msp.example], only: [medium]}
    - {to: [c@msp.example], only: [low]}
    - {to: [d@msp.example], only: [computer, medium]}
    - {to: [e@msp.example], counts_only: true}
"""
WHOSE = {
    "Contoso": "a", "Leeds": "b", "SRV-SQL01": "bd", "WS-014": "c", "ELM & ASH": "c",
    "Ana Ruiz": "b",
}  # fmt: skip
"""Findings of the ordinary night, and the groups that may read of them."""


@pytest.fixture
def letters(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(BASE.replace("report: {policy: always}\n", "") + RECIPIENTS, encoding="utf-8")
    file.chmod(0o600)
    config = load(str(file), {}, cron=lambda _: "").config
    return {letter.recipients[0][0]: letter for letter in compose(config)(ordinary()).letters}


def ordinary():
    """An ordinary night that names its open records in the findings alone."""
    return replace(samples.ordinary(), resolved=(), vanished=(), coverage=())


def texts(letter):
    """Every part of a mail that is text, the attached table too."""
    message = email.message_from_bytes(letter.body, policy=email.policy.default)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return [part.get_content() for part in parts]


@pytest.mark.parametrize("group", "abcd")
def test_a_group_gets_the_findings_of_its_kinds_and_severities_and_no_others(letters, group):
    for text in texts(letters[group]):
        for name, readers in WHOSE.items():
            assert (name in html.unescape(text)) is (group in readers), name


def test_a_group_of_counts_reads_how_many_and_no_name(letters):
    plain, page = texts(letters["e"])

    assert "15 open" in letters["e"].subject
    assert "5 companies with 149 active computers will not link" in plain
    assert not [name for name in WHOSE if name in plain or name in html.unescape(page)]
