"""The mailbox: keeps every byte, and refuses in every way a mail server can."""

import hashlib
import smtplib
import ssl
import stat
import time

import pytest

from sync.sandbox import certificate
from sync.sandbox.inbox import Inbox

BODY = b"Message-ID: <7.admins.full@host>\r\nSubject: Night\r\n\r\nAll is well.\r\n"


@pytest.fixture
def inbox(tmp_path):
    with Inbox(tmp_path / "maildir") as box:
        yield box


def send(inbox, to=("admin@msp.example",), body=BODY, prepare=lambda _smtp: None):
    with smtplib.SMTP(inbox.host, inbox.port, timeout=5) as smtp:
        prepare(smtp)
        return smtp.sendmail("halosync@msp.example", list(to), body)


def test_an_accepted_message_is_kept_byte_for_byte_by_its_id(inbox):
    send(inbox)
    send(inbox)

    digest = hashlib.sha256(BODY).hexdigest()
    assert inbox.by_id() == {"<7.admins.full@host>": [digest, digest]}
    assert inbox.mails[0].recipients == ("admin@msp.example",)


def test_the_folder_is_a_maildir_that_nobody_else_reads(inbox):
    send(inbox)
    (file,) = (inbox.folder / "new").iterdir()

    assert file.read_bytes() == BODY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(inbox.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("stage", "error"),
    [
        ("connect", smtplib.SMTPConnectError),
        ("mail", smtplib.SMTPSenderRefused),
        ("rcpt", smtplib.SMTPRecipientsRefused),
        ("data", smtplib.SMTPDataError),
        ("end", smtplib.SMTPDataError),
    ],
)
def test_a_code_at_each_stage(inbox, stage, error):
    inbox.faults.codes[stage] = "451 Greylisted"

    with pytest.raises(error, match="451"):
        send(inbox)
    assert inbox.mails == []


def test_a_refused_greeting_word(inbox):
    inbox.faults.codes["ehlo"] = "550 go away"

    with smtplib.SMTP(inbox.host, inbox.port, timeout=5) as smtp:
        assert smtp.ehlo()[0] == 550


def test_some_recipients_are_refused_while_others_are_served(inbox):
    inbox.faults.refused_rcpts["gone@msp.example"] = "550 no such user"

    refused = send(inbox, to=("admin@msp.example", "gone@msp.example"))
    assert refused == {"gone@msp.example": (550, b"no such user")}
    assert inbox.mails[0].recipients == ("admin@msp.example",)


@pytest.mark.parametrize(("fault", "kept"), [("drop_before_accept", 0), ("drop_after_accept", 1)])
def test_hanging_up_before_or_after_keeping_the_message(inbox, fault, kept):
    setattr(inbox.faults, fault, True)

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(inbox)
    assert len(inbox.mails) == kept


def test_a_slow_final_answer(inbox):
    inbox.faults.slow_final = 0.3
    start = time.monotonic()
    send(inbox)

    assert time.monotonic() - start > 0.25


def test_a_size_limit_is_announced_and_enforced(tmp_path):
    with Inbox(tmp_path / "maildir", size_limit=500) as inbox:
        with smtplib.SMTP(inbox.host, inbox.port, timeout=5) as smtp:
            smtp.ehlo()
            assert smtp.esmtp_features["size"] == "500"
        with pytest.raises(smtplib.SMTPException, match="552"):
            send(inbox, body=BODY + b"x" * 600)

        assert inbox.mails == []


def test_without_certificate_starttls_is_not_offered(inbox):
    with smtplib.SMTP(inbox.host, inbox.port, timeout=5) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("starttls")


@pytest.fixture
def pem(tmp_path):
    made = certificate.make(tmp_path)
    if made is None:
        pytest.skip("openssl is not installed")
    return made


def test_starttls_and_login_with_a_certificate_that_is_trusted(tmp_path, pem):
    context = ssl.create_default_context(cafile=str(pem))

    def secure(smtp):
        smtp.starttls(context=context)
        smtp.login("halosync", "secret")

    with Inbox(tmp_path / "m", certificate=pem, username="halosync", password="secret") as inbox:
        send(inbox, prepare=secure)
        assert len(inbox.mails) == 1
        with pytest.raises(smtplib.SMTPException, match="530"):
            send(inbox, prepare=lambda smtp: smtp.starttls(context=context))


def test_a_wrong_password_is_refused(tmp_path, pem):
    context = ssl.create_default_context(cafile=str(pem))

    def secure(smtp):
        smtp.starttls(context=context)
        smtp.login("halosync", "wrong")

    box = Inbox(tmp_path / "m", certificate=pem, username="halosync", password="secret")
    with box as inbox, pytest.raises(smtplib.SMTPAuthenticationError):
        send(inbox, prepare=secure)


def test_no_login_is_offered_before_tls(tmp_path, pem):
    box = Inbox(tmp_path / "m", certificate=pem, username="halosync", password="secret")
    with box as inbox, smtplib.SMTP(inbox.host, inbox.port, timeout=5) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("auth")


def test_a_bad_certificate_is_one_that_nobody_trusts(tmp_path, pem):
    context = ssl.create_default_context()
    box = Inbox(tmp_path / "m", certificate=pem)
    with box as inbox, pytest.raises(ssl.SSLCertVerificationError):
        send(inbox, prepare=lambda smtp: smtp.starttls(context=context))


def test_a_certificate_for_another_host(tmp_path):
    other = certificate.make(tmp_path, "mail.example")
    if other is None:
        pytest.skip("openssl is not installed")
    context = ssl.create_default_context(cafile=str(other))
    box = Inbox(tmp_path / "m", certificate=other)
    with box as inbox, pytest.raises(ssl.SSLCertVerificationError, match=r"127\.0\.0\.1"):
        send(inbox, prepare=lambda smtp: smtp.starttls(context=context))


def test_leaving_hangs_up_on_clients_that_stay(tmp_path):
    with Inbox(tmp_path / "m") as inbox:
        smtp = smtplib.SMTP(inbox.host, inbox.port, timeout=5)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtp.noop()
    smtp.close()
