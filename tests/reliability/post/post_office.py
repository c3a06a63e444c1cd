"""A mail server on a raw socket that may be as rude as it likes, and its own record of a trial.

What was accepted, refused and heard, and inside which encryption, is written down here, on the
server's side of the wire; the goal about mail believes nothing else.
"""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from tests.reliability.benches.mailbox import digest_of
from tests.reliability.post.listening import Listener

MESSAGE_ID = re.compile(rb"^Message-ID: <(\d+)-(\S+)>", re.MULTILINE)
OFFERS = (b"SIZE 35000000", b"PIPELINING")
EVERYBODY = "everybody"
"""Who is refused with a message whose recipients were not told yet."""
PERIOD = 0.02
"""Seconds between two pieces of a dripping answer."""


class Act(NamedTuple):
    """Something else than an answer."""

    name: str


HANG_UP, SILENCE = Act("hang up"), Act("say nothing")
DRIP_LINES, DRIP_BYTES = Act("never end the answer"), Act("never end the line")
Reply = bytes | Act


@dataclass(frozen=True, slots=True)
class Manner:
    """How the server behaves; nothing set is a good server with STARTTLS and a login."""

    replies: dict[str, Reply] = field(default_factory=dict)
    """Stage (greeting, ehlo, starttls, auth, mail, rcpt, rcpt:ADDRESS, data, body, final) ->
    the whole answer."""
    certificate: str = "good"
    """Which of the `Certificates`; empty = no STARTTLS is offered."""
    login: tuple[bool, bool] = (False, True)
    """Whether AUTH is offered before and after TLS."""
    limit: int = 0
    """Bytes of a message; 0 = any."""
    size_told: bool = True
    """Whether the limit is offered as SIZE and held against MAIL's, or only told at the end."""
    seven_bits: bool = False
    """Refuse a message with a byte above 127, or with a line longer than a server must take."""
    kept: bool = True
    """Whether a message is kept although the answer to its final dot is an act."""

    def says(self, *stages: str, otherwise: bytes = b"250 ok") -> Reply:
        return next((self.replies[s] for s in stages if s in self.replies), otherwise)


class Taken(NamedTuple):
    """One message that the server kept for one recipient."""

    night: int
    run_id: int
    to: str
    answered: bool
    """Whether the client could know."""


@dataclass
class Record:
    """What the server knows of one trial."""

    taken: list[Taken] = field(default_factory=list)
    refused: set[tuple[int, str]] = field(default_factory=set)
    """(night, recipient) that was refused for good, by itself or with its message."""
    bodies: dict[bytes, set[str]] = field(default_factory=dict)
    """Message-ID -> digests of what came under it, kept or not."""
    parts: list[bytes] = field(default_factory=list)
    """What came of messages that were cut off."""
    sent: dict[str, bytes] = field(default_factory=dict)
    """Digest -> message."""
    clear: bytearray = field(default_factory=bytearray)
    """Everything heard outside TLS."""
    strange: bytearray = field(default_factory=bytearray)
    """Everything heard inside TLS that no client should have begun."""
    trusted: bytearray = field(default_factory=bytearray)
    """The commands heard inside good TLS."""

    def note(self, body: bytes) -> int:
        """Remember a whole message; the number of its run."""
        found = MESSAGE_ID.search(body)
        digest = digest_of(body)
        self.bodies.setdefault(found[0] if found else b"", set()).add(digest)
        self.sent[digest] = body
        return int(found[1]) if found else 0


