"""The shrink brake: when a list that proved itself complete is too short to be believed.

Time never releases it. The rows come back, or an admin acknowledges the smaller list, and that is
good for the size that was acknowledged, not for less.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.core.pulls import Answer, Night, Pull, State
from sync.core.records import AE_OF, HALO_OF, AeRecord, Collection, Record, Side
from sync.core.result import Baseline, Doubt, Recollection

Answers = Mapping[tuple[Collection, str], Answer]

NAMED = 20
"""How many missing records a doubt names."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a shrunken list is not believed. The only home of these defaults (`brake:`)."""

    min_rows: int = 3
    max_drop_percent: int = 20
    note_percent: int = 5
    max_rows: int = 500
    parent_rows: int = 5


PARENTS = {
    Collection.HALO_SITES: Collection.HALO_CLIENTS,
    Collection.HALO_ASSETS: Collection.HALO_CLIENTS,
    Collection.AE_LOCATIONS: Collection.AE_COMPANIES,
    Collection.AE_COMPUTERS: Collection.AE_COMPANIES,
}


def doubts(
    pull: Pull,
    recollection: Recollection,
    gaps: Mapping[Collection, Sequence[str]],
    answers: Answers,
    limits: Limits,
) -> Iterable[Doubt]:
    """Compare one trusted pull with its baseline: the gravest doubt, or those of single parents."""
    collection = pull.manifest.collection
    baseline, gone = recollection.baselines[collection], gaps[collection]
    if collection in recollection.acknowledged:
        yield from _shrunk_again(baseline, len(pull.records), limits)
        return
    doubt = _contradicted(pull, baseline, gone, answers) or _shrunk(pull, baseline, gone, limits)
    if doubt is None or not doubt.stops:
        yield from _emptied_parents(pull, recollection, gone, answers, limits)
    if doubt is not None:
        yield doubt


def _contradicted(
    pull: Pull, baseline: Baseline, gone: Sequence[str], answers: Answers
) -> Doubt | None:
    """Doubt a list that lacks a record which still answers by its id: visibility was lost."""
    there = [
        i
        for i in gone
        if i not in baseline.accepted
        and answers.get((baseline.collection, i)) in {Answer.PRESENT, Answer.HIDDEN}
    ]
    if not there:
        return None
    names = tuple(baseline.names.get(i, i) for i in there[:NAMED])
    before, now = len(baseline.parents) - len(baseline.missing), len(pull.records)
    return Doubt(baseline.collection, "not-visible", before, now, names, len(there))


def _shrunk(pull: Pull, baseline: Baseline, gone: Sequence[str], limits: Limits) -> Doubt | None:
    """Doubt a list by its size alone: emptied, shrunk at once, or over a week."""
    before, now = len(baseline.parents) - len(baseline.missing), len(pull.records)
    counted = baseline.parents.keys() - baseline.silent - baseline.missing
    lost = [i for i in gone if i in counted]
    several = len(lost) >= limits.min_rows
    limit = "brake.max_drop_percent"
    tests = (
        (bool(before) and not now, "emptied", "", before),
        (several and _reaches(limits.max_drop_percent, len(lost), before), "shrunk", limit, before),
        (len(lost) >= limits.max_rows, "shrunk-many", "brake.max_rows", before),
        (_fell(baseline.week_high, now, limits), "below-week", limit, baseline.week_high),
        (
            several and _reaches(limits.note_percent, len(lost), before),
            "shrunk-a-little",
            "brake.note_percent",
            before,
        ),
    )
    for holds, code, setting, was in tests:
        if holds:
            names = tuple(baseline.names.get(i, i) for i in lost[:NAMED])
            stops = code != "shrunk-a-little"
            return Doubt(
                baseline.collection, code, was, now, names, len(lost), setting=setting, stops=stops
            )
    return None


def _fell(high: int, now: int, limits: Limits) -> bool:
    drop = high - now
    return drop >= limits.min_rows and _reaches(limits.max_drop_percent, drop, high)


def _reaches(percent: int, lost: int, before: int) -> bool:
    return lost * 100 >= percent * before


