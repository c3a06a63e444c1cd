"""What a plain nightly script would claim: one pass, believe it, compare with yesterday.

It is shown the very answers that halosync's first pass got, and claims "gone" for whatever
yesterday's lists held and tonight's do not, "no longer linked" for a pair of equal names of which
one side is not in the lists any more.
"""

import json

from sync.sandbox.wire import Ask
from sync.sandbox.world.estate import Estate
from tests.reliability.drift.shifts import exists

ROWS = {
    "halo.clients": "clients",
    "halo.sites": "sites",
    "halo.assets": "assets",
    "ae.companies": "items",
    "ae.locations": "items",
    "ae.computers": "items",
}
PAIRS = (("companies", "clients"), ("computers", "assets"))


class Naive:
    def __init__(self) -> None:
        self.claims = 0
        """False ones, of either kind."""
        self._lists: dict[str, dict[str, str]] = {}
        self._before: dict[str, dict[str, str]] = {}
        self._linked: set[tuple[str, str, str, str]] = set()

    def watch(self, ask: Ask, body: bytes) -> None:
        """Read a list's page the first time it is served."""
        if ask.endpoint not in ROWS or ask.attempt > 1:
            return
        rows = json.loads(body)[ROWS[ask.endpoint]]
        table = ask.endpoint.partition(".")[2]
        names = {str(r["id"]): r.get("name") or r.get("machineName") or _host(r) for r in rows}
        self._lists.setdefault(table, {}).update(names)

    def dawn(self, world: Estate) -> None:
        """Draw conclusions, and count those that the world contradicts."""
        lists = self._lists
        for table, before in self._before.items():
            gone = before.keys() - lists.get(table, {}).keys()
            self.claims += sum(exists(world, table, i) for i in gone)
        for ours, mine, theirs, other in self._linked:
            listed = mine in lists.get(ours, {}) and other in lists.get(theirs, {})
            there = exists(world, ours, mine) and exists(world, theirs, other)
            self.claims += there and not listed
        self._linked = {
            (ours, mine, theirs, other)
            for ours, theirs in PAIRS
            for mine, other in _same(lists.get(ours, {}), lists.get(theirs, {}))
        }
        self._before, self._lists = lists, {}


def _host(row: dict[str, object]) -> str:
    return str(row.get("key_field") or "")


def _same(ours: dict[str, str], theirs: dict[str, str]) -> list[tuple[str, str]]:
    by_name = {name: i for i, name in theirs.items() if name}
    return [(i, by_name[name]) for i, name in ours.items() if name in by_name]
