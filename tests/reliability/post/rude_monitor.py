"""A monitoring service that may be dead, slow, endless or in love with another address."""

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from tests.reliability.post.listening import Listener

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"
PERIOD = 0.02


@dataclass
class RudeMonitor(Listener):
    """Answers every request the same way; use as a context."""

    answer: bytes = OK
    silent: bool = False
    dripping: bool = False
    """Send the answer a byte at a time, and never its end."""
    told: list[bytes] = field(default_factory=list)
    """Each request: its first line and its body."""

    def __enter__(self) -> Self:
        self.url = f"http://127.0.0.1:{self.listen()}"
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def good_again(self) -> None:
        self.answer, self.silent, self.dripping = OK, False, False
        self.told.clear()

    @property
    def paths(self) -> list[str]:
        """The last part of each address that was called."""
        return [each.split()[1].decode().rpartition("/")[2] for each in self.told]

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError):
            self.told.append(_request(connection))
            if self.silent:
                self.closing.wait(5)
            elif self.dripping:
                self._drip(connection)
            else:
                connection.sendall(self.answer)

    def _drip(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        while not self.closing.wait(PERIOD):
            connection.sendall(b"x")


def _request(connection: socket.socket) -> bytes:
    with connection.makefile("rb") as lines:
        head = [lines.readline()]
        while (line := lines.readline()).strip():
            head.append(line)
        sizes = [int(row.split(b":")[1]) for row in head if row.lower().startswith(b"content-len")]
        return b"".join(head) + lines.read(sum(sizes))
