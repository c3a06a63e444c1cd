"""One MIME message, the same bytes whenever it is built again from the same run."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple


class Attachment(NamedTuple):
    name: str
    type: str
    """For instance `text/csv`."""
    content: bytes


class Envelope(NamedTuple):
    """The headers. No name from either system is in any of them but the subject's counts."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    date: datetime


def build(
    envelope: Envelope, text: str, html: str, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Build mixed(alternative(text, html), attachments)."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(envelope.subject)
    message["From"] = one_line(envelope.sender)
    message["To"] = ", ".join(one_line(to) for to in envelope.recipients) or "undisclosed:;"
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = one_line(envelope.message_id)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    for name, kind, content in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    _fix_boundaries(message, envelope.message_id)
    return message.as_bytes()


def one_line(text: str) -> str:
    """No line break, control or direction character ever reaches a header.

    Not in disguise either: `=?utf-8?q?=0D=0A?=` would be decoded when the header is set.
    """
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain.replace("=?", "= ?").strip()


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Random boundaries would make every build differ."""
    for i, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"={hashlib.sha256(f'{seed}/{i}'.encode()).hexdigest()[:24]}")
