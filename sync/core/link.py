"""Exact linking, rules L1 to L4: which AutoElevate record would find its Halo record by name.

Equal names are facts; nothing here guesses. The order of the input never matters.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter

from sync.core.held import keep_pairs
from sync.core.names import Exact, email_key, exact_key, unexpanded_variable
from sync.core.records import AeRecord, HaloRecord, Kind
from sync.core.rooms import INSIDE_COMPANY, Room, Rooms, furnish, met_field
from sync.core.sheet import RULES, Linking, Past, Sheet
from sync.core.twins import note_differences
from sync.core.verdicts import Outcome, Verdict


def link_all(
    ae: Mapping[Kind, Sequence[AeRecord]],
    halo: Mapping[Kind, Sequence[HaloRecord]],
    linking: Linking | None = None,
    past: Past | None = None,
) -> tuple[Verdict, ...]:
    """Judge every AutoElevate record of the given kinds exactly once, sorted by kind and id.

    A kind missing from `ae` is not judged. Locations and computers need `Kind.COMPANY` judged.
    """
    linking, past = linking or Linking(), past or Past()
    companies: list[Verdict] = []
    verdicts: list[Verdict] = []
    for rule in RULES:
        records, targets = ae.get(rule.kind, ()), halo.get(rule.kind, ())
        rooms: Rooms = _inside(companies) if rule.kind in INSIDE_COMPANY else {None: Room()}
        if records:
            verdicts += _judge_kind(Sheet(rule, linking, past), records, targets, rooms)
        if rule.kind is Kind.COMPANY:
            companies = verdicts[:]
    return tuple(verdicts)


_by_id = itemgetter(1)

NOT_YET = frozenset({Outcome.UNLINKED, Outcome.READY})
"""A company so judged that still has a client is about to link: what is inside links with it."""


def _inside(companies: Iterable[Verdict]) -> Rooms:
    """One room per linked client, shared by the companies that share it."""
    rooms: dict[str, Room] = {}
    return {
        v.ae_id: rooms.setdefault(v.halo_id, Room(v.halo_id, provisional=v.outcome in NOT_YET))
        if v.links_below and v.halo_id
        else None
        for v in companies
    }


def _judge_kind(
    sheet: Sheet, records: Sequence[AeRecord], targets: Sequence[HaloRecord], rooms: Rooms
) -> list[Verdict]:
    kind = sheet.rule.kind
    fold = _fold(sheet)
    furnish(rooms, kind, targets, fold)
    if kind is Kind.USER:
        records = _ours(sheet, records)
    if sheet.pairs:
        records = keep_pairs(sheet, records, targets, rooms)
    _link(sheet, records, rooms, fold)
    _contest(sheet, _shared(targets, sheet.linking))
    if sheet.misses and kind is not Kind.USER:
        note_differences(sheet, targets)
    return sorted(sheet.verdicts, key=_by_id)


def _fold(sheet: Sheet) -> Callable[[str], str] | None:
    """Give what is done to a text before it is compared; None = nothing (the default)."""
    if sheet.rule.kind is Kind.USER:
        return email_key
    exact = sheet.linking.exact
    return None if exact is Exact.TEXT else partial(exact_key, exact=exact)


def _ours(sheet: Sheet, users: Iterable[AeRecord]) -> list[AeRecord]:
    """Leave out a customer's co-managing staff and service users: never agents, never a fault."""
    ours = []
    for user in users:
        domain = email_key(user.email).rpartition("@")[2]
        if sheet.linking.own_domains and domain not in sheet.linking.own_domains:
            sheet.add(user, Outcome.IGNORED, why="other-domain")
        else:
            ours.append(user)
    return ours


def _link(
    sheet: Sheet,
    records: Iterable[AeRecord],
    rooms: Rooms,
    fold: Callable[[str], str] | None,
) -> None:
    """Judge each record by the identical ones in its room, before asking who else claims them.

    The plain case, one active counterpart, is spelled out: a large tenant has a million of them.
    """
    code, kind = sheet.rule
    claims, verdicts, was_open = sheet.claims, sheet.verdicts, sheet.was_open
    of_user, linked, ready = kind is Kind.USER, Outcome.LINKED, Outcome.READY
    for record in records:
        room = rooms.get(record.company)
        if room is None:
            why = "company-not-linked" if record.company in rooms else "company-not-visible"
            sheet.add(record, Outcome.BLOCKED, why=why)
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
        outcome = ready if record.id in was_open else linked
        names = target.names
        met = "" if not names else names[0][0] if names[0][1] == text else met_field(target, text)
        verdicts.append(
            Verdict(kind, record.id, outcome, code, target.id, (), (), room.provisional, met)
        )


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
    claims = [(i, v) for i, v in enumerate(sheet.verdicts) if v.halo_id in crowded]
    for _, v in claims:
        claimants[v.halo_id].add(v.ae_id)
    for i, v in claims:
        if v.ae_id in sheet.held or v.outcome is Outcome.INACTIVE:
            continue
        rivals = tuple(sorted(claimants[v.halo_id] - {v.ae_id}))
        sheet.verdicts[i] = v._replace(outcome=Outcome.CONTESTED, rivals=rivals)
