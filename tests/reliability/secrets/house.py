"""An installation whose seven secrets are all in use: two systems, proxy, mail, heartbeat, sockets.

Every party it talks to can throw its secrets back at it.
"""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any, Self
from urllib.parse import quote

import sync.clock
from sync.cli.entry import perform
from sync.clock import SystemClock
from sync.sandbox.autoelevate.key import AeKeys
from sync.sandbox.halo.token import HaloKeys
from sync.sandbox.serve import Sandbox
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from tests.reliability.benches.bench import EPOCH, replaced
from tests.reliability.benches.socket_bench import Certificates, Trap
from tests.reliability.post.post_office import PostOffice
from tests.reliability.post.rude_monitor import RudeMonitor

AWKWARD = "aZ9+/&=%?#'\"\\<>.~"
USER = "halosync@msp.test"
CONFIG = """\
halo: {{base_url: {halo}, auth_url: {auth}, tenant: {tenant}, client_id: {id},
  client_secret: {secret}, proxy: {proxy}}}
autoelevate: {{base_url: {ae}, key: {key}, spacing_seconds: 0}}
state_dir: {state}
report: {{policy: always, recipients: [{{to: [a@msp.test, b@msp.test]}}]}}
mail: {{host: 127.0.0.1, port: {port}, ca_file: {ca}, username: {user}, password: {password},
  sender: halosync@msp.test}}
heartbeat: {{start: {start}, ok: {ok}, fail: {fail}}}
min_free_megabytes: 0
allow_root: true
"""


class QuickClock(SystemClock):
    """Waiting costs nothing."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        super().__init__(stop)
        self._waited = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._waited

    def wait(self, seconds: float) -> None:
        self._waited += seconds
        self.check()


class Proxy:
    """Passes on what it is given to a server on this machine, or throws it back with a 407."""

    def __init__(self) -> None:
        self.refusing = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        """One request a connection: the server is told to close it."""
        with client, suppress(OSError, ValueError, IndexError):
            client.settimeout(5)
            head, body = _read_request(client)
            if self.refusing:
                client.sendall(_answer(407, b"\r\n".join(head) + b"\r\n\r\n" + body))
                return
            method, url, version = head[0].split(b" ")
            authority, _, path = url.partition(b"://")[2].partition(b"/")
            host, _, port = authority.partition(b":")
            rows = [r for r in head[1:] if not r.lower().startswith((b"proxy-", b"connection:"))]
            first = b" ".join((method, b"/" + path, version))
            sent = b"\r\n".join((first, *rows, b"Connection: close", b"", b"")) + body
            with socket.create_connection((host.decode(), int(port)), 5) as server:
                server.sendall(sent)
                while piece := server.recv(65536):
                    client.sendall(piece)


def _read_request(client: socket.socket) -> tuple[list[bytes], bytes]:
    with client.makefile("rb") as lines:
        head = []
        while line := lines.readline().rstrip(b"\r\n"):
            head.append(line)
        sizes = [int(r.split(b":")[1]) for r in head if r.lower().startswith(b"content-length")]
        return head, lines.read(sum(sizes))


def _answer(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


class Foreign(logging.Handler):
    """What other libraries log at DEBUG, unredacted: nobody prints it here, but a caller might."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("halosync"):
            self.lines.append(self.format(record))


