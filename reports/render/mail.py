"""The mail: HTML that never outgrows Gmail's limit, and a text that is pleasant by itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from css_inline import CSSInliner

from reports.charts import heights
from reports.render.printing import html, text
from reports.view.parts import View

LIMIT_BYTES = 92_160
"""Gmail clips a mail near 102 KB; this leaves room for what servers add."""
PER_COMPANY = 8
MOST_ROWS = 120
GENEROUS, USUAL = 40, 12
"""The most rows of the smaller lists: where there is room, and where there is not."""
TREND_NIGHTS = 30
TREND_PIXELS = 36


@dataclass(frozen=True, slots=True)
class Cut:
    """A view shortened for the mail, and how many rows of each list it shows."""

    view: View
    whole: View
    shown: int
    total: int
    sides: int
    """The most rows of every other list."""


def mail_html(view: View) -> str:
    """Print the mail with as many rows as fit."""
    return _largest(view, _html)


def mail_text(view: View) -> str:
    """Print the text part: the same rows as the HTML may hold, and no more."""
    return _text(cut(view, MOST_ROWS, GENEROUS))


def _largest(view: View, write: Callable[[Cut], str]) -> str:
    """Find by halving the longest cut that stays under the limit."""
    most = min(MOST_ROWS, len(view.rows))
    for sides in (GENEROUS, USUAL):
        whole = write(cut(view, most, sides))
        if _fits(whole):
            return whole
    fits, fails = 0, most
    best = write(cut(view, 0, 0))
    while fails - fits > 1:
        middle = (fits + fails) // 2
        attempt = write(cut(view, middle, min(USUAL, middle // 3)))
        if _fits(attempt):
            fits, best = middle, attempt
        else:
            fails = middle
    return best


def _fits(page: str) -> bool:
    return len(page.encode()) <= LIMIT_BYTES


def cut(view: View, rows: int, sides: int) -> Cut:
    """Keep the costliest rows, and of each company no more than a handful."""
    groups, left = [], rows
    for group in view.groups:
        kept = group.rows[: min(left, PER_COMPANY)]
        if not kept:
            break
        left -= len(kept)
        groups.append(replace(group, rows=kept))
    shorter = replace(
        view,
        groups=tuple(groups),
        slight=view.slight[:sides],
        withheld=view.withheld[:sides],
        resolved=view.resolved[:sides],
        renamed=view.renamed[:sides],
        ignored=view.ignored[:sides],
        notices=view.notices[: max(3, sides)],
        vanished=view.vanished[:sides],
        coverage=view.coverage[: min(sides, 8)],
    )
    return Cut(shorter, view, rows - left, len(view.rows), sides)


def _html(short: Cut) -> str:
    return _inliner().inline(
        html(short.view.language).get_template("mail.html.j2").render(_names(short))
    )


def _text(short: Cut) -> str:
    return (
        text(short.view.language).get_template("mail.txt.j2").render(_names(short)).strip() + "\n"
    )


def _names(short: Cut) -> dict[str, object]:
    nights = short.view.trend.nights[-TREND_NIGHTS:]
    return {
        "view": short.view,
        "whole": short.whole,
        "shown": short.shown,
        "total": short.total,
        "nights": list(zip(nights, heights([n.open for n in nights], TREND_PIXELS), strict=True)),
        "pixels": TREND_PIXELS,
    }


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
