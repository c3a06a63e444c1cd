"""A mail server on a loopback port that says what a test tells it to, stage by stage."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

GREETING = b"220 test ESMTP\r\n"


@dataclass
class Script:
    """What the server answers; `None` closes the connection instead."""

    mail: bytes | None = b"250 ok"
    rcpt: dict[str, bytes] = field(default_factory=dict)
    data: bytes = b"354 go on"
    final: bytes | None = b"250 queued as 7"
    login: bytes = b"235 welcome"
    extensions: tuple[bytes, ...] = (b"SIZE 35000000", b"AUTH PLAIN")
    tls: ssl.SSLContext | None = None
    offer_starttls: bool = True
    implicit: bool = False


@dataclass
class Log:
    """What the server saw."""

    commands: list[bytes] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    @property
    def plain(self) -> bytes:
        return b" ".join(self.commands)


@contextmanager
def serving(script: Script) -> Iterator[tuple[int, Log]]:
    """Serve one connection after the other until the test is done."""
    log = Log()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, script, log, stop))
        thread.start()
        try:
            yield listener.getsockname()[1], log
        finally:
            stop.set()
            thread.join()


def _serve(listener: socket.socket, script: Script, log: Log, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        connection.settimeout(5)
        try:
            with connection:
                _talk(connection, script, log)
        except OSError:
            continue  # the client hung up, as the test wanted


def _talk(connection: socket.socket, script: Script, log: Log) -> None:
    if script.implicit and script.tls:
        connection = script.tls.wrap_socket(connection, server_side=True)
    connection.sendall(GREETING)
    lines = connection.makefile("rb")
    secure = script.implicit
    while line := lines.readline():
        log.commands.append(line)
        verb = line.split(None, 1)[0].upper()
        if verb == b"STARTTLS" and script.tls:
            connection.sendall(b"220 ready\r\n")
            connection = script.tls.wrap_socket(connection, server_side=True)
            lines, secure = connection.makefile("rb"), True
        elif verb == b"QUIT":
            connection.sendall(b"221 bye\r\n")
            break
        elif not _answer(connection, lines, verb, line, script, log, secure):
            break
    connection.close()


def _answer(connection, lines, verb, line, script, log, secure) -> bool:  # noqa: PLR0917
    if verb == b"EHLO":
        offered = list(script.extensions)
        if script.tls and not secure and script.offer_starttls:
            offered.append(b"STARTTLS")
        replies = [b"test", *offered]
        said = [b"250" + (b" " if r is replies[-1] else b"-") + r for r in replies]
        connection.sendall(b"\r\n".join(said) + b"\r\n")
    elif verb == b"AUTH":
        connection.sendall(script.login + b"\r\n")
    elif verb == b"MAIL":
        return _reply(connection, script.mail)
    elif verb == b"RCPT":
        address = line.partition(b"<")[2].partition(b">")[0].decode()
        return _reply(connection, script.rcpt.get(address, b"250 ok"))
    elif verb == b"DATA":
        connection.sendall(script.data + b"\r\n")
        if script.data.startswith(b"354"):
            log.messages.append(_message(lines))
            return _reply(connection, script.final)
    else:
        connection.sendall(b"250 ok\r\n")
    return True


def _reply(connection: socket.socket, said: bytes | None) -> bool:
    if said is not None:
        connection.sendall(said + b"\r\n")
    return said is not None


def _message(lines) -> bytes:
    """Read up to the final dot and take the doubled dots away again."""
    held = []
    while (line := lines.readline()) != b".\r\n":
        held.append(line[1:] if line.startswith(b".") else line)
    return b"".join(held)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Make a self-signed certificate for a name; return the server's context and its CA file."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-keyout", key, "-out", cert, "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert
