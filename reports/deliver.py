"""Composes everything people will read of one run, before it is published: letters and archive."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reports.archive import NIGHT_FILE, forget, night_file, refresh, reveal, stage, tidy
from reports.exports import findings_csv, findings_xlsx, report_json
from reports.mailer import Attachment, Envelope, build
from reports.render import mail_html, mail_text, page_html
from reports.view import View, is_slight, view
from sync.core.result import Edition, Letter, Life, Result
from sync.words import speak

__all__ = [
    "Group", "Policy", "ReportSettings", "compose", "forget", "is_due", "refresh", "reveal",
    "stage", "tidy",
]  # fmt: skip

HEAVIEST_BOOK = 15_000_000
LIGHT = 6_000_000
"""Bytes of both attachments together; base64 adds a third, and many servers stop at 10 MB."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Policy(StrEnum):
    """When a mail is due. Doubt about tonight's data is always told."""

    ALWAYS = "always"
    CHANGES = "changes"
    PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class Group:
    """One mail: who gets it, in which language, and how much of it."""

    to: tuple[str, ...]
    language: str = ""
    """Empty = the report's."""
    only: tuple[str, ...] = ()
    """Kinds (`company`, ...) and severities (`high`, `medium`, `low`); empty = everything."""
    counts_only: bool = False
    """No name of any record, no attachment."""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    sender: str
    policy: Policy = Policy.ALWAYS
    language: str = "en"
    groups: tuple[Group, ...] = ()


class Printed(NamedTuple):
    """One view in the forms a mail carries."""

    view: View
    text: str
    html: str
    csv: bytes
    xlsx: bytes

    def attachments(self) -> tuple[Attachment, ...]:
        """The workbook, and the CSV as well while both together stay light."""
        book = Attachment("findings.xlsx", XLSX, self.xlsx)
        if self.view.counts_only or len(self.xlsx) > HEAVIEST_BOOK:
            return ()
        if len(self.xlsx) + len(self.csv) > LIGHT:
            return (book,)
        return book, Attachment("findings.csv", "text/csv", self.csv)


def compose(result: Result, settings: ReportSettings) -> Edition:
    """Make the letters that are due, and the archive's files in any case."""
    press = Press(result)
    whole = press.print(settings.language)
    files = {
        "index.html": page_html(whole.view).encode(),
        "report.html": whole.html.encode(),
        "findings.csv": whole.csv,
        "findings.xlsx": whole.xlsx,
        "report.json": report_json(whole.view),
        NIGHT_FILE: night_file(_night(whole.view)),
    }
    due = settings.groups if is_due(result, settings.policy) else ()
    letters = tuple(_letter(i, group, press, settings) for i, group in enumerate(due, 1))
    archived = letters[0] if letters else _letter(0, Group(()), press, settings)
    return Edition(letters, files | {"mail.eml": archived.body})


class Press:
    """Prints each view once, however many groups read it."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self._done: dict[tuple[str, frozenset[str], bool], Printed] = {}

    def print(
        self, language: str, only: tuple[str, ...] = (), *, counts_only: bool = False
    ) -> Printed:
        key = (language, frozenset(only), counts_only)
        if key not in self._done:
            self._done[key] = self._print(language, only, counts_only)
        return self._done[key]

    def _print(self, language: str, only: tuple[str, ...], counts_only: bool) -> Printed:
        seen = view(self.result, speak(language), only=only, counts_only=counts_only)
        return Printed(
            seen, mail_text(seen), mail_html(seen), findings_csv(seen), findings_xlsx(seen)
        )


def is_due(result: Result, policy: Policy) -> bool:
    """Decide whether tonight's run is worth a mail under the policy."""
    in_doubt = bool(result.withheld or result.run.died) or any(d.stops for d in result.doubts)
    if in_doubt or policy is Policy.ALWAYS:
        return True
    if policy is Policy.PROBLEMS:
        return any(not f.backlog and not is_slight(f) for f in result.findings)
    fresh = any(f.life in {Life.NEW, Life.REOPENED} for f in result.findings)
    return fresh or bool(result.resolved) or result.run.previous is None


def _letter(number: int, group: Group, press: Press, settings: ReportSettings) -> Letter:
    language = group.language or settings.language
    printed = press.print(language, group.only, counts_only=group.counts_only)
    seen, attached = printed.view, printed.attachments()
    full = _envelope(seen, settings, group.to, f"{number}-{_digest(group.to)}", "full")
    short = full._replace(message_id=full.message_id.replace(".full@", ".reduced@"))
    return Letter(
        recipients=group.to,
        subject=full.subject,
        message_id=full.message_id,
        body=build(full, printed.text, printed.html, attached),
        reduced=build(short, printed.text, printed.html) if attached else b"",
    )


def _envelope(
    seen: View, settings: ReportSettings, to: tuple[str, ...], group: str, variant: str
) -> Envelope:
    """Name the run by number and start, so that a restored database never reuses an id."""
    run = seen.result.run
    host = settings.sender.rpartition("@")[2].strip("> ") or "localhost"
    name = f"{run.id}-{run.started:%Y%m%d%H%M%S}"
    message_id = f"<{name}.{group}.{variant}@{host}>"
    return Envelope(settings.sender, to, f"halosync {seen.subject}", message_id, run.started)


def _digest(recipients: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(recipients)).encode()).hexdigest()[:8]


def _night(seen: View) -> dict[str, str]:
    first = seen.headline
    return {
        "date": seen.date,
        "sentence": first.sentence,
        "news": first.news,
        "tone": first.tone,
        "open": speak(seen.language).number(seen.open_total),
    }
