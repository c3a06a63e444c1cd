"""A mailbox behind a real SMTP server on a loopback port, which can refuse in every usual way."""

import asyncio
import hashlib
import mailbox
import socket
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was accepted."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    body: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(slots=True)
class MailFaults:
    """What the mail server does wrong; change it at any time, nothing set = nothing wrong."""

    codes: dict[str, str] = field(default_factory=dict)
    """Stage (connect, ehlo, mail, rcpt, data, end) -> the whole reply, `451 Greylisted` say."""
    refused_rcpts: dict[str, str] = field(default_factory=dict)
    """partial_rcpt: address -> reply, while the other recipients are accepted."""
    drop_before_accept: bool = False
    """Hang up after the final dot, without having kept the message."""
    drop_after_accept: bool = False
    """Keep the message, then hang up instead of saying so."""
    slow_final: float = 0.0
    """Seconds between the final dot and the 250."""


class Inbox:
    """Accepts mail into a maildir folder and remembers every byte."""

    def __init__(self, folder: Path, *, port: int = 0, **options: Any) -> None:
        """Options: `username`, `password`, `certificate` (PEM with key), `size_limit`."""
        self.folder = folder
        self.faults = MailFaults()
        self.mails: list[Mail] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self._options = options

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def by_id(self) -> dict[str, list[str]]:
        """Message-ID -> the digest of each copy, in the order of arrival."""
        found: dict[str, list[str]] = {}
        for mail in self.mails:
            found.setdefault(mail.message_id, []).append(mail.digest)
        return found

    def __enter__(self) -> Self:
        self._maildir = mailbox.Maildir(str(self.folder), create=True)
        self._loop = _Loop(_Postman(self), self._listener, self._options)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.stop()
        self._listener.close()
        self._maildir.close()

    def keep(self, envelope: Envelope) -> None:
        body = bytes(envelope.original_content or b"")
        message_id = str(message_from_bytes(body).get("Message-ID", "")).strip()
        recipients = tuple(envelope.rcpt_tos)
        self.mails.append(Mail(message_id, str(envelope.mail_from), recipients, body))
        key = self._maildir.add(body)
        (self.folder / "new" / key).chmod(0o600)


class _Postman:
    """aiosmtpd's hooks, one per stage."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    def _said(self, stage: str) -> str | None:
        return self.inbox.faults.codes.get(stage)

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, session: Session, _envelope: Envelope, host: str, replies: list[str]
    ) -> list[str]:
        if said := self._said("ehlo"):
            return [said]
        session.host_name = host
        return replies

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        if said := self._said("mail"):
            return said
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        if said := self.inbox.faults.refused_rcpts.get(to) or self._said("rcpt"):
            return said
        envelope.rcpt_tos.append(to)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        faults = self.inbox.faults
        if faults.drop_before_accept:
            return _hang_up(server)
        if said := self._said("end"):
            return said
        self.inbox.keep(envelope)
        if faults.drop_after_accept:
            return _hang_up(server)
        if faults.slow_final:
            await asyncio.sleep(faults.slow_final)
        return "250 OK, kept"


def _hang_up(server: SMTP) -> str:
    _wire(server).abort()
    return "421 never sent"


def _wire(server: SMTP) -> asyncio.Transport:
    return cast("asyncio.Transport", server.transport)


class _Desk(SMTP):
    """Adds the two stages that aiosmtpd has no hook for: the greeting and the DATA command."""

    async def push(self, status: Any) -> None:
        said = self.event_handler.inbox.faults.codes.get("connect")
        if said and not self._greeted:
            await super().push(said)
            self._greeted = True
            _wire(self).close()
            return
        self._greeted = True
        await super().push(status)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if said := self.event_handler.inbox.faults.codes.get("data"):
            await self.push(said)
            return
        await super().smtp_DATA(arg)

    _greeted = False


class _Loop:
    """An event loop in a thread of its own, serving one listening socket."""

    def __init__(self, postman: _Postman, listener: socket.socket, wanted: dict[str, Any]) -> None:
        self._postman = postman
        self._wanted = wanted
        self._open: set[SMTP] = set()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(self._desk, sock=listener)
        )
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        """Stop listening, hang up on everybody, and let their tasks see it."""
        self._server.close()
        for desk in self._open:
            if desk.transport is not None:
                _wire(desk).abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _desk(self) -> SMTP:
        wanted = self._wanted
        arguments: dict[str, Any] = {"hostname": "sandbox.example", "loop": self._loop}
        if wanted.get("size_limit"):
            arguments["data_size_limit"] = wanted["size_limit"]
        if wanted.get("certificate"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(wanted["certificate"])
            arguments["tls_context"] = context
        if wanted.get("username"):
            arguments |= {
                "authenticator": self._login,
                "auth_required": True,
                "auth_require_tls": bool(wanted.get("certificate")),
            }
        desk = _Desk(self._postman, **arguments)
        self._open.add(desk)
        return desk

    def _login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, auth: Any
    ) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        right = (self._wanted["username"].encode(), self._wanted.get("password", "").encode())
        return AuthResult(success=(auth.login, auth.password) == right, handled=False)
