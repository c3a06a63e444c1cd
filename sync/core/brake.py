"""The shrink brake: when a list that proved itself complete is too short to be believed.

Time never releases it. The rows come back, or an admin acknowledges the smaller list, and that is
good for the size that was acknowledged, not for less.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.core.pulls import Answer, Night, Pull
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
    """Compare one trusted pull with its baseline; the gravest doubt first."""
    collection, now = pull.manifest.collection, len(pull.records)
    baseline, gone = recollection.baselines[collection], gaps[collection]
    if collection in recollection.acknowledged:
        yield from _shrunk_again(baseline, now, limits)
        return
    before = len(baseline.parents) - len(baseline.missing)
    counted = baseline.parents.keys() - baseline.silent - baseline.missing
    lost = [i for i in gone if i in counted]
    shown = tuple(baseline.names.get(i, i) for i in lost[:NAMED])

    def doubt(code: str, setting: str, *, stops: bool = True) -> Doubt:
        return Doubt(collection, code, before, now, shown, len(lost), setting=setting, stops=stops)

    share = len(lost) * 100 / before if before else 0.0
    contradicted = [
        i
        for i in gone
        if i not in baseline.accepted
        and answers.get((collection, i)) in {Answer.PRESENT, Answer.HIDDEN}
    ]
    if contradicted:
        names = tuple(baseline.names.get(i, i) for i in contradicted[:NAMED])
        yield Doubt(collection, "not-visible", before, now, names, len(contradicted))
    elif before and not now:
        yield doubt("emptied", "")
    elif len(lost) >= limits.min_rows and share >= limits.max_drop_percent:
        yield doubt("shrunk", "brake.max_drop_percent")
    elif len(lost) >= limits.max_rows:
        yield doubt("shrunk-many", "brake.max_rows")
    elif _below_week(baseline, now, limits):
        yield replace(doubt("below-week", "brake.max_drop_percent"), before=baseline.week_high)
    else:
        yield from _emptied_parents(pull, recollection, gone, answers, limits)
        if len(lost) >= limits.min_rows and share >= limits.note_percent:
            yield doubt("shrunk-a-little", "brake.note_percent", stops=False)


def _below_week(baseline: Baseline, now: int, limits: Limits) -> bool:
    """A slow bleed: each night small, a week of them not."""
    return _fell(baseline.week_high, now, limits)


def _fell(high: int, now: int, limits: Limits) -> bool:
    drop = high - now
    return drop >= limits.min_rows and drop * 100 >= limits.max_drop_percent * high


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


def _parent(record: Record) -> str | None:
    return record.company if isinstance(record, AeRecord) else record.client


def first_sights(night: Night, recollection: Recollection) -> Iterable[Doubt]:
    """Doubt a list that is empty the first time it is read, while its counterpart is not."""
    for collection, pull in night.pulls.items():
        known = collection in recollection.baselines or collection in recollection.acknowledged
        if known or not pull.manifest.state.trusted or pull.records:
            continue
        counterpart = (HALO_OF if collection.side is Side.AE else AE_OF)[collection.kind]
        other = night.pulls.get(counterpart)
        if other is not None and other.records:
            yield Doubt(collection, "first-empty")
