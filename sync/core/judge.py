"""The whole decision of one night, from what may be believed to what the report will say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.core import changes, findings, flags, ledger, places, tickets
from sync.core.decisions import Decision, Standing, in_force, stand
from sync.core.findings import Directory
from sync.core.guard import Limits, Trust
from sync.core.known import known
from sync.core.link import link_all
from sync.core.pulls import Manifest, Night, State
from sync.core.records import AE_OF, HALO_OF, Collection, Kind, Side
from sync.core.result import Finding, Recollection, Result, RunFacts, TrendPoint
from sync.core.sheet import Linking, Past
from sync.core.suggest import near_misses
from sync.core.verdicts import Key, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says about judging."""

    linking: Linking = field(default_factory=Linking)
    limits: Limits = field(default_factory=Limits)


def judge(
    run: RunFacts, tonight: Night, trust: Trust, past: Recollection, settings: Settings
) -> Result:
    """Decide everything; a kind whose lists are not trusted keeps its last good findings."""
    night, now, standing = trust.night, run.started, stand(past.decisions)
    past = replace(past, flags=flags.resolve(past.flag_files, night))
    ended = ledger.endings(past, night, trust.vanished, standing)
    past, remembered = known(past, night, ended, standing, settings.linking)
    linked = flags.noted(_link(night, trust, settings.linking, remembered), past.flags)
    by_rule = _withhold(_unplaced(linked, trust), trust, night)
    book = findings.open_directory(night, by_rule, _ae_now(tonight, now))
    silenced = _silenced(by_rule, book, standing, now)
    verdicts = _obeyed(by_rule, silenced)
    near = near_misses(night, verdicts, rejected=standing.rejected)
    suggestions = tickets.told(near, verdicts, night)
    rows = findings.open_findings(verdicts, suggestions, book)
    fresh = changes.age((_decided(f, standing, book) for f in rows), past, now)
    kept = _kept(past, trust, verdicts)
    everything = tuple(sorted((*fresh, *kept), key=findings.cost_order))
    counts = _counts(verdicts, past, trust)
    return Result(
        run=run,
        manifests=trust.manifests,
        doubts=trust.doubts,
        systems=tonight.systems,
        verdicts=verdicts,
        counts=counts,
        findings=everything,
        resolved=changes.resolved(past.findings, {f.key for f in everything}, trust.kinds),
        coverage=findings.coverage(verdicts, night, book) if Kind.COMPUTER in trust.kinds else (),
        oddities=places.oddities(verdicts, everything, night, book),
        vanished=trust.vanished,
        renamed=findings.rows(_newly_renamed(verdicts, past), {}, book),
        ignored=_ignored(by_rule, silenced, book),
        pairs_made=ledger.made(verdicts, past, night, standing, now),
        pairs_ended=ended,
        trend=(*past.trend, _today(run, counts, trust.manifests)),
        flag_files=past.flag_files,
    )


def _key(verdict: Verdict) -> Key:
    return (verdict.kind, verdict.ae_id)


def _link(night: Night, trust: Trust, linking: Linking, past: Past) -> tuple[Verdict, ...]:
    ae = {kind: night.ae(AE_OF[kind]) for kind in Kind if kind in trust.kinds}
    halo = {kind: night.halo(HALO_OF[kind]) for kind in Kind}
    return link_all(ae, halo, linking, past)


def _silenced(
    verdicts: Iterable[Verdict], book: Directory, standing: Standing, now: datetime
) -> dict[Key, Decision]:
    """Open records that a decision in force keeps out of the report's rows, and that decision."""
    if not (standing.ignored or standing.patterns):
        return {}
    return {
        _key(v): ignore
        for v in verdicts
        if v.outcome.is_open
        and (ignore := standing.ignore_for(_key(v), book.ae[_key(v)].name)) is not None
        and in_force(ignore, v.outcome, now)
    }


def _ignored(
    by_rule: Iterable[Verdict], silenced: Mapping[Key, Decision], book: Directory
) -> tuple[Finding, ...]:
    """Give the rows of what is left out, with the day on which each comes back."""
    found = findings.rows((v for v in by_rule if _key(v) in silenced), {}, book)
    return tuple(replace(f, ignored_until=silenced[f.key].expires) for f in found)


def _obeyed(verdicts: Iterable[Verdict], silenced: Mapping[Key, Decision]) -> tuple[Verdict, ...]:
    return tuple(
        v._replace(outcome=Outcome.IGNORED, why="decision") if _key(v) in silenced else v
        for v in verdicts
    )


