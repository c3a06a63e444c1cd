"""Prints suggestions: the name, what it probably is, how sure, and why."""

from typing import TYPE_CHECKING, Any

from sync.app.logs import one_line
from sync.words import speak

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.app.matching import Matched
    from sync.core.verdicts import Suggestion


def lines(found: "Sequence[Matched]") -> "Iterator[str]":
    for row in found:
        yield one_line(row.name)
        if not row.suggestions:
            yield "    nothing close"
        for suggestion in row.suggestions:
            yield f"    {_line(suggestion)}"


def _line(suggestion: "Suggestion") -> str:
    words = speak("en")
    why = "; ".join(one_line(str(words.reason(r.code, dict(r.facts)))) for r in suggestion.reasons)
    grade = words.grade(suggestion.grade)
    return f"{suggestion.score:.2f} {grade}: {one_line(suggestion.name)}" + (
        f"  ({why})" * bool(why)
    )


def document(found: "Sequence[Matched]") -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "suggestions": [
                {
                    "id": s.halo_id,
                    "name": s.name,
                    "score": round(s.score, 4),
                    "grade": s.grade.value,
                    "margin": round(s.margin, 4),
                    "reasons": [r.code for r in s.reasons],
                }
                for s in row.suggestions
            ],
        }
        for row in found
    ]
