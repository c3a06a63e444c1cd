"""The rules L1 to L4, what the configuration and earlier nights add, and a kind's growing sheet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.core.names import Exact
from sync.core.records import AeRecord, Kind
from sync.core.rooms import Room
from sync.core.verdicts import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Linking:
    """What the configuration says about linking."""

    exact: Exact = Exact.TEXT
    many_to_one: frozenset[str] = frozenset()
    """Halo clients, by id or name, that several companies may share on purpose."""
    own_domains: frozenset[str] = frozenset()
    """E-mail domains of our own technicians; empty = judge everybody."""


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier nights know that names alone do not tell. Both by kind, then AutoElevate id."""

    pairs: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    """The Halo id of every pair that stands."""
    was_open: Mapping[Kind, Collection[str]] = field(default_factory=dict)
    """Records that were open: one that is identical now is `ready`, not linked by itself."""


class Rule(NamedTuple):
    code: str
    kind: Kind


RULES = (
    Rule("L1", Kind.COMPANY),
    Rule("L2", Kind.LOCATION),
    Rule("L3", Kind.COMPUTER),
    Rule("L4", Kind.USER),
)


@dataclass(slots=True)
class Sheet:
    """One kind's verdicts while they are being made."""

    rule: Rule
    linking: Linking = field(default_factory=Linking)
    past: Past = field(default_factory=Past)
    verdicts: list[Verdict] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    """Halo id -> the first AutoElevate record that links to it."""
    crowded: set[str] = field(default_factory=set)
    """Halo ids with more than one claimant."""
    held: set[str] = field(default_factory=set)
    """Records kept by a standing pair: a newcomer may contest what they hold, never take it."""
    misses: list[tuple[int, AeRecord, Room]] = field(default_factory=list)
    """Position, record and room of each record without an identical counterpart."""

    @property
    def pairs(self) -> Mapping[str, str]:
        return self.past.pairs.get(self.rule.kind, {})

    @property
    def was_open(self) -> Collection[str]:
        return self.past.was_open.get(self.rule.kind, ())

    def add(self, record: AeRecord, outcome: Outcome, *, why: str) -> None:
        """Write the verdict on a record that no Halo record is compared with."""
        self.verdicts.append(Verdict(self.rule.kind, record.id, outcome, self.rule.code, why=why))
