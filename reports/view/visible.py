"""Makes every character of a foreign name visible and harmless before anything prints it.

AutoElevate's installer creates companies and customers name their machines, so a name may hold
anything: control and direction characters, thousands of letters, text that looks like markup.
"""

import unicodedata
from itertools import groupby

LIMIT = 120
_NAMES = {
    "\t": "TAB", "\n": "LF", "\r": "CR", "\0": "NUL", "\x1b": "ESC", "\x7f": "DEL",
    "\u00a0": "NBSP", "\u00ad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ",
    "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF",
    "\u202d": "LRO", "\u202e": "RLO", "\u202f": "NNBSP", "\u2028": "LS", "\u2029": "PS",
    "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\ufeff": "BOM", "\u3000": "IDSP", "\u2007": "FIGSP", "\u2009": "THINSP",
}  # fmt: skip
# Print nothing although Unicode calls them letters, marks or symbols.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
MOST_STACKED = 4
"""Marks on one letter that a language may need; more are a heap that covers the lines around."""


def visible(text: str, limit: int = LIMIT) -> str:
    """Show a foreign text as one harmless line, cut at the limit."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    text = unheaped(text)
    if text.isprintable() and _BLANK.isdisjoint(text):
        return text
    return "".join(marker(c) or c for c in text)


def unheaped(text: str) -> str:
    """Leave three of a heap of marks on one letter, in whatever script they are."""
    if text.isascii():
        return text
    kept: list[str] = []
    for stacks, run in groupby(text, lambda c: unicodedata.category(c) in {"Mn", "Me"}):
        marks = "".join(run)
        kept.append(f"{marks[:3]}⟨…⟩" if stacks and len(marks) > MOST_STACKED else marks)
    return "".join(kept)


def marker(character: str) -> str:
    """Name a character that cannot be seen, `⟨ZWSP⟩`; empty for one that can."""
    if character == " " or (character.isprintable() and character not in _BLANK):
        return ""
    return f"⟨{_NAMES.get(character) or f'U+{ord(character):04X}'}⟩"


def header_text(text: str, limit: int = LIMIT) -> str:
    """Make a text fit for a mail header: one line, nothing invisible, no direction changes."""
    return " ".join(visible(text, limit).split())


def pasteable(text: str) -> str:
    """Clean a name: visible characters only, one space between words, composed form."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or not marker(c))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def is_clean(text: str) -> bool:
    """Tell whether a reader can type the text from what is seen."""
    return text == pasteable(text) and len(text) <= LIMIT
