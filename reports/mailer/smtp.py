"""Hands a message to a mail server and reports, per recipient, exactly what it said.

Nothing is sent, the password least of all, before the server's certificate has been verified.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reports.mailer.oauth import NotGranted
from sync.errors import ConfigError
from sync.outbox import Delivery, Receipt

FINAL_TIMEOUT = 600.0
"""RFC 5321 gives the server ten minutes to answer the final dot; giving up earlier sends twice."""
GOODBYE_TIMEOUT = 5.0
TOO_BIG = 552


class _Refused(Exception):  # noqa: N818 - becomes receipts, never reaches anybody
    """The server (or the network) ended the whole attempt."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.reason)
        self.receipt = receipt


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """One mail server. `tls` is `starttls`, `tls` or `none-on-loopback`."""

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    """Gives a token for XOAUTH2; a password is then not used. Raises `NotGranted`."""
    ca_file: Path | None = None
    timeout: float = 30.0
    final_timeout: float = FINAL_TIMEOUT

    def __post_init__(self) -> None:
        if self.tls not in {"starttls", "tls", "none-on-loopback"}:
            raise ConfigError(
                f"mail.tls is {self.tls!r}", hint="choose starttls, tls or none-on-loopback"
            )
        if self.tls == "none-on-loopback" and not _is_loopback(self.host):
            raise ConfigError(
                f"mail to {self.host} without TLS", hint="set mail.tls to starttls or tls"
            )

    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        """Try once. Every failure becomes a receipt; nothing is raised."""
        if not recipients:
            return {}
        try:
            server = self._open()
        except _Refused as refused:
            return dict.fromkeys(recipients, refused.receipt)
        try:
            return self._hand_over(server, body, recipients)
        except (OSError, smtplib.SMTPException) as error:
            return dict.fromkeys(recipients, Receipt(Delivery.PENDING, _said(error)))
        finally:
            _close(server)

    def knock(self) -> Receipt:
        """Connect, verify and log in, and leave again: what the doctor tries."""
        try:
            server = self._open()
        except _Refused as refused:
            return refused.receipt
        _close(server)
        return Receipt(Delivery.ACCEPTED)

    def _open(self) -> smtplib.SMTP:
        """Connect, verify, log in; in this order and never less."""
        server = None
        try:
            server = self._connect()
            if self.tls == "starttls":
                server.ehlo_or_helo_if_needed()
                server.starttls(context=self._context())
            server.ehlo_or_helo_if_needed()
            self._log_in(server)
        except (OSError, smtplib.SMTPException, ssl.SSLError, NotGranted) as error:
            if server is not None:
                server.close()
            raise _Refused(Receipt(Delivery.PENDING, _said(error))) from error
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self.token is not None:
            answer = f"user={self.username}\x01auth=Bearer {self.token()}\x01\x01"
            # NOTE: a refusal comes as a challenge, which wants an empty line before it says 535.
            server.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
        elif self.username:
            server.login(self.username, self.password)

    def _connect(self) -> smtplib.SMTP:
        name = socket.gethostname() or "localhost"
        if self.tls == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, name, timeout=self.timeout, context=self._context()
            )
        return smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _hand_over(
        self, server: smtplib.SMTP, body: bytes, recipients: Sequence[str]
    ) -> dict[str, Receipt]:
        size = [f"size={len(body)}"] if server.has_extn("size") else []
        opened = _receipt(*server.mail(self.sender, size))
        if opened.state is not Delivery.ACCEPTED:
            return dict.fromkeys(recipients, opened)
        said = {to: _of_recipient(*server.rcpt(to)) for to in recipients}
        willing = [to for to, receipt in said.items() if receipt.state is Delivery.ACCEPTED]
        if willing:
            said |= dict.fromkeys(willing, self._data(server, body))
        return said

    def _data(self, server: smtplib.SMTP, body: bytes) -> Receipt:
        """Send the content. Once the last dot may have left, a silence proves nothing."""
        code, answer = server.docmd("DATA")
        if code != 354:
            return _receipt(code, answer)
        try:
            server.send(_dotted(body))
            if server.sock is not None:
                server.sock.settimeout(self.final_timeout)
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            said = f"no answer after the message was sent ({_said(error)}); it is sent again"
            return Receipt(Delivery.UNKNOWN, said)
        return _receipt(code, answer)


def _receipt(code: int, answer: bytes) -> Receipt:
    """Read a reply to MAIL, DATA or the message as a whole."""
    reason = _printable(f"{code} {answer.decode('ascii', 'replace')}")
    if 200 <= code < 300:
        return Receipt(Delivery.ACCEPTED, reason)
    if 500 <= code < 600:
        return Receipt(Delivery.REFUSED, reason, too_big=code == TOO_BIG)
    return Receipt(Delivery.PENDING, reason)


def _of_recipient(code: int, answer: bytes) -> Receipt:
    """At RCPT a 552 is that mailbox's quota, not the size of our message."""
    said = _receipt(code, answer)
    return Receipt(said.state, said.reason)


def _dotted(body: bytes) -> bytes:
    """Escape leading dots and end the message; the content stays byte for byte."""
    ended = body if body.endswith(b"\r\n") else body + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _said(error: Exception) -> str:
    if isinstance(error, NotGranted):
        return str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        told = text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)
        return _printable(f"{error.smtp_code} {told}")
    return _printable(f"{type(error).__name__}: {error}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:300]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _close(server: smtplib.SMTP) -> None:
    """Say goodbye, but wait for no answer that may never come."""
    try:
        if server.sock is not None:
            server.sock.settimeout(GOODBYE_TIMEOUT)
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
