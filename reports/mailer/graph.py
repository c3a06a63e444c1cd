"""Mail through Microsoft Graph: for tenants whose SMTP is switched off.

NOTE: Graph sends to whom the message itself names, and takes it whole or not at all.
https://learn.microsoft.com/graph/api/user-sendmail
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from urllib.parse import quote

from reports.mailer.oauth import NO_ANSWER, ClientCredentials, NotGranted, Post, Reply, one_line
from sync.outbox import Delivery, Receipt

LARGEST = 2_900_000
"""Graph takes 4 MB of request, in base64."""
FOR_GOOD = {"ErrorInvalidRecipients", "ErrorMessageSizeExceeded"}
"""400s that will not pass by themselves; others may be a setting that somebody corrects."""


@dataclass(frozen=True, slots=True)
class GraphTransport:
    """One mailbox. `post` carries a request; the wiring brings it."""

    mailbox: str
    credentials: ClientCredentials
    post: Post = field(repr=False)
    base_url: str = "https://graph.microsoft.com/v1.0"
    clean: Callable[[str], str] = field(default=str, repr=False)
    """Strikes secrets out of what Graph says before it is kept."""

    def knock(self) -> Receipt:
        """Get a token: as far as one can try without sending anything."""
        try:
            self.credentials.token()
        except NotGranted as why:
            return Receipt(Delivery.PENDING, str(why))
        return Receipt(Delivery.ACCEPTED)

    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        """Try once; a refused token is renewed once."""
        if not recipients:
            return {}
        if len(body) > LARGEST:
            said = f"{len(body)} bytes are more than Graph takes"
            return dict.fromkeys(recipients, Receipt(Delivery.REFUSED, said, too_big=True))
        try:
            reply = self._hand_over(addressed(body, recipients))
        except NotGranted as why:
            return dict.fromkeys(recipients, Receipt(Delivery.PENDING, str(why)))
        return dict.fromkeys(recipients, _receipt(reply, self.clean))

    def _hand_over(self, body: bytes) -> Reply:
        reply = self._once(body)
        if reply.status == 401:
            self.credentials.forget()
            reply = self._once(body)
        return reply

    def _once(self, body: bytes) -> Reply:
        headers = {
            "Authorization": f"Bearer {self.credentials.token()}",
            "Content-Type": "text/plain",
        }
        url = f"{self.base_url}/users/{quote(self.mailbox, safe='@')}/sendMail"
        return self.post(url, headers, base64.b64encode(body))


def addressed(body: bytes, recipients: Sequence[str]) -> bytes:
    """The message for these recipients: byte for byte, or re-addressed where only some are left."""
    message = message_from_bytes(body, policy=SMTP)
    named = {address.addr_spec for address in message["To"].addresses} if message["To"] else set()
    if named == set(recipients):
        return body
    del message["To"]
    message["To"] = ", ".join(recipients)
    return message.as_bytes()


def _receipt(reply: Reply, clean: Callable[[str], str]) -> Receipt:
    code, words = _error(reply.body)
    said = one_line(clean(f"{reply.status} {code or reply.reason} {words}"))
    if reply.status == 202:
        return Receipt(Delivery.ACCEPTED, said)
    if reply.status == NO_ANSWER:
        reason = f"no answer after the message was sent ({reply.reason}); it is sent again"
        return Receipt(Delivery.UNKNOWN, one_line(reason))
    if reply.status == 413 or code == "ErrorMessageSizeExceeded":
        return Receipt(Delivery.REFUSED, said, too_big=True)
    if reply.status == 400 and code in FOR_GOOD:
        return Receipt(Delivery.REFUSED, said)
    return Receipt(Delivery.PENDING, said if reply.status else one_line(reply.reason))


def _error(body: bytes) -> tuple[str, str]:
    """Graph's error code and message; both empty where it sent none."""
    try:
        error = json.loads(body)["error"]
        return str(error["code"]), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", ""
