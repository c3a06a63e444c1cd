"""From verdicts to rows a person can act on: names, targets, cost, coverage. Still no sentences."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from sync.core.names import folded_key
from sync.core.pulls import Night
from sync.core.records import AE_OF, HALO_OF, AeRecord, HaloRecord, Kind
from sync.core.result import ACTIVE_DAYS, Coverage, Finding, Impact, Target
from sync.core.verdicts import Key, Outcome, Suggestion, Verdict


@dataclass(frozen=True, slots=True)
class Directory:
    """Every record of a night by id, and what the companies and locations hold."""

    ae: Mapping[Key, AeRecord]
    halo: Mapping[tuple[Kind, str], HaloRecord]
    clients: Mapping[str, str]
    """Company id -> id of the client inside which its records are judged."""
    impacts: Mapping[Key, Impact]
    """What each company and location with computers costs."""
    requests: Mapping[str, int] | None
    """Computer id -> elevation requests; None = the key may not read them."""
    at: datetime
    """AutoElevate's own clock: its check-ins are compared with nothing else."""

    def impact(self, record: AeRecord) -> Impact:
        """Say what is at stake: a computer counts itself, a user nothing."""
        asked = None if self.requests is None else self.requests.get(record.id, 0)
        if record.kind is Kind.COMPUTER:
            return Impact(1, int(is_active(record, self.at)), asked)
        idle = Impact(requests=asked) if record.kind is Kind.COMPANY else Impact()
        return self.impacts.get((record.kind, record.id), idle)

    def client_name(self, client_id: str | None) -> str:
        client = self.halo.get((Kind.COMPANY, client_id or ""))
        return client.name if client else ""

    def target(self, kind: Kind, halo_id: str | None, like: str = "") -> Target | None:
        r = self.halo.get((kind, halo_id or ""))
        if r is None:
            return None
        return Target(
            r.id, called(r, like), self.client_name(r.client), r.active, r.type or r.email
        )

    def company_name(self, company_id: str | None) -> str:
        company = self.ae.get((Kind.COMPANY, company_id or ""))
        return company.name if company else ""


def called(record: HaloRecord, like: str) -> str:
    """Give the text by which a record met a name: an asset's first is often its serial number."""
    folded = folded_key(like)
    found = [value for _, value in record.names if folded_key(value) == folded]
    return next((value for value in found if value == like), found[0] if found else record.name)


def open_directory(night: Night, verdicts: Iterable[Verdict], at: datetime) -> Directory:
    return Directory(
        ae=night.ours,
        halo=night.theirs,
        clients={
            v.ae_id: v.halo_id
            for v in verdicts
            if v.kind is Kind.COMPANY and v.links_below and v.halo_id
        },
        impacts=_impacts(night, at),
        requests=night.recent_requests,
        at=at,
    )


def is_active(computer: AeRecord, at: datetime) -> bool:
    return computer.last_seen is not None and computer.last_seen > at - timedelta(days=ACTIVE_DAYS)


def _impacts(night: Night, at: datetime) -> dict[Key, Impact]:
    """Add up each company's and location's computers."""
    requests = night.recent_requests
    computers = night.ae(AE_OF[Kind.COMPUTER])
    active = [c for c in computers if is_active(c, at)]
    asking = [c for c in computers if c.id in requests] if requests else []
    found: dict[Key, Impact] = {}
    for kind, place in ((Kind.COMPANY, _company), (Kind.LOCATION, _location)):
        busy, asked = Counter(map(place, active)), Counter[str | None]()
        for computer in asking:
            asked[place(computer)] += requests[computer.id] if requests else 0
        for i, n in Counter(map(place, computers)).items():
            if i:
                found[kind, i] = Impact(n, busy[i], None if requests is None else asked[i])
    return found


_company = attrgetter("company")
_location = attrgetter("location")


def open_findings(
    verdicts: Iterable[Verdict],
    suggestions: Mapping[Key, Sequence[Suggestion]],
    book: Directory,
) -> tuple[Finding, ...]:
    """One row per open verdict, costliest first; ties by kind, company and name."""
    return rows((v for v in verdicts if v.outcome.is_open), suggestions, book)


