"""Tries the way the report leaves, for the doctor: knocks, and sends a test mail if asked to."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import make_msgid
from typing import Protocol, runtime_checkable

from reports.mailer import Envelope, build
from sync.app.post import transport
from sync.config import Config
from sync.doctor.case import Post
from sync.errors import SyncError
from sync.outbox import Delivery, Receipt
from sync.words import speak
from sync.words.checks import TEST_SUBJECT, TEST_TEXT

WHERE_TO_LOOK = "compare the section mail with your mail server's settings"


@runtime_checkable
class _Knocks(Protocol):
    """A transport that can try the door without sending anything."""

    def knock(self) -> Receipt: ...


class Letterbox:
    """The configured transport and everybody who gets a report."""

    def __init__(self, config: Config, at: datetime) -> None:
        self._config = config
        self._at = at
        self._recipients = tuple(
            dict.fromkeys(to for group in config.report.recipients for to in group.to)
        )

    def post(self) -> Post:
        mail = self._config.mail
        if mail is None:
            return Post()
        where = {
            "folder": str(mail.folder),
            "graph": f"Microsoft Graph ({mail.sender})",
        }.get(mail.transport, f"{mail.host}:{mail.port}")
        return Post(mail.transport, where, len(self._recipients), self._knock, self._send)

    def _knock(self) -> None:
        way = transport(self._config)
        assert isinstance(way, _Knocks)
        _unless_accepted([way.knock()])

    def _send(self) -> None:
        words = speak(self._config.report.language)
        assert self._config.mail is not None
        sender = self._config.mail.sender
        envelope = Envelope(
            sender,
            self._recipients,
            str(words.say(TEST_SUBJECT)),
            make_msgid(domain=sender.rpartition("@")[2]),
            self._at,
        )
        text = str(words.say(TEST_TEXT))
        body = build(envelope, text, f"<p>{text}</p>")
        _unless_accepted(transport(self._config).send(body, self._recipients).values())


def _unless_accepted(receipts: Iterable[Receipt]) -> None:
    reasons = [r.reason for r in receipts if r.state is not Delivery.ACCEPTED]
    if reasons:
        raise SyncError("; ".join(dict.fromkeys(reasons)), hint=WHERE_TO_LOOK)
