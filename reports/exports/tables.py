"""The findings as flat rows, and as a CSV file that no spreadsheet takes for formulas."""

from typing import TYPE_CHECKING

from reports.view.lists import lists
from reports.view.parts import Row, View
from reports.view.prose import plain
from reports.view.visible import visible
from sync.words import N_, Words, speak

if TYPE_CHECKING:
    from pandas import DataFrame

Cell = str | int | float | None

COLUMNS = (
    N_("List"),
    N_("Kind"),
    N_("In AutoElevate"),
    N_("E-mail"),
    N_("Company"),
    N_("Halo client"),
    N_("Finding"),
    N_("Change"),
    N_("Open since"),
    N_("Days"),
    N_("Computers"),
    N_("Active computers"),
    N_("Requests in 24 h"),
    N_("Severity"),
    N_("Reason"),
    N_("Suggested in Halo"),
    N_("Grade"),
    N_("Evidence"),
    N_("Further suggestions"),
    N_("Easily missed"),
    N_("What to do"),
    N_("Text to paste"),
    N_("AutoElevate id"),
    N_("Halo id"),
    N_("Rule"),
)
SEVERITIES = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full width


def flat(row: Row, listed: str, words: Words) -> tuple[Cell, ...]:
    """One finding in the order of `COLUMNS`."""
    finding, best = row.finding, row.best
    targets = [target.id for target in finding.targets]
    return (
        listed,
        row.kind,
        visible(finding.name),
        visible(finding.email),
        visible(finding.company),
        visible(finding.client),
        row.outcome,
        row.life,
        finding.since.date().isoformat() if finding.since else "",
        row.age_days,
        finding.impact.computers,
        finding.impact.active,
        finding.impact.requests,
        words.gettext(SEVERITIES[row.severity]),
        plain(row.why, words),
        best.name if best else "",
        best.grade if best else "",
        plain(best.reasons, words) if best else "",
        "; ".join(f"{c.name} ({c.grade})" for c in row.candidates[1:]),
        row.compared.in_words if row.compared else "",
        " ".join(f"{i}. {plain(step, words)}." for i, step in enumerate(row.recipe, 1)),
        row.paste,
        visible(finding.ae_id),
        visible(", ".join(targets) or (best.halo_id if best else "")),
        finding.rule,
    )


def findings_frame(view: View) -> "DataFrame":
    """All rows as a data frame with the headings of the view's language, no cell a formula."""
    from pandas import DataFrame  # noqa: PLC0415 - 107 MB and 1.8 s: only where it is used

    words = speak(view.language)
    rows = [
        tuple(map(harmless, flat(row, title, words)))
        for _, title, found in lists(view, words)
        for row in found
    ]
    headings = [words.gettext(column) for column in COLUMNS]
    # object: text stays text, and an absent number stays absent instead of turning into a float
    return DataFrame(rows, columns=headings, dtype=object)


def findings_csv(view: View) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it; every text is only text."""
    return findings_frame(view).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def harmless(cell: object) -> object:
    """Put a quote before what a spreadsheet would run as a formula."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
