"""One message, handed over once, and per recipient exactly what the server said."""

import email
import email.policy
import time
from datetime import UTC, datetime

import pytest

from reports.mailer import Attachment, Envelope, FolderTransport, SmtpTransport, build
from reports.mailer.smtp import _dotted
from sync.errors import ConfigError
from sync.outbox import Delivery
from tests.reliability.post.post_office import DRIP_BYTES, Manner, PostOffice
from tests.reports.smtp_server import Script, certificate, serving

ENVELOPE = Envelope(
    "halosync@msp.example",
    ("ana@msp.example", "tom@msp.example"),
    "halosync 2026-11-23: 1 new",
    "<412.1.full@msp.example>",
    datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
)
BODY = build(ENVELOPE, "Hello\n.\n..dots\n", "<p>Hello ñ</p>")
ANA, TOM = ENVELOPE.recipients


def send(script, **more):
    with serving(script) as (port, log):
        transport = SmtpTransport(
            "127.0.0.1", port, "halosync@msp.example", **{"tls": "none-on-loopback", **more}
        )
        return transport.send(BODY, (ANA, TOM)), log


def states(said):
    return {to: receipt.state for to, receipt in said.items()}


def test_a_message_is_mixed_of_alternatives_and_attachments():
    body = build(ENVELOPE, "Hello", "<p>Hello</p>", [Attachment("a.csv", "text/csv", b"x,y\r\n")])
    message = email.message_from_bytes(body, policy=email.policy.default)

    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert [p.get_content_type() for p in alternative.iter_parts()] == ["text/plain", "text/html"]
    assert (attached.get_filename(), attached.get_content()) == ("a.csv", "x,y\r\n")
    assert message["Date"] == "Mon, 23 Nov 2026 04:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "ana@msp.example, tom@msp.example"


def test_the_same_message_is_the_same_bytes_and_pure_ascii():
    assert build(ENVELOPE, "Hello\n.\n..dots\n", "<p>Hello ñ</p>") == BODY
    assert BODY.isascii()


@pytest.mark.parametrize(
    "nasty",
    [
        "x\r\nBcc: all@evil.example",
        "x\0y",
        "x\u202ey",
        "x\u2028y",
        "=?utf-8?q?x=0D=0ABcc:_all@evil.example?=",
    ],
)
def test_no_header_can_be_broken_or_reversed(nasty):
    body = build(ENVELOPE._replace(subject=nasty), "t", "<p>h</p>")
    message = email.message_from_bytes(body, policy=email.policy.default)

    assert message["Bcc"] is None
    assert not {"\r", "\n", "\0", "\u202e", "\u2028"} & set(message["Subject"])


def test_an_accepted_message_arrives_byte_for_byte():
    said, log = send(Script())

    assert states(said) == {ANA: Delivery.ACCEPTED, TOM: Delivery.ACCEPTED}
    assert log.messages == [BODY]
    assert said[ANA].reason == "250 queued as 7"


def test_a_refused_recipient_does_not_keep_the_others_from_theirs():
    said, log = send(Script(rcpt={ANA: b"550 no such user"}))

    assert states(said) == {ANA: Delivery.REFUSED, TOM: Delivery.ACCEPTED}
    assert said[ANA].reason == "550 no such user"
    assert len(log.messages) == 1


def test_a_greylisted_recipient_is_pending():
    said, _ = send(Script(rcpt={TOM: b"451 come back later"}))

    assert states(said) == {ANA: Delivery.ACCEPTED, TOM: Delivery.PENDING}


def test_nothing_is_sent_when_nobody_is_willing():
    said, log = send(Script(rcpt={ANA: b"550 no", TOM: b"450 later"}))

    assert states(said) == {ANA: Delivery.REFUSED, TOM: Delivery.PENDING}
    assert log.messages == []


@pytest.mark.parametrize("stage", ["mail", "final"])
def test_a_message_that_is_too_big_says_so(stage):
    said, _ = send(Script(**{stage: b"552 message size exceeds limit"}))

    assert states(said) == {ANA: Delivery.REFUSED, TOM: Delivery.REFUSED}
    assert said[ANA].too_big


