"""What stands on one side only, or probably in the wrong place. Looked at, never moved."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sync.core.findings import MET, Directory
from sync.core.names import folded_key
from sync.core.pulls import Night
from sync.core.records import HALO_OF, HaloRecord, Kind
from sync.core.result import Finding, Oddity
from sync.core.verdicts import Outcome, Verdict

SAME = 0.9
"""A company whose best candidate scores this much, and is held by another, is its double."""
UNANIMOUS = 0.8
"""Of the machines whose asset is found somewhere, this share with one other client is telling."""
ENOUGH = 3


def oddities(
    verdicts: Sequence[Verdict], findings: Iterable[Finding], night: Night, book: Directory
) -> tuple[Oddity, ...]:
    """List them: most computers first inside each sort."""
    rows = [f for f in findings if f.as_of is None]
    astray = tuple(_wrong_company(verdicts, night, book))
    strangers = tuple(_wrong_client(astray, verdicts, book))
    whole = {(odd.id, odd.ids) for odd in strangers}
    found = (
        *_without_company(verdicts, rows, night),
        *strangers,
        *(o for o in astray if (book.ae[o.kind, o.id].company, o.ids) not in whole),
        *_duplicates(verdicts, rows, book),
    )
    return tuple(sorted(found, key=lambda o: (o.code, -o.computers, o.name.casefold(), o.id)))


def _without_company(
    verdicts: Iterable[Verdict], findings: Iterable[Finding], night: Night
) -> Iterator[Oddity]:
    """Active clients that no company meets and that no company is suggested to be."""
    judged = [v for v in verdicts if v.kind is Kind.COMPANY]
    if not judged or any(v.outcome is Outcome.WITHHELD for v in judged):
        return
    met = {i for v in judged for i in (v.halo_id, *v.rivals) if i}
    met |= {s.halo_id for f in findings if f.kind is Kind.COMPANY for s in f.suggestions}
    assets = Counter(a.client for a in night.halo(HALO_OF[Kind.COMPUTER]) if a.active is not False)
    for client in night.halo(HALO_OF[Kind.COMPANY]):
        if client.active is not False and client.id not in met:
            code = "client-without-company"
            yield Oddity(code, Kind.COMPANY, client.id, client.name, computers=assets[client.id])


def _wrong_company(verdicts: Iterable[Verdict], night: Night, book: Directory) -> Iterator[Oddity]:
    """Computers without an asset here whose only namesake is a free asset of another client."""
    missed = {
        v.ae_id: book.ae[v.kind, v.ae_id]
        for v in verdicts
        if v.kind is Kind.COMPUTER and v.outcome is Outcome.UNLINKED and v.halo_id is None
    }
    names = Counter(record.name for record in missed.values() if record.name.strip())
    if not names:
        return
    namesakes: defaultdict[str, dict[str, HaloRecord]] = defaultdict(dict)
    for asset in night.halo(HALO_OF[Kind.COMPUTER]):
        for _, text in asset.names:
            if text in names:
                namesakes[text][asset.id] = asset
    taken = {v.halo_id for v in verdicts if v.kind is Kind.COMPUTER and v.halo_id}
    for ae_id, record in missed.items():
        found = list(namesakes[record.name].values())
        if len(found) != 1 or names[record.name] > 1:
            continue
        (asset,) = found
        here = asset.client == book.clients.get(record.company or "")
        if here or asset.active is False or asset.id in taken:
            continue
        yield Oddity(
            "wrong-company",
            Kind.COMPUTER,
            ae_id,
            record.name,
            where=book.company_name(record.company),
            elsewhere=(book.client_name(asset.client),),
            ids=(asset.client or "",),
            computers=1,
        )


def _wrong_client(
    astray: Iterable[Oddity], verdicts: Iterable[Verdict], book: Directory
) -> Iterator[Oddity]:
    """Companies that meet a client by name while their machines are nearly all with another one.

    One row instead of one for each machine: it is the client that is wrong, not they.
    """
    met = Counter(
        book.ae[v.kind, v.ae_id].company
        for v in verdicts
        if v.kind is Kind.COMPUTER and v.outcome in MET
    )
    away: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    called = {odd.ids: odd.elsewhere for odd in astray}
    for odd in astray:
        away[book.ae[odd.kind, odd.id].company or ""][odd.ids] += 1
    for company, homes in away.items():
        client, there = min(homes.items(), key=lambda home: (-home[1], home[0]))
        if there >= ENOUGH and there >= UNANIMOUS * (homes.total() + met[company]):
            yield Oddity(
                "wrong-client",
                Kind.COMPANY,
                company,
                book.company_name(company),
                where=book.client_name(book.clients.get(company)),
                elsewhere=called[client],
                ids=client,
                computers=there,
            )


def _duplicates(
    verdicts: Iterable[Verdict], findings: Iterable[Finding], book: Directory
) -> Iterator[Oddity]:
    """Companies that read the same, or of which one is meant by the other's client."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for v in verdicts:
        if v.kind is Kind.COMPANY and (key := folded_key(book.ae[v.kind, v.ae_id].name)):
            by_name[key].add(v.ae_id)
    groups = [ids for ids in by_name.values() if len(ids) > 1]
    for finding in findings:
        best = finding.suggestions[0] if finding.suggestions else None
        if finding.kind is Kind.COMPANY and best and best.taken_by and best.score >= SAME:
            groups.append({finding.ae_id, best.taken_by})
    for ids in sorted({frozenset(group) for group in groups}, key=sorted):
        first, *others = sorted(ids, key=lambda i: (-_computers(book, i), i))
        yield Oddity(
            "duplicate-company",
            Kind.COMPANY,
            first,
            book.company_name(first),
            elsewhere=tuple(book.company_name(i) for i in others),
            ids=tuple(others),
            computers=sum(_computers(book, i) for i in others),
        )


def _computers(book: Directory, company: str) -> int:
    impact = book.impacts.get((Kind.COMPANY, company))
    return impact.computers if impact else 0
