"""Which findings one group of readers gets."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from reports.view.rows import severity
from sync.core.pulls import SystemFacts
from sync.core.records import Kind
from sync.core.result import Finding, Result


def selected(result: Result, only: Collection[str]) -> Result:
    """Narrow a result to kinds ("company", ...) and severities ("high", ...); empty = everything.

    Kinds and severities narrow independently: `[computer, high]` is no computer at all.
    """
    if not only:
        return result
    kinds = set(Kind) & set(only)
    return replace(
        result,
        oddities=tuple(o for o in result.oddities if not kinds or o.kind in kinds),
        findings=tuple(_wanted(result.findings, only)),
        resolved=tuple(_wanted(result.resolved, only)),
        ignored=tuple(_wanted(result.ignored, only)),
        renamed=tuple(_wanted(result.renamed, only)),
    )


def nameless(result: Result) -> Result:
    """Leave out whatever names a record: for readers who get the counts only."""
    return replace(
        result,
        findings=(),
        resolved=(),
        ignored=(),
        renamed=(),
        vanished=(),
        coverage=(),
        oddities=(),
        systems={side: _uncounted(facts) for side, facts in result.systems.items()},
        pairs_made=(),
        pairs_ended=(),
        doubts=tuple(replace(doubt, names=(), parent_name="") for doubt in result.doubts),
    )


def _uncounted(facts: SystemFacts) -> SystemFacts:
    """Leave out which clients had tickets; how many did may be told."""
    if facts.tickets is None:
        return facts
    nobody = tuple(raised._replace(client="") for raised in facts.tickets.clients)
    return replace(facts, tickets=replace(facts.tickets, clients=nobody))


def _wanted(findings: Iterable[Finding], only: Collection[str]) -> Iterable[Finding]:
    kinds = {"company", "location", "computer", "user"} & set(only)
    severities = {"high", "medium", "low"} & set(only)
    for finding in findings:
        fits_kind = not kinds or finding.kind in kinds
        if fits_kind and (not severities or severity(finding) in severities):
            yield finding
