"""The findings of the sample nights, company by company: one of each case a reader meets."""

from datetime import timedelta

from reports.preview.build import (
    NOW,
    because,
    coverage,
    days_ago,
    finding,
    impact,
    suggest,
    target,
)
from sync.core.records import Kind
from sync.core.result import Coverage, Finding, Life
from sync.core.verdicts import Difference, Grade, Outcome

COMPANY, LOCATION, COMPUTER, USER = Kind.COMPANY, Kind.LOCATION, Kind.COMPUTER, Kind.USER


def companies() -> tuple[Finding, ...]:
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


def places() -> tuple[Finding, ...]:
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


def machines() -> tuple[Finding, ...]:
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


def people() -> tuple[Finding, ...]:
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


def slight() -> tuple[Finding, ...]:
    return (
        finding(
            COMPANY, "ELM & ASH ", days=30, impact=impact(14, 12, 0),
            differences=(Difference.CASE, Difference.OUTER_SPACES),
            targets=(target("Elm & Ash", "77"),),
        ),
    )  # fmt: skip


def resolved() -> tuple[Finding, ...]:
    return (
        finding(COMPANY, "Beacon Freight", days=4, life=Life.RESOLVED, impact=impact(33, 30, 0)),
        finding(COMPUTER, "LT-0198", days=13, life=Life.RESOLVED, company="Alder Dental"),
    )


def renamed() -> tuple[Finding, ...]:
    """AutoElevate keeps the link; the names differ now."""
    return (
        finding(
            COMPANY, "Harlow Opticians", outcome=Outcome.RENAMED,
            targets=(target("Harlow Eye Care", "63"),),
        ),
    )  # fmt: skip


def ignored() -> tuple[Finding, ...]:
    return (
        finding(COMPANY, "TEST – do not use"),
        finding(COMPANY, "Internal lab", ignored_until=days_ago(-90)),
    )


def backlog() -> tuple[Finding, ...]:
    return tuple(
        finding(COMPUTER, f"OLD-{i:03d}", company="Dunmore Estates", backlog=True, days=60)
        for i in range(12)
    )


def covered() -> tuple[Coverage, ...]:
    return (
        coverage("Cobalt Legal", 46, 50, 44),
        coverage("Dunmore Estates", 118, 124, 116),
        coverage("Alder Dental", 22, 22, 22),
        coverage("Northgate Logistics", 27, 40, 25),
        coverage("Elm & Ash", 14, 14, 14),
    )


TOWNS = (
    "Ashford", "Bexhill", "Corby", "Dartford", "Evesham", "Fareham", "Grantham", "Harlow",
    "Ilkley", "Jarrow", "Kendal", "Ludlow",
)  # fmt: skip
TRADES = (
    "Physiotherapy", "Roofing", "Chartered Surveyors", "Veterinary Group", "Print Works",
    "Care Homes", "Motor Parts", "Engineering", "Solicitors", "Catering", "Joinery", "Opticians",
)  # fmt: skip

HOSTILE = (
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
