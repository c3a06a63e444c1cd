"""Records that a standing pair holds: linked by id, whatever has been renamed since."""

from collections.abc import Iterable, Sequence

from sync.core.names import email_key
from sync.core.records import AeRecord, HaloRecord, Kind
from sync.core.rooms import INSIDE_COMPANY, Room, Rooms, met_field, texts
from sync.core.sheet import Rule, Sheet
from sync.core.verdicts import Outcome, Verdict


def keep_pairs(
    sheet: Sheet,
    records: Sequence[AeRecord],
    targets: Iterable[HaloRecord],
    rooms: Rooms,
) -> list[AeRecord]:
    """Judge what is held by a standing pair; give back the rest.

    AutoElevate links by id once it has linked: a rename on either side changes nothing.
    """
    by_id = {target.id: target for target in targets}
    rest = []
    for record in records:
        target = by_id.get(sheet.pairs.get(record.id, ""))
        room = rooms.get(record.company)
        if target is None or room is None:
            rest.append(record)
            continue
        sheet.held.add(record.id)
        sheet.claims[target.id] = record.id
        sheet.verdicts.append(_held(sheet.rule, record, target, room))
    return rest


def _held(rule: Rule, record: AeRecord, target: HaloRecord, room: Room) -> Verdict:
    code, kind = rule
    if kind is Kind.USER:
        same = email_key(record.email) == email_key(target.email)
    else:
        same = record.name in texts(kind, target)
    outcome = Outcome.LINKED if same else Outcome.RENAMED
    return Verdict(
        kind,
        record.id,
        Outcome.INACTIVE if target.active is False else outcome,
        code,
        target.id,
        provisional=room.provisional,
        field=met_field(target, record.name) if target.names else "",
        why="moved" if kind in INSIDE_COMPANY and target.client != room.client else "",
    )
