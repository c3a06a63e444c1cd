"""`doctor`: the vendor's checklist, line by line, with what to tick where."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from sync.cli.options import verb
from sync.cli.stopping import stoppable
from sync.cli.terminal import Terminal

if TYPE_CHECKING:
    from sync.doctor import Check
    from sync.words import Words

COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "unreadable": "cyan"}


@verb()
@click.option("--agent", default="", metavar="WHO", help="AutoElevate's agent: id, mail or name.")
@click.option("--send-test", is_flag=True, help="Also send a test mail to every recipient.")
@click.option("--language", type=click.Choice(["en", "es"]), help="Default: the report's.")
def doctor(terminal: Terminal, agent: str, send_test: bool, language: str | None) -> int:
    """Look whether everything is set up as the checklist asks, and whether tonight will work.

    Reads only. The exit code is the one tonight's run would end with.
    """
    from sync.app.checkup import check_up
    from sync.clock import SystemClock
    from sync.doctor import tonight
    from sync.words import speak

    here = terminal.installation()
    terminal.start_logging()
    words = speak(language or here.config.report.language)
    terminal.note(words.gettext("halosync doctor: about half a minute; AutoElevate wants pauses"))
    with stoppable() as stop:
        checks = list(check_up(here, SystemClock(stop), agent=agent, send_test=send_test))
    code = tonight(checks)
    if terminal.as_json:
        terminal.document("doctor", exit_code=int(code), checks=_documents(words, checks))
    else:
        for line in lines(words, checks):
            terminal.say(line)
        for line in _summary(words, checks, int(code)):
            terminal.say(line)
    return int(code)


def _documents(words: "Words", checks: "Iterable[Check]") -> list[dict[str, Any]]:
    return [
        {
            "part": check.part.value,
            "code": check.code,
            "of": check.of,
            "status": check.status.value,
            "why": check.why,
            "facts": dict(check.facts),
            "detail": check.detail,
            "tonight": int(check.tonight),
            "title": said[0],
            "meaning": said[1],
            "click": said[2],
        }
        for check in checks
        for said in [_said(words, check)]
    ]


def lines(words: "Words", checks: "Sequence[Check]") -> list[str]:
    """The report, part by part in the checklist's order."""
    from sync.doctor import Part
    from sync.words.checks import PARTS
    from sync.words.clicks import PLACES

    told: list[str] = []
    for part in Part:
        mine = [check for check in checks if check.part is part]
        if not mine:
            continue
        told += ["", str(words.of(PARTS, part.value))]
        if part.value in PLACES and any(check.status.value != "ok" for check in mine):
            told.append(f"  ({words.of(PLACES, part.value)})")
        for check in mine:
            told += _line(words, check)
    return told


def _line(words: "Words", check: "Check") -> list[str]:
    from sync.words.checks import STATUSES

    title, meaning, what_to_do = _said(words, check)
    status = f"{words.of(STATUSES, check.status.value)!s:<9}"
    told = [f"  {_coloured(status, check.status.value)} {title}: {meaning}"]
    if check.detail:
        told.append(f"            {check.detail}")
    if what_to_do:
        told.append(f"            -> {what_to_do}")
    return told


def _said(words: "Words", check: "Check") -> tuple[str, str, str]:
    from sync.words.checks import click as what_to_do
    from sync.words.checks import meaning, title

    facts, well = dict(check.facts), check.status.value == "ok"
    return (
        title(words, check.code, check.of),
        str(meaning(words, check.code, check.status.value, check.why, check.of, facts)),
        "" if well else str(what_to_do(words, check.code, check.of, check.why, facts)),
    )


def _summary(words: "Words", checks: "Iterable[Check]", code: int) -> list[str]:
    from sync.words.checks import SUMMARY, TONIGHT, VERDICT

    counts = Counter(check.status.value for check in checks)
    would = str(words.of(TONIGHT, str(code)))
    return [
        "",
        str(words.say(SUMMARY, **{status: counts[status] for status in COLOURS})),
        str(words.say(VERDICT, would=would, code=code)),
    ]


def _coloured(text: str, status: str) -> str:
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return click.style(text, fg=COLOURS[status], bold=status == "failed")
