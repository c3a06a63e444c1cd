"""One view of a run: everything its reports say, in one language, for one group of readers."""

from collections.abc import Collection
from dataclasses import replace

from reports.view import figures, health
from reports.view.headline import headline, subject
from reports.view.moment import started
from reports.view.parts import Row, View
from reports.view.rows import groups, is_slight, row
from reports.view.selection import selected
from reports.view.visible import visible
from sync.core.result import Finding, Result
from sync.core.verdicts import Outcome
from sync.words import N_, Words

TITLE = N_("What will not link: AutoElevate and Halo")


def view(
    result: Result, words: Words, *, only: Collection[str] = (), counts_only: bool = False
) -> View:
    """Compose the view. With `counts_only` no name of any record is in it."""
    result = selected(result, only)
    now = started(result.run)
    if counts_only:
        shown: tuple[Finding, ...] = ()
        quiet = replace(result, doubts=tuple(replace(d, names=()) for d in result.doubts))
    else:
        shown, quiet = result.findings, result
    rows = [row(f, words, now) for f in shown]
    plain = [r for r in rows if r.finding.as_of is None and not is_slight(r.finding)]
    return View(
        result=quiet,
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
        slight=tuple(r for r in rows if r.finding.as_of is None and is_slight(r.finding)),
        withheld=tuple(r for r in rows if r.finding.as_of is not None),
        resolved=() if counts_only else tuple(row(f, words, now) for f in result.resolved),
        vanished=() if counts_only else _vanished(result, words),
        tallies=figures.tallies(result, words),
        outcomes=tuple((o.value, words.outcome(o)) for o in figures.columns(result)),
        coverage=() if counts_only else figures.coverage(result.coverage, words),
        coverage_sentence=figures.coverage_sentence(result.coverage, words),
        trend=figures.trend(result.trend, words),
        health=health.health(result, words),
        doubts=health.doubts(quiet, words),
        notices=health.notices(result, words),
        footer=health.footer(result, words),
        legend={o.value: words.outcome(o) for o in Outcome},
    )


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
