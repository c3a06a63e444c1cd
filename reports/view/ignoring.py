"""What is left out by decision: until when, and what comes back soon."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from reports.view.parts import Row
from reports.view.rows import row
from sync.core.result import Finding
from sync.words import N_, Several, Words

UNTIL = N_("ignored until {day}")
FOR_GOOD = N_("ignored until somebody takes that back")
SOON = timedelta(days=14)
COMES_BACK = Several(
    "{n} ignored finding comes back within {days} days, on {day}.",
    "{n} ignored findings come back within {days} days, the first on {day}.",
)


def rows(findings: Iterable[Finding], words: Words, now: datetime) -> tuple[Row, ...]:
    """Make the rows; what stands elsewhere as the age of a finding is here its end."""
    return tuple(replace(row(f, words, now), when=_until(f, words, now)) for f in findings)


def _until(finding: Finding, words: Words, now: datetime) -> str:
    if finding.ignored_until is None:
        return words.gettext(FOR_GOOD)
    day = words.date(finding.ignored_until.astimezone(now.tzinfo))
    return str(words.say(UNTIL, day=day))


def soon(findings: Iterable[Finding], words: Words, now: datetime) -> tuple[str, ...]:
    """Say what is about to come back, so that nobody is surprised by it."""
    ends = sorted(f.ignored_until for f in findings if f.ignored_until is not None)
    near = [end for end in ends if end <= now + SOON]
    if not near:
        return ()
    day = words.date(near[0].astimezone(now.tzinfo))
    return (str(words.say(COMES_BACK, n=len(near), days=SOON.days, day=day)),)
