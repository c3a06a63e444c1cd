"""The rules L1 to L4 once more, written as slowly and plainly as they are told. A reference.

Knows nothing of halosync's own linking: records are looked through one by one, every time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.core.records import Kind
from tests.reliability.story.sight import Seen

Key = tuple[Kind, str]
Table = Mapping[str, Seen]
INSIDE = (Kind.LOCATION, Kind.COMPUTER)
OPEN = {"ready", "unlinked", "ambiguous", "contested", "inactive"}
LINKS = {"linked", "renamed", "ready"}


class Said(NamedTuple):
    """What the rules say of one record."""

    outcome: str
    halo_id: str = ""
    sure: bool = True
    """False = judged inside a client that its company has not been linked to yet."""


class Home(NamedTuple):
    """Where a record has to find its counterpart."""

    client: str = ""
    sure: bool = True


@dataclass
class Known:
    """What earlier nights and people add to the names."""

    pairs: dict[Key, str] = field(default_factory=dict)
    was_open: set[Key] = field(default_factory=set)
    same: Callable[[str], str] = str


def link(ours: Mapping[Kind, Table], theirs: Mapping[Kind, Table], known: Known) -> dict[Key, Said]:
    """Judge every record of the kinds that are given."""
    said: dict[Key, Said] = {}
    homes: dict[str, Home | None] = {}
    for kind in Kind:
        if kind not in ours:
            continue
        place = {
            r.id: homes.get(r.parent) if kind in INSIDE else Home() for r in ours[kind].values()
        }
        judged = _Kind(kind, ours[kind], theirs[kind], place, known).judged()
        said |= {(kind, i): s for i, s in judged.items()}
        if kind is Kind.COMPANY:
            homes = {i: _home(s) for i, s in judged.items()}
    return said


def _home(said: Said) -> Home | None:
    """A company's client; one whose name merely looks the same counts for what is inside."""
    if said.halo_id and said.outcome in LINKS | {"unlinked"}:
        return Home(said.halo_id, sure=said.outcome in {"linked", "renamed"})
    return None


@dataclass
class _Kind:
    kind: Kind
    ours: Table
    theirs: Table
    homes: Mapping[str, Home | None]
    known: Known

    def judged(self) -> dict[str, Said]:
        found = {i: self._alone(r) for i, r in self.ours.items()}
        claims: dict[str, set[str]] = {}
        for i, said in found.items():
            if self._held(self.ours[i]) or said.outcome in {"linked", "ready"}:
                claims.setdefault(said.halo_id, set()).add(i)
        for i, said in found.items():
            rivals = claims.get(said.halo_id, set()) - {i}
            if said.outcome in {"linked", "ready"} and rivals and not self._held(self.ours[i]):
                found[i] = said._replace(outcome="contested")
        if self.kind is not Kind.USER:
            self._look_alikes(found, set(claims))
        return found

    def _alone(self, record: Seen) -> Said:
        """Judge one record as if there were no other."""
        home = self.homes[record.id]
        if home is None:
            return Said("blocked")
        held = self._held(record)
        if held is not None:
            return Said(self._of_pair(record, held), held.id, home.sure)
        return self._by_name(record, home)

    def _by_name(self, record: Seen, home: Home) -> Said:
        if not record.text.strip():
            return Said("unlinked", "", home.sure)
        same = [t for t in self._room(home) if self._same(t.text) == self._same(record.text)]
        active = [t for t in same if t.active]
        if len(active) > 1:
            return Said("ambiguous", "", home.sure)
        if active:
            late = (self.kind, record.id) in self.known.was_open
            return Said("ready" if late else "linked", active[0].id, home.sure)
        if same:
            return Said("inactive", min(t.id for t in same), home.sure)
        return Said("unlinked", "", home.sure)

    def _held(self, record: Seen) -> Seen | None:
        """The Halo record of its pair, where it is there tonight."""
        target = self.theirs.get(self.known.pairs.get((self.kind, record.id), ""))
        return target if self.homes[record.id] is not None else None

    def _of_pair(self, record: Seen, target: Seen) -> str:
        if not target.active:
            return "inactive"
        one, other = record.text, target.text
        if self.kind is Kind.USER:
            one, other = one.strip().casefold(), other.strip().casefold()
        return "linked" if one == other else "renamed"

    def _same(self, text: str) -> str:
        return text.strip().casefold() if self.kind is Kind.USER else self.known.same(text)

    def _room(self, home: Home) -> list[Seen]:
        return [
            t for t in self.theirs.values() if self.kind not in INSIDE or t.parent == home.client
        ]

    def _look_alikes(self, found: dict[str, Said], claimed: set[str]) -> None:
        """Note the one free record that differs in case and spaces only, where it is one to one."""
        misses: dict[tuple[str, str], list[str]] = {}
        for i, said in found.items():
            home = self.homes[i]
            if said.outcome == "unlinked" and home is not None and self.ours[i].text.strip():
                client = home.client if self.kind in INSIDE else ""
                misses.setdefault((client, _read(self.ours[i].text)), []).append(i)
        for (client, text), ids in misses.items():
            free = [
                t.id
                for t in self._room(Home(client))
                if t.active and t.id not in claimed and _read(t.text) == text
            ]
            if len(ids) == len(free) == 1:
                found[ids[0]] = found[ids[0]]._replace(halo_id=free[0])


def _read(text: str) -> str:
    return text.strip().casefold()
