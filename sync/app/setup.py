"""`halosync init` without its questions: tries what was answered, and writes the configuration."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from sync.app.answers import Answers, AutoElevateAnswers, HaloAnswers, draft
from sync.clock import Clock
from sync.config import load
from sync.doctor import Case, Host
from sync.doctor.discovery import Found, discover_autoelevate, discover_halo
from sync.errors import ConfigError, UsageError
from sync.schedule import cron_problem
from sync.sources.http import Deadline, HttpWire
from sync.sources.settings import AutoElevateSettings, HaloSettings, WireSettings

PATIENCE_SECONDS = 300.0
SPACING_SECONDS = 1.0
"""Seven questions in a row; a night's pauses are not needed for so few."""
LOCALTIME = Path("/etc/localtime")


def try_halo(halo: HaloAnswers, clock: Clock) -> Found:
    """Log in to Halo with what was answered."""
    return _tried(halo, AutoElevateAnswers("aeb_unused"), clock, autoelevate=False)


def try_autoelevate(autoelevate: AutoElevateAnswers, clock: Clock) -> Found:
    """Ask AutoElevate with the key that was answered."""
    return _tried(HaloAnswers("https://unused", "-", "-"), autoelevate, clock, autoelevate=True)


def _tried(halo: HaloAnswers, ae: AutoElevateAnswers, clock: Clock, *, autoelevate: bool) -> Found:
    deadline = Deadline(clock, PATIENCE_SECONDS)
    with HttpWire(WireSettings(), clock, deadline) as wire:
        case = Case(
            halo=HaloSettings(
                halo.url, halo.client_id, halo.client_secret, halo.tenant, halo.auth_url
            ),
            autoelevate=AutoElevateSettings(ae.key, ae.hmac_key, ae.url, SPACING_SECONDS),
            to_halo=wire,
            to_autoelevate=wire,
            clock=clock,
            host=Host(state=Path()),
        )
        return discover_autoelevate(case) if autoelevate else discover_halo(case)


def write(answers: Answers, folder: Path, *, force: bool) -> Path:
    """Write config.yaml and the secrets, for their owner only; give the file."""
    file = folder / "config.yaml"
    if file.exists() and not force:
        raise UsageError(
            f"{file} is there already", hint="edit it, or replace it with: halosync init --force"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        secrets = folder / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        for name, secret in answers.secrets().items():
            _write_private(secrets / name, secret + "\n")
        _write_private(file, draft(answers))
    except OSError as error:
        raise ConfigError(
            f"{error.filename} cannot be written: {error.strerror}",
            hint="name a folder of your own with --dir",
        ) from error
    load(str(file), {}, cron=cron_problem)
    return file


def _write_private(file: Path, text: str) -> None:
    """Replace a file in one step, for its owner only from its first byte on."""
    partial = file.with_name(f".{file.name}.part")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    partial.replace(file)


def read_secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(
            f"{file} cannot be read: {why}", hint="name a readable text file"
        ) from None


def find_timezone(environment: Mapping[str, str] = os.environ) -> str:
    """This machine's time zone by name; UTC where it does not say."""
    places = [environment.get("TZ", "").lstrip(":")]
    with suppress(OSError):
        places.append(str(LOCALTIME.resolve()).partition("zoneinfo/")[2])
    for name in filter(None, places):
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            continue
    return "UTC"


def find_language(environment: Mapping[str, str] = os.environ) -> str:
    spoken = environment.get("LC_ALL") or environment.get("LANG") or ""
    return "es" if spoken.startswith("es") else "en"
