"""Both sandbox systems behind TLS on loopback ports, and halosync's real wire to them.

Certificates are swapped under a running server, so that a connection may go bad between two pages.
Waiting is free (a fake clock); only a stalled answer costs real time, a fraction of a second.
"""

import socket
import ssl
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from sync.core.pulls import Pull
from sync.core.records import Collection
from sync.sandbox import certificate
from sync.sandbox.autoelevate.server import AutoElevate
from sync.sandbox.exchange import Exchange, Requests
from sync.sandbox.faults import Faults
from sync.sandbox.halo.server import Halo
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.wire import Server
from sync.sandbox.world import World
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.halo import HaloSource
from sync.sources.http import Deadline, HttpWire, Reply, Request
from sync.sources.ledger import MemoryLedger
from sync.sources.settings import AutoElevateSettings, HaloSettings, WireSettings
from tests.reliability import recorder
from tests.reliability.benches.bench import WorldClock

READ_SECONDS, REQUEST_SECONDS = 0.25, 0.5
"""How long an answer may pause, and last: a stall or a drip beyond that is a fault."""
PAGE_BYTES = 1024 * 1024
PATIENCE = 10 * 3600.0


class RecordingWire(HttpWire):
    """The real wire, with every request noted for G21."""

    systems: dict[str, str]
    secrets: tuple[str, ...]

    def send(self, request: Request) -> Reply:
        recorder.note(request, self.systems, self.secrets)
        return super().send(request)


@dataclass(frozen=True, slots=True)
class Certificates:
    """One good server certificate, and contexts that no client may talk to."""

    good: ssl.SSLContext
    unknown_issuer: ssl.SSLContext
    other_host: ssl.SSLContext
    old_version: ssl.SSLContext
    trusted: Path
    """What the client takes for certificate authorities."""

    @classmethod
    def make(cls, folder: Path) -> Self:
        pems = {}
        for name, host in (("good", "127.0.0.1"), ("unknown", "127.0.0.1"), ("other", "ae.test")):
            (folder / name).mkdir()
            pem = certificate.make(folder / name, host)
            if pem is None:
                raise RuntimeError("openssl is not installed: TLS cannot be tried")
            pems[name] = pem
        trusted = folder / "trusted.pem"
        trusted.write_text(pems["good"].read_text() + pems["other"].read_text())
        old = _context(pems["good"])
        old.set_ciphers("DEFAULT@SECLEVEL=0")
        old.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        good, unknown, other = (_context(pems[name]) for name in ("good", "unknown", "other"))
        return cls(good, unknown, other, old, trusted)


def _context(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


class TlsServer(Server):
    """A sandbox server behind TLS; the handshake happens in the conversation's own thread."""

    def secure(self, context: ssl.SSLContext) -> None:
        self._http.socket = context.wrap_socket(
            self._http.socket, server_side=True, do_handshake_on_connect=False
        )

    def show(self, context: ssl.SSLContext) -> None:
        """Use this for connections from now on."""
        self._http.socket._context = context

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


class Trap:
    """A foreign host that must never hear from us."""

    def __init__(self) -> None:
        self.visits = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}/elsewhere"

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.visits += 1
                connection.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


class SocketBench:
    """Use as a context; one pull after the other, each with a fresh source and connection."""

    def __init__(self, world: World, page_size: int) -> None:
        self.world = world
        self.page_size = page_size
        self.clock = WorldClock(world)
        agents = HaloSwitches(limit="none", agent_envelope="agents", agent_paging="honoured")
        self.halo = Halo(world, agents)
        self.autoelevate = AutoElevate(world, AeSwitches(hourly=None))
        self.faults = Faults()
        self.requests = Requests()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            folder = Path(opening.enter_context(tempfile.TemporaryDirectory()))
            self.certificates = Certificates.make(folder)
            self.trap = Trap()
            opening.callback(self.trap.close)
            self.servers = {
                system.name: opening.enter_context(self._serve(system))
                for system in (self.halo, self.autoelevate)
            }
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def times(self) -> tuple[float, datetime]:
        return self.clock.monotonic(), self.clock.now()

    def pull(self, system: str) -> dict[Collection, Pull]:
        """Pull every list of one system."""
        settings = WireSettings(
            ca_file=str(self.certificates.trusted),
            read_seconds=READ_SECONDS,
            request_seconds=REQUEST_SECONDS,
            page_bytes=PAGE_BYTES,
        )
        with RecordingWire(settings, self.clock, Deadline(self.clock, PATIENCE)) as wire:
            wire.systems = {server.base_url: name for name, server in self.servers.items()}
            wire.secrets = (self.halo.keys.client_secret, self.autoelevate.keys.bearer_key)
            source = self._halo(wire) if system == "halo" else self._autoelevate(wire)
            return {pull.manifest.collection: pull for pull in source.pull()}

    def good_again(self) -> None:
        """No faults, the right certificates, nobody logged in."""
        self.faults.clear()
        for server in self.servers.values():
            server.show(self.certificates.good)

    def _serve(self, system: Halo | AutoElevate) -> TlsServer:
        answer = Exchange(system, self.faults, self.requests).answer
        server = TlsServer(system.name, answer, self.times)
        server.secure(self.certificates.good)
        return server

    def _halo(self, wire: HttpWire) -> HaloSource:
        url, keys = self.servers["halo"].base_url, self.halo.keys
        settings = HaloSettings(
            url,
            keys.client_id,
            keys.client_secret,
            keys.tenant,
            f"{url}/auth",
            page_size=self.page_size,
            asset_page_size=self.page_size,
            requests_per_window=10**6,
        )
        return HaloSource(settings, wire)

    def _autoelevate(self, wire: HttpWire) -> AutoElevateSource:
        settings = AutoElevateSettings(
            self.autoelevate.keys.bearer_key,
            base_url=self.servers["autoelevate"].base_url,
            spacing_seconds=0,
            requests_per_hour=10**6,
        )
        return AutoElevateSource(settings, wire, MemoryLedger())
