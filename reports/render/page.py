"""The archive's page of one night, and the index of all nights. No address outside the folder."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

from reports.charts import Line, line, nice_top
from reports.render.printing import html
from reports.view.lists import lists
from reports.view.parts import Prose, Role, Row, Trend, View
from sync.words import speak

FIRST_ROWS = 50
"""Rows printed into the page itself; the script brings the others, fifty at a time."""
MOST_STATIC = 300
"""The most rows of the smaller tables; the spreadsheet has them all."""
CHART = (720, 140)
_LETTERS = {Role.NAME: "n", Role.PASTE: "p", Role.CODE: "c", Role.MARK: "m"}


BLANK = SimpleNamespace(
    name="", kind="", place="", life="", outcome="", when="", cost="",
    why=(), compared=None, candidates=(), recipe=(),
)  # fmt: skip
"""The row that the script copies and fills."""


class NightLine(NamedTuple):
    """One night in the index."""

    folder: str
    date: str
    sentence: str
    news: str
    tone: str
    open: str


def page_html(view: View) -> str:
    """Print one night. What is listed first is also there without the script."""
    words = speak(view.language)
    found = list(lists(view, words))
    listed, _, first = found[0] if found else ("open", "", ())
    return (
        html(view.language)
        .get_template("page.html.j2")
        .render(
            view=view,
            lists=[(code, title, words.number(len(rows))) for code, title, rows in found],
            listed=listed,
            first=first[:FIRST_ROWS],
            packed=_packed(found),
            chart=_chart(view.trend),
            size=CHART,
            most=MOST_STATIC,
            blank=BLANK,
            script_hash=_script_hash(),
        )
    )


def nights_html(nights: Iterable[NightLine], language: str) -> str:
    return html(language).get_template("nights.html.j2").render(nights=list(nights), lang=language)


class _Strings:
    """Our own sentences repeat in every row; each is written into the page once."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def place(self, text: str) -> int:
        return self.places.setdefault(text, len(self.places))

    def prose(self, prose: Prose) -> list[int | str]:
        """A plain piece becomes its place; one with a role a letter and its text."""
        return [_LETTERS[Role(role)] + text if role else self.place(text) for text, role in prose]


def _packed(found: Iterable[tuple[str, str, Sequence[Row]]]) -> dict[str, object]:
    strings = _Strings()
    packed = {code: [_row(row, strings) for row in rows] for code, _, rows in found}
    return {"strings": list(strings.places), "lists": packed}


def _row(row: Row, strings: _Strings) -> list[object]:
    """The order is that of `FIELDS` in page.js."""
    compared = row.compared
    return [
        row.name,
        strings.place(row.kind),
        strings.place(row.place),
        strings.place(row.life),
        strings.place(row.outcome),
        strings.prose(row.why),
        [strings.prose(compared.ours), strings.prose(compared.theirs), compared.in_words]
        if compared
        else 0,
        [[c.name, strings.place(c.grade), strings.prose(c.reasons)] for c in row.candidates],
        [strings.prose(step) for step in row.recipe],
        strings.place(row.cost),
        row.finding.impact.active,
        row.age_days,
        strings.place(row.when),
    ]


class Chart(NamedTuple):
    line: Line
    top: int
    dots: tuple[tuple[float, str], ...]


def _chart(trend: Trend) -> Chart:
    top = nice_top(trend.highest)
    values = [night.open for night in trend.nights]
    width, height = CHART
    drawn = line(values, top, width, height)
    step = width / max(1, len(values) - 1)
    dots = tuple(
        (round(i * step, 1), night.day) for i, night in enumerate(trend.nights) if night.withheld
    )
    return Chart(drawn, top, dots)


@cache
def _script_hash() -> str:
    """For the page's own policy: this script may run, and no other."""
    script = html("en").get_template("page.js").render()
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