def test_a_full_mailbox_is_not_a_message_too_big():
    said, _ = send(Script(rcpt={ANA: b"552 mailbox full"}))

    assert not said[ANA].too_big


@pytest.mark.parametrize(
    ("answer", "state"),
    [(b"554 looks like spam", Delivery.REFUSED), (b"451 disk full", Delivery.PENDING)],
)
def test_the_verdict_on_the_message_holds_for_all_willing(answer, state):
    said, _ = send(Script(final=answer))

    assert set(states(said).values()) == {state}


def test_a_silence_after_the_last_dot_proves_nothing():
    said, log = send(Script(final=None))

    assert set(states(said).values()) == {Delivery.UNKNOWN}
    assert "sent again" in said[ANA].reason
    assert len(log.messages) == 1


def test_a_server_out_of_step_has_accepted_nothing():
    said, log = send(Script(data=b"250 whatever you say"))

    assert set(states(said).values()) == {Delivery.PENDING}
    assert log.messages == []


def test_a_password_that_no_login_can_carry_is_pending_and_raises_nothing():
    said, log = send(Script(), username="u", password="contraseña")

    assert set(states(said).values()) == {Delivery.PENDING}
    assert "password" in said[ANA].reason
    assert log.messages == []


def test_a_challenge_that_is_none_is_pending_and_raises_nothing():
    said, _ = send(Script(login=b"334 abc"), username="u", password="p")

    assert set(states(said).values()) == {Delivery.PENDING}


def test_an_address_that_no_server_takes_does_not_keep_the_others_from_theirs():
    with serving(Script()) as (port, log):
        way = SmtpTransport("127.0.0.1", port, "h@x.example", tls="none-on-loopback")
        said = way.send(BODY, ("josé@msp.example", TOM))

    assert [r.state for r in said.values()] == [Delivery.REFUSED, Delivery.ACCEPTED]
    assert log.messages == [BODY]


@pytest.mark.parametrize("stage", ["connect", "final"])
def test_a_server_that_never_ends_its_answer_is_given_up(stage):
    with PostOffice({}) as office:
        replies = {"greeting" if stage == "connect" else "final": DRIP_BYTES}
        office.begin(0, Manner(replies, certificate=""))
        way = SmtpTransport("127.0.0.1", office.port, "h@x.example", "none-on-loopback", limit=0.4)
        said = way.send(BODY, (ANA,))

    expected = Delivery.PENDING if stage == "connect" else Delivery.UNKNOWN
    assert said[ANA].state is expected


def test_a_connection_lost_before_the_data_is_pending():
    said, _ = send(Script(mail=None))

    assert set(states(said).values()) == {Delivery.PENDING}


def test_a_late_answer_to_the_last_dot_is_waited_for_and_only_that_one():
    def slow(script):
        with serving(script) as (port, _log):
            transport = SmtpTransport(
                "127.0.0.1", port, "h@msp.example", tls="none-on-loopback",
                timeout=0.4, final_timeout=0.8,
            )  # fmt: skip
            begun = time.monotonic()
            said = transport.send(BODY, (ANA,))
            return said[ANA].state, time.monotonic() - begun

    class Late(Script):
        def __getattribute__(self, name):
            if name == "final":
                time.sleep(0.6)
            return super().__getattribute__(name)

    assert slow(Late())[0] is Delivery.ACCEPTED


def test_an_unreachable_server_is_pending_and_raises_nothing():
    with serving(Script()) as (port, _log):
        pass
    said = SmtpTransport("127.0.0.1", port, "h@x.example", tls="none-on-loopback").send(
        BODY, (ANA,)
    )

    assert said[ANA].state is Delivery.PENDING
    assert "ConnectionRefusedError" in said[ANA].reason


def test_a_login_that_the_server_repeats_is_struck_out_before_the_reason_is_cut():
    said, _ = send(
        Script(login=b"535 " + b"x" * 290 + b" s3cret-word"),
        username="u", password="p", clean=lambda text: text.replace("s3cret-word", "[secret]"),
    )  # fmt: skip

    assert len(said[ANA].reason) == 300
    assert "s3c" not in said[ANA].reason


