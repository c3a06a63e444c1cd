"""Decisions as a plain CSV file: the way to another installation, and back after a disaster."""

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from sync.app.caring import locked
from sync.app.installation import Installation
from sync.clock import SystemClock
from sync.core.decisions import Decision, Verb
from sync.core.records import Kind
from sync.errors import UsageError

COLUMNS = (
    "verb", "kind", "ae_id", "ae_name", "halo_id", "halo_name", "pattern", "expires", "facts",
    "actor", "at", "reason",
)  # fmt: skip


def exported(decisions: Iterable[Decision]) -> list[dict[str, str]]:
    """Give the decisions as plain text cells, one dictionary each."""
    return [{name: _cell(d, name) for name in COLUMNS} for d in decisions]


def _cell(decision: Decision, name: str) -> str:
    if name in {"ae_name", "halo_name"}:
        return decision.names[name == "halo_name"]
    value = asdict(decision)[name]
    return "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)


def write_export(path: Path, decisions: Iterable[Decision]) -> int:
    """Write the decisions as CSV: the plain-text way back after a disaster."""
    rows = exported(decisions)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already", hint="name a new file") from error
    with os.fdopen(number, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def read_import(path: Path) -> tuple[Decision, ...]:
    """Read an export back; every mistake is named with its line and column."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise UsageError(
                f"{path} lacks the columns {', '.join(sorted(missing))}",
                hint="import what `halosync decisions export` wrote",
            )
        return tuple(_read(path, reader.line_num, row) for row in reader)


def _read(path: Path, line: int, row: dict[str, str]) -> Decision:
    try:
        return Decision(
            id=0,
            verb=Verb(row["verb"]),
            kind=Kind(row["kind"]),
            actor=row["actor"],
            at=datetime.fromisoformat(row["at"]),
            reason=row["reason"],
            ae_id=row["ae_id"],
            pattern=row["pattern"],
            halo_id=row["halo_id"],
            expires=datetime.fromisoformat(row["expires"]) if row["expires"] else None,
            facts=row["facts"],
            names=(row["ae_name"], row["halo_name"]),
        )
    except (ValueError, TypeError) as mistake:
        raise UsageError(
            f"{path}:{line}: {mistake}", hint="correct that line; nothing was imported"
        ) from mistake


def import_decisions(here: Installation, decisions: Sequence[Decision]) -> int:
    """Add those that are not there yet; a second import of the same file adds nothing."""
    with locked(here, SystemClock()) as store:
        known = {_same(d) for d in store.decisions()}
        fresh = [d for d in decisions if _same(d) not in known]
        return len(store.decide(fresh))


def _same(decision: Decision) -> Decision:
    return replace(decision, id=0)
