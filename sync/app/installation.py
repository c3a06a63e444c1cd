"""One installation: its checked configuration, its folders and what must never be printed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sync.app.places import Places, places
from sync.app.redaction import Redactor
from sync.config import Config, Loaded, load, secrets
from sync.config.fields import is_loopback_address
from sync.errors import ConfigError
from sync.schedule import Crontab, cron_problem


@dataclass(frozen=True, slots=True)
class Installation:
    """What every command that reads the configuration starts from."""

    loaded: Loaded
    where: Places
    redactor: Redactor

    @property
    def config(self) -> Config:
        return self.loaded.config

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.schedule.timezone)

    @property
    def crontab(self) -> Crontab:
        return Crontab(self.config.schedule.cron, self.zone)


def installation(
    given: str | None, redactor: Redactor, environment: Mapping[str, str] = os.environ
) -> Installation:
    """Load the configuration and learn its secrets; raise all its mistakes at once."""
    loaded = load(given, environment, cron=cron_problem)
    redactor.learn(secrets(loaded.config))
    return Installation(loaded, places(loaded.config, environment), redactor)


def refuse_root(config: Config) -> None:
    """A job that reads two APIs and sends a mail has no use for root's rights."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    at_home = all(
        is_loopback_address(url) for url in (config.halo.base_url, config.autoelevate.base_url)
    )
    if root and not config.allow_root and not at_home:
        raise ConfigError(
            "halosync does not run as root",
            hint="use a user of its own (the systemd unit does), or set allow_root: true",
        )
