"""Near misses of one night: the open verdicts beside the Halo records that may be meant."""

from collections import defaultdict
from collections.abc import Collection as Group
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sync.core.names import unexpanded_variable
from sync.core.pulls import Night
from sync.core.records import AE_OF, HALO_OF, AeRecord, HaloRecord, Kind
from sync.core.suggest.companies import company_pairs
from sync.core.suggest.engine import canonical_order, near
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.naming import Explain
from sync.core.suggest.rank import FLOOR, rank
from sync.core.verdicts import Outcome, Suggestion, Verdict

Key = tuple[Kind, str]
Rejection = tuple[Kind, str, str]
"""(kind, AutoElevate id, Halo id) that a person said is not meant."""

_SETTLED = frozenset({Outcome.READY, Outcome.AMBIGUOUS})
"""Open, but the record meant is known, or its namesakes are all there is to choose from."""

_NAMED = frozenset({Outcome.INACTIVE, Outcome.CONTESTED})
"""The finding itself names the identical record; only another one would be a suggestion."""


class Cut(NamedTuple):
    """How many are shown of each record's candidates, and from which score on."""

    top: int = 3
    floor: float = FLOOR


SHOWN = Cut()


def near_misses(
    night: Night,
    verdicts: Sequence[Verdict],
    *,
    rejected: Group[Rejection] = frozenset(),
    cut: Cut = SHOWN,
) -> dict[Key, tuple[Suggestion, ...]]:
    """Suggest up to three Halo records for every open verdict that has any worth showing."""
    taken = _taken(verdicts)
    clients = {v.ae_id: v.halo_id for v in verdicts if v.kind is Kind.COMPANY and v.links_below}
    wanted: dict[Kind, set[str]] = defaultdict(set)
    known: set[Rejection] = set()
    for verdict in verdicts:
        if verdict.outcome.is_open and verdict.outcome not in _SETTLED:
            wanted[verdict.kind].add(verdict.ae_id)
            if verdict.outcome in _NAMED and verdict.halo_id:
                known.add((verdict.kind, verdict.ae_id, verdict.halo_id))
    answers: dict[Key, tuple[Suggestion, ...]] = {}
    for kind, ids in wanted.items():
        left, right = _entries(night, kind, ids, clients, taken)
        barred = {(a, h) for k, a, h in (*rejected, *known) if k is kind}
        pairs = _pairs(night, kind, left, right)
        shown = rank(
            left, right, _without(pairs, left, right, barred), top=cut.top, floor=cut.floor
        )
        answers |= {(kind, e.id): found for e, found in zip(left, shown, strict=True) if found}
    return answers


def _taken(verdicts: Iterable[Verdict]) -> dict[Key, str]:
    """Say which Halo record is already held, and by which AutoElevate record."""
    taken: dict[Key, str] = {}
    for verdict in sorted(verdicts, key=lambda v: (v.kind, v.ae_id)):
        if verdict.outcome is Outcome.AMBIGUOUS:
            held: tuple[str, ...] = verdict.rivals
        elif verdict.outcome is Outcome.UNLINKED or verdict.halo_id is None:
            held = ()
        else:
            held = (verdict.halo_id,)
        for halo_id in held:
            taken.setdefault((verdict.kind, halo_id), verdict.ae_id)
    return taken


def _entries(
    night: Night,
    kind: Kind,
    ids: Group[str],
    clients: dict[str, str | None],
    taken: dict[Key, str],
) -> tuple[list[Entry], list[Entry]]:
    open_records = [record for record in night.ae(AE_OF[kind]) if record.id in ids]
    left = [entry for record in open_records if (entry := _ours(record, clients)) is not None]
    parents = {entry.parent for entry in left}
    names = _names(night) if kind is Kind.LOCATION else {}
    right = [
        _theirs(record, kind, names, taken)
        for record in night.halo(HALO_OF[kind])
        if _parent(record, kind) in parents
        # An asset that is linked is nobody else's, and a large tenant has a million of them.
        and (kind is not Kind.COMPUTER or (kind, record.id) not in taken)
    ]
    if kind is Kind.LOCATION:
        # A renamed client's location may still bear the company's own name.
        called = {company.id: company.name for company in night.ae(AE_OF[Kind.COMPANY])}
        above = {record.id: called.get(record.company or "", "") for record in open_records}
        left = [
            e._replace(parent_name=f"{names.get(e.parent, '')} {above[e.id]}".strip()) for e in left
        ]
    return _ordered(left), _ordered(_with_holders(night, kind, right))


def _with_holders(night: Night, kind: Kind, right: list[Entry]) -> list[Entry]:
    """Add to what is taken the name of who holds it."""
    holders = {entry.taken_by for entry in right if entry.taken_by}
    called = {r.id: r.name for r in night.ae(AE_OF[kind]) if r.id in holders}
    return [e._replace(taken_name=called.get(e.taken_by or "", "")) for e in right]


def _ours(record: AeRecord, clients: dict[str, str | None]) -> Entry | None:
    if record.kind in {Kind.LOCATION, Kind.COMPUTER}:
        client = clients.get(record.company or "")
        if client is None or unexpanded_variable(record.name) or not record.name.strip():
            return None
        return Entry(record.id, record.name, client)
    return Entry(record.id, record.name, email=record.email)


def _theirs(record: HaloRecord, kind: Kind, names: dict[str, str], taken: dict[Key, str]) -> Entry:
    parent = _parent(record, kind)
    return Entry(
        record.id,
        record.name,
        parent,
        names.get(parent, ""),
        record.email,
        tuple(value for _, value in record.names if value != record.name),
        taken.get((kind, record.id)),
        active=record.active,
    )


def _parent(record: HaloRecord, kind: Kind) -> str:
    return record.client or "" if kind in {Kind.LOCATION, Kind.COMPUTER} else ""


def _names(night: Night) -> dict[str, str]:
    return {record.id: record.name for record in night.halo(HALO_OF[Kind.COMPANY])}


def _ordered(entries: list[Entry]) -> list[Entry]:
    return [entries[row] for row in canonical_order(entries)]


def _pairs(
    night: Night, kind: Kind, left: list[Entry], right: list[Entry]
) -> tuple[list[Scored], Explain]:
    return company_pairs(night, left, right) if kind is Kind.COMPANY else near(kind, left, right)


def _without(
    found: tuple[list[Scored], Explain],
    left: list[Entry],
    right: list[Entry],
    barred: Group[tuple[str, str]],
) -> tuple[list[Scored], Explain]:
    """Leave out what a person rejected, before anything is assigned."""
    if not barred:
        return found
    pairs, explain = found
    kept = [p for p in pairs if (left[p.left].id, right[p.right].id) not in barred]
    return kept, explain