def _decided(finding: Finding, standing: Standing, book: Directory) -> Finding:
    """Add what people decided: the accepted target, the opening backlog."""
    accepted = standing.accepted.get(finding.key)
    target = book.target(finding.kind, accepted.halo_id) if accepted else None
    if target is not None:
        finding = replace(finding, accepted=target, suggestions=())
    return replace(finding, backlog=True) if finding.key in standing.backlog else finding


def _newly_renamed(verdicts: Iterable[Verdict], past: Recollection) -> Iterable[Verdict]:
    """Yield the renames that are news: quiet from the second night on."""
    return (
        v
        for v in verdicts
        if v.outcome is Outcome.RENAMED and past.outcomes.get(_key(v)) is not Outcome.RENAMED
    )


def _unplaced(verdicts: tuple[Verdict, ...], trust: Trust) -> tuple[Verdict, ...]:
    """Withhold what no list shows tonight and whose company stands no more.

    It may have moved before it fell silent: that its company is gone says nothing about its link.
    """
    unseen = {(v.collection.kind, v.id) for v in trust.vanished if v.collection.side is Side.AE}
    return tuple(
        Verdict(v.kind, v.ae_id, Outcome.WITHHELD, v.rule, why="company-gone")
        if v.why == "company-not-visible" and _key(v) in unseen
        else v
        for v in verdicts
    )


def _withhold(verdicts: tuple[Verdict, ...], trust: Trust, night: Night) -> tuple[Verdict, ...]:
    """Withhold the children of a parent that lost all of them at once."""
    if not trust.emptied_parents:
        return verdicts
    clients = {v.ae_id: v.halo_id for v in verdicts if v.kind is Kind.COMPANY and v.links_below}
    companies = {
        (kind, r.id): r.company
        for kind in (Kind.LOCATION, Kind.COMPUTER)
        for r in night.ae(AE_OF[kind])
    }

    def look(v: Verdict) -> Verdict:
        company = companies.get((v.kind, v.ae_id)) or ""
        places = {(AE_OF[v.kind], company), (HALO_OF[v.kind], clients.get(company) or "")}
        if places.isdisjoint(trust.emptied_parents):
            return v
        return Verdict(v.kind, v.ae_id, Outcome.WITHHELD, v.rule, why="parent-emptied")

    return tuple(look(v) for v in verdicts)


def _kept(past: Recollection, trust: Trust, verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """The last good findings of what is withheld tonight, marked with their date."""
    held = {_key(v) for v in verdicts if v.outcome is Outcome.WITHHELD}
    off = _off(trust)
    return tuple(
        replace(f, as_of=f.as_of or _last_good(f, past))
        for key, f in past.findings.items()
        if key in held or (f.kind not in trust.kinds and f.kind not in off)
    )


def _off(trust: Trust) -> set[Kind]:
    """Kinds with a list that is not configured: nothing is judged and nothing is wrong."""
    return {m.collection.kind for m in trust.manifests if m.state is State.OFF}


def _last_good(finding: Finding, past: Recollection) -> datetime | None:
    """When its kind was last judged: the older of the two lists' last trusted pulls."""
    lists = (AE_OF[finding.kind], HALO_OF[finding.kind])
    dates = [past.baselines[c].at for c in lists if c in past.baselines]
    return min(dates) if dates else finding.since


def _counts(
    verdicts: Iterable[Verdict], past: Recollection, trust: Trust
) -> dict[tuple[Kind, Outcome], int]:
    """Count every AutoElevate record once; those of a kind not judged are withheld."""
    counts = Counter((v.kind, v.outcome) for v in verdicts)
    off = _off(trust)
    for kind, _ in past.outcomes:
        if kind not in trust.kinds and kind not in off:
            counts[kind, Outcome.WITHHELD] += 1
    return dict(counts)


def _ae_now(night: Night, fallback: datetime) -> datetime:
    """Give AutoElevate's clock at the time of the pull: the host's own may be wrong."""
    pull = night.pulls.get(Collection.AE_COMPUTERS)
    return (pull.manifest.ended if pull else None) or fallback


def _today(
    run: RunFacts, counts: Mapping[tuple[Kind, Outcome], int], manifests: Sequence[Manifest]
) -> TrendPoint:
    return TrendPoint(
        run_id=run.id,
        day=run.started.date(),
        open=sum(n for (_, outcome), n in counts.items() if outcome.is_open),
        linked=sum(n for (_, outcome), n in counts.items() if outcome is Outcome.LINKED),
        records=sum(counts.values()),
        withheld=any(m.state.withheld for m in manifests),
    )