def test_a_refused_login_is_pending_because_the_password_can_be_mended():
    said, _ = send(Script(login=b"535 bad password"), username="u", password="p")

    assert set(states(said).values()) == {Delivery.PENDING}
    assert said[ANA].reason == "535 bad password"


def test_nobody_is_written_to_means_nothing_is_done():
    assert SmtpTransport("127.0.0.1", 1, "h@x.example", tls="none-on-loopback").send(BODY, ()) == {}


def test_without_tls_only_this_very_machine_is_written_to():
    for host in ("mail.msp.example", "10.0.0.1", "127.0.0.1.evil.example"):
        with pytest.raises(ConfigError) as error:
            SmtpTransport(host, 25, "h@x.example", tls="none-on-loopback")
        assert "mail.tls" in error.value.hint
    SmtpTransport("::1", 25, "h@x.example", tls="none-on-loopback")
    SmtpTransport("localhost", 25, "h@x.example", tls="none-on-loopback")


def test_a_word_for_tls_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError):
        SmtpTransport("127.0.0.1", 25, "h@x.example", tls="off")


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_verified_server_gets_the_login_and_the_message(tmp_path, tls):
    context, ca = certificate(tmp_path, "localhost")
    script = Script(tls=context, implicit=tls == "tls")
    with serving(script) as (port, log):
        transport = SmtpTransport(
            "localhost", port, "h@x.example", tls, "user", "s3cret-word", ca_file=ca
        )
        said = transport.send(BODY, (ANA,))

    assert said[ANA].state is Delivery.ACCEPTED
    assert log.messages == [BODY]
    first = [c.split()[0].upper() for c in log.commands]
    assert tls == "tls" or first.index(b"STARTTLS") < first.index(b"AUTH")


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("name", ["localhost", "somebody-else"])
def test_a_server_that_cannot_be_verified_gets_neither_password_nor_message(tmp_path, tls, name):
    context, ca = certificate(tmp_path, name)
    trusted = ca if name == "somebody-else" else None
    with serving(Script(tls=context, implicit=tls == "tls")) as (port, log):
        transport = SmtpTransport(
            "localhost", port, "h@x.example", tls, "user", "s3cret-word", ca_file=trusted
        )
        said = transport.send(BODY, (ANA,))

    assert said[ANA].state is Delivery.PENDING
    assert b"AUTH" not in log.plain
    assert log.messages == []


def test_a_server_that_hides_starttls_gets_neither_password_nor_message(tmp_path):
    context, ca = certificate(tmp_path, "localhost")
    with serving(Script(tls=context, offer_starttls=False)) as (port, log):
        transport = SmtpTransport(
            "localhost", port, "h@x.example", "starttls", "user", "s3cret-word", ca_file=ca
        )
        said = transport.send(BODY, (ANA,))

    assert said[ANA].state is Delivery.PENDING
    assert b"AUTH" not in log.plain
    assert log.messages == []


def test_the_password_is_in_no_text_of_the_transport():
    assert "s3cret" not in repr(SmtpTransport("127.0.0.1", 25, "h@x.example", "tls", "u", "s3cret"))


def test_leading_dots_are_doubled_and_the_end_is_one_dot():
    assert _dotted(b".a\r\nb\r\n..c") == b"..a\r\nb\r\n...c\r\n.\r\n"


def test_a_folder_takes_each_message_once_and_for_its_owner_only(tmp_path):
    folder = tmp_path / "out"
    transport = FolderTransport(folder)
    said = transport.send(BODY, (ANA, TOM))
    transport.send(BODY, (ANA,))

    (file,) = folder.iterdir()
    assert states(said) == {ANA: Delivery.ACCEPTED, TOM: Delivery.ACCEPTED}
    assert file.read_bytes() == BODY
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_cannot_be_written_keeps_the_mail_pending(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    assert FolderTransport(blocked / "out").send(BODY, (ANA,))[ANA].state is Delivery.PENDING
