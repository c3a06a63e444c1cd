"""Exact linking, rules L1 to L4: which AutoElevate record would find its Halo record by name.

Equal names are facts; nothing here guesses. The order of the input never matters.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from sync.core.names import (
    Exact,
    differences,
    email_key,
    exact_key,
    folded_key,
    unexpanded_variable,
)
from sync.core.records import AeRecord, HaloRecord, Kind
from sync.core.rooms import INSIDE_COMPANY, Room, Rooms, furnish, texts
from sync.core.verdicts import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Linking:
    """What the configuration says about linking."""

    exact: Exact = Exact.TEXT
    many_to_one: frozenset[str] = frozenset()
    """Halo clients, by id or name, that several companies may share on purpose."""
    own_domains: frozenset[str] = frozenset()
    """E-mail domains of our own technicians; empty = judge everybody."""


class Rule(NamedTuple):
    code: str
    kind: Kind


RULES = (
    Rule("L1", Kind.COMPANY),
    Rule("L2", Kind.LOCATION),
    Rule("L3", Kind.COMPUTER),
    Rule("L4", Kind.USER),
)


@dataclass(slots=True)
class Sheet:
    """One kind's verdicts while they are being made."""

    rule: Rule
    verdicts: list[Verdict] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    """Halo id -> the first AutoElevate record that links to it."""
    crowded: set[str] = field(default_factory=set)
    """Halo ids with more than one claimant."""
    misses: list[tuple[int, AeRecord, Room]] = field(default_factory=list)
    """Position, record and room of each record without an identical counterpart."""


def link_all(
    ae: Mapping[Kind, Sequence[AeRecord]],
    halo: Mapping[Kind, Sequence[HaloRecord]],
    linking: Linking | None = None,
) -> tuple[Verdict, ...]:
    """Judge every AutoElevate record of the given kinds exactly once, sorted by kind and id.

    A kind missing from `ae` is not judged. Locations and computers need `Kind.COMPANY` judged.
    """
    linking = linking or Linking()
    companies: list[Verdict] = []
    verdicts: list[Verdict] = []
    for rule in RULES:
        records, targets = ae.get(rule.kind, ()), halo.get(rule.kind, ())
        rooms: Rooms = _inside(companies) if rule.kind in INSIDE_COMPANY else {None: Room()}
        if records:
            judged = _judge_kind(rule, records, targets, rooms, linking)
            judged.sort(key=_by_id)
            verdicts += judged
        if rule.kind is Kind.COMPANY:
            companies = verdicts[:]
    return tuple(verdicts)


_by_id = itemgetter(1)


def _inside(companies: Iterable[Verdict]) -> Rooms:
    """One room per linked client, shared by the companies that share it."""
    rooms: dict[str, Room] = {}
    return {
        v.ae_id: rooms.setdefault(
            v.halo_id, Room(v.halo_id, provisional=v.outcome is Outcome.UNLINKED)
        )
        if v.links_below and v.halo_id
        else None
        for v in companies
    }


def _judge_kind(
    rule: Rule,
    records: Sequence[AeRecord],
    targets: Sequence[HaloRecord],
    rooms: Rooms,
    linking: Linking,
) -> list[Verdict]:
    fold = _fold(rule, linking)
    furnish(rooms, rule.kind, targets, fold)
    sheet = Sheet(rule)
    if rule.kind is Kind.USER:
        records = _ours(records, linking.own_domains, sheet)
    _link(sheet, records, rooms, fold)
    _contest(sheet, _shared(targets, linking))
    if sheet.misses and rule.kind is not Kind.USER:
        _note_differences(sheet, targets)
    return sheet.verdicts


def _fold(rule: Rule, linking: Linking) -> Callable[[str], str] | None:
    """Give what is done to a text before it is compared; None = nothing (the default)."""
    if rule.kind is Kind.USER:
        return email_key
    return None if linking.exact is Exact.TEXT else partial(exact_key, exact=linking.exact)


def _ours(users: Iterable[AeRecord], own_domains: Collection[str], sheet: Sheet) -> list[AeRecord]:
    """Leave out a customer's co-managing staff and service users: never agents, never a fault."""
    ours = []
    for user in users:
        domain = email_key(user.email).rpartition("@")[2]
        if own_domains and domain not in own_domains:
            code = sheet.rule.code
            sheet.verdicts.append(
                Verdict(Kind.USER, user.id, Outcome.IGNORED, code, why="other-domain")
            )
        else:
            ours.append(user)
    return ours


