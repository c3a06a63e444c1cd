"""Halo's four lists: readable, not empty, and the asset fields that should hold computer names."""

import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

import msgspec

from sync.core.records import Collection, HaloRecord
from sync.doctor.case import Case
from sync.doctor.checks import Check, Facts, Part, Status, stopped
from sync.doctor.sizes import Sizes
from sync.errors import Exit
from sync.sources.causes import Trouble
from sync.sources.halo import ALL_STATES, PLACES
from sync.sources.halo_api import HaloApi
from sync.sources.halo_assets import asset_reader, asset_types
from sync.sources.halo_rows import envelope
from sync.sources.pages import Page, read_page
from sync.sources.rows import RowFault, RowReader
from sync.sources.settings import HaloSettings

AGENT_FLAGS = tuple(
    (name, "true") for name in ("includeenabled", "includedisabled", "includeapiagents")
)
SAMPLE = 50
"""Assets looked at; also the largest page that every tenant gives."""
ODD = 0.9
"""From this share of numbers on, a field holds asset tags, not names."""
_NUMBER = re.compile(r"\s*\d[\d\s.-]*")
_GUID = re.compile(r"\s*\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?\s*", re.IGNORECASE)


class Row(msgspec.Struct):
    id: int
    inactive: bool | None = None


class Person(msgspec.Struct):
    """An agent in Halo's list."""

    id: int
    name: str | None = None
    email: str | None = None
    isapiagent: bool | None = None


def list_checks(
    case: Case, api: HaloApi, sizes: Sizes
) -> Generator[Check, None, tuple[Person, ...]]:
    """Yield one line per list; give the agents, among whom AutoElevate's will be looked for."""
    for collection in (Collection.HALO_CLIENTS, Collection.HALO_SITES):
        yield from _probed(api, collection, _internal(case.halo), sizes)
    yield from _assets(case, api, sizes)
    return (yield from _agents(api, sizes))


def _internal(settings: HaloSettings) -> tuple[tuple[str, str], ...]:
    return (("exclude_internal", "true"),) if settings.exclude_internal else ()


def _probed(
    api: HaloApi, collection: Collection, asked: Sequence[tuple[str, str]], sizes: Sizes
) -> Iterator[Check]:
    try:
        page = _page(api, collection, (*ALL_STATES, *asked), 1)
    except Trouble as trouble:
        yield stopped(Part.LISTS, "list", trouble, of=collection.value)
        return
    yield _counted(collection, page.total or 0, sizes)
    yield from _without_inactive(collection, page)


def _page(
    api: HaloApi, collection: Collection, asked: Sequence[tuple[str, str]], size: int
) -> Page:
    path, key, scope = PLACES[collection]
    paging = (("pageinate", "true"), ("page_size", str(size)), ("page_no", "1"), ("order", "id"))
    reply = api.list(path, (*asked, *paging), scope)
    return read_page(reply.body, envelope(key))


def _counted(collection: Collection, count: int, sizes: Sizes) -> Check:
    """An empty list is never good news, and the brake holds it also the first time."""
    sizes.now[collection] = count
    facts: Facts = (("n", count),)
    if count:
        return Check(Part.LISTS, "list", Status.OK, of=collection.value, facts=facts)
    return Check(
        Part.LISTS, "list", Status.FAILED, of=collection.value, why="empty", facts=facts,
        tonight=Exit.BRAKE,
    )  # fmt: skip


def _without_inactive(collection: Collection, page: Page) -> Iterator[Check]:
    """A login at "View (Names Only)" may not be told which records are inactive."""
    reader: RowReader[Row] = RowReader(Row)
    try:
        silent = [row for row in map(reader.typed, page.rows) if row.inactive is None]
    except RowFault:
        return
    if silent:
        yield Check(Part.LISTS, "inactive-unknown", Status.WARNING, of=collection.value)


