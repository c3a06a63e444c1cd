"""One view of a run: everything its reports say, in one language, for one group of readers."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial

from reports.view import figures, grades, health, ignoring
from reports.view.headline import headline, subject
from reports.view.moment import started
from reports.view.parts import Row, View
from reports.view.places import places, sentences
from reports.view.rows import groups, is_slight, row
from reports.view.selection import nameless, selected
from reports.view.visible import visible
from sync.core.result import Finding, Result
from sync.words import N_, Words

TITLE = N_("What will not link: AutoElevate and Halo")


def view(
    result: Result, words: Words, *, only: Collection[str] = (), counts_only: bool = False
) -> View:
    """Compose the view. With `counts_only` no name of any record is in it."""
    result = selected(result, only)
    shown = nameless(result) if counts_only else result
    now = started(result.run)
    rows = partial(_rows, words, now)
    plain, slight, withheld, backlog = _apart(rows(shown.findings))
    return View(
        result=shown,
        language=words.language,
        subject=subject(result, result.findings, words),
        title=words.gettext(TITLE),
        date=words.date(now),
        started=now,
        headline=headline(result, result.findings, words),
        counts_only=counts_only,
        open_total=len(result.findings),
        numbers=figures.numbers(result, result.findings, words, now.date()),
        groups=groups(plain, words),
        slight=slight,
        withheld=withheld,
        backlog=backlog,
        backlog_sentence=figures.backlog_sentence(result, words),
        ignored=ignoring.rows(shown.ignored, words, now),
        renamed=rows(shown.renamed),
        resolved=rows(shown.resolved),
        vanished=_vanished(shown, words),
        tallies=figures.tallies(result, words),
        coverage=figures.coverage(shown.coverage, words),
        coverage_sentence=figures.coverage_sentence(result.coverage, words),
        trend=figures.trend(result.trend, words),
        health=health.health(result, words),
        doubts=health.doubts(shown, words),
        notices=_notices(result, shown, words),
        footer=(*health.footer(result, words), *grades.read(shown.findings, words)),
        places=places(shown.oddities, words),
    )


def _notices(result: Result, shown: Result, words: Words) -> tuple[str, ...]:
    """What is worth a line; sentences that only count are for every reader."""
    return (
        *health.notices(shown, words),
        *ignoring.soon(result.ignored, words, started(result.run)),
        *sentences(result.oddities, words),
    )


def _rows(words: Words, now: datetime, findings: Iterable[Finding]) -> tuple[Row, ...]:
    return tuple(row(finding, words, now) for finding in findings)


def _apart(rows: Iterable[Row]) -> tuple[tuple[Row, ...], ...]:
    """Part the open rows: to put right, nearly identical, not judged tonight, opening backlog."""
    plain: list[Row] = []
    slight: list[Row] = []
    withheld: list[Row] = []
    backlog: list[Row] = []
    for one in rows:
        if one.finding.as_of is not None:
            withheld.append(one)
        elif one.finding.backlog:
            backlog.append(one)
        else:
            (slight if one.is_slight else plain).append(one)
    return tuple(plain), tuple(slight), tuple(withheld), tuple(backlog)


def _vanished(result: Result, words: Words) -> tuple[tuple[str, str, str], ...]:
    unknown = words.gettext(N_("missing, unproven"))
    return tuple(
        (
            words.collection(v.collection),
            visible(v.name),
            words.answer(v.answer) if v.answer else unknown,
        )
        for v in result.vanished
    )


__all__ = ["Row", "View", "is_slight", "view"]
