"""The open findings as a sheet to decide in: drop-downs beside each row."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from reports.exports.workbook import literal
from reports.view.visible import visible
from sync.core.result import Finding
from sync.words import N_, Words

DECISIONS = ("accept", "confirm", "reject", "ignore", "backlog")
"""What may be decided in a sheet: the words of the command line, the same in every language."""
COLUMNS = {
    "decision": N_("Decision"),
    "reason": N_("Reason"),
    "days": N_("Days to ignore"),
    "other": N_("Another Halo id"),
    "kind": N_("Kind"),
    "name": N_("In AutoElevate"),
    "company": N_("Company"),
    "outcome": N_("Finding"),
    "target": N_("In Halo, probably"),
    "halo_id": N_("Halo id"),
    "evidence": N_("Evidence"),
    "computers": N_("Active computers"),
    "ae_id": N_("AutoElevate id"),
}
"""By key; `kind`, `outcome`, `halo_id` and `ae_id` say what a row was made on: codes and ids."""
WIDTHS = (12, 40, 9, 10, 11, 36, 30, 12, 36, 10, 44, 10, 38)
REASONS = (
    N_("checked with the customer"),
    N_("AutoElevate shows it as linked"),
    N_("another organisation of a similar name"),
    N_("no customer of ours any more"),
    N_("a test record"),
)
"""Offered, never required: any text may be typed."""
FIRST_DECIDED = 4
"""The columns before this one are for the reader to fill in."""


def meant(finding: Finding) -> tuple[str, str]:
    """Give the Halo record that a row proposes, as (id, name); empty where it proposes none."""
    if finding.accepted:
        return finding.accepted.id, finding.accepted.name
    if len(finding.targets) == 1:
        return finding.targets[0].id, finding.targets[0].name
    best = finding.suggestions[0] if finding.suggestions else None
    return (best.halo_id, best.name) if best else ("", "")


def review_xlsx(findings: Sequence[Finding], words: Words) -> bytes:
    """Write one row a finding, nothing in it a formula."""
    import xlsxwriter  # noqa: PLC0415 - imported where it is used

    held = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, options) as book:
        page = book.add_worksheet(words.gettext(N_("To decide")))
        bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        asked = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF6D6"})
        told = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (heading, width) in enumerate(zip(COLUMNS.values(), WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, words.gettext(heading), bold)
        for number, finding in enumerate(findings, 1):
            for column, cell in enumerate(_cells(finding, words)):
                shape = asked if column < FIRST_DECIDED else told
                page.write_string(number, column, literal(cell), shape)
        _drop_downs(page, max(1, len(findings)), words)
        page.freeze_panes(1, FIRST_DECIDED)
        page.autofilter(0, 0, max(1, len(findings)), len(COLUMNS) - 1)
    return held.getvalue()


def _drop_downs(page: Any, last: int, words: Words) -> None:
    page.data_validation(1, 0, last, 0, {"validate": "list", "source": list(DECISIONS)})
    offered = [words.gettext(reason) for reason in REASONS]
    free = {"validate": "list", "source": offered, "show_error": False}
    page.data_validation(1, 1, last, 1, free)


def _cells(finding: Finding, words: Words) -> Iterable[str]:
    halo_id, target = meant(finding)
    best = finding.suggestions[0] if finding.suggestions else None
    why = best.reasons if best and best.halo_id == halo_id else ()
    yield from ("", "", "", "")
    yield finding.kind.value
    yield visible(finding.name)
    yield visible(finding.company)
    yield finding.outcome.value
    yield visible(target)
    yield halo_id
    yield "; ".join(visible(str(words.reason(r.code, dict(r.facts)))) for r in why)
    yield str(finding.impact.active)
    yield finding.ae_id
