"""Reads AutoElevate's "Linked to Ticketing System" columns from files that somebody copied out.

Never mandatory: a file that cannot be believed says nothing, and the report says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sync.clock import Clock
from sync.core.records import Kind
from sync.core.sides import FlagFile, FlagRow
from sync.sources.causes import Cause, Trouble
from sync.sources.files import Files, Taken
from sync.sources.people import NO, YES
from sync.sources.settings import PeopleSettings
from sync.sources.tabular import Column, Format, Row, read_table


@dataclass(frozen=True, slots=True)
class FlagSettings:
    """Which grid is in which file, and what its headers may be called."""

    files: tuple[tuple[Kind, Path], ...] = ()
    name_headers: tuple[str, ...] = ("Name",)
    company_headers: tuple[str, ...] = ("Company",)
    email_headers: tuple[str, ...] = ("Email",)
    linked_headers: tuple[str, ...] = ("Linked to Ticketing System",)
    max_age_days: int = 35
    form: Format = field(default_factory=Format)


LIMITS = PeopleSettings()
"""The same caution as with the technicians' file: size, and time to settle."""


class FlagReader:
    def __init__(self, settings: FlagSettings, clock: Clock, files: Files) -> None:
        self._settings = settings
        self._clock = clock
        self._files = files

    def read(self) -> tuple[FlagFile, ...]:
        return tuple(self._file(kind, path) for kind, path in self._settings.files)

    def _file(self, kind: Kind, path: Path) -> FlagFile:
        try:
            with self._files.take(
                path, settle_seconds=LIMITS.settle_seconds, max_bytes=LIMITS.max_bytes
            ) as taken:
                table = list(read_table(taken.handle, self._columns(kind), self._settings.form))
        except Trouble as trouble:
            return FlagFile(kind, path.name, cause=trouble.cause.value, detail=str(trouble))
        if self._is_old(taken):
            detail = f"allowed are {self._settings.max_age_days} days"
            return FlagFile(kind, path.name, taken.written, cause=Cause.FILE_OLD, detail=detail)
        rows = tuple(_rows(table))
        return FlagFile(kind, path.name, taken.written, rows, unread=len(table) - len(rows))

    def _is_old(self, taken: Taken) -> bool:
        return taken.at - taken.written > timedelta(days=self._settings.max_age_days)

    def _columns(self, kind: Kind) -> tuple[Column, ...]:
        """A grid's own name column: on the companies' grid that is the company's."""
        settings = self._settings
        of_company = kind is Kind.COMPANY
        companies = {h.casefold() for h in settings.company_headers}
        own = tuple(h for h in settings.name_headers if of_company or h.casefold() not in companies)
        columns = [
            Column("name", own, required=kind is not Kind.USER),
            Column("linked", settings.linked_headers),
            Column("email", settings.email_headers, required=kind is Kind.USER),
        ]
        if not of_company:
            columns.append(Column("company", settings.company_headers, required=False))
        return tuple(columns)


def _rows(table: Iterable[Row]) -> Iterator[FlagRow]:
    for row in table:
        said = row["linked"].strip().casefold()
        name, email = row.get("name", ""), row.get("email", "").strip()
        if said in YES | NO and (name.strip() or email):
            yield FlagRow(name, said in YES, row.get("company", ""), email)