def _shrunk_again(baseline: Baseline, now: int, limits: Limits) -> Iterable[Doubt]:
    """What was acknowledged is one size: a list that has shrunk further since is doubted anew."""
    size = baseline.accepted_size or 0
    if size and (not now or _fell(size, now, limits)):
        setting = "brake.max_drop_percent" if now else ""
        yield Doubt(
            baseline.collection,
            "shrunk" if now else "emptied",
            before=size,
            now=now,
            missing=size - now,
            setting=setting,
        )


def _emptied_parents(
    pull: Pull,
    recollection: Recollection,
    gone: Sequence[str],
    answers: Answers,
    limits: Limits,
) -> Iterable[Doubt]:
    """One parent that lost every child at once, unless the parent itself is proven gone.

    Doubted every night until a child returns or `ack`: that the children were already missing last
    night makes their loss no likelier.
    """
    baseline = recollection.baselines[pull.manifest.collection]
    still = {_parent(record) for record in pull.records}
    orphans: defaultdict[str, list[str]] = defaultdict(list)
    for i in gone:
        parent = baseline.parents[i]
        if parent is None or parent in still or i in baseline.silent or i in baseline.accepted:
            continue
        orphans[parent].append(i)
    home = PARENTS.get(baseline.collection)
    for parent, children in sorted(orphans.items()):
        left = home is not None and _has_left(home, parent, recollection, answers)
        if left or len(children) < limits.parent_rows:
            continue
        yield Doubt(
            baseline.collection,
            "parent-emptied",
            before=len(children),
            names=tuple(baseline.names.get(i, i) for i in children[:NAMED]),
            missing=len(children),
            parent=parent,
            setting="brake.parent_rows",
        )


def _has_left(home: Collection, parent: str, recollection: Recollection, answers: Answers) -> bool:
    """Whether a client or company is proven gone, tonight or on an earlier night."""
    known = recollection.baselines.get(home)
    return answers.get((home, parent)) is Answer.GONE or (
        known is not None and parent not in known.parents
    )


EMPTY_AT_SOURCE = frozenset({"agents-hidden", "empty-contradicted"})
"""Causes by which a source doubts its own empty list, though nothing is wrong with its count."""


def released(night: Night, recollection: Recollection) -> Night:
    """Believe an empty list that its source doubts, once somebody has said that it is empty now.

    What was said holds for as long as the list stays empty.
    """
    pulls = dict(night.pulls)
    for collection, pull in night.pulls.items():
        known = recollection.baselines.get(collection)
        said = collection in recollection.acknowledged or (known and known.accepted_empty)
        if said and pull.manifest.cause in EMPTY_AT_SOURCE and not pull.records:
            believed = replace(pull.manifest, state=State.COMPLETE, cause="", detail="")
            pulls[collection] = replace(pull, manifest=believed)
    return replace(night, pulls=pulls)


def doubted_at_source(night: Night, recollection: Recollection) -> Iterable[Doubt]:
    """Let somebody acknowledge a list that its own source doubts."""
    for collection, pull in night.pulls.items():
        if pull.manifest.cause in EMPTY_AT_SOURCE and pull.manifest.state is State.SUSPECT:
            known = recollection.baselines.get(collection)
            before = len(known.parents) - len(known.missing) if known else 0
            yield Doubt(collection, pull.manifest.cause, before, len(pull.records), missing=before)


def _parent(record: Record) -> str | None:
    return record.company if isinstance(record, AeRecord) else record.client


def first_sights(night: Night, recollection: Recollection) -> Iterable[Doubt]:
    """Doubt a list that is empty the first time it is asked for so, its counterpart not."""
    for collection, pull in night.pulls.items():
        before = recollection.baselines.get(collection)
        same = before is not None and before.asked == pull.manifest.asked
        known = same or collection in recollection.acknowledged
        if known or not pull.manifest.state.trusted or pull.records:
            continue
        counterpart = (HALO_OF if collection.side is Side.AE else AE_OF)[collection.kind]
        other = night.pulls.get(counterpart)
        if other is not None and other.records:
            yield Doubt(collection, "first-empty")
