"""Composes everything people will read of one run, before it is published: letters and archive."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reports.archive import NIGHT_FILE, night_file, refresh, reveal, stage, tidy
from reports.exports import findings_csv, findings_xlsx, report_json
from reports.mailer import Attachment, Envelope, build
from reports.render import mail_html, mail_text, page_html
from reports.view import View, is_slight, view
from sync.core.result import Edition, Letter, Life, Result
from sync.words import speak

__all__ = [
    "Group", "Policy", "ReportSettings", "compose", "is_due", "refresh", "reveal", "stage", "tidy",
]  # fmt: skip

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


def compose(result: Result, settings: ReportSettings) -> Edition:
    """Make the letters that are due, and the archive's files in any case."""
    whole = view(result, speak(settings.language))
    files = {
        "index.html": page_html(whole).encode(),
        "report.html": mail_html(whole).encode(),
        "findings.csv": findings_csv(whole),
        "findings.xlsx": findings_xlsx(whole),
        "report.json": report_json(whole),
        NIGHT_FILE: night_file(_night(whole)),
    }
    due = settings.groups if is_due(result, settings.policy) else ()
    letters = tuple(_letter(i, group, result, settings) for i, group in enumerate(due, 1))
    files["mail.eml"] = letters[0].body if letters else _archived(whole, files, settings)
    return Edition(letters, files)


def is_due(result: Result, policy: Policy) -> bool:
    """Decide whether tonight's run is worth a mail under the policy."""
    in_doubt = bool(result.withheld or result.run.died) or any(d.stops for d in result.doubts)
    if in_doubt or policy is Policy.ALWAYS:
        return True
    if policy is Policy.PROBLEMS:
        return any(not is_slight(finding) for finding in result.findings)
    fresh = any(f.life in {Life.NEW, Life.REOPENED} for f in result.findings)
    return fresh or bool(result.resolved) or result.run.previous is None


def _letter(number: int, group: Group, result: Result, settings: ReportSettings) -> Letter:
    words = speak(group.language or settings.language)
    seen = view(result, words, only=group.only, counts_only=group.counts_only)
    attached = () if group.counts_only else _attachments(findings_xlsx(seen), findings_csv(seen))
    text, html = mail_text(seen), mail_html(seen)
    full = _envelope(seen, settings, group.to, f"{number}-{_digest(group.to)}", "full")
    short = full._replace(message_id=full.message_id.replace(".full@", ".reduced@"))
    return Letter(
        recipients=group.to,
        subject=seen.subject,
        message_id=full.message_id,
        body=build(full, text, html, attached),
        reduced=build(short, text, html) if attached else b"",
    )


def _archived(seen: View, files: dict[str, bytes], settings: ReportSettings) -> bytes:
    """The mail as it would have gone out, for a night on which none was due."""
    attached = _attachments(files["findings.xlsx"], files["findings.csv"])
    envelope = _envelope(seen, settings, (), "0-archive", "full")
    return build(envelope, mail_text(seen), files["report.html"].decode(), attached)


def _attachments(xlsx: bytes, csv: bytes) -> tuple[Attachment, ...]:
    return Attachment("findings.xlsx", XLSX, xlsx), Attachment("findings.csv", "text/csv", csv)


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
