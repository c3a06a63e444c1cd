"""What a row of each AutoElevate list looks like, and the record it becomes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from sync.core.records import AeRecord, Collection, Kind
from sync.sources.pages import Envelope
from sync.sources.rows import RowFault, RowReader, name_of

Uuid = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
"""Compared without case."""
Millis = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
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


Moment = Callable[[str, int | None], datetime | None]
"""(field, epoch milliseconds) -> the moment; refuses one that cannot be."""


def reader_for(collection: Collection, now: Callable[[], datetime]) -> RowReader[Any]:
    """`now` is the server's time: a moment far ahead of it is a slip of seconds for millis."""

    def moment(field: str, millis: int | None) -> datetime | None:
        return None if millis is None else moment_of(field, millis, now())

    match collection:
        case Collection.AE_COMPANIES:
            return RowReader(Company, lambda row: _company(row, moment))
        case Collection.AE_LOCATIONS:
            return RowReader(Location, lambda row: _location(row, moment))
    return RowReader(Computer, lambda row: _computer(row, moment))


def _company(row: Company, moment: Moment) -> AeRecord:
    return AeRecord(
        Kind.COMPANY,
        row.id.lower(),
        name_of(row.name),
        management_id=name_of(row.managementSystemCompanyId),
        created=moment("createdAt", row.createdAt),
    )


def _location(row: Location, moment: Moment) -> AeRecord:
    return AeRecord(
        Kind.LOCATION,
        row.id.lower(),
        name_of(row.name),
        company=row.companyId.lower(),
        created=moment("createdAt", row.createdAt),
    )


def _computer(row: Computer, moment: Moment) -> AeRecord:
    return AeRecord(
        Kind.COMPUTER,
        row.id.lower(),
        name_of(row.machineName),
        row.companyId.lower(),
        row.locationId.lower() if row.locationId else None,
        created=moment("createdAt", row.createdAt),
        last_seen=moment("lastCheckedInAt", row.lastCheckedInAt),
        mode=name_of(row.elevationMode),
    )


def moment_of(field: str, millis: int, now: datetime) -> datetime:
    try:
        moment = datetime.fromtimestamp(millis / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise RowFault(f"{field}: implausible time") from None
    if not EARLIEST <= moment <= now + YEAR:
        raise RowFault(f"{field}: implausible time")
    return moment


def envelope(reader: RowReader[Any]) -> Envelope:
    return Envelope("items", "totalCount", keys=tuple(reader.keys), row=reader.struct)
