"""What the two sides hold beside the findings: who covers whom, what is misplaced."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sync.core.records import Collection, Kind


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why one collection, or one parent's share of it, is not believed tonight."""

    collection: Collection
    code: str
    """`emptied`, `shrunk`, `shrunk-many`, `below-week`, `parent-emptied`, `not-visible`, ..."""
    before: int = 0
    now: int = 0
    names: tuple[str, ...] = ()
    """The first of what is missing, by name, at most 20."""
    missing: int = 0
    parent: str | None = None
    """Id of the one parent that lost everything; the rest of the collection is judged."""
    parent_name: str = ""
    setting: str = ""
    """The configuration key that sets this limit."""
    stops: bool = True
    """False = a note in the report; the collection is judged all the same."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One linked pair of company and client, computers against assets."""

    company_id: str
    company: str
    client_id: str
    client: str
    computers: int
    assets: int
    linked: int
    """Computers that have their asset: linked, renamed since, or ready to be linked."""
    silent: tuple[str, ...] = ()
    """Names of active assets that no computer of AutoElevate's list meets."""
    unknown: tuple[str, ...] = ()
    """Names of computers that meet no asset."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something on one side only, or probably in the wrong place: worth a look, never open."""

    code: str
    """`client-without-company`, `wrong-client`, `wrong-company`, `duplicate-company`."""
    kind: Kind
    id: str
    """Its AutoElevate id; a client's Halo id."""
    name: str
    where: str = ""
    """Wrong company: the company that AutoElevate has it under. Wrong client: whose name it has."""
    elsewhere: tuple[str, ...] = ()
    """Wrong company, wrong client: who has the assets. Duplicate: the other companies' names."""
    ids: tuple[str, ...] = ()
    """The ids of what `elsewhere` names."""
    computers: int = 0
    """Computers (of a client: active assets) concerned."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One published night in the trend."""

    run_id: int
    day: date
    open: int
    linked: int
    records: int
    withheld: bool = False


class FlagRow(NamedTuple):
    """One row of a portal grid, as its user brought it."""

    name: str
    linked: bool
    company: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class FlagFile:
    """One grid's "Linked to Ticketing System" column; never needed, never guessed."""

    kind: Kind
    name: str
    """The file's name, without its folder."""
    as_of: datetime | None = None
    """When it was written."""
    rows: tuple[FlagRow, ...] = ()
    unread: int = 0
    """Rows that say neither True nor False, or name nobody."""
    cause: str = ""
    """Why it is not believed, and so has no rows: a code of `sync.words.CAUSES`."""
    detail: str = ""


class Flag(NamedTuple):
    """What AutoElevate showed of one record when the file was written."""

    linked: bool
    as_of: datetime | None = None
