"""What a row of each AutoElevate list looks like, and the record it becomes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from sys import intern
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


class Moments:
    """Reads epoch milliseconds as moments. `now` gives the server's time.

    It is asked once, when the first row has come: a year ahead is no matter of minutes.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @cached_property
    def _latest(self) -> datetime:
        return self._now() + YEAR

    def of(self, field: str, millis: int | None) -> datetime | None:
        """Give the moment that `field` holds, if any; refuse one that cannot be."""
        return None if millis is None else moment_of(field, millis, self._latest)


def reader_for(collection: Collection, now: Callable[[], datetime]) -> RowReader[Any]:
    """Read the rows of a list; `now` is the server's time."""
    moments = Moments(now)
    match collection:
        case Collection.AE_COMPANIES:
            return RowReader(Company, lambda row: _company(row, moments))
        case Collection.AE_LOCATIONS:
            return RowReader(Location, lambda row: _location(row, moments))
    return RowReader(Computer, lambda row: _computer(row, moments))


def _company(row: Company, moments: Moments) -> AeRecord:
    return AeRecord(
        Kind.COMPANY,
        row.id.lower(),
        name_of(row.name),
        management_id=name_of(row.managementSystemCompanyId),
        created=moments.of("createdAt", row.createdAt),
    )


def _location(row: Location, moments: Moments) -> AeRecord:
    return AeRecord(
        Kind.LOCATION,
        row.id.lower(),
        name_of(row.name),
        company=intern(row.companyId.lower()),
        created=moments.of("createdAt", row.createdAt),
    )


def _computer(row: Computer, moments: Moments) -> AeRecord:
    # By place, which is faster than by name: a large tenant has a million of these.
    return AeRecord(
        Kind.COMPUTER,
        row.id.lower(),
        name_of(row.machineName),
        intern(row.companyId.lower()),
        intern(row.locationId.lower()) if row.locationId else None,
        "",
        "",
        moments.of("createdAt", row.createdAt),
        intern(name_of(row.elevationMode)),
        moments.of("lastCheckedInAt", row.lastCheckedInAt),
    )


def moment_of(field: str, millis: int, latest: datetime) -> datetime:
    """Give the moment; one after `latest` is a slip of seconds for milliseconds."""
    try:
        moment = datetime.fromtimestamp(millis / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise RowFault(f"{field}: implausible time") from None
    if not EARLIEST <= moment <= latest:
        raise RowFault(f"{field}: implausible time")
    return moment


def envelope(reader: RowReader[Any]) -> Envelope:
    return Envelope("items", "totalCount", keys=tuple(reader.keys), row=reader.struct)
