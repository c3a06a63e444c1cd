"""What the sandbox leaves in its folder: a ready configuration, the users file, the truth."""

import csv
import io
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync.errors import ConfigError
from sync.sandbox.world.estate import Estate

MEMORY = "sandbox.json"

CONFIG = """\
# Made by the sandbox: halosync against an invented HaloPSA, AutoElevate and mailbox on this
# machine. Nothing in here reaches, or is valid, anywhere else.

halo:
  base_url: {halo[base_url]}
  auth_url: {halo[auth_url]}
  tenant: {halo[tenant]}
  client_id: {halo[client_id]}
  client_secret: {halo[client_secret]}
  # Monitors, switches and licences are assets too; these are the computers.
  asset_types: [Workstation, Laptop, Server]

autoelevate:
  base_url: {autoelevate[base_url]}
  key: {autoelevate[bearer_key]}
  # A signing key instead of the bearer key:
  # key: {autoelevate[hmac_token]}
  # hmac_key: {autoelevate[hmac_key]}
  # The real service refuses bursts; this one does not.
  spacing_seconds: 0

# AutoElevate's API does not list technicians: this file stands for the portal's list.
users:
  file: ./users.csv

state_dir: ./state

report:
  policy: always
  recipients:
    - to: [admin@msp.example]
  archive_dir: ./archive

mail:
  transport: smtp
  host: {smtp[host]}
  port: {smtp[port]}
  tls: none-on-loopback
  sender: halosync@msp.example
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the next start needs to show the same world at the same addresses."""

    epoch: str
    halo_port: int = 0
    autoelevate_port: int = 0
    smtp_port: int = 0

    @property
    def day_zero(self) -> datetime:
        return datetime.fromisoformat(self.epoch).astimezone(UTC)


def remembered(directory: Path) -> Remembered:
    """The folder's memory; a first start begins its world today."""
    path = directory / MEMORY
    if not path.exists():
        return Remembered(datetime.now(UTC).replace(microsecond=0).isoformat())
    try:
        memory = Remembered(**json.loads(path.read_text()))
        memory.day_zero  # noqa: B018 - refuses a date that is none
    except (ValueError, TypeError) as wrong:
        raise ConfigError(
            f"{path} cannot be read: {wrong}",
            hint="delete the file; the next start makes a new one, and a new world with it",
        ) from wrong
    return memory


def remember(directory: Path, memory: Remembered) -> None:
    write(directory / MEMORY, json.dumps(asdict(memory), indent=1) + "\n")


def open_folder(directory: Path) -> Path:
    """The folder, made if need be, for nobody else to read."""
    directory = directory.expanduser().resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
    except OSError as wrong:
        raise ConfigError(
            f"the sandbox cannot use {directory}: {wrong.strerror}",
            hint="give a folder of your own with --dir",
        ) from wrong
    return directory


def config_text(connection: dict[str, Any]) -> str:
    return CONFIG.format(**connection)


def users_text(estate: Estate) -> str:
    """The technicians as a portal would export them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("name", "email", "role"))
    for technician in estate.technicians.values():
        writer.writerow((technician.name, technician.email, technician.role))
    return out.getvalue()


def write(path: Path, text: str) -> Path:
    """Replace a file in one step, readable by its owner only."""
    partial = path.with_name(f".{path.name}.part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
        file.write(text)
    partial.chmod(0o600)
    return partial.replace(path)
