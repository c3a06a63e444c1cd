"""A recording without names: only the fields halosync reads, and every name in them disguised.

What is not known by its field name is left out, so that a field that Halo adds tomorrow cannot
carry a name out of the house.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sync.core.suggest.vocabulary import word_set
from sync.sources.causes import Trouble
from sync.sources.replay import ABOUT
from sync.sources.settings import PeopleSettings
from sync.sources.tabular import Column, Format, read_table

Rename = Callable[[str], str]

VERBATIM = word_set(
    """
    id record_count page_no page_size client_id site_id assettype_id inactive isdisabled isapiagent
    is_agent isstocklocation is_template keyfield_id app_version agent_count scope token_type
    access_token expires_in error type companyId locationId computerId totalCount createdAt
    updatedAt lastCheckedInAt elevationMode approvalState partnerId totalActiveAgents statusCode
    retryAfterInSeconds
    """
)
"""Ids, counts, times and states; no field of these holds a name."""
NAMES = word_set(
    """
    name email machineName key_field key_field2 key_field3 inventory_number assettype_name
    client_name site_name clientsite_name companyName managementSystemCompanyId partnerName
    tenant_id app_name dbid value display keyfield_name
    """
)
DROPPED = frozenset({"columns", "custombuttons", "teams", "departments", "claims", "roles"})
PATH_WORDS = word_set(
    "api auth token v1 authinfo instanceinfo client site asset agent me assettype companies "
    "locations computers usage elevation-requests"
)
HEADERS = frozenset({"date", "retry-after", "deprecation", "sunset"})
NOT_KEPT = "not kept"
_ID = re.compile(r"[0-9]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def members(folder: Path, people: PeopleSettings, rename: Rename) -> Iterator[tuple[str, bytes]]:
    """Yield the disguised recording file by file, as (path inside the recording, content).

    Called twice: once with a `rename` that only learns, once with the disguise.
    """
    yield ABOUT, (folder / ABOUT).read_bytes()
    for path in sorted(folder.glob("*/*.json")):
        entry = json.loads(path.read_bytes())
        if path.parent.name == "people":
            continue
        yield f"{path.parent.name}/{path.name}", _dumped(_entry(entry, rename))
    yield from _file(folder / "people", people, rename)


def _entry(entry: dict[str, Any], rename: Rename) -> dict[str, Any]:
    kept: dict[str, Any] = {n: entry[n] for n in ("method", "now", "status", "at") if n in entry}
    kept["target"] = target(entry["target"], rename)
    if "trouble" in entry:
        return {**kept, "trouble": entry["trouble"], "detail": ""}
    kept["headers"] = {n: v for n, v in entry["headers"].items() if n in HEADERS}
    return {**kept, **_body(entry, rename)}


def _body(entry: dict[str, Any], rename: Rename) -> dict[str, str]:
    """Known fields of JSON; of anything else only what kind of thing it was."""
    if "base64" in entry:
        return {"base64": "/w=="}
    text = entry["body"]
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {"body": f"<{NOT_KEPT}>" if text.lstrip().startswith("<") else NOT_KEPT}
    return {"body": json.dumps(_filtered(answer, rename), ensure_ascii=False)}


def _filtered(node: Any, rename: Rename) -> Any:
    if isinstance(node, list):
        return [_filtered(item, rename) for item in node]
    if not isinstance(node, dict):
        return node if isinstance(node, int | float | bool) or node is None else NOT_KEPT
    kept: dict[str, Any] = {}
    for name, value in node.items():
        if name in NAMES and isinstance(value, str):
            kept[name] = rename(value)
        elif name == "auth_url" and isinstance(value, str):
            kept[name] = address(value, rename)
        elif name in VERBATIM or (name in NAMES and not isinstance(value, list | dict)):
            kept[name] = value
        elif isinstance(value, list | dict) and name not in DROPPED:
            kept[name] = _filtered(value, rename)
    return kept


def target(text: str, rename: Rename) -> str:
    """Path and query; ids and our own parameters stay, a tenant and a folder's name do not."""
    path, mark, query = text.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")] if mark else []
    changed = [f"{n}{e}{_tenant(v, rename) if n == 'tenant' else v}" for n, e, v in pairs]
    return _path(path, rename) + mark + "&".join(changed)


def _tenant(value: str, rename: Rename) -> str:
    return quote(rename(unquote(value)), safe="")


def _path(path: str, rename: Rename) -> str:
    parts = [
        part if not part or part.casefold() in PATH_WORDS or _ID.fullmatch(part) else rename(part)
        for part in path.split("/")
    ]
    return "/".join(parts)


def address(url: str, rename: Rename) -> str:
    """The host goes whole: a recording answers by path alone."""
    path = url.partition("://")[2].partition("/")[2]
    return f"https://halo.example/{_path(path, rename)}".rstrip("/")


def _file(folder: Path, people: PeopleSettings, rename: Rename) -> Iterator[tuple[str, bytes]]:
    """The technicians' file, taken before all others, as a plain CSV of the wanted columns."""
    about = folder / "about.json"
    if people.file is None or not about.exists():
        return
    said = json.loads(about.read_bytes())
    if "trouble" in said:
        yield "people/about.json", _dumped({**said, "detail": ""})
        return
    columns = (
        Column("name", people.name_headers),
        Column("email", people.email_headers),
        Column("role", people.role_headers, required=False),
        Column("linked", people.linked_headers, required=False),
    )
    try:
        with (folder / "file").open("rb") as handle:
            form = Format(people.encoding, people.final_line_break)
            rows = list(read_table(handle, columns, form))
    except Trouble as trouble:
        at = said.get("at", datetime.now(UTC).isoformat())
        replayed = {"trouble": trouble.cause.value, "detail": "", "at": at}
        yield "people/about.json", _dumped(replayed)
        return
    yield "people/about.json", about.read_bytes()
    yield "people/file", _table(rows, columns, rename)


def _table(rows: list[Any], columns: tuple[Column, ...], rename: Rename) -> bytes:
    there = [column for column in columns if column.required or any(column.key in r for r in rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.headers[0] for column in there])
    for row in rows:
        writer.writerow([rename(row.get(column.key, "")) for column in there])
    return out.getvalue().encode()


def _dumped(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=True, indent=1).encode()
