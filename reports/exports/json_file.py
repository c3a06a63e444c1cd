"""The report for machines. Its fields are described in docs/report-json.md and only ever added to.

Names stand here in full and untouched; everything unusual in them is escaped, so the file itself
is plain ASCII.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from reports.view.parts import Row, View
from reports.view.prose import plain
from sync.core.result import Result
from sync.words import Words, speak

SCHEMA_VERSION = 1


def report_json(view: View) -> bytes:
    """Write the whole result but the verdicts of records about which there is nothing to say."""
    document = _document(view)
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


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
        "run": _bare(result.run),
        "systems": [_bare(system) for system in result.systems.values()],
        "counts": [
            {"kind": kind.value, "outcome": outcome.value, "records": n}
            for (kind, outcome), n in sorted(result.counts.items())
        ],
        "findings": [_finding(row, words) for row in (*view.rows, *view.slight, *view.withheld)],
        "resolved": [_finding(row, words) for row in view.resolved],
        "vanished": _bare(result.vanished),
        "coverage": _bare(result.coverage),
        "trend": _bare(result.trend),
        "manifests": _bare(result.manifests),
        "doubts": _bare(result.doubts),
    }  # fmt: skip


def _finding(row: Row, words: Words) -> dict[str, Any]:
    found: dict[str, Any] = _bare(row.finding)
    found["severity"] = row.severity.value
    found["slight"] = row.is_slight
    found["recipe"] = [plain(step, words) for step in row.recipe]
    found["paste"] = row.paste
    return found


def _bare(value: Any) -> Any:  # noqa: PLR0911 - one line per kind of value reads best
    """Turn the core's values into what JSON has; times become UTC."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {f.name: _bare(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(_bare(key)): _bare(held) for key, held in value.items()}
    if hasattr(value, "_asdict"):
        return {key: _bare(held) for key, held in value._asdict().items()}
    return [_bare(held) for held in value]