class SecretHouse:
    """Use as a context; each command typed leaves what it printed in `said`."""

    def __init__(self, seed: int, folder: Path) -> None:
        rng = Random(f"{seed}/secrets")
        self.folder, self.state = folder, folder / "state"
        self.secrets = {
            name: "".join(rng.choice(AWKWARD) for _ in range(4)) + f"{rng.getrandbits(80):020x}" + end
            for name, end in (
                ("Halo client id", ""), ("Halo secret", "&+/x"), ("SMTP password", '"\\y'),
                ("proxy password", "%/z"),
            )
        }  # fmt: skip
        self.secrets["AE key"] = f"aeb_{rng.getrandbits(80):020x}+/=&w"
        self.secrets["heartbeat address"] = f"{rng.getrandbits(96):024x}-{rng.getrandbits(32):x}"
        self.said: dict[str, bytes] = {}
        self._world = World.create(seed, 4, 16, EPOCH)

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            certificates = Certificates.make(_folder(self.folder / "certificates"))
            self.sandbox = opening.enter_context(Sandbox(self._world))
            self.office = opening.enter_context(PostOffice({"good": certificates.good}))
            self.monitor = opening.enter_context(RudeMonitor())
            self.proxy, self.trap = Proxy(), Trap()
            opening.callback(self.proxy.close)
            opening.callback(self.trap.close)
            self._give_out_keys()
            self.config = self.folder / "config.yaml"
            self.config.write_text(self._text(certificates.trusted))
            self.config.chmod(0o600)
            opening.enter_context(replaced(sync.clock, "SystemClock", QuickClock))
            self.foreign = Foreign()
            root = logging.getLogger()
            level = root.level
            root.addHandler(self.foreign)
            root.setLevel(logging.DEBUG)
            opening.callback(root.setLevel, level)
            opening.callback(root.removeHandler, self.foreign)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def type(self, name: str, *words: str) -> int:
        """Type a command; its output is kept under this name."""
        out = StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            code = perform([*words, "-c", str(self.config)])
        self.said[name] = out.getvalue().encode("utf-8", "surrogateescape")
        self._learn_tokens()
        return code

    @contextmanager
    def throwing(self, endpoint: str, *verbs: Any) -> Iterator[None]:
        self.sandbox.faults.on(endpoint, *verbs)
        yield
        self.sandbox.faults.clear()

    def live(self) -> dict[str, str]:
        """The secrets that the command at work can know: an earlier one's tokens went with it."""
        granted = list(self.sandbox.halo.tokens._grants)
        old = {name for name in self.secrets if name.startswith("token")}
        new = {f"token {n}": t for n, t in enumerate(granted) if f"token {n}" not in old}
        return {name: s for name, s in self.secrets.items() if name not in old} | new

    def mails(self) -> dict[str, bytes]:
        return {f"mail {name}": body for name, body in self.office.record.sent.items()}

    def _learn_tokens(self) -> None:
        for number, token in enumerate(self.sandbox.halo.tokens._grants):
            self.secrets[f"token {number}"] = token

    def _give_out_keys(self) -> None:
        halo, ae = self.sandbox.halo, self.sandbox.autoelevate
        secret, key = self.secrets["Halo secret"], self.secrets["AE key"]
        halo.keys = HaloKeys(halo.keys.tenant, self.secrets["Halo client id"], secret)
        halo.configure(HaloSwitches(limit="none"))
        ae.keys = AeKeys(key, "aeh_unused", "unused")
        ae.configure(AeSwitches(hourly=None))

    def _text(self, trusted: Path) -> str:
        made, s = self.sandbox.connection(), self.secrets
        proxy = f"http://prox:{quote(s['proxy password'], safe='')}@127.0.0.1:{self.proxy.port}"
        values = {
            "halo": made["halo"]["base_url"], "tenant": made["halo"]["tenant"],
            "id": s["Halo client id"], "secret": s["Halo secret"], "proxy": proxy,
            "ae": made["autoelevate"]["base_url"], "key": s["AE key"], "state": str(self.state),
            "port": self.office.port, "ca": str(trusted), "user": USER,
            "password": s["SMTP password"],
        }  # fmt: skip
        beat = f"{self.monitor.url}/{s['heartbeat address']}"
        quoted = {name: json.dumps(value) for name, value in values.items()}
        return CONFIG.format(
            **quoted, auth=json.dumps(f"{values['halo']}/auth"),
            **{end: json.dumps(f"{beat}/{end}") for end in ("start", "ok", "fail")},
        )  # fmt: skip


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path
