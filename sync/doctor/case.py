"""What the doctor is given: settings, wires, a clock, and what only the wiring knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sync.clock import Clock
from sync.core.records import Collection
from sync.errors import SyncError
from sync.sources.flags import FlagSettings
from sync.sources.http import Wire
from sync.sources.ledger import MemoryLedger, RequestLedger
from sync.sources.settings import AutoElevateSettings, HaloSettings, PeopleSettings

Attempt = Callable[[], None]
"""Tries something once; raises `SyncError` where it does not work."""


@dataclass(frozen=True, slots=True)
class Host:
    """This machine and this installation, as far as a run depends on them."""

    state: Path
    config: Path | None = None
    secret_files: tuple[Path, ...] = ()
    timezone: str = "UTC"
    timezone_set: bool = True
    next_slot: str = ""
    """When `serve` would run next, as text; empty where that is not known."""
    min_free_megabytes: int = 200
    deadline_seconds: float = 3600.0
    refused: SyncError | None = None
    """Why a run would refuse to start here: root, an unusable database."""


@dataclass(frozen=True, slots=True)
class Post:
    """How the report leaves. `knock` connects and logs in; `send` also sends a test mail."""

    transport: str = ""
    """Empty = no mail is configured."""
    where: str = ""
    recipients: int = 0
    knock: Attempt | None = None
    send: Attempt | None = None


@dataclass(frozen=True, slots=True)
class Case:
    halo: HaloSettings
    autoelevate: AutoElevateSettings
    to_halo: Wire
    to_autoelevate: Wire
    clock: Clock
    host: Host
    people: PeopleSettings = field(default_factory=PeopleSettings)
    flags: FlagSettings = field(default_factory=FlagSettings)
    post: Post = field(default_factory=Post)
    ledger: RequestLedger = field(default_factory=MemoryLedger)
    known: Mapping[Collection, int] = field(default_factory=dict)
    """How many records the last trusted night had; empty before the first."""
    ae_agent: str = ""
    """AutoElevate's agent in Halo, as `--agent` named it: id, e-mail or name."""
