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
            yield left.id, s.halo_id, rank, f"{s.score:.4f}", s.grade.value, _why(s, rank)


def _why(suggestion: "Suggestion", rank: int) -> str:
    """Name the evidence; of the best one, how it stands to the runner-up, too."""
    words = speak("en")
    said = [words.reason(r.code, dict(r.facts)) for r in suggestion.reasons]
    if rank == 1:
        codes = {r.code for r in suggestion.reasons}
        told = words.standing(suggestion.grade, codes, suggestion.runner_up, suggestion.margin)
        said += [told] if told else []
    return "; ".join(one_line(str(sentence)) for sentence in said)


def document(found: "Sequence[Matched]") -> list[dict[str, Any]]:
    return [
        {
            "id": left.id,
            "name": left.name,
            "suggestions": [_suggestion(s, n) for n, s in enumerate(left.suggestions, start=1)],
        }
        for left in found
    ]


def _suggestion(suggestion: "Suggestion", rank: int) -> dict[str, Any]:
    return {
        "id": suggestion.halo_id,
        "name": suggestion.name,
        "rank": rank,
        "score": round(suggestion.score, 4),
        "grade": suggestion.grade.value,
        "margin": round(suggestion.margin, 4),
        "runner_up": suggestion.runner_up,
        "reason": _why(suggestion, rank),
        "reasons": [r.code for r in suggestion.reasons],
    }
