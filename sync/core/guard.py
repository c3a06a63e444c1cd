"""Whether tonight's lists can be believed: completeness, the shrink brake, and "gone" by id.

Three plain rules. A collection whose pull proved itself is compared with its last trusted one; if
too much is missing it is withheld until rows return or an admin acknowledges. A record that is
missing from a trusted list still stands until its own by-id request says it is gone. A kind is
judged only when every list it depends on is trusted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.core.pulls import Answer, Manifest, Night, Pull, State
from sync.core.records import AeRecord, Collection, Kind, Record
from sync.core.result import Baseline, Doubt, Recollection, Vanished

ASK_LIMIT = 20
"""By-id proofs per collection and run; the rest stay "missing, unproven"."""
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


@dataclass(frozen=True, slots=True)
class Trust:
    """What may be believed tonight."""

    night: Night
    """Tonight's records of the trusted collections, plus those that vanished unproven."""
    manifests: tuple[Manifest, ...]
    doubts: tuple[Doubt, ...]
    vanished: tuple[Vanished, ...]
    kinds: frozenset[Kind]
    """The kinds that are judged."""
    emptied_parents: frozenset[tuple[Collection, str]]
    """Parents that lost every child at once: their children are withheld."""


NEEDS: dict[Kind, tuple[Collection, ...]] = {
    Kind.COMPANY: (Collection.AE_COMPANIES, Collection.HALO_CLIENTS),
    Kind.LOCATION: (
        Collection.AE_COMPANIES,
        Collection.HALO_CLIENTS,
        Collection.AE_LOCATIONS,
        Collection.HALO_SITES,
    ),
    Kind.COMPUTER: (
        Collection.AE_COMPANIES,
        Collection.HALO_CLIENTS,
        Collection.AE_COMPUTERS,
        Collection.HALO_ASSETS,
    ),
    Kind.USER: (Collection.AE_USERS, Collection.HALO_AGENTS),
}

PARENTS = {
    Collection.HALO_SITES: Collection.HALO_CLIENTS,
    Collection.HALO_ASSETS: Collection.HALO_CLIENTS,
    Collection.AE_LOCATIONS: Collection.AE_COMPANIES,
    Collection.AE_COMPUTERS: Collection.AE_COMPANIES,
}


def missing(night: Night, recollection: Recollection) -> dict[Collection, tuple[str, ...]]:
    """List, per trusted pull, the baseline's records that it did not bring, sorted by id."""
    gaps = {}
    for collection, baseline in recollection.baselines.items():
        pull = night.pulls.get(collection)
        if pull is None or not pull.manifest.state.trusted:
            continue
        here = {record.id for record in pull.records}
        gaps[collection] = tuple(sorted(baseline.parents.keys() - here))
    return gaps


def questions(
    night: Night, recollection: Recollection, run_id: int
) -> dict[Collection, tuple[str, ...]]:
    """Choose which vanished records to ask for by id tonight, at most `ASK_LIMIT` each.

    Computers already known to be silent come last: they left the list for a known reason. Where
    more are missing than may be asked, the run id moves the window on, so that none waits for ever.
    """
    asked = {}
    for collection, gone in missing(night, recollection).items():
        silent = recollection.baselines[collection].silent
        fresh = [i for i in gone if i not in silent]
        quiet = [i for i in gone if i in silent]
        queue = (*_rotated(fresh, run_id), *_rotated(quiet, run_id))
        if queue:
            asked[collection] = queue[:ASK_LIMIT]
    return asked


def _rotated(ids: Sequence[str], run_id: int) -> list[str]:
    start = run_id * ASK_LIMIT % len(ids) if len(ids) > ASK_LIMIT else 0
    return [*ids[start:], *ids[:start]]


