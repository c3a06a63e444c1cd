"""The one Halo record whose name differs only in what a reader does not see."""

from collections import defaultdict
from collections.abc import Iterable

from sync.core.names import differences, folded_key
from sync.core.records import AeRecord, HaloRecord
from sync.core.rooms import INSIDE_COMPANY, texts
from sync.core.sheet import Sheet

Place = tuple[str | None, str]
"""Client id and folded name."""


def note_differences(sheet: Sheet, targets: Iterable[HaloRecord]) -> None:
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
