"""What one report says, finished to the last word: every form of it only prints these values.

Prose is a row of pieces, so that HTML can wrap each name in its own element, and text can quote it,
without either building sentences.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from reports.view.visible import visible
from sync.core.records import Kind
from sync.core.result import Coverage, Finding, Oddity, Result


class Role(StrEnum):
    """What a piece of prose is."""

    PLAIN = ""
    NAME = "name"
    """Came from outside: isolated, never markup."""
    MARK = "mark"
    """Where two names differ."""
    PASTE = "paste"
    """The exact text to type or paste."""
    CODE = "code"
    """A command or a setting of ours."""


class Piece(NamedTuple):
    text: str
    role: str = Role.PLAIN


Prose = tuple[Piece, ...]


class Severity(StrEnum):
    """What an open finding costs, and so where it stands."""

    HIGH = "high"
    """A company: its computers raise no tickets."""
    MEDIUM = "medium"
    """Tickets come without their site, asset or owner."""
    LOW = "low"
    """May well link already, or nobody has used it for a week."""


class Compared(NamedTuple):
    """The two sides' names, one under the other, with what differs marked."""

    ours: Prose
    theirs: Prose
    in_words: str
    """What the eye may miss: "two spaces in a row", ..."""


class Candidate(NamedTuple):
    """One suggested Halo record."""

    name: str
    halo_id: str
    grade: str
    grade_code: str
    reasons: Prose
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding, ready to print."""

    finding: Finding
    severity: Severity
    name: str
    kind: str
    outcome: str
    place: str
    """Company the record belongs to; empty for a company and a user."""
    why: Prose
    life: str
    """"new", "back again" or empty."""
    when: str
    """Since when it is open, or the date of the verdict shown again."""
    age_days: int
    age: str
    cost: str
    candidates: tuple[Candidate, ...]
    compared: Compared | None
    recipe: tuple[Prose, ...]
    paste: str
    is_slight: bool

    @property
    def halo(self) -> str:
        """The name of the Halo record the row is about, where there is just one."""
        targets = self.finding.targets
        return visible(targets[0].name) if len(targets) == 1 else ""

    @property
    def is_company(self) -> bool:
        return self.finding.kind is Kind.COMPANY

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class Group:
    """One company's rows; technicians stand together in a group without company."""

    title: str
    cost: str
    waiting: str
    """What waits below an unlinked company, in one line."""
    rows: tuple[Row, ...]
    total: int
    """How many rows there are when `rows` has been shortened."""


class CoverageRow(NamedTuple):
    company: str
    client: str
    percent: int
    percent_text: str
    assets: str
    computers: str
    linked: str
    silent: str
    """Halo assets without an AutoElevate check-in within 30 days."""
    unknown: str
    """AutoElevate computers that Halo does not know."""
    source: Coverage


class PlaceRow(NamedTuple):
    """One record that stands on one side only, or probably in the wrong place."""

    name: str
    where: str
    other: str
    source: Oddity


class PlaceGroup(NamedTuple):
    title: str
    meaning: str
    rows: tuple[PlaceRow, ...]


class TrendNight(NamedTuple):
    day: str
    open: int
    open_text: str
    linked_percent: int
    withheld: bool
    when: date


class Trend(NamedTuple):
    nights: tuple[TrendNight, ...]
    highest: int
    sentences: tuple[str, ...]


class HealthRow(NamedTuple):
    """One collection's manifest in words."""

    name: str
    state: str
    tone: str
    """good, bad or off."""
    cause: str
    remedy: str
    detail: str
    counts: tuple[str, ...]
    """Declared, received, unique, duplicate, rejected, pages."""
    rejected: str
    login: str
    scope: str
    age: str
    digest: str


class DoubtBlock(NamedTuple):
    """Why a list is not believed (or nearly was not), and what to do."""

    sentence: Prose
    names: tuple[str, ...]
    more: str
    checks: tuple[str, ...]
    setting: str
    command: str
    stops: bool


class Tally(NamedTuple):
    """One kind's line in the table of all counts."""

    kind: str
    total: str
    open: str
    linked: str
    blocked: str
    other: str
    """Ignored and not judged."""


class Fact(NamedTuple):
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The first screen."""

    sentence: str
    cost: str
    """The second sentence: what it costs beyond the first; may be empty."""
    news: str
    trust: str
    trusted: bool
    tone: str
    """good, cost, doubt"""


@dataclass(frozen=True, slots=True)
class View:
    """One run, for one group of readers, in one language."""

    result: Result
    language: str
    subject: str
    title: str
    date: str
    started: datetime
    headline: Headline
    counts_only: bool
    open_total: int
    numbers: tuple[Fact, ...]
    groups: tuple[Group, ...]
    slight: tuple[Row, ...]
    withheld: tuple[Row, ...]
    backlog: tuple[Row, ...]
    """Known from before halosync: counted in one line."""
    backlog_sentence: str
    ignored: tuple[Row, ...]
    renamed: tuple[Row, ...]
    """Pairs of which a side got another name: news, not a fault."""
    resolved: tuple[Row, ...]
    vanished: tuple[tuple[str, str, str], ...]
    """(list, name, what is known)"""
    tallies: tuple[Tally, ...]
    coverage: tuple[CoverageRow, ...]
    coverage_sentence: str
    trend: Trend
    health: tuple[HealthRow, ...]
    doubts: tuple[DoubtBlock, ...]
    notices: tuple[str, ...]
    footer: tuple[Fact, ...]
    places: tuple[PlaceGroup, ...] = ()
    """What stands on one side only, or probably in the wrong place."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every open row that is judged tonight and not slight, costliest first."""
        return tuple(row for group in self.groups for row in group.rows)
