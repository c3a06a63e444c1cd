"""What a row of each Halo list looks like, and the record it becomes."""

from functools import cache
from typing import Any

import msgspec

from sync.core.records import Collection, HaloRecord, Kind
from sync.sources.halo_assets import asset_reader
from sync.sources.pages import Envelope
from sync.sources.rows import Id, RowReader, each, name_of, text_of
from sync.sources.settings import HaloSettings

UNASSIGNED = "unassigned"
"""Halo's system agent for tickets nobody has; no person."""


class Client(msgspec.Struct, gc=False):
    id: Id
    name: str | None
    inactive: bool | None = None


class Site(msgspec.Struct, gc=False):
    id: Id
    name: str | None
    client_id: Id
    inactive: bool | None = None
    isstocklocation: bool | None = None


class Agent(msgspec.Struct, gc=False):
    id: Id
    name: str | None
    email: str | None = None
    isdisabled: bool | None = None
    isapiagent: bool | None = None


def client_record(row: Client) -> HaloRecord:
    return HaloRecord(Kind.COMPANY, str(row.id), name_of(row.name), active=active(row.inactive))


def site_reader(*, stock: bool) -> RowReader[Site]:
    id_of = cache(text_of)

    def record(row: Site) -> HaloRecord | None:
        if row.isstocklocation and not stock:
            return None
        return HaloRecord(
            Kind.LOCATION,
            str(row.id),
            name_of(row.name),
            client=id_of(row.client_id),
            active=active(row.inactive),
        )

    return RowReader(Site, each(record))


def agent_record(row: Agent) -> HaloRecord | None:
    if row.isapiagent or (row.name or "").strip().casefold() == UNASSIGNED:
        return None
    return HaloRecord(
        Kind.USER,
        str(row.id),
        name_of(row.name),
        email=name_of(row.email),
        active=active(row.isdisabled),
    )


def active(inactive: bool | None) -> bool | None:
    """None = the answer did not say: unknown, never a reason to reject."""
    return None if inactive is None else not inactive


def reader_for(
    collection: Collection, settings: HaloSettings, types: frozenset[int]
) -> RowReader[Any]:
    match collection:
        case Collection.HALO_CLIENTS:
            return RowReader(Client, each(client_record))
        case Collection.HALO_SITES:
            return site_reader(stock=settings.include_stock_sites)
        case Collection.HALO_ASSETS:
            return asset_reader(settings.asset_name_fields, types)
    return RowReader(Agent, each(agent_record))


def envelope(rows: str, reader: RowReader[Any] | None = None, *, bare: bool = False) -> Envelope:
    """Halo's envelopes (contract 2.2): the expected key, `results`, or the only list of objects."""
    keys = [k for k in reader.keys if k not in {"fields", "customfields"}] if reader else ()
    row = reader.struct if reader else None
    return Envelope(
        rows, "record_count", ("results",), only_list=True, bare=bare, keys=tuple(keys), row=row
    )
