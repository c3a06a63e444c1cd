"""What one run found out, complete enough to be printed, stored and compared without the night.

Everything a report needs is in a `Result`; nothing in it needs a clock, a database or a name
look-up. What a run remembers of the runs before it comes in as a `Recollection`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sync.core.decisions import Decision
from sync.core.pulls import Answer, Manifest, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.sides import Coverage as Coverage  # noqa: PLC0414 - part of a result
from sync.core.sides import Doubt as Doubt  # noqa: PLC0414
from sync.core.sides import Flag, FlagFile
from sync.core.sides import Oddity as Oddity  # noqa: PLC0414
from sync.core.sides import TrendPoint as TrendPoint  # noqa: PLC0414
from sync.core.verdicts import SLIGHT, Difference, Key, Outcome, Suggestion, Verdict

ACTIVE_DAYS = 7
"""A computer is active when it checked in within this many days."""


class Life(StrEnum):
    """Where a finding stands in its life, compared with the run before."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    """Open again because its ignore ran out, or because the facts it was ignored for changed."""


class Origin(StrEnum):
    """How we came to know that two records belong together."""

    FIRST_SIGHT = "first-sight"
    """Identical when the AutoElevate record was first judged, in trusted lists."""
    CONFIRMED = "confirmed"
    FLAG = "flag"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class Pair:
    """A link known by ids: it survives every rename (AutoElevate's guide: link, then rename)."""

    kind: Kind
    ae_id: str
    halo_id: str
    origin: Origin
    ae_name: str = ""
    """The name when the pair was made."""
    halo_name: str = ""
    created: datetime | None = None
    """AutoElevate's `createdAt` then: another one under the same id is another record."""
    made: datetime | None = None

    @property
    def key(self) -> Key:
        return (self.kind, self.ae_id)


@dataclass(frozen=True, slots=True)
class Impact:
    """What a finding costs."""

    computers: int = 0
    """Listed computers at stake: a company's or location's; 1 for a computer; 0 for a user."""
    active: int = 0
    """Of these, how many checked in within the last seven days."""
    requests: int | None = None
    """Elevation requests of the last 24 h from them; None = the key may not read requests."""


@dataclass(frozen=True, slots=True)
class Target:
    """A Halo record that a finding names, with enough beside it to tell it from its namesakes."""

    id: str
    name: str
    client: str = ""
    """The name of its client (sites and assets)."""
    active: bool | None = None
    detail: str = ""
    """Assets: type; agents: e-mail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One open AutoElevate record with everything its row in the report says."""

    kind: Kind
    ae_id: str
    name: str
    outcome: Outcome
    rule: str
    company_id: str = ""
    """Its company's id; its own for a company; empty for a user."""
    company: str = ""
    """The company's AutoElevate name."""
    client: str = ""
    """The linked (or nearly linked) Halo client's name, inside which it was judged."""
    email: str = ""
    differences: tuple[Difference, ...] = ()
    provisional: bool = False
    why: str = ""
    targets: tuple[Target, ...] = ()
    """Ambiguous: the identical Halo records. Inactive, contested, nearly identical: the one."""
    rivals: tuple[str, ...] = ()
    """Contested: the names of the other AutoElevate records that claim the same target."""
    suggestions: tuple[Suggestion, ...] = ()
    impact: Impact = Impact()
    silent_since: date | None = None
    """Computers: the day of the last check-in when that is more than seven days ago."""
    since: datetime | None = None
    """Start of the run that first found it open."""
    life: Life = Life.OPEN
    as_of: datetime | None = None
    """Set on a withheld finding: the start of the run whose verdict is shown again."""
    accepted: Target | None = None
    """The right target by decision: what remains is to rename and link; nothing is suggested."""
    backlog: bool = False
    """Accepted as opening backlog: counted in one line, not listed."""
    ignored_until: datetime | None = None
    """Of an ignored one: when the decision ends by itself; None = it does not."""

    @property
    def key(self) -> Key:
        return (self.kind, self.ae_id)

    @property
    def slight(self) -> bool:
        """Differs only in letter case, outer spaces or Unicode form: listed in its own group."""
        return (
            self.outcome is Outcome.UNLINKED
            and bool(self.differences)
            and SLIGHT.issuperset(self.differences)
        )


@dataclass(frozen=True, slots=True)
class Vanished:
    """A record of the baseline that tonight's trusted pull did not list, and what is known of it.

    Only `Answer.GONE` ends it. Until then it stands as it was: a list that lost a row between two
    pages looks exactly like this.
    """

    collection: Collection
    id: str
    name: str
    answer: Answer | None = None
    """What its own by-id request said; None = not asked tonight."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Which run this is."""

    id: int
    started: datetime
    slot: str
    """Slot key `job/local date/name`, or `manual/...` for a run by hand."""
    timezone: str = "UTC"
    version: str = ""
    config_hash: str = ""
    previous: datetime | None = None
    """Start of the last published run."""
    died: tuple[int, ...] = ()
    """Runs since then that neither published nor failed in words: they were killed."""
    missed: tuple[str, ...] = ()
    """Slots that passed while nothing ran and were not caught up one by one."""
    refused: tuple[tuple[str, str], ...] = ()
    """(recipient, the mail server's words): refused for good since the last published run."""


@dataclass(frozen=True, slots=True)
class Result:
    run: RunFacts
    manifests: tuple[Manifest, ...]
    """One per collection, in `Collection` order; states as the guard left them."""
    doubts: tuple[Doubt, ...] = ()
    systems: Mapping[Side, SystemFacts] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    """One per AutoElevate record judged or blocked tonight, sorted by kind and id."""
    counts: Mapping[tuple[Kind, Outcome], int] = field(default_factory=dict)
    """Every AutoElevate record once, the withheld ones too."""
    findings: tuple[Finding, ...] = ()
    """Open ones, costliest first; withheld ones are the last good findings with `as_of` set."""
    resolved: tuple[Finding, ...] = ()
    """Open at the last published run, no longer open now."""
    coverage: tuple[Coverage, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    vanished: tuple[Vanished, ...] = ()
    renamed: tuple[Finding, ...] = ()
    """Pairs of which a side got another name since the last published run: news once."""
    ignored: tuple[Finding, ...] = ()
    """Open by the rules, silenced by a decision: counted, and listed with its expiry."""
    pairs_made: tuple[Pair, ...] = ()
    pairs_ended: tuple[tuple[Pair, str], ...] = ()
    """(pair, why): `forgotten`, `both-gone`, `id-reused`, `flag-false`."""
    trend: tuple[TrendPoint, ...] = ()
    """Oldest first, this run last."""
    flag_files: tuple[FlagFile, ...] = ()

    @property
    def withheld(self) -> tuple[Manifest, ...]:
        return tuple(m for m in self.manifests if m.state.withheld)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the last trusted pull of one collection held: the yardstick for tonight's."""

    collection: Collection
    run_id: int
    at: datetime
    parents: Mapping[str, str | None]
    """Every record's id -> the id of its company or client (None for a kind without one)."""
    names: Mapping[str, str]
    silent: frozenset[str] = frozenset()
    """AutoElevate computers whose last check-in was then 29 days ago or more."""
    missing: frozenset[str] = frozenset()
    """Records that stand although that pull did not list them either: vanished, never proven gone.
    They are asked for again, and no longer count against the brake."""
    week_high: int = 0
    """The largest trusted count of the seven days before that pull."""
    accepted: frozenset[str] = frozenset()
    """Of the missing, those that an acknowledgement took in: that they exist is no news."""
    accepted_size: int | None = None
    """How many rows the list had that `ack` accepted, until a trusted pull has followed."""
    accepted_empty: bool = False
    """`ack` accepted it as empty, and no trusted pull has held a row since."""
    asked: str = ""
    """`Manifest.asked` of that pull: what is asked differently is not compared with it."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """What the store remembers for tonight's judging."""

    baselines: Mapping[Collection, Baseline] = field(default_factory=dict)
    findings: Mapping[Key, Finding] = field(default_factory=dict)
    """Open findings as last published; `since` and the last trusted `as_of` included."""
    closed: frozenset[Key] = frozenset()
    """Keys of findings that were open once and are closed now: to tell new from reopened."""
    trend: tuple[TrendPoint, ...] = ()
    outcomes: Mapping[Key, Outcome] = field(default_factory=dict)
    """The standing outcome of every known AutoElevate record."""
    pairs: Mapping[Key, Pair] = field(default_factory=dict)
    """The ledger: pairs that stand."""
    decisions: tuple[Decision, ...] = ()
    """Every decision ever made, oldest first."""
    acknowledged: frozenset[Collection] = frozenset()
    """Collections whose smaller size `ack` accepted since the last published run."""
    flag_files: tuple[FlagFile, ...] = ()
    flags: Mapping[Key, Flag] = field(default_factory=dict)
    """What the flag files say of tonight's records."""
    ticketed: frozenset[Key] = frozenset()
    """Companies that were open and are identical now, whose link tonight's tickets prove."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One finished mail: what is stored in the outbox and sent, byte for byte."""

    recipients: tuple[str, ...]
    subject: str
    message_id: str
    body: bytes
    """The final MIME message."""
    reduced: bytes = b""
    """The same without attachments, sent only after the server said 552 (too big)."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything people will read of one run, finished before it is published."""

    letters: tuple[Letter, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The archive: file name (no folder) -> bytes; `index.html` is the page."""
