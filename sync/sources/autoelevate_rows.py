"""What a row of each AutoElevate list looks like, and the record it becomes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import repeat
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from sync.core.records import AeRecord, Collection, Kind
from sync.sources.pages import Envelope
from sync.sources.rows import RowFault, RowReader, name_of, names_of

Uuid = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
"""Compared without case."""
Millis = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
YEAR = timedelta(days=366)


class Company(msgspec.Struct, gc=False):
    id: Uuid
    name: str
    managementSystemCompanyId: str | None = None  # noqa: N815 - AutoElevate's field name
    createdAt: Millis | None = None  # noqa: N815


class Location(msgspec.Struct, gc=False):
    id: Uuid
    name: str
    companyId: Uuid  # noqa: N815
    createdAt: Millis | None = None  # noqa: N815


class Computer(msgspec.Struct, gc=False):
    id: Uuid
    machineName: str | None  # noqa: N815
    companyId: Uuid  # noqa: N815
    locationId: Uuid | None = None  # noqa: N815
    lastCheckedInAt: Millis | None = None  # noqa: N815
    createdAt: Millis | None = None  # noqa: N815
    elevationMode: str | None = None  # noqa: N815


class ElevationRequest(msgspec.Struct, gc=False):
    id: Uuid
    computerId: Uuid  # noqa: N815
    createdAt: Millis  # noqa: N815


class Usage(msgspec.Struct):
    partnerId: str | None = None  # noqa: N815
    partnerName: str | None = None  # noqa: N815
    totalActiveAgents: int | None = None  # noqa: N815


Text = Callable[[Any], Any]
"""Gives a field's text as we keep it."""


class Moments:
    """Reads epoch milliseconds as moments. `now` gives the server's time.

    It is asked once, when the first row has come: a year ahead is no matter of minutes.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @cached_property
    def _latest(self) -> int:
        return millis_of(self._now() + YEAR)

    def of(self, field: str, column: Sequence[int | None]) -> list[datetime | None]:
        """Give the moments that `field` holds; one that cannot be makes its row unusable.

        What is later than a year ahead is a slip of seconds for milliseconds.
        """
        told = [millis for millis in column if millis is not None]
        if told and not EARLIEST <= min(told) <= max(told) <= self._latest:
            raise RowFault(f"{field}: implausible time")
        seconds = [None if millis is None else millis / 1000 for millis in column]
        return msgspec.convert(seconds, list[datetime | None], strict=False)


def millis_of(moment: datetime) -> int:
    """Give an aware moment as AutoElevate writes it: milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


EARLIEST = millis_of(datetime(2000, 1, 1, tzinfo=UTC))


def reader_for(collection: Collection, now: Callable[[], datetime]) -> RowReader[Any]:
    """Read the rows of a list; `now` is the server's time."""
    moments = Moments(now)
    # Worked out once, and kept once: a list repeats a few companies and locations by the thousand.
    id_of, mode_of = cache(_lower), cache(name_of)
    match collection:
        case Collection.AE_COMPANIES:
            return RowReader(Company, lambda rows: _companies(rows, moments))
        case Collection.AE_LOCATIONS:
            return RowReader(Location, lambda rows: _locations(rows, moments, id_of))
    return RowReader(Computer, lambda rows: _computers(rows, moments, id_of, mode_of))


def _lower(uuid: str | None) -> str | None:
    return uuid.lower() if uuid else None


def _companies(rows: Sequence[Company], moments: Moments) -> list[AeRecord]:
    created = moments.of("createdAt", [row.createdAt for row in rows])
    return [
        AeRecord(
            Kind.COMPANY,
            row.id.lower(),
            name_of(row.name),
            created=at,
            management_id=name_of(row.managementSystemCompanyId),
        )
        for row, at in zip(rows, created, strict=True)
    ]


def _locations(rows: Sequence[Location], moments: Moments, id_of: Text) -> list[AeRecord]:
    created = moments.of("createdAt", [row.createdAt for row in rows])
    return [
        AeRecord(
            Kind.LOCATION,
            row.id.lower(),
            name_of(row.name),
            company=id_of(row.companyId),
            created=at,
        )
        for row, at in zip(rows, created, strict=True)
    ]


_COLUMNS = attrgetter(
    "id", "machineName", "companyId", "locationId", "createdAt", "elevationMode", "lastCheckedInAt"
)


def _computers(
    rows: Sequence[Computer], moments: Moments, id_of: Text, mode_of: Text
) -> list[AeRecord]:
    """Build column by column, in half the time of row by row: a tenant may have a million."""
    ids, names, companies, locations, created, modes, seen = zip(*map(_COLUMNS, rows), strict=True)
    columns = (
        repeat(Kind.COMPUTER),
        map(str.lower, ids),
        names_of(names),
        map(id_of, companies),
        map(id_of, locations),
        repeat(""),  # e-mail
        moments.of("createdAt", created),
        repeat(""),  # management id
        map(mode_of, modes),
        moments.of("lastCheckedInAt", seen),
    )
    return [*map(AeRecord, *columns)]


def envelope(reader: RowReader[Any]) -> Envelope:
    return Envelope("items", "totalCount", keys=tuple(reader.keys), row=reader.struct)
