"""What is new since the last report, what came back, and what was fixed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sync.core.records import Kind
from sync.core.result import Finding, Life, Recollection
from sync.core.verdicts import Key, Outcome


def age(findings: Iterable[Finding], past: Recollection, now: datetime) -> tuple[Finding, ...]:
    """Give each finding its life and the start of the run that first found it open."""
    return tuple(_aged(finding, past, now) for finding in findings)


def _aged(finding: Finding, past: Recollection, now: datetime) -> Finding:
    before = past.findings.get(finding.key)
    if before is not None:
        return replace(finding, life=Life.OPEN, since=before.since)
    if past.outcomes.get(finding.key) is Outcome.IGNORED:
        life = Life.EXPIRED
    else:
        life = Life.REOPENED if finding.key in past.closed else Life.NEW
    return replace(finding, life=life, since=now)


def resolved(
    past: Mapping[Key, Finding], open_now: Collection[Key], judged: Collection[Kind]
) -> tuple[Finding, ...]:
    """List what was open before and is not now; a kind not judged tonight resolves nothing."""
    return tuple(
        replace(finding, life=Life.RESOLVED)
        for key, finding in sorted(past.items())
        if key not in open_now and finding.kind in judged
    )
