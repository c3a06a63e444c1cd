"""The sandbox as a whole: three servers around one world, and a folder that describes them."""

import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sync.clock import Clock, SystemClock
from sync.sandbox import files
from sync.sandbox.autoelevate.server import AutoElevate
from sync.sandbox.exchange import Exchange, Requests, System
from sync.sandbox.faults import Faults
from sync.sandbox.halo.server import Halo
from sync.sandbox.inbox import Inbox
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.wire import Server
from sync.sandbox.world import World
from sync.sandbox.world.truth import to_csv

SEED = 7


class Sandbox:
    """`with Sandbox(world) as sandbox:` serves on 127.0.0.1 until the block ends."""

    def __init__(
        self,
        world: World,
        *,
        halo: HaloSwitches | None = None,
        autoelevate: AeSwitches | None = None,
        clock: Clock | None = None,
        folder: Path | None = None,
    ) -> None:
        """With a folder the ports and the mail outlive this object."""
        self.world = world
        self.halo = Halo(world, halo or HaloSwitches())
        self.autoelevate = AutoElevate(world, autoelevate or AeSwitches())
        self.faults = Faults()
        self.requests = Requests()
        self.clock = clock or SystemClock()
        self.folder = folder
        self.mail_options: dict[str, Any] = {}
        """What the mailbox opens with (see `Inbox`); fill it in before the `with` begins."""
        self._started = self.clock.monotonic()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            folder = self.folder or Path(opening.enter_context(tempfile.TemporaryDirectory()))
            ports = files.remembered(folder)
            self.halo_server = opening.enter_context(self._serve(self.halo, ports.halo_port))
            self.autoelevate_server = opening.enter_context(
                self._serve(self.autoelevate, ports.autoelevate_port)
            )
            self.inbox = opening.enter_context(self._inbox(folder / "maildir", ports.smtp_port))
            self._open = opening.pop_all()
        if self.folder is not None:
            files.remember(self.folder, self._memory())
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def times(self) -> tuple[float, datetime]:
        """Seconds that never jump, and the world's time: its day plus what passed since."""
        seconds = self.clock.monotonic()
        return seconds, self.world.now + timedelta(seconds=seconds - self._started)

    def connection(self) -> dict[str, Any]:
        """Addresses and keys, as `describe` prints them."""
        halo, ae = self.halo.keys, self.autoelevate.keys
        base = self.halo_server.base_url
        return {
            "halo": {
                "base_url": base,
                "auth_url": f"{base}/auth",
                "tenant": halo.tenant,
                "client_id": halo.client_id,
                "client_secret": halo.client_secret,
            },
            "autoelevate": {
                "base_url": self.autoelevate_server.base_url,
                "bearer_key": ae.bearer_key,
                "hmac_token": ae.hmac_token,
                "hmac_key": ae.hmac_key,
            },
            "smtp": {
                "host": self.inbox.host,
                "port": self.inbox.port,
                "maildir": str(self.inbox.folder),
            },
        }

    def _serve(self, system: System, port: int) -> Server:
        answer = Exchange(system, self.faults, self.requests).answer
        try:
            return Server(system.name, answer, self.times, port)
        except OSError:
            return Server(system.name, answer, self.times)

    def _inbox(self, folder: Path, port: int) -> Inbox:
        """On the remembered port if it is free, else on any."""
        try:
            return Inbox(folder, port=port, **self.mail_options)
        except OSError:
            return Inbox(folder, **self.mail_options)

    def _memory(self) -> files.Remembered:
        return files.Remembered(
            self.world.epoch.isoformat(),
            self.halo_server.port,
            self.autoelevate_server.port,
            self.inbox.port,
        )


def prepare(
    directory: Path,
    *,
    seed: int = SEED,
    companies: int = 40,
    computers: int = 600,
    nights: int = 0,
) -> Sandbox:
    """The folder's sandbox, not yet serving: its world begins on the day of the first start."""
    folder = files.open_folder(Path(directory))
    world = World.create(seed, companies, computers, files.remembered(folder).day_zero)
    world.advance(nights)
    return Sandbox(world, folder=folder)


def describe(sandbox: Sandbox, directory: Path) -> dict[str, Any]:
    """Write configuration, users and truth into the folder; return what stands where."""
    folder = files.open_folder(Path(directory))
    connection = sandbox.connection()
    linking = sandbox.autoelevate.switches.linking
    config = files.write(folder / "config.yaml", files.config_text(connection))
    users = files.write(folder / "users.csv", files.users_text(sandbox.world))
    truth = files.write(folder / "truth.csv", to_csv(sandbox.world.truth(linking)))
    return {
        **connection,
        "config": str(config),
        "users_file": str(users),
        "truth_file": str(truth),
    }
