"""HTTP on a loopback port: one question in, one answer out, and every question written down."""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(slots=True)
class Ask:
    """One HTTP request, and what the script made of it."""

    system: str
    method: str
    target: str
    """Path and query exactly as sent."""
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    at: float
    """Seconds on the sandbox's monotonic clock."""
    now: datetime
    """The world's time."""
    endpoint: str = ""
    page: int = 0
    attempt: int = 1
    cap: int | None = None
    first_page_only: bool = False
    parents: frozenset[int | str] | None = None
    reshape: list[Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = field(
        default_factory=list
    )

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        pairs = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
        return {name.lower(): value for name, value in pairs}

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def shaped(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows of the page after the script dropped or repeated some."""
        for shape in self.reshape:
            rows = shape(rows)
        return rows


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the bytes of an answer leave; the default is at once and all of them."""

    cut: int | None = None
    chunked: bool = False
    rate: float | None = None
    stall: float = 0.0
    reset: bool = False


@dataclass(slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery()


def json_reply(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(
        status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as recorded: never a header's value, a secret or a body."""

    system: str
    method: str
    path: str
    query: dict[str, str]
    header_names: tuple[str, ...]
    status: int
    at: datetime
    endpoint: str = ""
    page: int = 0
    scope: str = ""
    """Token requests: the scope that was asked for."""


Answer = Callable[[Ask], Reply]


class Server:
    """One of the two systems' HTTP servers, on 127.0.0.1."""

    def __init__(
        self,
        system: str,
        answer: Answer,
        times: Callable[[], tuple[float, datetime]],
        port: int = 0,
    ) -> None:
        self.system = system
        self.answer = answer
        self.times = times
        self.stopping = threading.Event()
        self._http = _Http(("127.0.0.1", port), _Conversation)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def close(self) -> None:
        """Give the port back without ever having served."""
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64
    owner: Server

    def __init__(self, address: tuple[str, int], handler: type) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep alive, so that their threads end too."""
        for request in list(self._open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is its own affair; anything else is a bug worth a traceback."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    server: _Http
    now: datetime

    def handle_method(self) -> None:
        owner = self.server.owner
        length = int(self.headers.get("Content-Length") or 0)
        seconds, self.now = owner.times()
        ask = Ask(
            owner.system,
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            seconds,
            self.now,
        )
        self._send(owner.answer(ask))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_method  # noqa: N815

    def _send(self, reply: Reply) -> None:
        how = reply.delivery
        if how.stall and self.server.owner.stopping.wait(how.stall):
            self.close_connection = True
            return
        if how.reset and how.cut is None:
            self._break()
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if how.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self._send_body(reply.body, how)

    def _send_body(self, body: bytes, how: Delivery) -> None:
        if self.command == "HEAD":
            return
        if how.rate is not None:
            self._drip(body, how.rate)
            return
        part = body if how.cut is None else body[: how.cut]
        if how.chunked:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if part else b"")
        else:
            self.wfile.write(part)
        self.wfile.flush()
        if how.reset:
            self._break()
        elif how.cut is not None:
            self.close_connection = True

    def _drip(self, body: bytes, rate: float) -> None:
        step = max(1, int(rate / 20))
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            if self.server.owner.stopping.wait(step / rate):
                self.close_connection = True
                return

    def _break(self) -> None:
        """Close with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def date_time_string(self, _timestamp: float | None = None) -> str:
        """The `Date` header tells the world's time, not this machine's."""
        return format_datetime(self.now, usegmt=True)

    def log_message(self, *_args: object) -> None:
        """The requests are recorded, not logged."""
