"""A row of Halo's asset list: what it looks like, which fields name it, the record it becomes."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any

import msgspec

from sync.core.records import HaloRecord, Kind
from sync.errors import ConfigError
from sync.sources.causes import Cause, Trouble
from sync.sources.rows import Id, Records, RowFault, RowReader, name_of, names_of, text_of

PLAIN_NAME_FIELDS = ("key_field", "inventory_number", "key_field2", "key_field3")


class AssetType(msgspec.Struct, gc=False):
    id: Id
    name: str | None = None


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


Texts = Callable[[Any], str | msgspec.UnsetType | None]
"""Gives what an asset holds in one of the configured name fields."""
Names = tuple[tuple[str, str], ...]


def asset_reader(name_fields: Sequence[str], types: frozenset[int]) -> RowReader[Any]:
    """Read assets: of `types` only (empty = every one), with the names that `name_fields` hold."""
    listed = types | {None} if types else None
    # Worked out once, and kept once: a list repeats a few clients, sites and types by the thousand.
    id_of, type_of = cache(text_of), cache(name_of)
    names_in = _names_reader(name_fields)

    def records(rows: Sequence[Asset]) -> Records:
        """Build column by column, in half the time of row by row: a tenant may have a million."""
        columns = zip(*map(_COLUMNS, rows), strict=True)
        ids, clients, sites, inactive, templates, type_ids, type_names = columns
        wanted = [
            not template and (listed is None or type_id in listed)
            for template, type_id in zip(templates, type_ids, strict=True)
        ]
        names = names_in(rows, wanted)
        built = map(
            HaloRecord,
            repeat(Kind.COMPUTER),
            map(str, ids),
            [found[0][1] if found else "" for found in names],
            map(id_of, clients),
            map(id_of, sites),
            repeat(""),  # e-mail
            [None if said is None else not said for said in inactive],
            names,
            map(type_of, type_names),
        )
        if all(wanted):
            return [*built]
        return [record if kept else None for record, kept in zip(built, wanted, strict=True)]

    return RowReader(_asset(tuple(name_fields)), records)


_COLUMNS = attrgetter(
    "id", "client_id", "site_id", "inactive", "is_template", "assettype_id", "assettype_name"
)


def _names_reader(
    name_fields: Sequence[str],
) -> Callable[[Sequence[Asset], Iterable[bool]], list[Names]]:
    """Read every name of each row, by the field that holds it.

    Where no configured field stands in a row that is wanted, its name is not known: a fault.
    """
    own = any(map(_own_field, name_fields))
    texts = [_own_text(field) if _own_field(field) else attrgetter(field) for field in name_fields]

    def names(rows: Sequence[Asset], wanted: Iterable[bool]) -> list[Names]:
        columns = [
            [(field, name) if name and not name.isspace() else None for name in names_of(column)]
            for field, column in zip(name_fields, (map(text, rows) for text in texts), strict=True)
        ]
        found = [tuple(filter(None, names)) for names in zip(*columns, strict=True)]
        if not own:
            for row, names, kept in zip(rows, found, wanted, strict=True):
                if kept and not names and all(text(row) is msgspec.UNSET for text in texts):
                    raise RowFault(f"{name_fields[0]}: missing")
        return found

    return names


@cache
def _asset(name_fields: tuple[str, ...]) -> type[msgspec.Struct]:
    """Make what an asset is read as: with the fields that may hold its name, and no others."""
    text, unset = str | msgspec.UnsetType | None, msgspec.UNSET
    fields = [(name, text, unset) for name in PLAIN_NAME_FIELDS if name in name_fields]
    base = AssetWithFields if any(map(_own_field, name_fields)) else Asset
    return msgspec.defstruct("Asset", fields, bases=(base,), gc=False)


def _own_text(name_field: str) -> Texts:
    """Read a field of the asset's own (`field:<name>`), whatever its letters' case."""
    wanted = name_field.removeprefix("field:").strip().casefold()

    def text(row: AssetWithFields) -> str:
        for entry in (*(row.fields or ()), *(row.customfields or ())):
            same = (entry.name or "").strip().casefold() == wanted
            if same and isinstance(entry.value, str | int) and not isinstance(entry.value, bool):
                return str(entry.value)
        return ""

    return text


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
