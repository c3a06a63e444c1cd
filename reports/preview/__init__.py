"""Renders every state a report can be in, from nights made by hand, into a folder to look at."""

from dataclasses import replace
from pathlib import Path

from reports.deliver import Group, ReportSettings, compose, reveal, stage
from reports.preview import samples
from sync.core.result import Result

SENDER = "halosync@northwind.example"


def nights(rows: int = 50_000) -> dict[str, tuple[Result, str]]:
    """Every state by name, with the language it is shown in."""
    return {
        "clean": (samples.clean(), "en"),
        "first": (samples.first(), "en"),
        "ordinary": (samples.ordinary(), "en"),
        "bad": (samples.bad(), "en"),
        "withheld": (samples.withheld(), "en"),
        "brake": (samples.brake(), "en"),
        "spanish": (samples.ordinary(), "es"),
        "spanish-brake": (samples.brake(), "es"),
        "hostile": (samples.hostile(), "en"),
        "huge": (samples.huge(rows), "en"),
    }


def preview(directory: Path, rows: int = 50_000) -> Path:
    """Write each state as one night of an archive; return the index of them."""
    for number, (name, (result, language)) in enumerate(nights(rows).items(), 1):
        shown = replace(result, run=replace(result.run, id=number, slot=f"preview/{name}"))
        group = Group(("admin@northwind.example",), language)
        settings = ReportSettings(SENDER, language=language, groups=(group,))
        stage(compose(shown, settings), directory, number)
        reveal(directory, number)
    return directory / "index.html"
