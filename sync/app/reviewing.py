"""Decisions taken in a spreadsheet: written out, edited, checked row by row, taken in once."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from reports.exports.review import COLUMNS, DECISIONS, meant, review_xlsx
from sync.app.caring import locked
from sync.app.deciding import IGNORE_DAYS, signed
from sync.app.installation import Installation
from sync.app.reading import open_store
from sync.clock import SystemClock
from sync.core.decisions import Decision, Verb
from sync.core.findings import cost_order
from sync.core.records import HALO_OF, Kind
from sync.core.result import Finding
from sync.core.verdicts import Key
from sync.errors import UsageError
from sync.sources.review import SheetRow, read_sheet
from sync.store import Store
from sync.words import LANGUAGES, speak

NEEDS_TARGET = {Verb.ACCEPT, Verb.CONFIRM, Verb.REJECT}
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that means something else by now; it is left out, the others count."""

    row: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a sheet asks for."""

    fresh: tuple[Decision, ...]
    already: int
    """Rows that were taken in before."""
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the sheet is held against."""

    findings: Mapping[Key, Finding]
    halo_names: Mapping[tuple[Kind, str], str]
    standing: frozenset[tuple[Verb, Kind, str, str, str]]
    actor: str
    at: datetime


def write_review(here: Installation, file: Path) -> int:
    """Write the open findings that are judged into a new sheet (0600); gives how many."""
    with open_store(here) as store:
        found = [f for f in store.open_findings().values() if f.as_of is None and not f.backlog]
    body = review_xlsx(sorted(found, key=cost_order), speak(here.config.report.language))
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{file} exists already", hint="name a new file") from error
    with os.fdopen(number, "wb") as out:
        out.write(body)
    return len(found)


def read_review(here: Installation, file: Path, by: str, *, dry_run: bool) -> Reviewed:
    """Check every row, and write the decisions down unless it is only a trial."""
    rows = read_sheet(file, _headings())
    if dry_run:
        with open_store(here) as store:
            return _reviewed(file, rows, _desk(store, by))
    with locked(here, SystemClock()) as store:
        found = _reviewed(file, rows, _desk(store, by))
        store.decide(found.fresh)
    return found


def _headings() -> dict[str, tuple[str, ...]]:
    """Every language's heading of each column: a sheet may be read by another installation."""
    spoken = [speak(language) for language in LANGUAGES]
    return {key: tuple(words.gettext(name) for words in spoken) for key, name in COLUMNS.items()}


def _desk(store: Store, by: str) -> _Desk:
    published = store.status().published
    if published is None:
        raise UsageError("nothing was published yet", hint="halosync run")
    world = store.as_of(published.id)
    return _Desk(
        store.open_findings(),
        {(kind, r.id): r.name for kind, c in HALO_OF.items() for r in world[c]},
        _standing(store.decisions()),
        signed(by),
        SystemClock().now(),
    )


def _standing(decisions: Sequence[Decision]) -> frozenset[tuple[Verb, Kind, str, str, str]]:
    """What was decided and not forgotten since, as a sheet would ask for it."""
    found: dict[Key, set[tuple[Verb, Kind, str, str, str]]] = {}
    for d in decisions:
        if d.verb is Verb.FORGET:
            found.pop(d.key, None)
        else:
            wish = (d.verb, d.kind, d.ae_id, d.halo_id, d.reason)
            found.setdefault(d.key, set()).add(wish)
    return frozenset(wish for wishes in found.values() for wish in wishes)


def _reviewed(file: Path, rows: Sequence[SheetRow], desk: _Desk) -> Reviewed:
    mistakes: list[str] = []
    fresh: list[Decision] = []
    refused: list[Refused] = []
    already = 0
    seen: dict[Key, int] = {}
    for row in rows:
        if not row.cells["decision"]:
            continue
        wrong = [f"row {row.number}, column {where}: {what}" for where, what in _mistakes(row)]
        if wrong:
            mistakes += wrong
            continue
        decision = _decision(row, desk)
        earlier = seen.setdefault(decision.key, row.number)
        if earlier != row.number:
            mistakes.append(f"row {row.number}: the same record as row {earlier}")
        elif _wish(decision) in desk.standing:
            already += 1
        elif why := _changed(row, decision, desk):
            refused.append(Refused(row.number, row.cells["name"], why))
        else:
            fresh.append(decision)
    if mistakes:
        raise UsageError(
            f"{file} has {len(mistakes)} mistakes: {'; '.join(mistakes)}",
            hint="correct these cells; nothing was imported",
        )
    return Reviewed(tuple(fresh), already, tuple(refused))


def _wish(d: Decision) -> tuple[Verb, Kind, str, str, str]:
    return (d.verb, d.kind, d.ae_id, d.halo_id, d.reason)


def _mistakes(row: SheetRow) -> Iterator[tuple[str, str]]:
    """Name each cell that cannot be understood, by its English heading."""
    cells = row.cells
    verb = cells["decision"].casefold()
    if verb not in DECISIONS:
        yield COLUMNS["decision"], f"{cells['decision']!r} is none of {', '.join(DECISIONS)}"
    if not cells["reason"]:
        yield COLUMNS["reason"], "a decision needs a reason"
    if cells["kind"] not in set(Kind):
        yield COLUMNS["kind"], f"{cells['kind']!r} is no kind; this column is not to be edited"
    if not cells["ae_id"]:
        yield COLUMNS["ae_id"], "empty; this column is not to be edited"
    if verb in NEEDS_TARGET and not (cells["other"] or cells["halo_id"]):
        yield COLUMNS["other"], f"{verb} needs the id of a Halo record, and none is proposed"
    days = cells["days"]
    if days and not (days.isascii() and days.isdigit() and 0 < int(days) <= MOST_DAYS):
        yield COLUMNS["days"], f"{days!r} is no number of days"


def _decision(row: SheetRow, desk: _Desk) -> Decision:
    cells = row.cells
    verb, kind = Verb(cells["decision"].casefold()), Kind(cells["kind"])
    target = (cells["other"] or cells["halo_id"]) if verb in NEEDS_TARGET else ""
    days = int(cells["days"] or IGNORE_DAYS)
    finding = desk.findings.get((kind, cells["ae_id"]))
    return Decision(
        id=0,
        verb=verb,
        kind=kind,
        actor=desk.actor,
        at=desk.at,
        reason=cells["reason"],
        ae_id=cells["ae_id"],
        halo_id=target,
        expires=desk.at + timedelta(days=days) if verb is Verb.IGNORE else None,
        facts=cells["outcome"] if verb is Verb.IGNORE else "",
        names=(finding.name if finding else cells["name"], desk.halo_names.get((kind, target), "")),
    )


def _changed(row: SheetRow, decision: Decision, desk: _Desk) -> str:
    """Say what is no longer as the sheet has it; empty when the row still means the same."""
    finding = desk.findings.get(decision.key)
    if finding is None:
        return "it is not open any more"
    if finding.outcome.value != row.cells["outcome"]:
        return f"it was {row.cells['outcome']} and is {finding.outcome.value} now"
    if meant(finding)[0] != row.cells["halo_id"]:
        return "another Halo record is proposed by now"
    if decision.halo_id and (decision.kind, decision.halo_id) not in desk.halo_names:
        return f"Halo has no {decision.kind.value} record with the id {decision.halo_id}"
    return ""
