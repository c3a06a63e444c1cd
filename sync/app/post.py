"""What people read and how it reaches them: settings of the reports, archive, mail."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reports import deliver
from reports.deliver import Group, Policy, ReportSettings
from reports.mailer import (
    ClientCredentials,
    FolderTransport,
    GraphTransport,
    SmtpTransport,
)
from sync.app.installation import Installation
from sync.app.posting import posting
from sync.app.redaction import Redactor
from sync.config import Config, secrets
from sync.config.model import Mail
from sync.core.result import Edition, Result
from sync.outbox import Transport

PAGE = "index.html"
MICROSOFT_LOGIN = "https://login.microsoftonline.com"
MICROSOFT_SCOPES = {
    "smtp": "https://outlook.office365.com/.default",
    "graph": "https://graph.microsoft.com/.default",
}
"""A token for one is no token for the other."""
NO_SENDER = "halosync@localhost"
"""For an installation that archives its reports and mails none."""


def report_settings(config: Config) -> ReportSettings:
    report = config.report
    return ReportSettings(
        sender=config.mail.sender if config.mail else NO_SENDER,
        policy=Policy(report.policy),
        language=report.language,
        groups=tuple(
            Group(group.to, group.language or "", group.only, group.counts_only)
            for group in report.recipients
        ),
    )


def compose(config: Config) -> Callable[[Result], Edition]:
    settings = report_settings(config)

    def edition(result: Result) -> Edition:
        return deliver.compose(result, settings)

    return edition


@dataclass(frozen=True, slots=True)
class Archive:
    """The folder of nights, as a run sees it."""

    folder: Path
    language: str

    def stage(self, edition: Edition, run_id: int) -> None:
        deliver.stage(edition, self.folder, run_id)

    def reveal(self, run_id: int) -> None:
        deliver.reveal(self.folder, run_id, self.language)


def shelf(here: Installation) -> Archive:
    return Archive(here.where.archive, here.config.report.language)


def transport(config: Config) -> Transport:
    """The configured way for mail; without one, letters are never composed, so a folder of none."""
    mail = config.mail
    if mail is None or mail.transport == "folder":
        return FolderTransport(mail.folder if mail and mail.folder else Path("mail"))
    credentials = credentials_of(mail)

    def clean(said: str) -> str:
        return _cleaned(config, credentials, said)

    if mail.transport == "graph" and credentials is not None:
        post = posting(mail.ca_file)
        return GraphTransport(mail.sender, credentials, post, mail.graph_url, clean)
    return SmtpTransport(
        host=mail.host,
        port=mail.port,
        sender=mail.sender,
        tls=mail.tls,
        username=mail.username,
        password=mail.password.get_secret_value() if mail.password else "",
        token=credentials.token if credentials else None,
        ca_file=mail.ca_file,
        clean=clean,
    )


def _cleaned(config: Config, credentials: ClientCredentials | None, said: str) -> str:
    token = [credentials.known] if credentials else []
    return Redactor([*secrets(config), *token]).clean(said)


def credentials_of(mail: Mail) -> ClientCredentials | None:
    """The application that gets tokens for mail; None where a password does."""
    oauth = mail.oauth
    if oauth is None:
        return None
    tenant = quote(oauth.tenant, safe="")
    return ClientCredentials(
        token_url=oauth.token_url or f"{MICROSOFT_LOGIN}/{tenant}/oauth2/v2.0/token",
        client_id=oauth.client_id,
        client_secret=oauth.client_secret.get_secret_value(),
        scope=oauth.scope or MICROSOFT_SCOPES[mail.transport],
        post=posting(mail.ca_file),
        monotonic=time.monotonic,
    )


def night_folder(here: Installation, run_id: int) -> Path:
    return here.where.archive / f"{run_id:06d}"


def page_of(here: Installation, run_id: int) -> Path | None:
    """The page of a published run, if its archive still has it."""
    page = night_folder(here, run_id) / PAGE
    return page if page.is_file() else None
