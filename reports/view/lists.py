"""The report's lists in their order, each under its title: the page's tabs, the tables' column."""

from collections.abc import Iterable

from reports.view.parts import Row, View
from sync.words import N_, Words

TITLES = {
    "open": N_("To put right"),
    "slight": N_("Nearly identical"),
    "withheld": N_("Not judged tonight"),
    "backlog": N_("Opening backlog"),
    "ignored": N_("Ignored"),
    "renamed": N_("Renamed"),
    "resolved": N_("Resolved"),
}


def lists(view: View, words: Words) -> Iterable[tuple[str, str, tuple[Row, ...]]]:
    """Yield (code, title, rows) of every list that is not empty."""
    rows = {
        "open": view.rows,
        "slight": view.slight,
        "withheld": view.withheld,
        "backlog": view.backlog,
        "ignored": view.ignored,
        "renamed": view.renamed,
        "resolved": view.resolved,
    }
    for code, found in rows.items():
        if found:
            yield code, words.gettext(TITLES[code]), found
