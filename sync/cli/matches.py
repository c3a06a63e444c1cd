"""Prints suggestions for programs: the name, what it probably is, how sure, and why."""

from typing import TYPE_CHECKING, Any

from sync.app.logs import one_line
from sync.words import speak

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.app.matching import Matched
    from sync.core.verdicts import Suggestion

HEADER = ("left_id", "right_id", "rank", "score", "grade", "reason")


def rows(found: "Sequence[Matched]") -> "Iterator[tuple[str | int, ...]]":
    """Give a row for each suggestion, in the order of the left list; ranks count from 1."""
    for left in found:
        for rank, s in enumerate(left.suggestions, start=1):
            yield left.id, s.halo_id, rank, f"{s.score:.4f}", s.grade.value, _why(s)


def _why(suggestion: "Suggestion") -> str:
    words = speak("en")
    said = (words.reason(r.code, dict(r.facts)) for r in suggestion.reasons)
    return "; ".join(one_line(str(sentence)) for sentence in said)


def document(found: "Sequence[Matched]") -> list[dict[str, Any]]:
    return [
        {
            "id": left.id,
            "name": left.name,
            "suggestions": [
                {
                    "id": s.halo_id,
                    "name": s.name,
                    "rank": rank,
                    "score": round(s.score, 4),
                    "grade": s.grade.value,
                    "margin": round(s.margin, 4),
                    "reason": _why(s),
                    "reasons": [r.code for r in s.reasons],
                }
                for rank, s in enumerate(left.suggestions, start=1)
            ],
        }
        for left in found
    ]
