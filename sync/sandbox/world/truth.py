"""What AutoElevate would link by itself, decided from the world and not from anybody's pull.

The truth is the world as perfect pulls of both systems would show it: a computer that has been
silent for more than 30 days is not listed, so it has no row and claims nothing.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from typing import NamedTuple

from sync.sandbox.world.estate import Estate
from sync.sandbox.world.records import COMPUTER_TYPES, DAY_MS, Computer

WINDOW_MS = 30 * DAY_MS

Key = tuple[int | None, str]
"""(the client everything is judged in, or None; the text that has to be the same)."""


class TruthRow(NamedTuple):
    kind: str
    ae_id: str
    halo_id: str
    """Empty = it has no counterpart in Halo."""
    linkable: bool


def spelled(name: str | None, linking: str = "exact") -> str:
    """The text that AutoElevate compares; empty when there is nothing to compare."""
    if name is None or not name.strip():
        return ""
    match linking:
        case "casefold":
            return name.casefold()
        case "trimmed":
            return name.strip()
    return name


def listed(computer: Computer, now_ms: int, *, nulls: bool = False) -> bool:
    """Whether `/computers` shows this machine: it checked in during the last 30 days."""
    if computer.awake:
        return True
    if computer.seen is None:
        return nulls
    return computer.seen >= now_ms - WINDOW_MS


def truth_rows(estate: Estate, linking: str = "exact") -> list[TruthRow]:
    """One row per AutoElevate record, companies first."""
    with estate.lock:
        clients: dict[Key, int] = _unique(
            (c.id, (None, spelled(c.name, linking)))
            for c in estate.clients.values()
            if not c.inactive
        )
        companies: dict[str, Key] = {
            c.id: (None, spelled(c.name, linking)) for c in estate.companies.values()
        }
        linked = _linked(companies, clients)
        return [
            *_rows(estate, "company", companies, linked),
            *_locations(estate, linked, linking),
            *_computers(estate, linked, linking),
            *_users(estate),
        ]


def to_csv(rows: Iterable[TruthRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TruthRow._fields)
    for row in rows:
        writer.writerow((*row[:3], "true" if row.linkable else "false"))
    return out.getvalue()


def _locations(estate: Estate, clients: dict[str, int], linking: str) -> list[TruthRow]:
    sites = _unique(
        (s.id, (s.client, spelled(s.name, linking)))
        for s in estate.sites.values()
        if not s.inactive
    )
    keys: dict[str, Key] = {
        p.id: (clients.get(p.company), spelled(p.name, linking)) for p in estate.locations.values()
    }
    return _rows(estate, "location", keys, _linked(keys, sites))


def _computers(estate: Estate, clients: dict[str, int], linking: str) -> list[TruthRow]:
    assets = _unique(
        (a.id, (a.client, spelled(name, linking)))
        for a in estate.assets.values()
        if not a.inactive and a.type in COMPUTER_TYPES
        for name in {a.key_field, a.inventory_number}
    )
    now = estate.now_ms
    keys: dict[str, Key] = {
        c.id: (clients.get(c.company), spelled(c.name, linking))
        for c in estate.computers.values()
        if listed(c, now)
    }
    return _rows(estate, "computer", keys, _linked(keys, assets))


def _users(estate: Estate) -> list[TruthRow]:
    agents = _unique(
        (a.id, (None, a.email.strip().casefold())) for a in estate.agents.values() if not a.disabled
    )
    keys: dict[str, Key] = {t.id: (None, t.key) for t in estate.technicians.values()}
    linked = _linked(keys, agents)
    return [
        TruthRow("user", t.key, _counterpart(estate, "user", t.id), t.id in linked)
        for t in estate.technicians.values()
    ]


def _rows(
    estate: Estate, kind: str, keys: dict[str, Key], linked: dict[str, int]
) -> list[TruthRow]:
    return [
        TruthRow(kind, ae_id, _counterpart(estate, kind, ae_id), ae_id in linked) for ae_id in keys
    ]


def _counterpart(estate: Estate, kind: str, ae_id: str) -> str:
    """The Halo record that is the same thing, as long as it exists."""
    tables: dict[str, Container[int | None]] = {
        "company": estate.clients,
        "location": estate.sites,
        "computer": estate.assets,
        "user": estate.agents,
    }
    halo_id = estate.belongs.get(ae_id)
    return str(halo_id) if halo_id in tables[kind] else ""


def _unique(bearers: Iterable[tuple[int, Key]]) -> dict[Key, int]:
    """Names that exactly one Halo record bears."""
    found: dict[Key, set[int]] = defaultdict(set)
    for halo_id, key in bearers:
        found[key].add(halo_id)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def _linked(claims: dict[str, Key], targets: dict[Key, int]) -> dict[str, int]:
    """AutoElevate ids that alone claim a name borne by exactly one Halo record.

    What is not inside a linked client has no client in its key, and no target has such a key.
    """
    claimants = Counter(claims.values())
    return {
        ae_id: targets[key]
        for ae_id, key in claims.items()
        if key[1] and claimants[key] == 1 and key in targets
    }
