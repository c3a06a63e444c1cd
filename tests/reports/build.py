"""Results for the tests: the package's own builders, and views and texts made from them."""

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
from reports.view import View, view
from reports.view.prose import plain
from reports.view.rows import row
from sync.core.records import Kind
from sync.words import speak

__all__ = [
    "COMPANY", "COMPUTER", "ENGLISH", "LOCATION", "NOW", "SPANISH", "USER", "because", "coverage",
    "days_ago", "finding", "impact", "manifest", "manifests", "result", "row_of", "said", "see",
    "steps", "suggest", "target", "trend",
]  # fmt: skip

COMPANY, LOCATION, COMPUTER, USER = Kind.COMPANY, Kind.LOCATION, Kind.COMPUTER, Kind.USER
ENGLISH, SPANISH = speak("en"), speak("es")


def see(*findings, language: str = "en", **more) -> View:
    """The view of a night with these findings."""
    seen = {key: more.pop(key) for key in ("only", "counts_only") if key in more}
    return view(result(*findings, **more), speak(language), **seen)


def row_of(found, words=ENGLISH):
    return row(found, words, NOW)


def said(prose) -> str:
    return plain(prose, ENGLISH)


def steps(found) -> list[str]:
    """The recipe as a person reads it."""
    return [said(step) for step in row_of(found).recipe]
