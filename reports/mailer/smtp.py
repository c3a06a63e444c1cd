"""Hands a message to a mail server and reports, per recipient, exactly what it said.

Nothing is sent, the password least of all, before the server's certificate has been verified.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reports.mailer.oauth import NotGranted
from sync.errors import ConfigError
from sync.outbox import Delivery, Receipt

FINAL_TIMEOUT = 600.0
"""RFC 5321 gives the server ten minutes to answer the final dot; giving up earlier sends twice."""
LIMIT = 1800.0
"""For one conversation as a whole: a socket's own timeout starts anew with every byte, so a server
that drips its answers would hold the run for ever."""
GOODBYE_TIMEOUT = 5.0
TOO_BIG = 552
LONGEST = 300
"""Characters of a reason."""


FAILURES = (OSError, smtplib.SMTPException, ValueError)
"""Network, server, and what cannot be said: smtplib encodes names, passwords and addresses as ASCII
and decodes challenges from base64, and lets it be known by a ValueError."""


class _Refused(Exception):  # noqa: N818 - becomes receipts, never reaches anybody
    """The server (or the network) ended the whole attempt."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.reason)
        self.receipt = receipt


class _Watch:
    """Knows the conversation from before its first byte, and can end it from outside."""

    server: smtplib.SMTP | None = None
    fired = False

    def cut(self) -> None:
        self.fired = True
        if self.server is not None and self.server.sock is not None:
            with suppress(OSError):
                # Not an SSLSocket's own way: it gives TLS up before it shuts the connection.
                socket.socket.shutdown(self.server.sock, socket.SHUT_RDWR)

    def whole(self, answer: tuple[int, bytes]) -> tuple[int, bytes]:
        """Refuse an answer that we cut off ourselves: what came of it may read like another."""
        if self.fired:
            raise TimeoutError("the mail server took too long over its answers")
        return answer


class _Conversation(smtplib.SMTP):
    def __init__(self, watch: _Watch, *where: Any, **how: Any) -> None:
        self.watch, watch.server = watch, self
        super().__init__(*where, **how)

    def getreply(self) -> tuple[int, bytes]:
        return self.watch.whole(super().getreply())


class _TlsConversation(smtplib.SMTP_SSL):
    def __init__(self, watch: _Watch, *where: Any, **how: Any) -> None:
        self.watch, watch.server = watch, self
        super().__init__(*where, **how)

    def getreply(self) -> tuple[int, bytes]:
        return self.watch.whole(super().getreply())


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
    limit: float = LIMIT
    clean: Callable[[str], str] = field(default=str, repr=False)
    """Strikes secrets out of what the server says: some repeat the login that they refuse."""

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
        said = self._send(body, recipients) if recipients else {}
        return {to: self._harmless(receipt) for to, receipt in said.items()}

    def _harmless(self, receipt: Receipt) -> Receipt:
        """Shorten after cleaning: half a secret would not be known for one."""
        return replace(receipt, reason=self.clean(receipt.reason)[:LONGEST])

    def _send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        with self._in_time() as watch:
            try:
                server = self._open(watch)
            except _Refused as refused:
                return dict.fromkeys(recipients, refused.receipt)
            try:
                return self._hand_over(server, body, recipients)
            except FAILURES as error:
                return dict.fromkeys(recipients, Receipt(Delivery.PENDING, _said(error)))
            finally:
                _close(server)

    def knock(self) -> Receipt:
        """Connect, verify and log in, and leave again: what the doctor tries."""
        with self._in_time() as watch:
            try:
                server = self._open(watch)
            except _Refused as refused:
                return self._harmless(refused.receipt)
            _close(server)
        return Receipt(Delivery.ACCEPTED)

    @contextmanager
    def _in_time(self) -> Iterator[_Watch]:
        watch = _Watch()
        timer = threading.Timer(self.limit, watch.cut)
        timer.daemon = True
        timer.start()
        try:
            yield watch
        finally:
            timer.cancel()

    def _open(self, watch: _Watch) -> smtplib.SMTP:
        """Connect, verify, log in; in this order and never less."""
        try:
            server = self._connect(watch)
            if self.tls == "starttls":
                server.ehlo_or_helo_if_needed()
                server.starttls(context=self._context())
            server.ehlo_or_helo_if_needed()
            self._log_in(server)
        except (*FAILURES, NotGranted) as error:
            if watch.server is not None:
                watch.server.close()
            raise _Refused(Receipt(Delivery.PENDING, _said(error))) from error
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self.token is not None:
            answer = f"user={self.username}\x01auth=Bearer {self.token()}\x01\x01"
            # NOTE: a refusal comes as a challenge, which wants an empty line before it says 535.
            server.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
        elif self.username:
            server.login(self.username, self.password)

    def _connect(self, watch: _Watch) -> smtplib.SMTP:
        name = socket.gethostname() or "localhost"
        if self.tls == "tls":
            return _TlsConversation(
                watch, self.host, self.port, name, timeout=self.timeout, context=self._context()
            )
        return _Conversation(watch, self.host, self.port, name, timeout=self.timeout)

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
        said = {to: _offered(server, to) for to in recipients}
        willing = [to for to, receipt in said.items() if receipt.state is Delivery.ACCEPTED]
        if willing:
            said |= dict.fromkeys(willing, self._data(server, body))
        return said

    def _data(self, server: smtplib.SMTP, body: bytes) -> Receipt:
        """Send the content. Once the last dot may have left, a silence proves nothing."""
        code, answer = server.docmd("DATA")
        if code != 354:
            early = _receipt(code, answer)
            # A 250 here is out of step: nothing has been sent that could have been accepted.
            strange = early.state is Delivery.ACCEPTED
            return Receipt(Delivery.PENDING, early.reason) if strange else early
        try:
            server.send(_dotted(body))
            if server.sock is not None:
                server.sock.settimeout(self.final_timeout)
            code, answer = server.getreply()
        except FAILURES as error:
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


def _offered(server: smtplib.SMTP, to: str) -> Receipt:
    """At RCPT a 552 is that mailbox's quota, not the size of our message."""
    try:
        said = _receipt(*server.rcpt(to))
    except UnicodeEncodeError as error:
        return Receipt(Delivery.REFUSED, _said(error))
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
    if isinstance(error, UnicodeEncodeError):
        return (
            "a user name, password or address holds characters that this way of mail cannot carry"
        )
    return _printable(f"{type(error).__name__}: {error}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


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
