"""How a run reaches the systems: over the network, recording on the way, or from a recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from sync.app.redaction import Redactor
from sync.clock import Clock
from sync.config import Config
from sync.sources.files import Disk, Files
from sync.sources.http import Deadline, HttpWire, Reply, Request, Wire
from sync.sources.ledger import MemoryLedger, RequestLedger
from sync.sources.replay import Recording, Replay
from sync.sources.settings import WireSettings


@dataclass(frozen=True, slots=True)
class Tape:
    """`--record DIR` or `--replay DIR`; neither for an ordinary run."""

    record: Path | None = None
    replay: Path | None = None


LIVE = Tape()


@dataclass(frozen=True, slots=True)
class Connections:
    to_halo: Wire
    to_autoelevate: Wire
    files: Files
    ledger: RequestLedger
    clock: Clock


@contextmanager
def connections(
    config: Config,
    clock: Clock,
    ledger: RequestLedger,
    tape: Tape,
    redactor: Redactor | None = None,
) -> Iterator[Connections]:
    """Open what the sources travel on, and close it afterwards; tokens are told to the redactor."""
    if tape.replay is not None:
        replay = Replay(tape.replay, clock)
        halo, autoelevate = replay.wire("halo"), replay.wire("autoelevate")
        # What is played back costs no quota: the ledger of real requests is left alone.
        yield Connections(halo, autoelevate, replay.files(), MemoryLedger(), replay.clock)
        return
    deadline = Deadline(clock, config.run_deadline_minutes * 60)
    to_halo = wire_settings(config.halo.ca_file, config.halo.proxy)
    to_autoelevate = wire_settings(config.autoelevate.ca_file, config.autoelevate.proxy)
    with (
        HttpWire(to_halo, clock, deadline) as halo_wire,
        HttpWire(to_autoelevate, clock, deadline) as autoelevate_wire,
    ):
        redactor = redactor or Redactor()
        heard = _Heard(halo_wire, redactor)
        live = Connections(heard, autoelevate_wire, Disk(clock), ledger, clock)
        if tape.record is not None:
            live = _recorded(live, Recording(tape.record, clock, redactor.clean))
        yield live


class _Heard:
    """A wire on which tokens come: whoever prints or logs must know them."""

    def __init__(self, wire: Wire, redactor: Redactor) -> None:
        self.clock, self.deadline = wire.clock, wire.deadline
        self._wire, self._redactor = wire, redactor

    def send(self, request: Request) -> Reply:
        reply = self._wire.send(request)
        if request.form is not None:
            self._redactor.learn_token(reply.body)
        return reply


def _recorded(live: Connections, recording: Recording) -> Connections:
    return Connections(
        recording.wire("halo", live.to_halo),
        recording.wire("autoelevate", live.to_autoelevate),
        recording.files(live.files),
        live.ledger,
        live.clock,
    )


def wire_settings(ca_file: Path | None, proxy: SecretStr | None) -> WireSettings:
    secret = proxy.get_secret_value() if proxy else ""
    return WireSettings(ca_file=str(ca_file or ""), proxy=secret)
