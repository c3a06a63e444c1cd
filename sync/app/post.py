"""What people read and how it reaches them: settings of the reports, archive, mail."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports import deliver
from reports.deliver import Group, Policy, ReportSettings
from reports.mailer import FolderTransport, SmtpTransport
from sync.app.installation import Installation
from sync.config import Config
from sync.core.result import Edition, Result
from sync.outbox import Transport

PAGE = "index.html"
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
    return SmtpTransport(
        host=mail.host,
        port=mail.port,
        sender=mail.sender,
        tls=mail.tls,
        username=mail.username,
        password=mail.password.get_secret_value() if mail.password else "",
        ca_file=mail.ca_file,
    )


def night_folder(here: Installation, run_id: int) -> Path:
    return here.where.archive / f"{run_id:06d}"


def page_of(here: Installation, run_id: int) -> Path | None:
    """The page of a published run, if its archive still has it."""
    page = night_folder(here, run_id) / PAGE
    return page if page.is_file() else None