def weigh(
    night: Night,
    recollection: Recollection,
    answers: Mapping[tuple[Collection, str], Answer],
    standing: Mapping[Collection, Sequence[Record]],
    limits: Limits,
) -> Trust:
    """Decide what tonight's run may believe.

    `standing` holds the stored form of every record that `missing` listed.
    """
    gaps = missing(night, recollection)
    doubts = [
        doubt
        for collection in Collection
        if collection in gaps and collection not in recollection.acknowledged
        for doubt in _doubts(
            night.pulls[collection],
            recollection.baselines[collection],
            gaps[collection],
            answers,
            limits,
        )
    ]
    manifests = tuple(_settle(collection, night, doubts) for collection in Collection)
    trusted = frozenset(m.collection for m in manifests if m.state.trusted)
    vanished = tuple(
        Vanished(
            collection,
            i,
            recollection.baselines[collection].names.get(i, i),
            answers.get((collection, i)),
        )
        for collection, ids in gaps.items()
        if collection in trusted
        for i in ids
    )
    return Trust(
        night=_believed(night, trusted, vanished, standing),
        manifests=manifests,
        doubts=tuple(doubts),
        vanished=vanished,
        kinds=frozenset(kind for kind, needs in NEEDS.items() if trusted.issuperset(needs)),
        emptied_parents=frozenset(
            (d.collection, d.parent) for d in doubts if d.parent is not None and d.stops
        ),
    )


def _doubts(
    pull: Pull,
    baseline: Baseline,
    gone: Sequence[str],
    answers: Mapping[tuple[Collection, str], Answer],
    limits: Limits,
) -> Iterable[Doubt]:
    """Compare one trusted pull with its baseline; the gravest doubt first."""
    collection, now = baseline.collection, len(pull.records)
    before = len(baseline.parents) - len(baseline.missing)
    counted = baseline.parents.keys() - baseline.silent - baseline.missing
    lost = [i for i in gone if i in counted]
    shown = tuple(baseline.names.get(i, i) for i in lost[:NAMED])

    def doubt(code: str, setting: str, *, stops: bool = True) -> Doubt:
        return Doubt(collection, code, before, now, shown, len(lost), setting=setting, stops=stops)

    share = len(lost) * 100 / before if before else 0.0
    contradicted = [
        i for i in gone if answers.get((collection, i)) in {Answer.PRESENT, Answer.HIDDEN}
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
        yield from _emptied_parents(pull, baseline, lost, answers, limits)
        if len(lost) >= limits.min_rows and share >= limits.note_percent:
            yield doubt("shrunk-a-little", "brake.note_percent", stops=False)


def _below_week(baseline: Baseline, now: int, limits: Limits) -> bool:
    """A slow bleed: each night small, a week of them not."""
    drop = baseline.week_high - now
    percent = drop * 100 / baseline.week_high if baseline.week_high else 0.0
    return drop >= limits.min_rows and percent >= limits.max_drop_percent


def _emptied_parents(
    pull: Pull,
    baseline: Baseline,
    lost: Sequence[str],
    answers: Mapping[tuple[Collection, str], Answer],
    limits: Limits,
) -> Iterable[Doubt]:
    """One parent that lost every child at once, unless the parent itself is proven gone."""
    still = {_parent(record) for record in pull.records}
    orphans: defaultdict[str, list[str]] = defaultdict(list)
    for i in lost:
        parent = baseline.parents[i]
        if parent is not None and parent not in still:
            orphans[parent].append(i)
    for parent, children in sorted(orphans.items()):
        left = answers.get((PARENTS[baseline.collection], parent)) is Answer.GONE
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


def _parent(record: Record) -> str | None:
    return record.company if isinstance(record, AeRecord) else record.client


def _settle(collection: Collection, night: Night, doubts: Iterable[Doubt]) -> Manifest:
    """Give the collection's manifest with the state that the doubts leave it in."""
    pull = night.pulls.get(collection)
    if pull is None:
        return Manifest(collection, State.OFF)
    stopping = [d for d in doubts if d.collection is collection and d.stops and d.parent is None]
    if not stopping:
        return pull.manifest
    return replace(pull.manifest, state=State.SUSPECT, cause=stopping[0].code)


def _believed(
    night: Night,
    trusted: frozenset[Collection],
    vanished: Iterable[Vanished],
    standing: Mapping[Collection, Sequence[Record]],
) -> Night:
    """Keep trusted pulls only, and add to them what vanished without proof."""
    unproven = {(v.collection, v.id) for v in vanished if v.answer is not Answer.GONE}
    pulls = {}
    for collection, pull in night.pulls.items():
        if collection not in trusted:
            continue
        kept = [r for r in standing.get(collection, ()) if (collection, r.id) in unproven]
        records: tuple[Record, ...] = (*pull.records, *kept)
        pulls[collection] = replace(pull, records=records) if kept else pull
    return replace(night, pulls=pulls)
