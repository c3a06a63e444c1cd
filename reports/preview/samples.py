"""The nights a report has to tell of: clean, first, ordinary, bad, doubted, huge, hostile."""

from collections.abc import Iterator
from dataclasses import replace

from reports.preview import cases
from reports.preview.build import (
    NOW,
    because,
    counts,
    days_ago,
    finding,
    impact,
    manifest,
    manifests,
    result,
    suggest,
    trend,
)
from sync.core.pulls import Answer, State, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.result import Doubt, Finding, Life, Origin, Pair, Result, Vanished
from sync.core.verdicts import Grade, Outcome

COMPANY, LOCATION, COMPUTER, USER = Kind.COMPANY, Kind.LOCATION, Kind.COMPUTER, Kind.USER


def clean() -> Result:
    return result(trend=trend(45, 21, 0), coverage=cases.covered())


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
        *cases.companies(), *cases.places(), *cases.machines(), *cases.people(), *cases.slight(),
        resolved=cases.resolved(),
        coverage=cases.covered(),
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
        for i, (town, trade) in enumerate(zip(cases.TOWNS, cases.TRADES, strict=True))
    )  # fmt: skip
    found = (*more, *night.findings, *cases.backlog())
    return replace(
        night,
        findings=found,
        counts=counts(found),
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
        renamed=cases.renamed(),
        ignored=cases.ignored(),
        pairs_ended=(
            (Pair(COMPANY, "c9", "44", Origin.CONFIRMED, "Gale Media", "Gale"), "both-gone"),
        ),
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
    return result(*_many(rows), coverage=cases.covered(), trend=trend(90, rows, rows, rows * 2))


def hostile() -> Result:
    """What an installer and a customer can put into a name."""
    found = [
        finding(
            COMPANY, name, days=2, life=Life.NEW, impact=impact(12 - i % 9, 9 - i % 9, 1),
            suggestions=(suggest("Acme Ltd", Grade.MEDIUM, because("similar", percent=78)),),
            why="unexpanded-variable" if name.startswith("%") else "",
        )
        for i, name in enumerate(cases.HOSTILE)
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


def _totals(night: Result) -> dict[Kind, int]:
    return {k: sum(n for (kind, _), n in night.counts.items() if kind is k) for k in Kind}


def _many(rows: int) -> Iterator[Finding]:
    """Companies at the top, then the computers of a hundred linked ones."""
    for i in range(min(200, rows)):
        yield finding(
            COMPANY, f"{cases.TOWNS[i % 12]} {cases.TRADES[i % 11]} {i:03d} Ltd",
            impact=impact(400 - i, 300 - i, 3),
            suggestions=(suggest(f"{cases.TOWNS[i % 12]} {cases.TRADES[i % 11]} {i:03d} Limited",
                                 Grade.STRONG, because("only-legal-form")),),
        )  # fmt: skip
    for i in range(rows - 200):
        client = f"Customer {i % 100:03d}"
        asset = suggest(f"LT-{i:04d}", Grade.STRONG, because("machine-padding"), halo_id=str(i))
        yield finding(
            COMPUTER, f"LT-{i:05d}", company=client, client=client, impact=impact(1, i % 2),
            suggestions=(asset,) if i % 3 else (), days=i % 60,
        )  # fmt: skip
