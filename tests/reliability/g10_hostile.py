"""G10: whatever a name holds, it is text everywhere: no markup, formula, header, unseen letter.

Each handful of names is printed twice: as it is, and without the characters that formats give a
meaning to. Tag for tag, attribute for attribute and line for line the two must be the same; what
cannot be compared so (tables, JSON, headers, files) is read back by the standard library.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import xlsxwriter
from markupsafe import Markup
from xlsxwriter.worksheet import Worksheet

from reports.deliver import ReportSettings, compose
from reports.exports import json_file, tables, workbook
from reports.mailer import message
from reports.render import mail, page, printing
from reports.view import marks
from sync.app import logs
from sync.cli import matches, terminal
from sync.core.result import Edition, Result
from tests.reliability.benches.bench import replaced
from tests.reliability.hostile import sinks
from tests.reliability.hostile.names import names
from tests.reliability.hostile.readback import SINKS, Prints
from tests.reliability.tally import Tally, Tier

NAMES = {"push": 500, "release": 10_000}
HANDFUL = 50
"""As many as the page prints without its script."""
SPOILT = 400
NO_LIMIT = 10**9
Guard = Callable[[ExitStack], None]
_visible = import_module("reports.view.visible")  # the package's attribute is the function


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    wild = names(NAMES[tier], seed)
    for start in range(0, len(wild), HANDFUL):
        some = wild[start : start + HANDFUL]
        for sink, what in _wrong(some):
            tally.broken(f"seed {seed}, names {start} to {start + len(some)}: {sink}: {what}")
        tally.trials += len(some)
    tally.notes = {"sinks": len(SINKS)}
    return tally


def sabotage(seed: int) -> Tally:
    """Take away one guard after the other; each must be missed where it stood."""
    tally = Tally()
    some = names(SPOILT, seed)
    for name, (sink, guard) in GUARDS.items():
        missed = _missed(sink, guard, some)
        if not missed:
            print(f"nobody misses the guard: {name}", file=sys.stderr)
            return Tally()
        tally.broken(*(f"without {name}: {sink}: {what}" for what in missed))
    if left := _wrong(some[:HANDFUL]):
        print(f"a guard stayed away: {left[0]}", file=sys.stderr)
        return Tally()
    return tally


def _missed(sink: str, guard: Guard, some: Sequence[str]) -> list[str]:
    """What is wrong in the guard's own sink with the first handful that shows it."""
    for start in range(0, len(some), HANDFUL):
        with ExitStack() as removed:
            guard(removed)
            found = _wrong(some[start : start + HANDFUL], (sink,))
        if found:
            return [what for _, what in found]
    return []


def _wrong(some: Sequence[str], where: Iterable[str] = SINKS) -> list[tuple[str, str]]:
    """Everything that is wrong in these sinks, each with the sink's name."""
    found, prints = [], Prints(some)
    with replaced(mail, "LIMIT_BYTES", NO_LIMIT):  # all rows, or there is nothing to compare
        for sink in where:
            try:
                found += [(sink, what) for what in SINKS[sink](prints)]
            except Exception as error:  # noqa: BLE001 - this is what the goal counts
                found.append((sink, f"{type(error).__name__}: {str(error)[:200]!r}"))
    return found


def _no_escaping(removed: ExitStack) -> None:
    def unescaped(language: str) -> Any:
        return printing._environment(language, escaping=False)

    for module in (mail, page):
        removed.enter_context(replaced(module, "html", unescaped))


def _raw_page_data(removed: ExitStack) -> None:
    def raw(value: object) -> Markup:
        return Markup(json.dumps(value))

    def careless(language: str) -> Any:
        environment = printing._environment(language, escaping=True)
        environment.filters["tojson"] = raw
        return environment

    removed.enter_context(replaced(page, "html", careless))


def _live_cells(removed: ExitStack) -> None:
    """Let the workbook take texts for formulas and links, as it does unless told otherwise."""

    def lively(file: Any, options: dict[str, Any]) -> xlsxwriter.Workbook:
        return book(file, {"constant_memory": options["constant_memory"]})

    book = xlsxwriter.Workbook
    removed.enter_context(replaced(xlsxwriter, "Workbook", lively))
    removed.enter_context(replaced(Worksheet, "write_string", Worksheet.write))


def _nothing_marked(removed: ExitStack) -> None:
    for module in (_visible, marks):
        removed.enter_context(replaced(module, "marker", lambda _character: ""))


def _raw_json(removed: ExitStack) -> None:
    loose = SimpleNamespace(dumps=partial(json.dumps, ensure_ascii=False))
    removed.enter_context(replaced(json_file, "json", loose))


def _guard(*places: tuple[object, str]) -> Guard:
    """Remove functions that clean their argument."""

    def remove(removed: ExitStack) -> None:
        for where, name in places:
            removed.enter_context(replaced(where, name, lambda value: value))

    return remove


def _files_by_name(removed: ExitStack) -> None:
    """Keep a night under a name from its report."""

    def named(result: Result, settings: ReportSettings) -> Edition:
        edition = compose(result, settings)
        name = result.findings[0].name.replace("/", "")[:40]
        return replace(edition, files=edition.files | {f"{name}.html": b""})

    removed.enter_context(replaced(sinks, "compose", named))


def _raw_documents(removed: ExitStack) -> None:
    loose = partial(json.dumps, ensure_ascii=False, default=str)
    removed.enter_context(replaced(terminal, "_as_json", loose))


GUARDS: dict[str, tuple[str, Guard]] = {
    "autoescape": ("HTML mail", _no_escaping),
    "autoescape on the page": ("archive page", _no_escaping),
    "the escaping of the page's data": ("archive page", _raw_page_data),
    "the marking of what cannot be seen": ("plain text", _nothing_marked),
    "the marking in HTML": ("HTML mail", _nothing_marked),
    "the quote before formulas": ("CSV", _guard((tables, "harmless"))),
    "texts written as texts": ("XLSX", _live_cells),
    "the parting of Excel's codes": ("XLSX", _guard((workbook, "literal"))),
    "ASCII in JSON": ("JSON", _raw_json),
    "one line a header": ("Subject", _guard((message, "one_line"))),
    "one line a message": ("log", _guard((logs, "one_line"))),
    "one line on the terminal": ("terminal", _guard((logs, "one_line"), (matches, "one_line"))),
    "the cleaning of documents": ("terminal", _raw_documents),
    "files named by us": ("file name", _files_by_name),
}
"""By name: the sink that must miss it, and how it is removed."""
