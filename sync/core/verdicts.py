"""What can be said of a record: outcomes, differences, suggestions. Codes, never sentences."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sync.core.records import Kind

Key = tuple[Kind, str]
"""Identity of an AutoElevate record, and so of its finding: (kind, AutoElevate id)."""


class Outcome(StrEnum):
    """One per AutoElevate record; the meanings are in the README's table."""

    LINKED = "linked"
    RENAMED = "renamed"
    READY = "ready"
    UNLINKED = "unlinked"
    AMBIGUOUS = "ambiguous"
    CONTESTED = "contested"
    INACTIVE = "inactive"
    BLOCKED = "blocked"
    IGNORED = "ignored"
    WITHHELD = "withheld"

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = frozenset(
    {Outcome.READY, Outcome.UNLINKED, Outcome.AMBIGUOUS, Outcome.CONTESTED, Outcome.INACTIVE}
)


class Difference(StrEnum):
    """How two texts differ that are the same once folded; several may hold at once."""

    CASE = "case"
    OUTER_SPACES = "outer-spaces"
    INNER_SPACES = "inner-spaces"
    INVISIBLE = "invisible"
    UNICODE_FORM = "unicode-form"


SLIGHT = frozenset({Difference.CASE, Difference.OUTER_SPACES, Difference.UNICODE_FORM})
"""AutoElevate may or may not link these (undocumented): listed apart, and counted as linked for
the records below."""


class Grade(StrEnum):
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class Reason(NamedTuple):
    """One piece of evidence: a code of `sync.words.REASONS` and what its sentence fills in."""

    code: str
    facts: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A Halo record that is probably meant; never applied by itself."""

    halo_id: str
    name: str
    score: float
    """0 to 1; nothing under 0.5 is shown."""
    grade: Grade
    reasons: tuple[Reason, ...] = ()
    """The most telling first."""
    margin: float = 0.0
    """Score distance to the runner-up for the same record."""
    taken_by: str | None = None
    """Id of the AutoElevate record that already holds this Halo record, if one does."""
    runner_up: str = ""
    """Name of the next best Halo record for the same one; empty where none comes near."""


class Verdict(NamedTuple):
    """What the rules say of one AutoElevate record."""

    kind: Kind
    ae_id: str
    outcome: Outcome
    rule: str
    """L1 to L4."""
    halo_id: str | None = None
    """The one identical record (linked, inactive), or the one that differs only slightly."""
    rivals: tuple[str, ...] = ()
    """Ambiguous: the identical Halo ids. Contested: the other claiming AutoElevate ids. Sorted."""
    differences: tuple[Difference, ...] = ()
    """Unlinked: how the one nearly identical record's name differs."""
    provisional: bool = False
    """Judged inside a client whose name differs from its company's only slightly: holds once the
    company links."""
    field: str = ""
    """Computers: the asset-name field that matched."""
    why: str = ""
    """Code that refines the outcome: `company-not-linked`, `no-name`, `other-domain`, ..."""

    @property
    def links_below(self) -> bool:
        """Whether the records inside this company are judged inside its client."""
        return self.halo_id is not None and (
            self.outcome in {Outcome.LINKED, Outcome.RENAMED, Outcome.READY}
            or (
                self.outcome is Outcome.UNLINKED
                and bool(self.differences)
                and SLIGHT.issuperset(self.differences)
            )
        )