def rows(
    verdicts: Iterable[Verdict],
    suggestions: Mapping[Key, Sequence[Suggestion]],
    book: Directory,
) -> tuple[Finding, ...]:
    """Give each verdict its row, costliest first."""
    found = (_finding(v, tuple(suggestions.get((v.kind, v.ae_id), ())), book) for v in verdicts)
    return tuple(sorted(found, key=cost_order))


KIND_ORDER = {kind: i for i, kind in enumerate(Kind)}


def cost_order(finding: Finding) -> tuple[object, ...]:
    """Sort key: companies first, then by active computers and requests at stake."""
    impact = finding.impact
    return (
        KIND_ORDER[finding.kind],
        finding.slight,
        -impact.active,
        -(impact.requests or 0),
        -impact.computers,
        finding.company.casefold(),
        finding.name.casefold(),
        finding.ae_id,
    )


def _finding(verdict: Verdict, suggestions: tuple[Suggestion, ...], book: Directory) -> Finding:
    record = book.ae[verdict.kind, verdict.ae_id]
    company_id = record.id if record.kind is Kind.COMPANY else record.company or ""
    return Finding(
        kind=verdict.kind,
        ae_id=verdict.ae_id,
        name=record.name,
        outcome=verdict.outcome,
        rule=verdict.rule,
        company_id=company_id,
        company=book.company_name(company_id),
        client=book.client_name(book.clients.get(company_id)),
        email=record.email,
        differences=verdict.differences,
        provisional=verdict.provisional,
        why=verdict.why,
        targets=_targets(verdict, book),
        rivals=_rival_names(verdict, book),
        suggestions=suggestions,
        impact=book.impact(record),
        silent_since=_silent_since(record, book),
    )


def _silent_since(record: AeRecord, book: Directory) -> date | None:
    if record.last_seen is None or is_active(record, book.at):
        return None
    return record.last_seen.date()


def _targets(verdict: Verdict, book: Directory) -> tuple[Target, ...]:
    ids = verdict.rivals if verdict.outcome is Outcome.AMBIGUOUS else (verdict.halo_id,)
    like = book.ae[verdict.kind, verdict.ae_id].name
    found = (book.target(verdict.kind, i, like) for i in ids)
    return tuple(target for target in found if target is not None)


def _rival_names(verdict: Verdict, book: Directory) -> tuple[str, ...]:
    if verdict.outcome is not Outcome.CONTESTED:
        return ()
    names = (book.ae[verdict.kind, i].name for i in verdict.rivals)
    return tuple(sorted(names))


MET = frozenset({Outcome.LINKED, Outcome.RENAMED, Outcome.READY})
"""Whose asset is there, whoever has to link it."""


def coverage(verdicts: Iterable[Verdict], night: Night, book: Directory) -> tuple[Coverage, ...]:
    """Per judged company and its client: computers, assets, and how many of them meet."""
    computers: Counter[str] = Counter()
    unknown: defaultdict[str, list[str]] = defaultdict(list)
    met: set[str | None] = set()
    for v in verdicts:
        if v.kind is Kind.COMPUTER:
            record = book.ae[v.kind, v.ae_id]
            company = record.company or ""
            computers[company] += 1
            if v.outcome in MET:
                met.add(v.halo_id)
            else:
                unknown[company].append(record.name)
    assets: Counter[str | None] = Counter()
    silent: defaultdict[str | None, list[str]] = defaultdict(list)
    for asset in night.halo(HALO_OF[Kind.COMPUTER]):
        if asset.active is not False:
            assets[asset.client] += 1
            if asset.id not in met:
                silent[asset.client].append(asset.name)
    rows = (
        Coverage(
            company_id=company,
            company=book.company_name(company),
            client_id=client,
            client=book.client_name(client),
            computers=computers[company],
            assets=assets[client],
            linked=computers[company] - len(unknown[company]),
            silent=tuple(sorted(silent[client])),
            unknown=tuple(sorted(unknown[company])),
        )
        for company, client in book.clients.items()
    )
    return tuple(sorted(rows, key=lambda c: (c.company.casefold(), c.company_id)))
