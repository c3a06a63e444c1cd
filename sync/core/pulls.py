"""What came back tonight: the records of one collection and the manifest that vouches for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from sync.core.records import (
    AE_OF,
    HALO_OF,
    AeRecord,
    Collection,
    HaloRecord,
    Kind,
    Record,
    Side,
)


class State(StrEnum):
    """How far one collection's pull can be believed (reliability specification 1.2)."""

    COMPLETE = "complete"
    COMPLETE_RESOLVED = "complete-resolved"
    PARTIAL = "partial"
    FORBIDDEN = "forbidden"
    SUSPECT = "suspect"
    STALE = "stale"
    UNREACHABLE = "unreachable"
    OFF = "off"

    @property
    def trusted(self) -> bool:
        return self in {State.COMPLETE, State.COMPLETE_RESOLVED}

    @property
    def withheld(self) -> bool:
        return not self.trusted and self is not State.OFF


class Answer(StrEnum):
    """What a system said when asked for one record by its id."""

    PRESENT = "present"
    SILENT = "silent"
    """AutoElevate computers: still known, last check-in more than 30 days ago."""
    GONE = "gone"
    """404 (computers 422): deleted, or hidden from this login; the API cannot tell which."""
    HIDDEN = "hidden"
    """403: exists, but this login or key may not see it."""
    LEFT_OUT = "left-out"
    """Exists, but is no longer what the list holds: another asset type, a template, stock. It
    stands, and that the list lacks it is no contradiction."""
    UNKNOWN = "unknown"
    """Any other answer; proves nothing."""


PAGING = frozenset({"pageinate", "page_size", "order", "take"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """The evidence for one pull: what was asked, declared, received, refused."""

    collection: Collection
    state: State
    cause: str = ""
    """Stable code of the reason when not complete: see `sync.words.CAUSES` for the sentences."""
    detail: str = ""
    """The specifics of the cause in one short English sentence, free of secrets."""
    endpoint: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    login: str = ""
    scope: str = ""
    pages: int = 0
    declared: int | None = None
    """The total the system declared; None where it declares none (files, bare arrays)."""
    received: int = 0
    unique: int = 0
    duplicate: int = 0
    rejected: tuple[tuple[str, int], ...] = ()
    """(reason, rows), sorted; rejected rows are counted here and nowhere else."""
    repulls: int = 0
    started: datetime | None = None
    ended: datetime | None = None
    as_of: datetime | None = None
    """Files: when the file was last written."""
    digest: str = ""
    """SHA-256 over the id-sorted kept fields, hex."""
    left_out: int = 0
    """Rows that are no candidates by rule: API agents, "Unassigned", stock sites, templates."""

    @property
    def asked(self) -> str:
        """What was asked for, whatever the way it was paged: our own filters, in one line."""
        return "&".join(f"{name}={value}" for name, value in self.parameters if name not in PAGING)

    @property
    def rejected_rows(self) -> int:
        return sum(rows for _, rows in self.rejected)


@dataclass(frozen=True, slots=True)
class Pull:
    manifest: Manifest
    records: tuple[Record, ...] = ()


class Raised(NamedTuple):
    """AutoElevate's tickets for one Halo client."""

    client: str
    """Its Halo id."""
    tickets: int
    last: date


@dataclass(frozen=True, slots=True)
class Tickets:
    """The Halo clients for which AutoElevate raised tickets lately: each is linked to somebody.

    Every entry is a fact by itself. That a client is missing proves nothing: nobody may have asked
    for rights there, or the list was not read to its end.
    """

    days: int
    clients: tuple[Raised, ...] = ()
    """Sorted by id."""
    read: int = 0
    """Tickets looked at, whoever raised them."""
    cause: str = ""
    """Why the list was not read, or not to its end: a code of `sync.words.CAUSES`."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """Whom we talked to: shown in the footer, and compared with the database's owner."""

    side: Side
    identity: str = ""
    """Stable id of the tenant: Halo's `dbid`, AutoElevate's `partnerId`. Empty = not readable."""
    name: str = ""
    version: str = ""
    login: str = ""
    scope: str = ""
    active_agents: int | None = None
    """AutoElevate: `/usage.totalActiveAgents`, a cross-check of the computers list."""
    notices: tuple[str, ...] = ()
    """Deprecation and sunset announcements, once each."""
    requests: int = 0
    """HTTP requests this run made to the system."""
    tickets: Tickets | None = None
    """HaloPSA: what its tickets prove; None = nobody asked for that evidence."""


@dataclass(frozen=True)
class Night:
    """Everything one run pulled, from both sides."""

    pulls: Mapping[Collection, Pull]
    systems: Mapping[Side, SystemFacts] = field(default_factory=dict)
    recent_requests: Mapping[str, int] | None = None
    """AutoElevate computer id -> elevation requests of the last 24 h; None = may not be read."""

    @cached_property
    def ours(self) -> Mapping[tuple[Kind, str], AeRecord]:
        """Every AutoElevate record by kind and id."""
        return {(kind, r.id): r for kind, c in AE_OF.items() for r in self.ae(c)}

    @cached_property
    def theirs(self) -> Mapping[tuple[Kind, str], HaloRecord]:
        """Every HaloPSA record by kind and id."""
        return {(kind, r.id): r for kind, c in HALO_OF.items() for r in self.halo(c)}

    def ae(self, collection: Collection) -> tuple[AeRecord, ...]:
        return self._records(collection)  # type: ignore[return-value]

    def halo(self, collection: Collection) -> tuple[HaloRecord, ...]:
        return self._records(collection)  # type: ignore[return-value]

    def _records(self, collection: Collection) -> tuple[Record, ...]:
        pull = self.pulls.get(collection)
        return pull.records if pull else ()