def _assets(case: Case, api: HaloApi, sizes: Sizes) -> Iterator[Check]:
    settings = case.halo
    try:
        types = api.asset_types()
        wanted = asset_types(settings.asset_types, lambda: types)
    except Trouble as trouble:
        yield stopped(Part.LISTS, "asset-types", trouble)
        wanted, types = frozenset(), {}
    else:
        yield _types(settings, types)
    chosen = (("assettypes", ",".join(map(str, sorted(wanted)))),) if settings.asset_types else ()
    try:
        page = _page(api, Collection.HALO_ASSETS, (*ALL_STATES, ("noicon", "true"), *chosen), 1)
        yield _counted(Collection.HALO_ASSETS, page.total or 0, sizes)
        sample = list(_sample(settings, api, wanted))
    except Trouble as trouble:
        yield stopped(Part.LISTS, "list", trouble, of=Collection.HALO_ASSETS.value)
        return
    if sample:
        yield from (_name_field(field, sample) for field in settings.asset_name_fields)


def _types(settings: HaloSettings, types: dict[int, str]) -> Check:
    facts = (("types", ", ".join(sorted(types.values()))), ("n", len(settings.asset_types)))
    if not settings.asset_types and len(types) > 1:
        return Check(Part.LISTS, "asset-types", Status.WARNING, why="all", facts=facts)
    return Check(Part.LISTS, "asset-types", Status.OK, facts=facts)


def _sample(settings: HaloSettings, api: HaloApi, types: frozenset[int]) -> Iterator[HaloRecord]:
    """A page of assets, read as tonight's run will read them."""
    asked: tuple[tuple[str, str], ...] = (*ALL_STATES, ("noicon", "true"))
    if any(name.startswith("field:") for name in settings.asset_name_fields):
        # NOTE: Halo sends an asset's own fields only when asked for one type at a time.
        known = sorted(types or api.asset_types())
        parts = [(*asked, ("assettype_id", str(i)), ("includeassetfields", "true")) for i in known]
    elif types and settings.asset_types:
        parts = [(*asked, ("assettypes", ",".join(map(str, sorted(types)))))]
    else:
        parts = [asked]
    reader = asset_reader(settings.asset_name_fields, frozenset())
    for part in parts[:5]:
        for row in _page(api, Collection.HALO_ASSETS, part, SAMPLE).rows:
            try:
                record = reader.read(row)[1]
            except RowFault:
                continue
            if isinstance(record, HaloRecord):
                yield record


def _name_field(field: str, sample: Sequence[HaloRecord]) -> Check:
    """Whether this field holds names, or numbers and GUIDs that no computer is called."""
    values = [value for record in sample for name, value in record.names if name == field]
    odd = Counter(bool(_NUMBER.fullmatch(v) or _GUID.fullmatch(v)) for v in values)[True]
    example = next((v for v in values if _NUMBER.fullmatch(v) or _GUID.fullmatch(v)), "")
    facts = (("sampled", len(sample)), ("filled", len(values)), ("odd", odd), ("example", example))
    why = "empty" if not values else "numbers" if odd >= len(values) * ODD else ""
    status = Status.WARNING if why else Status.OK
    why = why or ("partly" if odd else "")
    return Check(Part.LISTS, "name-field", status, of=field, why=why, facts=facts)


def _agents(api: HaloApi, sizes: Sizes) -> Generator[Check, None, tuple[Person, ...]]:
    collection = Collection.HALO_AGENTS
    try:
        people = _read_agents(api)
    except Trouble as trouble:
        yield stopped(Part.LISTS, "list", trouble, of=collection.value)
        return ()
    seen = sum(not person.isapiagent for person in people)
    check = _counted(collection, seen, sizes)
    if len(people) <= 1:
        # NOTE: an agent without default team sees nobody but itself.
        status = Status.WARNING if seen else Status.FAILED
        code = Exit.OK if seen else Exit.BRAKE
        check = replace(check, status=status, why="alone", tonight=code)
    yield check
    return people


def _read_agents(api: HaloApi) -> tuple[Person, ...]:
    path, key, scope = PLACES[Collection.HALO_AGENTS]
    page = read_page(api.list(path, AGENT_FLAGS, scope).body, envelope(key, bare=True))
    reader: RowReader[Person] = RowReader(Person)
    people = []
    for row in page.rows:
        try:
            people.append(reader.typed(row))
        except RowFault:
            continue
    return tuple(people)
