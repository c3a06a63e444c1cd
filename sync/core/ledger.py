"""Which pairs are known by id: made once, kept through every rename, ended only for a reason."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sync.core.decisions import Standing
from sync.core.pulls import Answer, Night
from sync.core.records import AE_OF, HALO_OF, AeRecord, Kind
from sync.core.records import Collection as List
from sync.core.result import Origin, Pair, Recollection, Vanished
from sync.core.sheet import Past
from sync.core.verdicts import Key, Outcome, Verdict

Ended = tuple[Pair, str]


def endings(
    past: Recollection, night: Night, vanished: Iterable[Vanished], standing: Standing
) -> tuple[Ended, ...]:
    """List the pairs that end tonight: forgotten, disproved, both ids proven gone, or id reused.

    Never for a rename, and never because one side is missing (invariant I5).
    """
    gone = {(v.collection, v.id) for v in vanished if v.answer is Answer.GONE}
    now = night.ours
    found = (
        (pair, _why_ended(pair, now.get(key), gone, standing) or _disproved(pair, past, standing))
        for key, pair in past.pairs.items()
    )
    return tuple((pair, why) for pair, why in found if why)


def _why_ended(
    pair: Pair, record: AeRecord | None, gone: set[tuple[List, str]], standing: Standing
) -> str:
    forget = standing.forgotten.get(pair.key)
    if forget is not None and (pair.made is None or pair.made <= forget.at):
        return "forgotten"  # once: what proves itself anew afterwards is another pair
    if record and record.created and pair.created and record.created != pair.created:
        return "id-reused"
    ours_too = (AE_OF[pair.kind], pair.ae_id) in gone
    return "both-gone" if ours_too and (HALO_OF[pair.kind], pair.halo_id) in gone else ""


def _disproved(pair: Pair, past: Recollection, standing: Standing) -> str:
    """AutoElevate's own word, later than ours, that they are not linked."""
    flag = past.flags.get(pair.key)
    if flag is None or flag.linked or pair.key in standing.confirmed:
        return ""
    later = flag.as_of is not None and pair.made is not None and flag.as_of > pair.made
    return "flag-false" if later else ""


def remembered(
    past: Recollection, night: Night, ended: Iterable[Ended], standing: Standing
) -> Past:
    """Say what linking needs to know of earlier nights: standing pairs, and what was open."""
    over = {pair.key for pair, _ in ended}
    pairs = {key: p.halo_id for key, p in past.pairs.items() if key not in over}
    pairs |= {
        key: d.halo_id
        for key, d in standing.accepted.items()
        if key in past.flags and past.flags[key].linked
    }
    pairs |= {key: d.halo_id for key, d in standing.confirmed.items()}
    orphaned = {key for key, halo_id in pairs.items() if (key[0], halo_id) not in night.theirs}
    was_open = {key for key, outcome in past.outcomes.items() if _was_open(key, outcome, past)}
    shown = {key for key, flag in past.flags.items() if flag.linked}
    was_open = (was_open - shown) | (past.flags.keys() - shown - pairs.keys())
    return Past(
        pairs=_by_kind_map({k: v for k, v in pairs.items() if k not in orphaned}),
        was_open=_by_kind(was_open | orphaned),
    )


def _was_open(key: Key, outcome: Outcome, past: Recollection) -> bool:
    """Whether a name that is right tonight may have been put right unseen: that links nothing.

    So it is with what was ignored, and with what was open before it was blocked or withheld.
    """
    if outcome is Outcome.BLOCKED:
        return key in past.closed
    if outcome is Outcome.WITHHELD:
        return key in past.findings
    return outcome.is_open or outcome is Outcome.IGNORED


def _by_kind(keys: Iterable[Key]) -> dict[Kind, set[str]]:
    sets: dict[Kind, set[str]] = {}
    for kind, i in keys:
        sets.setdefault(kind, set()).add(i)
    return sets


def _by_kind_map(pairs: Mapping[Key, str]) -> dict[Kind, dict[str, str]]:
    maps: dict[Kind, dict[str, str]] = {}
    for (kind, ae_id), halo_id in pairs.items():
        maps.setdefault(kind, {})[ae_id] = halo_id
    return maps


def made(
    verdicts: Iterable[Verdict],
    past: Recollection,
    night: Night,
    standing: Standing,
    at: datetime,
) -> tuple[Pair, ...]:
    """List tonight's new pairs: identical at first sight, confirmed, or shown as linked."""
    ours = night.ours

    def pair(key: Key, halo_id: str, origin: Origin) -> Pair:
        record, target = ours[key], night.theirs.get((key[0], halo_id))
        halo_name = target.name if target else ""
        return Pair(*key, halo_id, origin, record.name, halo_name, record.created, at)

    confirmed = (
        pair(key, d.halo_id, Origin.CONFIRMED)
        for key, d in standing.confirmed.items()
        if key in ours and (key not in past.pairs or past.pairs[key].halo_id != d.halo_id)
    )
    first = (
        pair((v.kind, v.ae_id), v.halo_id, _origin(v, past))
        for v in verdicts
        if _proven(v, past)
        and not v.provisional
        and v.halo_id
        and (v.kind, v.ae_id) not in past.pairs
        and (v.kind, v.ae_id) not in standing.confirmed
    )
    return (*confirmed, *first)


def _origin(verdict: Verdict, past: Recollection) -> Origin:
    if _shown(verdict, past):
        return Origin.FLAG
    ticketed = (verdict.kind, verdict.ae_id) in past.ticketed
    return Origin.TICKETS if ticketed else Origin.FIRST_SIGHT


def _proven(verdict: Verdict, past: Recollection) -> bool:
    """Identical at first sight, or renamed since AutoElevate showed it as linked."""
    held = verdict.outcome is Outcome.RENAMED and _shown(verdict, past)
    return verdict.outcome is Outcome.LINKED or held


def _shown(verdict: Verdict, past: Recollection) -> bool:
    flag = past.flags.get((verdict.kind, verdict.ae_id))
    return flag is not None and flag.linked
