"""`init`: asks for what only a person can know, tries it, and writes the configuration."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.options import verb
from sync.cli.stopping import stoppable
from sync.cli.terminal import Terminal
from sync.errors import ConfigError, Exit, SyncError, UsageError

if TYPE_CHECKING:
    from sync.app.answers import AutoElevateAnswers, HaloAnswers, MailAnswers
    from sync.clock import Clock
    from sync.doctor.discovery import Found

_FILE = click.Path(dir_okay=False, path_type=Path)


def _secret_option(name: str, variable: str, what: str) -> Callable[[Any], Any]:
    """A secret comes from a file or the environment; never from the command line itself."""
    return click.option(
        f"--{name}-file", type=_FILE, metavar="FILE", help=f"{what}; or environment {variable}."
    )


@verb()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
              help="Where config.yaml goes; default: here.")  # fmt: skip
@click.option("--halo-url", envvar="HALOSYNC_HALO__BASE_URL", help="Halo's address.")
@click.option(
    "--client-id", envvar="HALOSYNC_HALO__CLIENT_ID", help="Client ID of the application."
)
@_secret_option("client-secret", "HALOSYNC_HALO__CLIENT_SECRET", "Client Secret")
@click.option("--asset-types", metavar="A,B", help="Types that are computers; default: by name.")
@click.option("--autoelevate-url", envvar="HALOSYNC_AUTOELEVATE__BASE_URL", hidden=True)
@_secret_option("autoelevate-key", "HALOSYNC_AUTOELEVATE__KEY", "AutoElevate's API key")
@_secret_option("hmac-key", "HALOSYNC_AUTOELEVATE__HMAC_KEY", "Signing secret of an aeh_ key")
@click.option("--users-file", type=_FILE, metavar="FILE", help="List of the technicians.")
@click.option("--mail-host", help="Mail server; without one, reports are not mailed.")
@click.option("--mail-port", type=click.IntRange(1, 65535), default=587, show_default=True)
@click.option("--mail-user", default="", help="Login at the mail server.")
@_secret_option("mail-password", "HALOSYNC_MAIL__PASSWORD", "Password at the mail server")
@click.option("--sender", help="Address that the reports come from.")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Who gets the report; repeatable.")
@click.option("--timezone", help="Default: this machine's.")
@click.option("--language", type=click.Choice(["en", "es"]), help="Default: this machine's.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is missing is an error.")
@click.option("--force", is_flag=True, help="Replace a config.yaml that is there.")
def init(terminal: Terminal, **given: Any) -> int:
    """Set up halosync in this folder.

    Tries each login, finds tenant and authorisation server, offers Halo's asset types, and writes
    config.yaml and secrets/ for you alone.
    """
    from sync.app.answers import Answers
    from sync.app.setup import find_language, find_timezone, write
    from sync.clock import SystemClock

    target = given["folder"] / "config.yaml"
    if target.exists() and not given["force"]:
        raise UsageError(f"{target} is there already", hint="edit it, or add --force")
    terminal.start_logging()
    asked = Asked(terminal, given, ask=sys.stdin.isatty() and not given["yes"])
    asked.refuse_missing()
    with stoppable() as stop:
        clock = SystemClock(stop)
        answers = Answers(
            halo=asked.halo(clock),
            autoelevate=asked.autoelevate(clock),
            mail=asked.mail(),
            users_file=given["users_file"] and given["users_file"].absolute(),
            timezone=given["timezone"] or find_timezone(),
            language=given["language"] or find_language(),
        )
    file = write(answers, given["folder"], force=given["force"])
    next_command = f"halosync doctor -c {file}"
    if terminal.as_json:
        terminal.document("init", config=str(file), next=next_command)
    terminal.say(f"Wrote {file}, and the secrets beside it under secrets/; only you can read them.")
    terminal.say(f"Next: {next_command}")
    return int(Exit.OK)


NEEDED = {
    "halo_url": "--halo-url",
    "client_id": "--client-id",
    "client_secret": "--client-secret-file",
    "autoelevate_key": "--autoelevate-key-file",
}


@dataclass(slots=True)
class Asked:
    """The answers so far: options first, then the environment, then the person."""

    terminal: Terminal
    given: dict[str, Any]
    ask: bool
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from sync.app.setup import read_secret

        for name, variable in _SECRETS.items():
            file = self.given[f"{name}_file"]
            secret = read_secret(file) if file else _environment(variable)
            self.secrets[name] = secret
            self.terminal.redactor.learn([secret])

    def refuse_missing(self) -> None:
        """Where nobody can be asked, name everything that is missing at once."""
        known = {**self.given, **self.secrets}
        missing = [option for name, option in NEEDED.items() if not known.get(name)]
        if self.given["mail_host"]:
            missing += [f"--{name}" for name in ("sender", "to") if not self.given[name]]
        if missing and not self.ask:
            raise UsageError(
                f"missing: {', '.join(missing)}", hint="run it in a terminal to be asked instead"
            )

    def halo(self, clock: "Clock") -> "HaloAnswers":
        """Ask until Halo lets us in; its address, id and secret are all it takes."""
        from sync.app.answers import HaloAnswers
        from sync.app.setup import try_halo

        url = self.given["halo_url"] or _prompt("HaloPSA address (https://name.halopsa.com)")
        client_id = self.given["client_id"] or _prompt("Client ID")
        secret = self.secrets["client_secret"] or self._secret("Client Secret")
        while True:
            answers = HaloAnswers(_with_https(url), client_id, secret)
            found = self._tried(partial(try_halo, answers, clock), "Halo")
            if found is not None:
                break
            url = _prompt("HaloPSA address", url)
            client_id = _prompt("Client ID", client_id)
            secret = self._secret("Client Secret")
        self.terminal.note(f"Halo: logged in{f', tenant {found.tenant}' if found.tenant else ''}.")
        return replace(
            answers, tenant=found.tenant, auth_url=found.auth_url, asset_types=self._types(found)
        )

    def _types(self, found: "Found") -> tuple[str, ...]:
        """Offer the asset types that Halo has, the likely ones chosen already."""
        from sync.doctor.discovery import likely_computers

        types = found.asset_types or {}
        likely = likely_computers(types)
        if self.given["asset_types"] is not None:
            return _listed(self.given["asset_types"])
        if not self.ask or not types:
            return likely
        self.terminal.say(f"Asset types in Halo: {', '.join(sorted(types.values()))}")
        return _listed(_prompt("Which are computers", ", ".join(likely)))

    def autoelevate(self, clock: "Clock") -> "AutoElevateAnswers":
        from sync.app.answers import DEFAULT_AE, AutoElevateAnswers
        from sync.app.setup import try_autoelevate

        key = self.secrets["autoelevate_key"] or self._secret("AutoElevate API key")
        signing = self.secrets["hmac_key"]
        while True:
            if key.startswith("aeh_") and not signing:
                signing = self._secret("Signing secret (shown with the key)")
            answers = AutoElevateAnswers(key, signing, self.given["autoelevate_url"] or DEFAULT_AE)
            if self._tried(partial(try_autoelevate, answers, clock), "AutoElevate"):
                self.terminal.note("AutoElevate: the key is accepted.")
                return answers
            key, signing = self._secret("AutoElevate API key"), ""

    def mail(self) -> "MailAnswers | None":
        from sync.app.answers import MailAnswers
        from sync.config.fields import is_loopback

        host = self.given["mail_host"]
        if not host and self.ask:
            host = _prompt("Mail server (leave empty to keep reports here)", "")
        if not host:
            return None
        port = self.given["mail_port"]
        tls = "none-on-loopback" if is_loopback(host) else "tls" if port == 465 else "starttls"
        sender = self.given["sender"] or _prompt("Sender address")
        to = self.given["to"] or _listed(_prompt("Who gets the report (addresses, comma between)"))
        user, password = self.given["mail_user"], self.secrets["mail_password"]
        if self.ask and not user and not is_loopback(host):
            user = _prompt("Login at the mail server (empty: none)", sender)
        if user and not password:
            password = self._secret("Password at the mail server")
        return MailAnswers(host, sender, port, tls, user, password, tuple(to))

    def _secret(self, what: str) -> str:
        if not self.ask:
            raise UsageError(f"{what} is missing", hint="name its file, see halosync init --help")
        secret: str = click.prompt(what, hide_input=True, err=True).strip()
        self.terminal.redactor.learn([secret])
        return secret

    def _tried(self, attempt: "Callable[[], Found]", system: str) -> "Found | None":
        """Try; where it fails, say why as the doctor does, and end where nobody can answer."""
        from sync.cli.doctor import lines
        from sync.words import speak

        try:
            found = attempt()
        except ConfigError as error:  # an address or key of a form that cannot be right
            if not self.ask:
                raise
            self.terminal.error(error)
            return None
        if not found.failed:
            return found
        told = "\n".join(lines(speak(self.given["language"] or "en"), found.failed)).strip()
        if not self.ask:
            raise NotLetIn(f"{system} does not let us in; nothing was written\n{told}")
        self.terminal.note(told)
        return None


class NotLetIn(SyncError):  # noqa: N818 - what happened
    """A login that was given does not work."""

    exit_code = Exit.SOURCE_DOWN


_SECRETS = {
    "client_secret": "HALOSYNC_HALO__CLIENT_SECRET",
    "autoelevate_key": "HALOSYNC_AUTOELEVATE__KEY",
    "hmac_key": "HALOSYNC_AUTOELEVATE__HMAC_KEY",
    "mail_password": "HALOSYNC_MAIL__PASSWORD",
}


def _environment(variable: str) -> str:
    return os.environ.get(variable, "").strip()


def _prompt(question: str, default: str | None = None) -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return answer.strip()


def _with_https(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