class PostOffice(Listener):
    """Serves on one loopback port for as long as the block lasts."""

    def __init__(self, contexts: dict[str, ssl.SSLContext]) -> None:
        self.contexts = contexts
        self.manner = Manner()
        self.record = Record()
        self.night = 0
        self.port = 0

    def __enter__(self) -> Self:
        self.port = self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, night: int, manner: Manner) -> None:
        self.night, self.manner = night, manner
        if night == 0:
            self.record = Record()

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nobody listens."""
        self.close()
        yield
        self.listen(self.port)

    def _talk(self, connection: socket.socket) -> None:
        talk = Talk(connection, self)
        with suppress(OSError, ssl.SSLError, ValueError):
            talk.run()
        talk.end()


class Talk:
    """One conversation."""

    def __init__(self, connection: socket.socket, office: PostOffice) -> None:
        self._socket, self._office = connection, office
        self._manner, self._record = office.manner, office.record
        self._lines = connection.makefile("rb")
        self._heard = self._record.clear
        self._recipients: list[str] = []
        self._too_big = False

    def run(self) -> None:
        going = self._say(self._manner.says("greeting", otherwise=b"220 post.test ESMTP"))
        while going and (line := self._lines.readline()):
            self._heard += line
            going = self._answer(line.rstrip(b"\r\n"))

    def end(self) -> None:
        for each in (self._lines, self._socket):
            with suppress(OSError, ValueError):
                each.close()

    def _answer(self, line: bytes) -> bool:
        verb = line[:4].upper()
        if verb == b"QUIT":
            self._say(b"221 bye")
            return False
        if verb == b"STAR":
            return self._start_tls()
        if verb == b"DATA":
            return self._data()
        said = {b"EHLO": self._hello, b"HELO": self._hello, b"AUTH": self._auth,
                b"MAIL": self._mail, b"RCPT": self._rcpt}.get(verb)  # fmt: skip
        return self._say(said(line) if said else b"500 what?")

    def _hello(self, line: bytes) -> Reply:
        manner, secure = self._manner, self._heard is not self._record.clear
        if line[:4].upper() == b"HELO":
            return b"250 post.test"
        offers = list(OFFERS)
        if manner.limit and manner.size_told:
            offers[0] = b"SIZE %d" % manner.limit
        if manner.certificate and not secure:
            offers.append(b"STARTTLS")
        if manner.login[secure]:
            offers.append(b"AUTH PLAIN LOGIN")
        *most, last = [b"post.test", *offers]
        whole = b"".join(b"250-%s\r\n" % offer for offer in most) + b"250 " + last
        return manner.says("ehlo", otherwise=whole)

    def _start_tls(self) -> bool:
        said = self._manner.says("starttls", otherwise=b"220 go ahead")
        if not self._say(said) or not (isinstance(said, bytes) and said.startswith(b"220")):
            return isinstance(said, bytes)
        context = self._office.contexts[self._manner.certificate]
        self._socket = context.wrap_socket(self._socket, server_side=True)
        self._lines = self._socket.makefile("rb")
        good = self._manner.certificate == "good"
        self._heard = self._record.trusted if good else self._record.strange
        return True

    def _auth(self, _line: bytes) -> Reply:
        return self._manner.says("auth", otherwise=b"235 welcome")

    def _mail(self, line: bytes) -> Reply:
        self._recipients = []
        size = re.search(rb"size=(\d+)", line, re.IGNORECASE)
        limit = self._manner.limit if self._manner.size_told else 0
        self._too_big = bool(size and limit and int(size[1]) > limit)
        said = b"552 5.3.4 too big" if self._too_big else self._manner.says("mail")
        if isinstance(said, bytes) and said.startswith(b"5") and not self._too_big:
            self._record.refused.add((self._office.night, EVERYBODY))
        return said

    def _rcpt(self, line: bytes) -> Reply:
        to = line.partition(b"<")[2].partition(b">")[0].decode()
        said = self._manner.says(f"rcpt:{to}", "rcpt")
        if isinstance(said, bytes) and said.startswith(b"5"):
            self._record.refused.add((self._office.night, to))
        elif isinstance(said, bytes) and said.startswith(b"2"):
            self._recipients.append(to)
        return said

    def _data(self) -> bool:
        said = self._manner.says("data", otherwise=b"354 go on")
        if isinstance(said, bytes) and said.startswith(b"5"):
            self._record.refused |= {(self._office.night, to) for to in self._recipients}
        if not self._say(said) or not (isinstance(said, bytes) and said.startswith(b"354")):
            return isinstance(said, bytes)
        if "body" in self._manner.replies:
            self._record.parts.append(self._lines.read(int(self._manner.replies["body"])))
            return False
        return self._finish(self._whole())

    def _whole(self) -> bytes:
        """Read up to the final dot and take the doubled dots away again."""
        held = []
        while (line := self._lines.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            held.append(line[1:] if line.startswith(b".") else line)
        return b"".join(held)

    def _finish(self, body: bytes) -> bool:
        run_id, night = self._record.note(body), self._office.night
        said = self._manner.says("final", otherwise=b"250 kept")
        if self._manner.limit and len(body) > self._manner.limit:
            said = b"552 5.3.4 too big"
        elif self._manner.seven_bits and not _plain(body):
            said = b"554 5.6.3 eight bits or long lines"
        if isinstance(said, bytes) and said.startswith(b"5") and not said.startswith(b"552"):
            self._record.refused |= {(night, to) for to in self._recipients}
        answered = isinstance(said, bytes) and said.startswith(b"2")
        if answered or (isinstance(said, Act) and self._manner.kept):
            self._record.taken += [Taken(night, run_id, t, answered) for t in self._recipients]
        return self._say(said)

    def _say(self, said: Reply) -> bool:
        """Say it; whether the conversation goes on."""
        if isinstance(said, bytes):
            self._socket.sendall(said + b"\r\n")
            return True
        closing = self._office.closing
        if said is SILENCE:
            self._socket.settimeout(None)
            self._lines.read()  # until the client gives up
        while said in {DRIP_LINES, DRIP_BYTES} and not closing.wait(PERIOD):
            self._socket.sendall(b"250-more\r\n" if said is DRIP_LINES else b"2")
        return False


def _plain(body: bytes) -> bool:
    return body.isascii() and all(len(line) <= 998 for line in body.split(b"\r\n"))
