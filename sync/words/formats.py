"""Numbers and dates in the two languages, so that Babel (33 MB) stays a build tool."""

from typing import NamedTuple


class Formats(NamedTuple):
    months: tuple[str, ...]
    date: str
    day: str
    thousands: str
    point: str
    percent: str
    and_: str
    and_before_i: str
    quotes: tuple[str, str]


_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic")

FORMATS = {
    "en": Formats(
        _EN,
        "{d.day} {month} {d.year}",
        "{d.day} {month}",
        ",",
        ".",
        "{}%",
        "and",
        "and",
        ("“", "”"),
    ),
    "es": Formats(
        _ES, "{d.day} {month} {d.year}", "{d.day} {month}", ".", ",", "{} %", "y", "e", ("«", "»")
    ),
}
