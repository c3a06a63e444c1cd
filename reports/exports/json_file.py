"""The report for machines. Its fields are described in docs/report-json.md and only ever added to.

Names stand here in full and untouched; everything unusual in them is escaped, so the file itself
is plain ASCII.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from reports.view import grades
from reports.view.parts import Row, View
from reports.view.prose import plain
from sync.core.result import Result
from sync.core.verdicts import Suggestion
from sync.words import Words, speak

SCHEMA_VERSION = 1


def report_json(view: View) -> bytes:
    """Write the whole result but the verdicts of records about which there is nothing to say."""
    document = _document(view)
    return json.dumps(document, default=_bare, separators=(",", ":")).encode() + b"\n"


def _document(view: View) -> dict[str, Any]:
    result: Result = view.result
    first, words = view.headline, speak(view.language)
    return {
        "schema_version": SCHEMA_VERSION,
        "language": view.language,
        "subject": view.subject,
        "summary": {
            "sentence": first.sentence, "cost": first.cost, "news": first.news,
            "trust": first.trust, "trusted": first.trusted,
        },
        "figures": _figures(view),
        "run": result.run,
        "systems": list(result.systems.values()),
        "counts": [
            {"kind": kind.value, "outcome": outcome.value, "records": n}
            for (kind, outcome), n in sorted(result.counts.items())
        ],
        "findings": [_finding(row, words) for row in (*view.rows, *view.slight, *view.withheld)],
        "backlog": [_finding(row, words) for row in view.backlog],
        "ignored": [_finding(row, words) for row in view.ignored],
        "renamed": [_finding(row, words) for row in view.renamed],
        "resolved": [_finding(row, words) for row in view.resolved],
        "pairs_made": result.pairs_made,
        "pairs_ended": [{"pair": pair, "why": why} for pair, why in result.pairs_ended],
        "vanished": result.vanished,
        "coverage": result.coverage,
        "oddities": result.oddities,
        "trend": result.trend,
        "manifests": result.manifests,
        "doubts": result.doubts,
    }  # fmt: skip


def _figures(view: View) -> dict[str, Any]:
    """What the mail works out of the rest, as it prints it: nobody has to work it out again."""
    sentences = (
        view.coverage_sentence, view.backlog_sentence, *view.trend.sentences,
        *(doubt.more for doubt in view.doubts),
        *(fact.value for fact in grades.read(view.result.findings, speak(view.language))),
    )  # fmt: skip
    return {
        "numbers": [fact._asdict() for fact in view.numbers],
        "tallies": [tally._asdict() for tally in view.tallies],
        "coverage": [
            {
                "client": c.source.client,
                "percent": c.percent,
                "silent": c.silent,
                "unknown": c.unknown,
            }
            for c in view.coverage
        ],
        "sentences": [sentence for sentence in sentences if sentence],
    }


def _finding(row: Row, words: Words) -> dict[str, Any]:
    found: dict[str, Any] = _bare(row.finding)
    found["severity"] = row.severity.value
    found["slight"] = row.is_slight
    found["age_days"] = row.age_days
    found["recipe"] = [plain(step, words) for step in row.recipe]
    found["paste"] = row.paste
    return found


def _bare(value: Any) -> Any:
    """Turn one of the core's values into what JSON has; its parts come here one by one."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Suggestion):
        reasons = [{"code": r.code, "facts": dict(r.facts)} for r in value.reasons]
        return {name: getattr(value, name) for name in _fields(Suggestion)} | {"reasons": reasons}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _fields(type(value))}
    raise TypeError(f"{type(value).__name__} has no place in the report's JSON")


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
