"""A token instead of a password: OAuth 2.0 client credentials, for Microsoft 365 and its like.

Nothing here opens a connection: the wiring hands in `post`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

EARLY_SECONDS = 120.0


class Reply(NamedTuple):
    """What a web address answered; status 0 = it was not reached, 1 = sent, but no answer came."""

    status: int
    body: bytes = b""
    reason: str = ""


NOT_REACHED, NO_ANSWER = 0, 1
Post = Callable[[str, Mapping[str, str], bytes], Reply]
"""(address, headers, body) -> the answer; never raises, follows nothing, sends once."""


class NotGranted(Exception):  # noqa: N818 - becomes a receipt, never reaches anybody
    """There is no token; the text says why, without any secret."""


@dataclass(slots=True)
class ClientCredentials:
    """One application's tokens for one scope. They live in memory only."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    post: Post = field(repr=False)
    monotonic: Callable[[], float] = field(repr=False)
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    def token(self) -> str:
        """Give a token that is good for some minutes, asking for one if need be."""
        if not self._token or self.monotonic() >= self._until:
            self._renew()
        return self._token

    @property
    def known(self) -> str:
        """The token at hand, if there is one; nothing is asked for."""
        return self._token

    def forget(self) -> None:
        """Ask anew next time: the token was refused."""
        self._token = ""

    def _renew(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": self.scope,
        }
        asked = self.monotonic()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = self.post(self.token_url, headers, urlencode(form).encode())
        answer = _object(reply.body)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if reply.status != 200 or not _sendable(token):
            raise NotGranted(f"no token: {_why(reply, answer, self.client_secret)}")
        self._token = str(token)
        lasts = float(seconds) if isinstance(seconds, int | float) else EARLY_SECONDS
        self._until = asked + max(0.0, lasts - EARLY_SECONDS)


def _sendable(token: Any) -> bool:
    """Whether a header can carry it."""
    return isinstance(token, str) and bool(token) and token.isascii() and token.isprintable()


def _why(reply: Reply, answer: Mapping[str, Any], secret: str) -> str:
    """The service's own words, made safe; only their first line says anything."""
    said = answer.get("error_description") or answer.get("error") or ""
    words = str(said).splitlines()[0] if said else reply.reason
    words = words.replace(secret, "[secret]") if secret else words
    return one_line(f"HTTP {reply.status} {words}" if reply.status > NO_ANSWER else words)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()[:300]
