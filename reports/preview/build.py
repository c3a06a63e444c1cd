"""Small builders of results by hand: one line says what is special, the rest is ordinary."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sync.core.pulls import Manifest, State, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.result import Coverage, Finding, Impact, Result, RunFacts, Target, TrendPoint
from sync.core.verdicts import Grade, Outcome, Reason, Suggestion

NOW = datetime(2026, 11, 23, 4, 0, 12, tzinfo=UTC)
RULES = {Kind.COMPANY: "L1", Kind.LOCATION: "L2", Kind.COMPUTER: "L3", Kind.USER: "L4"}
LISTED = {
    Collection.HALO_CLIENTS: 61,
    Collection.HALO_SITES: 118,
    Collection.HALO_ASSETS: 702,
    Collection.HALO_AGENTS: 14,
    Collection.AE_COMPANIES: 57,
    Collection.AE_LOCATIONS: 96,
    Collection.AE_COMPUTERS: 590,
    Collection.AE_USERS: 12,
}


def finding(kind: Kind, name: str, **more: object) -> Finding:
    """One open finding, unlinked unless told otherwise."""
    company = str(more.pop("company", name if kind is Kind.COMPANY else ""))
    basis = Finding(
        kind=kind,
        ae_id=str(more.pop("ae_id", f"{kind}-{abs(_number(kind + company + name)):08x}")),
        name=name,
        outcome=Outcome.UNLINKED,
        rule=RULES[kind],
        company_id=f"company-{_number(company):08x}" if company else "",
        company=company,
        since=days_ago(int(str(more.pop("days", 4)))),
    )
    return replace(basis, **more)  # type: ignore[arg-type]


def _number(text: str) -> int:
    """Same text, same id, in every process."""
    value = 0
    for character in text:
        value = (value * 131 + ord(character)) % 0xFFFFFFFF
    return value


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def suggest(name: str, grade: Grade = Grade.STRONG, *reasons: Reason, **more: object) -> Suggestion:
    score = {Grade.STRONG: 0.95, Grade.MEDIUM: 0.8, Grade.WEAK: 0.6}[grade]
    basis = Suggestion("71", name, score, grade, reasons, margin=0.3)
    return replace(basis, **more)  # type: ignore[arg-type]


def because(code: str, **facts: str | int) -> Reason:
    return Reason(code, tuple(facts.items()))


def target(name: str, halo_id: str = "12", **more: object) -> Target:
    return replace(Target(halo_id, name), **more)  # type: ignore[arg-type]


def impact(computers: int, active: int = 0, requests: int | None = None) -> Impact:
    return Impact(computers, active, requests)


def manifest(collection: Collection, rows: int, **more: object) -> Manifest:
    """A complete pull of so many rows."""
    halo = collection.side is Side.HALO
    basis = Manifest(
        collection,
        State.COMPLETE,
        login="halosync (API only)" if halo else "halosync service user",
        scope="read:customers read:assets" if halo else "companyView locationView computerView",
        pages=-(-rows // (50 if halo else 200)),
        declared=rows,
        received=rows,
        unique=rows,
        started=NOW + timedelta(seconds=8 if halo else 40),
        ended=NOW + timedelta(seconds=31 if halo else 95),
        digest=f"{_number(collection) * 7919 % 0xFFFFFFFF:08x}",
    )
    return replace(basis, **more)  # type: ignore[arg-type]


def manifests(**changed: Manifest) -> tuple[Manifest, ...]:
    """All eight lists; a changed one is named by its member, `AE_USERS=...`."""
    return tuple(changed.get(c.name) or manifest(c, LISTED[c]) for c in Collection)


def trend(nights: int, first: int, last: int, records: int = 755) -> tuple[TrendPoint, ...]:
    """A slow change with the small ups and downs of real nights."""
    points = []
    for i in range(nights):
        share = i / max(1, nights - 1)
        wobble = (i * 7 % 5) - 2 if 0 < i < nights - 1 else 0
        opened = max(0, round(first + (last - first) * share) + wobble)
        day = (NOW - timedelta(days=nights - 1 - i)).date()
        points.append(TrendPoint(400 + i, day, opened, records - opened - 20, records))
    return tuple(points)


def coverage(client: str, computers: int, assets: int, linked: int) -> Coverage:
    key = f"{_number(client) % 1000}"
    return Coverage(f"company-{key}", client, key, client, computers, assets, linked)


def result(*findings: Finding, **more: object) -> Result:
    """A published night with everything trusted, unless told otherwise."""
    run = RunFacts(
        id=412,
        started=NOW,
        slot="night/2026-11-23/05:00",
        timezone="Europe/Madrid",
        version="0.1.0",
        config_hash="5f1c9a77e0",
        previous=days_ago(1),
    )
    basis = Result(
        run=run,
        manifests=manifests(),
        systems={
            Side.HALO: SystemFacts(
                Side.HALO, "1", "northwind.halopsa.com", "2.184", "halosync (API only)", requests=21
            ),
            Side.AE: SystemFacts(Side.AE, "p", "Northwind IT", active_agents=593, requests=6),
        },
        counts=counts(findings),
        findings=findings,
        trend=trend(90, 52, len(findings)),
    )
    return replace(basis, **more)  # type: ignore[arg-type]


def counts(findings: tuple[Finding, ...]) -> dict[tuple[Kind, Outcome], int]:
    """Every record once: the open ones as found, the rest linked."""
    totals = {Kind.COMPANY: 57, Kind.LOCATION: 96, Kind.COMPUTER: 590, Kind.USER: 12}
    counted: dict[tuple[Kind, Outcome], int] = {}
    for one in findings:
        outcome = Outcome.WITHHELD if one.as_of else one.outcome
        counted[one.kind, outcome] = counted.get((one.kind, outcome), 0) + 1
    for kind, total in totals.items():
        held = sum(n for (k, _), n in counted.items() if k is kind)
        counted[kind, Outcome.LINKED] = max(0, total - held)
    return counted
