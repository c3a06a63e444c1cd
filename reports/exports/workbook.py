"""The workbook for working through the findings: one sheet per kind, nothing in it is alive."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from reports.exports.tables import COLUMNS, Cell, flat
from reports.view.lists import lists
from reports.view.parts import Row, View
from reports.view.visible import visible
from sync.core.records import Kind
from sync.words import N_, Words, speak

WIDTHS = {
    "In AutoElevate": 32, "E-mail": 28, "Company": 26, "Halo client": 26, "Finding": 22,
    "Open since": 12, "Reason": 40, "Suggested in Halo": 32, "Evidence": 44,
    "Further suggestions": 30, "What to do": 70, "Text to paste": 32, "List": 18,
    "AutoElevate id": 22,
}  # fmt: skip
_OVERLAPPING = re.compile("(_x[0-9a-fA-F]{4})(?=_x[0-9a-fA-F]{4}_)")
Sheet = tuple[str, Sequence[str], Sequence[int], Iterable[Sequence[Cell]]]


def findings_xlsx(view: View) -> bytes:
    """Write row by row, so that fifty thousand findings need no more memory than fifty."""
    import xlsxwriter  # noqa: PLC0415 - imported where it is used

    held = BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties(
            {"title": view.subject, "created": view.started.replace(tzinfo=None, microsecond=0)}
        )
        bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in _sheets(view, speak(view.language)):
            _write(book, sheet, bold, wrapped)
    return held.getvalue()


def _write(book: Any, sheet: Sheet, bold: Any, wrapped: Any) -> None:
    name, headings, widths, rows = sheet
    page = book.add_worksheet(name[:31])
    page.freeze_panes(1, 1)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if cell == "" or cell is None:
                continue
            if isinstance(cell, str):
                page.write_string(last, column, literal(cell), wrapped)
            else:
                page.write_number(last, column, cell, wrapped)
    page.autofilter(0, 0, max(1, last), len(headings) - 1)


def literal(cell: str) -> str:
    """Part what Excel would decode although it is escaped: `_x005F_x202E_` holds two of its codes.

    NOTE: xlsxwriter escapes such codes, but only those that do not share an underscore.
    """
    return _OVERLAPPING.sub(r"\1 ", cell) if "_x" in cell else cell


def _sheets(view: View, words: Words) -> Iterable[Sheet]:
    yield _summary(view, words)
    headings = [words.gettext(column) for column in COLUMNS]
    widths = [WIDTHS.get(column, 13) for column in COLUMNS]
    for kind in Kind:
        rows = [
            (row, name)
            for _, name, found in lists(view, words)
            for row in found
            if row.finding.kind is kind
        ]
        if rows:
            yield words.kinds(kind), headings, widths, _flat(rows, words)
    if view.coverage:
        yield _coverage(view, words)
    if any(c.source.silent or c.source.unknown for c in view.coverage):
        yield _one_sided(view, words)
    if view.places:
        yield _places(view, words)
    yield _health(view, words)


def _flat(rows: Iterable[tuple[Row, str]], words: Words) -> Iterable[Sequence[Cell]]:
    return (flat(row, name, words) for row, name in rows)


def _summary(view: View, words: Words) -> Sheet:
    first = view.headline
    lines = [view.subject, first.sentence, first.cost, first.news, first.trust]
    rows: list[Sequence[Cell]] = [(line,) for line in lines if line]
    rows += [(f"{fact.label}: {fact.value}",) for fact in view.footer]
    return words.gettext(N_("Summary")), (view.title,), (110,), rows


def _coverage(view: View, words: Words) -> Sheet:
    headings = (
        N_("Halo client"), N_("Company"), N_("Assets"), N_("Computers"), N_("Link by name"),
        N_("without check-in"), N_("unknown to Halo"), N_("Coverage"),
    )  # fmt: skip
    rows = [
        (
            c.client, c.company, c.source.assets, c.source.computers, c.source.linked,
            max(0, c.source.assets - c.source.linked),
            max(0, c.source.computers - c.source.linked), c.percent_text,
        )
        for c in view.coverage
    ]  # fmt: skip
    told = [words.gettext(heading) for heading in headings]
    return words.gettext(N_("Coverage")), told, (32, 32, 12, 12, 14, 16, 16, 12), rows


def _one_sided(view: View, words: Words) -> Sheet:
    """Name what the coverage only counts: assets without computer, computers without asset."""
    headings = (N_("Halo client"), N_("Company"), N_("without check-in"), N_("unknown to Halo"))
    rows = [
        (c.client, c.company, *cells)
        for c in view.coverage
        for cells in (
            *((visible(name), "") for name in c.source.silent),
            *(("", visible(name)) for name in c.source.unknown),
        )
    ]
    told = [words.gettext(heading) for heading in headings]
    return words.gettext(N_("On one side only")), told, (32, 32, 32, 32), rows


def _places(view: View, words: Words) -> Sheet:
    headings = (N_("List"), N_("Name"), N_("Company"), N_("In Halo, or the other"), N_("Computers"))
    rows = [
        (group.title, row.name, row.where, row.other, row.source.computers)
        for group in view.places
        for row in group.rows
    ]
    told = [words.gettext(heading) for heading in headings]
    return words.gettext(N_("To look at")), told, (40, 36, 32, 40, 12), rows


def _health(view: View, words: Words) -> Sheet:
    headings = (
        N_("List"), N_("State"), N_("Cause"), N_("Declared"), N_("Received"), N_("Unique"),
        N_("Rejected"), N_("Login"), N_("Scope"), N_("Digest"),
    )  # fmt: skip
    rows = [
        (
            h.name, h.state, " ".join(p for p in (h.cause, h.detail, h.remedy) if p),
            m.declared, m.received, m.unique, m.rejected_rows, visible(m.login), visible(m.scope),
            h.digest,
        )
        for h, m in zip(view.health, view.result.manifests, strict=True)
    ]  # fmt: skip
    told = [words.gettext(heading) for heading in headings]
    return words.gettext(N_("Lists read")), told, (26, 22, 60, 10, 10, 10, 10, 24, 34, 12), rows
