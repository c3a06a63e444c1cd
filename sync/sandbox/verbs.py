"""What can go wrong on the wire, one verb each.

A verb acts at one or more of three moments: when the question arrives, when the page's rows are
chosen, when the answer is finished (which includes how its bytes leave).
"""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

from sync.sandbox.quota import Window
from sync.sandbox.wire import Ask, Delivery, Reply

HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"

Rows = list[dict[str, Any]]


class Verb:
    """Does nothing at any moment; each fault overrides the moment it needs."""

    def asked(self, _ask: Ask) -> Reply | None:
        """Look at or change the question; a reply here keeps it from the server."""
        return None

    def rows(self, rows: Rows) -> Rows:
        return rows

    def answered(self, reply: Reply) -> Reply:
        return reply


@dataclass(frozen=True)
class Status(Verb):
    """Answer this instead, as a gateway would."""

    code: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def asked(self, _ask: Ask) -> Reply | None:
        kind = "text/html" if self.body.startswith(b"<") else "application/json"
        return Reply(self.code, self.body, {"Content-Type": kind, **self.headers})


@dataclass(frozen=True)
class Headers(Verb):
    """Add or replace headers of an otherwise ordinary answer."""

    values: dict[str, str]

    def answered(self, reply: Reply) -> Reply:
        reply.headers.update(self.values)
        return reply


@dataclass(frozen=True)
class Body(Verb):
    """Send these bytes with the ordinary status and headers."""

    content: bytes

    def answered(self, reply: Reply) -> Reply:
        reply.body = self.content
        return reply


@dataclass(frozen=True)
class Html200(Verb):
    """A maintenance page that claims success."""

    def answered(self, _reply: Reply) -> Reply:
        return Reply(200, HTML, {"Content-Type": "text/html"})


@dataclass(frozen=True)
class Redirect(Verb):
    location: str
    code: int = 302

    def asked(self, _ask: Ask) -> Reply | None:
        return Reply(self.code, b"", {"Location": self.location})


@dataclass(frozen=True)
class Truncate(Verb):
    """Announce the whole body, send so many bytes of it, hang up."""

    length: int
    chunked: bool = False

    def answered(self, reply: Reply) -> Reply:
        reply.delivery = Delivery(cut=self.length, chunked=self.chunked)
        return reply


@dataclass(frozen=True)
class Drip(Verb):
    """Send so many bytes a second."""

    rate: float

    def answered(self, reply: Reply) -> Reply:
        reply.delivery = Delivery(rate=self.rate)
        return reply


@dataclass(frozen=True)
class Stall(Verb):
    """Say nothing for so long."""

    seconds: float

    def answered(self, reply: Reply) -> Reply:
        reply.delivery = Delivery(stall=self.seconds)
        return reply


@dataclass(frozen=True)
class Reset(Verb):
    """Break the connection; with `after`, in the middle of the body."""

    after: int | None = None

    def answered(self, reply: Reply) -> Reply:
        reply.delivery = Delivery(reset=True, cut=self.after)
        return reply


@dataclass(frozen=True)
class GzipBomb(Verb):
    """A small body that inflates to so many bytes of blanks."""

    size: int = 256 * 1024 * 1024

    def answered(self, reply: Reply) -> Reply:
        megabyte = b" " * 1024 * 1024
        packed = gzip.compress(megabyte, 9)
        reply.body = packed * max(1, self.size // len(megabyte))
        reply.headers["Content-Encoding"] = "gzip"
        return reply


@dataclass(frozen=True)
class WrongCharset(Verb):
    """Bytes of one encoding under the name of UTF-8."""

    charset: str = "cp1252"

    def answered(self, reply: Reply) -> Reply:
        text = json.dumps(json.loads(reply.body), ensure_ascii=False)
        reply.body = text.encode(self.charset, "replace")
        reply.headers["Content-Type"] = "application/json; charset=utf-8"
        return reply


@dataclass(frozen=True)
class DropRows(Verb):
    """Lose the last so many rows of the page; the declared total stays."""

    count: int = 1

    def rows(self, rows: Rows) -> Rows:
        return rows[: max(0, len(rows) - self.count)]


@dataclass(frozen=True)
class DupRows(Verb):
    """Replace the last so many rows of the page by its first."""

    count: int = 1

    def rows(self, rows: Rows) -> Rows:
        kept = rows[: max(0, len(rows) - self.count)]
        return kept + rows[: len(rows) - len(kept)]


@dataclass(frozen=True)
class Cap(Verb):
    """Give at most so many rows a page, whatever was asked."""

    limit: int

    def asked(self, ask: Ask) -> Reply | None:
        ask.cap = self.limit
        return None


@dataclass(frozen=True)
class IgnorePage(Verb):
    """Answer every page with the first."""

    def asked(self, ask: Ask) -> Reply | None:
        ask.first_page_only = True
        return None


@dataclass(frozen=True)
class NarrowVisibility(Verb):
    """Let this answer show only these clients' or companies' records: 200, and fewer rows."""

    parents: frozenset[int | str]

    def asked(self, ask: Ask) -> Reply | None:
        ask.parents = self.parents
        return None


class Quota(Verb):
    """Refuse with 429 beyond so many requests in a window."""

    def __init__(self, limit: int, seconds: float, headers: dict[str, str] | None = None) -> None:
        self._window = Window(limit, seconds)
        self._headers = headers or {}

    def asked(self, ask: Ask) -> Reply | None:
        if not self._window.take(ask.at):
            return None
        body = json.dumps({"error": "Rate Limit Reached"}).encode()
        return Reply(429, body, {"Content-Type": "application/json", **self._headers})
