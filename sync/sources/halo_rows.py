"""What a row of each Halo list looks like, and the record it becomes."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from sync.core.records import Collection, HaloRecord, Kind
from sync.errors import ConfigError
from sync.sources.causes import Cause, Trouble
from sync.sources.pages import Envelope
from sync.sources.rows import Id, RowFault, RowReader, each, name_of
from sync.sources.settings import HaloSettings

UNASSIGNED = "unassigned"
"""Halo's system agent for tickets nobody has; no person."""
PLAIN_NAME_FIELDS = ("key_field", "inventory_number", "key_field2", "key_field3")


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


class Field(msgspec.Struct, gc=False):
    """One value of an asset's `fields` or `customfields`."""

    name: str | None = None
    value: Any = None


class Asset(msgspec.Struct, gc=False):
    id: Id
    client_id: Id | None
    site_id: Id | None = None
    inactive: bool | None = None
    is_template: bool | None = None
    assettype_id: Id | None = None
    assettype_name: str | None = None


class AssetWithFields(Asset, gc=False):
    fields: list[Field] | None = None
    customfields: list[Field] | None = None


class Agent(msgspec.Struct, gc=False):
    id: Id
    name: str | None
    email: str | None = None
    isdisabled: bool | None = None
    isapiagent: bool | None = None


class AssetType(msgspec.Struct, gc=False):
    id: Id
    name: str | None = None


def client_record(row: Client) -> HaloRecord:
    return HaloRecord(Kind.COMPANY, str(row.id), name_of(row.name), active=active(row.inactive))


def site_reader(*, stock: bool) -> RowReader[Site]:
    id_of = cache(_text)

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


def asset_reader(name_fields: Sequence[str], types: frozenset[int]) -> RowReader[Any]:
    """Read assets: of `types` only (empty = every one), with the names that `name_fields` hold."""
    own = any(map(_own_field, name_fields))
    listed = types | {None} if types else None
    texts = _own_texts(name_fields) if own else _plain_texts(name_fields)
    # Worked out once, and kept once: a list repeats a few clients, sites and types by the thousand.
    id_of, type_of = cache(_text), cache(name_of)

    def record(row: Asset) -> HaloRecord | None:
        if row.is_template or (listed and row.assettype_id not in listed):
            return None
        found = zip(name_fields, texts(row), strict=True)
        names = tuple([(f, name_of(t)) for f, t in found if t and not t.isspace()])
        if not names and not own and all(getattr(row, f) is msgspec.UNSET for f in name_fields):
            raise RowFault(f"{name_fields[0]}: missing")
        # By place, which is faster than by name: a large tenant has a million of these.
        return HaloRecord(
            Kind.COMPUTER,
            str(row.id),
            names[0][1] if names else "",
            id_of(row.client_id),
            id_of(row.site_id),
            "",
            active(row.inactive),
            names,
            type_of(row.assettype_name),
        )

    return RowReader(_asset(tuple(name_fields)), each(record))


@cache
def _asset(name_fields: tuple[str, ...]) -> type[msgspec.Struct]:
    """Make what an asset is read as: with the fields that may hold its name, and no others."""
    text, unset = str | msgspec.UnsetType | None, msgspec.UNSET
    fields = [(name, text, unset) for name in PLAIN_NAME_FIELDS if name in name_fields]
    base = AssetWithFields if any(map(_own_field, name_fields)) else Asset
    return msgspec.defstruct("Asset", fields, bases=(base,), gc=False)


Texts = Callable[[Any], Sequence[str | msgspec.UnsetType | None]]
"""Gives what an asset holds in the configured name fields, one by one."""


def _plain_texts(name_fields: Sequence[str]) -> Texts:
    texts: Callable[[Any], Any] = attrgetter(*name_fields)
    return texts if len(name_fields) > 1 else lambda row: [texts(row)]


def _own_texts(name_fields: Sequence[str]) -> Texts:
    """Read fields of the asset's own (`field:<name>`) too, whatever their letters' case."""
    readers = [_own_text(f) if _own_field(f) else attrgetter(f) for f in name_fields]
    return lambda row: [text(row) for text in readers]


def _own_text(name_field: str) -> Callable[[AssetWithFields], str]:
    wanted = name_field.removeprefix("field:").strip().casefold()

    def text(row: AssetWithFields) -> str:
        for entry in (*(row.fields or ()), *(row.customfields or ())):
            same = (entry.name or "").strip().casefold() == wanted
            if same and isinstance(entry.value, str | int) and not isinstance(entry.value, bool):
                return str(entry.value)
        return ""

    return text


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


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


def check_name_fields(name_fields: Sequence[str]) -> None:
    wrong = [n for n in name_fields if n not in PLAIN_NAME_FIELDS and not _own_field(n)]
    if wrong or not name_fields:
        raise ConfigError(
            f"halo.asset_name_fields names {', '.join(map(repr, wrong)) or 'nothing'}",
            hint=f"known are {', '.join(PLAIN_NAME_FIELDS)} and field:<name of an asset field>",
        )


def _own_field(name_field: str) -> bool:
    prefix, _, name = name_field.partition(":")
    return prefix == "field" and bool(name.strip())


def asset_types(wanted: Sequence[str | int], known: Callable[[], dict[int, str]]) -> frozenset[int]:
    """Turn names and ids into ids; empty = all of them. Names are compared without case."""
    numbers = {int(w) for w in wanted if str(w).strip().isdigit()}
    if wanted and len(numbers) == len(set(wanted)):
        return frozenset(numbers)
    types = known()
    by_name = {name.strip().casefold(): i for i, name in types.items()}
    if not wanted:
        return frozenset(types)
    names = [str(w) for w in wanted if not str(w).strip().isdigit()]
    unknown = [name for name in names if name.strip().casefold() not in by_name]
    if unknown:
        there = ", ".join(sorted(types.values())[:12]) or "none"
        raise Trouble(
            Cause.ASSET_TYPE_UNKNOWN,
            f"halo.asset_types: no type {', '.join(unknown)}; Halo has: {there}",
        )
    return frozenset(numbers | {by_name[name.strip().casefold()] for name in names})


def envelope(rows: str, reader: RowReader[Any] | None = None, *, bare: bool = False) -> Envelope:
    """Halo's envelopes (contract 2.2): the expected key, `results`, or the only list of objects."""
    keys = [k for k in reader.keys if k not in {"fields", "customfields"}] if reader else ()
    row = reader.struct if reader else None
    return Envelope(
        rows, "record_count", ("results",), only_list=True, bare=bare, keys=tuple(keys), row=row
    )
