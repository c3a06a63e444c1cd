"""Which folders and files this installation uses."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sync.config import Config
from sync.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Places:
    """Everything lies in the state directory, except an archive that was put elsewhere."""

    state: Path
    archive: Path

    @property
    def database(self) -> Path:
        return self.state / "halosync.sqlite3"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def log_file(self) -> Path:
        return self.logs / "halosync.log"

    @property
    def beat(self) -> Path:
        """Written every minute by `serve`; a container's health check reads its age."""
        return self.state / "serve.alive"


def places(config: Config, environment: Mapping[str, str] = os.environ) -> Places:
    """Resolve the state directory: configured, given by systemd, or the platform's usual one."""
    state = config.state_dir
    if state is None and environment.get("STATE_DIRECTORY"):
        state = Path(environment["STATE_DIRECTORY"].split(":")[0])
    if state is None:
        state = Path(platformdirs.user_state_dir("halosync", appauthor=False))
    return Places(state, config.report.archive_dir or state / "reports")


def make_ready(where: Places) -> None:
    """Create the state directory, private; refuse one that cannot be written to."""
    try:
        where.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the state directory {where.state} cannot be made: {error.strerror}",
            hint="set state_dir to a local folder that this user may write to",
        ) from error
    if not os.access(where.state, os.W_OK | os.X_OK):
        raise ConfigError(
            f"the state directory {where.state} cannot be written to",
            hint=f"give this user the folder, or set state_dir (uid {_uid()})",
        )


def refuse_full(where: Places, min_free_megabytes: int) -> None:
    """Refuse to start a run that the disk has no room for."""
    free = shutil.disk_usage(where.state).free // 1_000_000
    if free < min_free_megabytes:
        raise ConfigError(
            f"only {free} MB are free in {where.state}; a run wants {min_free_megabytes}",
            hint="make room, or lower min_free_megabytes",
        )


def _uid() -> object:
    return os.geteuid() if hasattr(os, "geteuid") else "?"
