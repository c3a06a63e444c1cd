"""What people decided, and what stands of it tonight. Append-only; a later word overrides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from sync.core.records import Kind
from sync.core.verdicts import Key, Outcome


class Verb(StrEnum):
    ACCEPT = "accept"
    """This is the right target; what remains is to rename and link in AutoElevate."""
    CONFIRM = "confirm"
    """AutoElevate shows True: a pair, whatever the names."""
    REJECT = "reject"
    """Never suggest this pair again."""
    IGNORE = "ignore"
    """Leave this record, or all that match a pattern, out of the open rows until a date."""
    BACKLOG = "backlog"
    """Known from before halosync: counted in one line."""
    FORGET = "forget"
    """Take back everything decided about this record, and end its pair."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing somebody decided: who, when, why, and on which facts."""

    id: int
    verb: Verb
    kind: Kind
    actor: str
    at: datetime
    reason: str
    ae_id: str = ""
    """Empty for a pattern."""
    pattern: str = ""
    """Ignore only: a shell pattern over AutoElevate names of this kind, case-insensitive."""
    halo_id: str = ""
    expires: datetime | None = None
    facts: str = ""
    """The outcome the record had then: an ignore ends at once when that changes."""
    names: tuple[str, str] = ("", "")
    """AutoElevate and Halo name then, for people; nothing hangs on them."""

    @property
    def key(self) -> Key:
        return (self.kind, self.ae_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """The decisions in force at one moment."""

    accepted: Mapping[Key, Decision] = field(default_factory=dict)
    confirmed: Mapping[Key, Decision] = field(default_factory=dict)
    rejected: frozenset[tuple[Kind, str, str]] = frozenset()
    """(kind, AutoElevate id, Halo id)."""
    ignored: Mapping[Key, Decision] = field(default_factory=dict)
    """Expired ones too: only they can tell an expired ignore from a new finding."""
    patterns: tuple[Decision, ...] = ()
    backlog: frozenset[Key] = frozenset()
    forgotten: Mapping[Key, Decision] = field(default_factory=dict)
    """Whose last word is `forget`: a pair that was made before it ends."""

    def ignore_for(self, key: Key, name: str) -> Decision | None:
        """Give the ignore that covers a record: its own, else the first pattern that fits."""
        own = self.ignored.get(key)
        if own is not None:
            return own
        folded = name.casefold()
        return next(
            (
                d
                for d in self.patterns
                if d.kind is key[0] and fnmatchcase(folded, d.pattern.casefold())
            ),
            None,
        )


def stand(decisions: Iterable[Decision]) -> Standing:
    """Fold the decisions, oldest first, into those that stand."""
    by_verb: dict[Verb, dict[Key, Decision]] = {verb: {} for verb in Verb}
    rejected: set[tuple[Kind, str, str]] = set()
    patterns: dict[tuple[Kind, str], Decision] = {}
    for d in sorted(decisions, key=lambda d: d.id):
        if d.pattern:
            patterns[d.kind, d.pattern] = d
        elif d.verb is Verb.REJECT:
            rejected.add((d.kind, d.ae_id, d.halo_id))
        elif d.verb is Verb.FORGET:
            for held in by_verb.values():
                held.pop(d.key, None)
            rejected = {r for r in rejected if r[:2] != d.key}
            by_verb[Verb.FORGET][d.key] = d
        else:
            by_verb[Verb.FORGET].pop(d.key, None)
            by_verb[d.verb][d.key] = d
            if d.verb in {Verb.ACCEPT, Verb.CONFIRM}:
                rejected.discard((d.kind, d.ae_id, d.halo_id))
    return Standing(
        accepted=by_verb[Verb.ACCEPT],
        confirmed=by_verb[Verb.CONFIRM],
        rejected=frozenset(rejected),
        ignored=by_verb[Verb.IGNORE],
        patterns=tuple(d for d in patterns.values() if d.verb is Verb.IGNORE),
        backlog=frozenset(by_verb[Verb.BACKLOG]),
        forgotten=by_verb[Verb.FORGET],
    )


def in_force(ignore: Decision, outcome: Outcome, now: datetime) -> bool:
    """Tell whether an ignore still holds: not expired, and the facts are those it was made on."""
    if ignore.expires is not None and now >= ignore.expires:
        return False
    return not ignore.facts or ignore.facts == outcome.value
