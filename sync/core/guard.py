"""Whether tonight's lists can be believed: completeness, the shrink brake, and "gone" by id.

Three plain rules. A collection whose pull proved itself is compared with its last trusted one; if
too much is missing it is withheld until rows return or an admin acknowledges. A record that is
missing from a trusted list still stands until its own by-id request says it is gone. A kind is
judged only when every list it depends on is trusted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.core import brake, witness
from sync.core.anew import asked_anew, comparable
from sync.core.brake import Answers
from sync.core.brake import Limits as Limits  # noqa: PLC0414 - named beside what it guards
from sync.core.pulls import Answer, Manifest, Night, State
from sync.core.records import Collection, Kind, Record
from sync.core.result import Baseline, Doubt, Recollection, Vanished

FROM_FILE = frozenset({Collection.AE_USERS})
"""No by-id answer proves anything here: who is missing from a believed file is simply not in it."""
ASK_LIMIT = 20
"""By-id proofs per collection and run; the rest stay "missing, unproven"."""
EXPLAINED = frozenset({Answer.GONE, Answer.SILENT, Answer.LEFT_OUT})
"""Answers that say why a list lacks a record."""


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


def missing(night: Night, recollection: Recollection) -> dict[Collection, tuple[str, ...]]:
    """List, per trusted pull, the baseline's records that it did not bring, sorted by id."""
    gaps = {}
    for collection, baseline in comparable(night, recollection).baselines.items():
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

    A few that are listed are asked for too, as a test of the answers (`sync.core.witness`).
    Computers already known to be silent come last: they left the list for a known reason. Where
    more are missing than may be asked, the run id moves the window on, so that none waits for ever.
    """
    asked = {}
    for collection, gone in missing(night, recollection).items():
        if collection in FROM_FILE:
            continue
        silent = recollection.baselines[collection].silent
        fresh = [i for i in gone if i not in silent]
        quiet = [i for i in gone if i in silent]
        queue = (*_rotated(fresh, run_id), *_rotated(quiet, run_id))
        if queue:
            present = witness.choose(night.pulls[collection], run_id)
            asked[collection] = (*queue[:ASK_LIMIT], *present)
    return asked


def _rotated(ids: Sequence[str], run_id: int) -> list[str]:
    start = run_id * ASK_LIMIT % len(ids) if len(ids) > ASK_LIMIT else 0
    return [*ids[start:], *ids[:start]]


def weigh(
    night: Night,
    recollection: Recollection,
    answers: Answers,
    standing: Mapping[Collection, Sequence[Record]],
    limits: Limits,
) -> Trust:
    """Decide what tonight's run may believe.

    `standing` holds the stored form of every record that `missing` listed.
    """
    answers, notes = witness.credible(night, answers)
    notes += tuple(Doubt(c, "asked-anew", stops=False) for c in asked_anew(night, recollection))
    past = comparable(night, recollection)
    gaps = missing(night, past)
    night = _accounted(night, past, gaps, answers)
    gaps = {c: ids for c, ids in gaps.items() if night.pulls[c].manifest.state.trusted}
    doubts = (*_doubts(night, past, gaps, answers, limits), *notes)
    emptied = frozenset((d.collection, d.parent) for d in doubts if d.parent is not None)
    manifests = tuple(_settle(collection, night, doubts) for collection in Collection)
    trusted = frozenset(m.collection for m in manifests if m.state.trusted)
    vanished = tuple(
        _vanished(past.baselines[collection], i, answers, emptied)
        for collection, ids in gaps.items()
        if collection in trusted and collection not in FROM_FILE
        for i in ids
    )
    return Trust(
        night=_believed(night, trusted, vanished, standing),
        manifests=manifests,
        doubts=doubts,
        vanished=vanished,
        kinds=frozenset(kind for kind, needs in NEEDS.items() if trusted.issuperset(needs)),
        emptied_parents=emptied,
    )


def _doubts(
    night: Night,
    recollection: Recollection,
    gaps: Mapping[Collection, Sequence[str]],
    answers: Answers,
    limits: Limits,
) -> Iterable[Doubt]:
    for collection in Collection:
        if collection in gaps:
            yield from brake.doubts(night.pulls[collection], recollection, gaps, answers, limits)
    yield from brake.first_sights(night, recollection)
    yield from brake.doubted_at_source(night, recollection)


def _accounted(
    night: Night,
    recollection: Recollection,
    gaps: Mapping[Collection, Sequence[str]],
    answers: Answers,
) -> Night:
    """Believe a list that moved while it was read only if each new absence is explained by its id.

    A record that answers has slipped between two pages: no sign of a narrowed login, so that this
    is said instead of "not visible". Without an earlier list nobody knows what may be absent.
    """
    pulls = dict(night.pulls)
    for collection, pull in night.pulls.items():
        if pull.manifest.state is not State.COMPLETE_RESOLVED:
            continue
        known = recollection.baselines.get(collection)
        if (
            known is None
            or known.asked != pull.manifest.asked
            or any(
                answers.get((collection, i)) not in EXPLAINED
                for i in gaps[collection]
                if i not in known.missing
            )
        ):
            pulls[collection] = replace(pull, manifest=replace(pull.manifest, state=State.PARTIAL))
    return replace(night, pulls=pulls)


def _vanished(
    baseline: Baseline, record_id: str, answers: Answers, emptied: Iterable[tuple[Collection, str]]
) -> Vanished:
    """What is known of a missing record; of an emptied parent's children nothing, until `ack`."""
    collection, parent = baseline.collection, baseline.parents[record_id]
    doubted = parent is not None and (collection, parent) in emptied
    answer = None if doubted else answers.get((collection, record_id))
    return Vanished(collection, record_id, baseline.names.get(record_id, record_id), answer)


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
