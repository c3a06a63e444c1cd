"""The nights a report has to tell of: clean, first, ordinary, bad, doubted, huge, hostile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from reports.preview.build import (
    NOW,
    because,
    coverage,
    days_ago,
    finding,
    impact,
    manifest,
    manifests,
    result,
    suggest,
    target,
    trend,
)
from sync.core.pulls import Answer, State, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.result import Doubt, Finding, Life, Result, Vanished
from sync.core.verdicts import Difference, Grade, Outcome

COMPANY, LOCATION, COMPUTER, USER = Kind.COMPANY, Kind.LOCATION, Kind.COMPUTER, Kind.USER


def clean() -> Result:
    return result(trend=trend(45, 21, 0), coverage=_covered())


def first() -> Result:
    """Nothing to compare with; everything is listed for the first time."""
    night = ordinary()
    fresh = tuple(replace(f, life=Life.NEW, since=NOW) for f in night.findings)
    return replace(
        night,
        run=replace(night.run, id=1, previous=None),
        findings=fresh,
        resolved=(),
        vanished=(),
        trend=trend(1, len(fresh), len(fresh)),
    )


def ordinary() -> Result:
    return result(
        *_companies(), *_places(), *_machines(), *_people(), *_slight(),
        resolved=_resolved(),
        coverage=_covered(),
        vanished=(
            Vanished(Collection.AE_COMPUTERS, "c1", "LT-0177", Answer.SILENT),
            Vanished(Collection.HALO_SITES, "88", "Harbour Office (old)", Answer.GONE),
        ),
    )  # fmt: skip


def bad() -> Result:
    """Many companies at once, a run that was killed, missed slots, rejected rows."""
    night = ordinary()
    more = tuple(
        finding(
            COMPANY, f"{town} {trade}", life=Life.NEW if i % 3 else Life.REOPENED, days=0,
            impact=impact(90 - 4 * i, 71 - 4 * i, 5 - i // 3),
            suggestions=(suggest(f"{town} {trade} Limited", Grade.MEDIUM,
                                 because("only-legal-form")),),
        )
        for i, (town, trade) in enumerate(zip(_TOWNS, _TRADES, strict=True))
    )  # fmt: skip
    return replace(
        night,
        findings=more + night.findings,
        run=replace(night.run, died=(409, 410), missed=("night/2026-11-22/05:00",)),
        manifests=manifests(
            HALO_ASSETS=manifest(
                Collection.HALO_ASSETS, 702, rejected=(("name too long", 2),), unique=700
            )
        ),
        systems={
            **night.systems,
            Side.HALO: SystemFacts(
                Side.HALO, "1", "northwind.halopsa.com", "2.184", "halosync (API only)",
                notices=("The Asset endpoint’s old paging ends on 1 March 2027.",),
            ),
        },
        trend=trend(90, 21, 41),
    )  # fmt: skip


def withheld() -> Result:
    """Halo could not be reached: the last good verdicts, with their date."""
    night = ordinary()
    old = tuple(replace(f, as_of=days_ago(1), life=Life.OPEN) for f in night.findings)
    down = {
        c.name: manifest(
            c, 0, state=State.UNREACHABLE, cause="unauthorized", declared=None, pages=0,
            detail="401 from https://northwind.halopsa.com/auth/token", digest="",
        )
        for c in Collection
        if c.side is Side.HALO
    }  # fmt: skip
    return replace(
        night,
        findings=old,
        resolved=(),
        vanished=(),
        coverage=(),
        manifests=manifests(**down),
        counts={(k, Outcome.WITHHELD): n for k, n in _totals(night).items()},
    )


def brake() -> Result:
    """Halo returned 3 of 61 clients; a users file is too old as well."""
    night = withheld()
    names = ("Alder Dental", "Beacon Freight", "Cobalt Legal", "Dunmore Estates", "Elm & Ash")
    return replace(
        night,
        doubts=(
            Doubt(
                Collection.HALO_CLIENTS, "shrunk", 61, 3, names, 58,
                setting="brake.max_drop_percent",
            ),
            Doubt(
                Collection.AE_COMPUTERS, "shrunk-a-little", 590, 552, ("LT-0211", "LT-0212"), 38,
                setting="brake.note_percent", stops=False,
            ),
        ),
        manifests=manifests(
            HALO_CLIENTS=manifest(
                Collection.HALO_CLIENTS, 3, state=State.SUSPECT, cause="shrunk"
            ),
            AE_USERS=manifest(
                Collection.AE_USERS, 12, state=State.STALE, cause="file-old", declared=None,
                as_of=days_ago(41), login="", scope="",
            ),
        ),
    )  # fmt: skip


def huge(rows: int = 50_000) -> Result:
    return result(*_many(rows), coverage=_covered(), trend=trend(90, rows, rows, rows * 2))


def hostile() -> Result:
    """What an installer and a customer can put into a name."""
    names = (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{7*7}} ${7*7} {% raw %}",
        "javascript:alert(1)",
        '=HYPERLINK("https://evil.example","click")',
        "@SUM(A1:A9)",
        "Acme\u202egpj.exe\u202c",
        "Ac\u200bme\u00a0 Ltd",
        "Line\r\nBcc: everyone@example.com\0end",
        "A" * 10_000,
        "Z\u0310\u0311\u0312\u0313\u0314\u033d\u034aalgo & S\u00f6ns \U0001f469\u200d\U0001f527",
        "\u0410cme Ltd",
        "%companyname%",
    )  # fmt: skip
    found = [
        finding(
            COMPANY, name, days=2, life=Life.NEW, impact=impact(12 - i % 9, 9 - i % 9, 1),
            suggestions=(suggest("Acme Ltd", Grade.MEDIUM, because("similar", percent=78)),),
            why="unexpanded-variable" if name.startswith("%") else "",
        )
        for i, name in enumerate(names)
    ]  # fmt: skip
    found += [
        finding(
            COMPUTER, "<b>PC-1</b>\u2066", company="Ac\u200bme\u00a0 Ltd", client="Acme\x1b[31m"
        )
    ]
    return result(
        *found,
        manifests=manifests(
            HALO_SITES=manifest(
                Collection.HALO_SITES, 3, state=State.PARTIAL, cause="page-shape",
                detail="<script>alert(2)</script>\x1b[2J", login="<i>root</i>",
            )
        ),
        doubts=(
            Doubt(Collection.AE_LOCATIONS, "parent-emptied", 9, 0, ("<svg/onload=alert(3)>",), 9,
                  parent="p", parent_name="</title><script>", setting="brake.parent_rows"),
        ),
    )  # fmt: skip


def _companies() -> tuple[Finding, ...]:
    return (
        finding(
            COMPANY, "Smith & Sons  Ltd", days=11, impact=impact(148, 120, 9),
            suggestions=(
                suggest(
                    "Smith and Sons Limited", Grade.STRONG,
                    because("machines-shared", shared=41, total=44), because("only-wording"),
                ),
                suggest(
                    "Smithson Removals", Grade.WEAK,
                    because("spelling", ae="smith", halo="smithson"), halo_id="209", score=0.58,
                ),
            ),
        ),
        finding(
            COMPANY, "Contoso", days=3, life=Life.NEW, impact=impact(31, 22, 0),
            suggestions=(
                suggest("Acorn Construction", Grade.MEDIUM,
                        because("machines-shared", shared=19, total=31), halo_id="118"),
            ),
        ),
        finding(
            COMPANY, "Harbour Dental", days=12, outcome=Outcome.AMBIGUOUS, impact=impact(9, 6, 0),
            targets=(target("Harbour Dental", "31"), target("Harbour Dental", "94")),
        ),
        finding(
            COMPANY, "Northgate Logistics", days=1, outcome=Outcome.READY, life=Life.NEW,
            impact=impact(27, 25, 2), targets=(target("Northgate Logistics", "55"),),
        ),
        finding(
            COMPANY, "%companyname%", days=6, why="unexpanded-variable", impact=impact(2, 1, 0)
        ),
        finding(
            COMPANY, "Old Mill Bakery", days=40, outcome=Outcome.INACTIVE, impact=impact(4, 0, 0),
            targets=(target("Old Mill Bakery", "17", active=False),),
        ),
    )  # fmt: skip


def _places() -> tuple[Finding, ...]:
    at = {"company": "Cobalt Legal", "client": "Cobalt Legal"}
    return (
        finding(
            LOCATION, "Main Office", days=8, impact=impact(18, 15), **at,
            suggestions=(
                suggest("Head Office", Grade.WEAK, because("default-name"),
                        because("only-one-left"), halo_id="301"),
            ),
        ),
        finding(LOCATION, "Leeds", days=2, life=Life.NEW, impact=impact(5, 5), **at),
    )  # fmt: skip


def _machines() -> tuple[Finding, ...]:
    at = {"company": "Cobalt Legal", "client": "Cobalt Legal"}
    return (
        finding(
            COMPUTER, "COBALT-RECEPTIO", days=5, impact=impact(1, 1, 1), **at,
            suggestions=(
                suggest("COBALT-RECEPTION-2", Grade.STRONG, because("machine-netbios", length=15)),
            ),
        ),
        finding(
            COMPUTER, "LT-0231", days=5, impact=impact(1, 1), outcome=Outcome.CONTESTED, **at,
            rivals=("LT-0231",), targets=(target("LT-0231", "881", client="Cobalt Legal"),),
        ),
        finding(
            COMPUTER, "WS-014", days=20, impact=impact(1, 0), company="Dunmore Estates",
            client="Dunmore Estates", silent_since=(NOW - timedelta(days=19)).date(),
        ),
        finding(COMPUTER, "SRV-SQL01", days=1, life=Life.REOPENED, impact=impact(1, 1),
                company="Dunmore Estates", client="Dunmore Estates"),
    )  # fmt: skip


def _people() -> tuple[Finding, ...]:
    return (
        finding(
            USER, "Ana Ruiz", days=9, email="ana.ruiz@old.example",
            suggestions=(
                suggest("ana.ruiz@northwind.example", Grade.STRONG,
                        because("same-local-part", domain="northwind.example")),
            ),
        ),
        finding(USER, "Tom Byrne", days=9, email="tom@northwind.example", outcome=Outcome.INACTIVE,
                targets=(target("Tom Byrne", "6", active=False, detail="tom@northwind.example"),)),
    )  # fmt: skip


def _slight() -> tuple[Finding, ...]:
    return (
        finding(
            COMPANY, "ELM & ASH ", days=30, impact=impact(14, 12, 0),
            differences=(Difference.CASE, Difference.OUTER_SPACES),
            targets=(target("Elm & Ash", "77"),),
        ),
    )  # fmt: skip


def _resolved() -> tuple[Finding, ...]:
    return (
        finding(COMPANY, "Beacon Freight", days=4, life=Life.RESOLVED, impact=impact(33, 30, 0)),
        finding(COMPUTER, "LT-0198", days=13, life=Life.RESOLVED, company="Alder Dental"),
    )


def _covered() -> tuple[object, ...]:
    return (
        coverage("Cobalt Legal", 46, 50, 44),
        coverage("Dunmore Estates", 118, 124, 116),
        coverage("Alder Dental", 22, 22, 22),
        coverage("Northgate Logistics", 27, 40, 25),
        coverage("Elm & Ash", 14, 14, 14),
    )


def _totals(night: Result) -> dict[Kind, int]:
    return {k: sum(n for (kind, _), n in night.counts.items() if kind is k) for k in Kind}


def _many(rows: int) -> Iterator[Finding]:
    """Companies at the top, then the computers of a hundred linked ones."""
    for i in range(min(200, rows)):
        yield finding(
            COMPANY, f"{_TOWNS[i % 12]} {_TRADES[i % 11]} {i:03d} Ltd",
            impact=impact(400 - i, 300 - i, 3),
            suggestions=(suggest(f"{_TOWNS[i % 12]} {_TRADES[i % 11]} {i:03d} Limited",
                                 Grade.STRONG, because("only-legal-form")),),
        )  # fmt: skip
    for i in range(rows - 200):
        client = f"Customer {i % 100:03d}"
        asset = suggest(f"LT-{i:04d}", Grade.STRONG, because("machine-padding"), halo_id=str(i))
        yield finding(
            COMPUTER, f"LT-{i:05d}", company=client, client=client, impact=impact(1, i % 2),
            suggestions=(asset,) if i % 3 else (), days=i % 60,
        )  # fmt: skip


_TOWNS = (
    "Ashford", "Bexhill", "Corby", "Dartford", "Evesham", "Fareham", "Grantham", "Harlow",
    "Ilkley", "Jarrow", "Kendal", "Ludlow",
)  # fmt: skip
_TRADES = (
    "Physiotherapy", "Roofing", "Chartered Surveyors", "Veterinary Group", "Print Works",
    "Care Homes", "Motor Parts", "Engineering", "Solicitors", "Catering", "Joinery", "Opticians",
)  # fmt: skip