def _link(
    sheet: Sheet, records: Iterable[AeRecord], rooms: Rooms, fold: Callable[[str], str] | None
) -> None:
    """Judge each record by the identical ones in its room, before asking who else claims them.

    The plain case, one active counterpart, is spelled out: a large tenant has a million of them.
    """
    code, kind = sheet.rule
    claims, verdicts = sheet.claims, sheet.verdicts
    of_user, linked = kind is Kind.USER, Outcome.LINKED
    for record in records:
        room = rooms.get(record.company)
        if room is None:
            why = "company-not-linked" if record.company in rooms else "company-not-visible"
            verdicts.append(Verdict(kind, record.id, Outcome.BLOCKED, code, why=why))
            continue
        text = record.email if of_user else record.name
        key = text if fold is None else fold(text)
        target = room.one.get(key)
        if target is None or target.active is False or key in room.more:
            verdict = _hard_case(sheet, record, room, text, key)
            if verdict.outcome is not Outcome.LINKED:
                verdicts.append(verdict)
                continue
            target = next(t for t in room.find(key) if t.active is not False)
        if claims.setdefault(target.id, record.id) is not record.id:
            sheet.crowded.add(target.id)
        verdicts.append(
            Verdict(
                kind, record.id, linked, code, target.id, (), (), room.provisional,
                _field(target, text) if target.names else "",
            )
        )  # fmt: skip


def _hard_case(sheet: Sheet, record: AeRecord, room: Room, text: str, key: str) -> Verdict:
    """Judge a record that has no counterpart, several, or only inactive ones."""
    code, kind = sheet.rule
    remark = room.provisional
    if not text.strip():
        why = "no-email" if kind is Kind.USER else "no-name"
        return Verdict(kind, record.id, Outcome.UNLINKED, code, provisional=remark, why=why)
    found = room.find(key)
    if not found:
        why = "unexpanded-variable" if unexpanded_variable(text) else ""
        if not why:
            sheet.misses.append((len(sheet.verdicts), record, room))
        return Verdict(kind, record.id, Outcome.UNLINKED, code, provisional=remark, why=why)
    active = [target for target in found if target.active is not False]
    if len(active) > 1:
        rivals = tuple(sorted(target.id for target in active))
        return Verdict(kind, record.id, Outcome.AMBIGUOUS, code, rivals=rivals, provisional=remark)
    outcome = Outcome.LINKED if active else Outcome.INACTIVE
    halo_id = min(target.id for target in active or found)
    return Verdict(kind, record.id, outcome, code, halo_id=halo_id, provisional=remark)


def _field(asset: HaloRecord, text: str) -> str:
    """Name the asset field that matched; the first filled one when only a laxer rule did."""
    for name, value in asset.names:
        if value == text:
            return name
    return asset.names[0][0]


def _shared(targets: Iterable[HaloRecord], linking: Linking) -> frozenset[str]:
    """Ids of the clients that several companies may claim on purpose."""
    allowed = linking.many_to_one
    if not allowed:
        return allowed
    return frozenset(t.id for t in targets if t.id in allowed or t.name in allowed)


def _contest(sheet: Sheet, shared: frozenset[str]) -> None:
    """Turn every link to a Halo record with more than one claimant into `contested`."""
    crowded = sheet.crowded - shared
    if not crowded:
        return
    claimants: defaultdict[str | None, set[str]] = defaultdict(set)
    contested = [
        (i, v)
        for i, v in enumerate(sheet.verdicts)
        if v.outcome is Outcome.LINKED and v.halo_id in crowded
    ]
    for _, v in contested:
        claimants[v.halo_id].add(v.ae_id)
    for i, v in contested:
        rivals = tuple(sorted(claimants[v.halo_id] - {v.ae_id}))
        sheet.verdicts[i] = v._replace(outcome=Outcome.CONTESTED, rivals=rivals)


Place = tuple[str | None, str]
"""Client id and folded name."""


def _note_differences(sheet: Sheet, targets: Iterable[HaloRecord]) -> None:
    """Note on each miss the one free, active Halo record whose folded name is the same.

    Only where it is one to one: two records that fold alike say nothing about which is meant.
    """
    rule = sheet.rule
    places: defaultdict[Place, list[tuple[int, AeRecord]]] = defaultdict(list)
    for i, record, room in sheet.misses:
        places[room.client, folded_key(record.name)].append((i, record))
    twins: defaultdict[Place, dict[str, str]] = defaultdict(dict)
    clients = {client for client, _ in places}
    for target in targets:
        client = target.client if rule.kind in INSIDE_COMPANY else None
        if client not in clients or target.active is False or target.id in sheet.claims:
            continue
        for text in texts(rule.kind, target):
            if (place := (client, folded_key(text))) in places:
                twins[place].setdefault(target.id, text)
    for place, found in twins.items():
        if len(found) == 1 and len(places[place]) == 1:
            ((i, record),) = places[place]
            ((halo_id, text),) = found.items()
            sheet.verdicts[i] = sheet.verdicts[i]._replace(
                halo_id=halo_id, differences=differences(record.name, text)
            )
