"""Shows where two names differ: word by word first, letter by letter inside similar words."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from reports.view.parts import Piece, Prose, Role
from reports.view.visible import LIMIT, marker, unheaped
from sync.words import N_

_TOKENS = re.compile(r"\w+|\s|[^\w\s]")
_SIMILAR = 0.72
_CURLY = frozenset("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u00b4\u0060")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


def compare(a: str, b: str) -> tuple[Prose, Prose]:
    """Mark in both texts what the other does not have; two strangers are left unmarked."""
    a, b = _cut(a), _cut(b)
    marked_a, marked_b = [False] * len(a), [False] * len(b)
    for (a0, a1), (b0, b1) in _changed(a, b):
        marked_a[a0:a1] = [True] * (a1 - a0)
        marked_b[b0:b1] = [True] * (b1 - b0)
    if _folded_words(a).isdisjoint(_folded_words(b)) and all(
        _is_all_marked(*side) for side in ((a, marked_a), (b, marked_b))
    ):
        marked_a, marked_b = [False] * len(a), [False] * len(b)
    return _pieces(a, marked_a), _pieces(b, marked_b)


def _folded_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _is_all_marked(text: str, marked: list[bool]) -> bool:
    """Whether not one letter of a text is left in common."""
    return all(m for c, m in zip(text, marked, strict=True) if c.isalnum())


def _cut(text: str) -> str:
    return unheaped(text if len(text) <= LIMIT else text[: LIMIT - 1] + "…")


Span = tuple[int, int]


def _changed(a: str, b: str) -> Iterator[tuple[Span, Span]]:
    words_a, words_b = _words(a), _words(b)
    matcher = SequenceMatcher(
        None, [a[i:j] for i, j in words_a], [b[i:j] for i, j in words_b], autojunk=False
    )
    for what, i0, i1, j0, j1 in matcher.get_opcodes():
        if what == "equal":
            continue
        spans = _span(words_a, i0, i1, len(a)), _span(words_b, j0, j1, len(b))
        yield from _letters(a, b, *spans) if what == "replace" else (spans,)


def _words(text: str) -> list[Span]:
    return [m.span() for m in _TOKENS.finditer(text)]


def _span(words: list[Span], start: int, end: int, length: int) -> Span:
    if start < end:
        return words[start][0], words[end - 1][1]
    at = words[start][0] if start < len(words) else length
    return at, at


def _letters(a: str, b: str, span_a: Span, span_b: Span) -> Iterator[tuple[Span, Span]]:
    """Go down to letters where the replaced stretches resemble each other."""
    left, right = a[slice(*span_a)], b[slice(*span_b)]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < _SIMILAR:
        yield span_a, span_b
        return
    for what, i0, i1, j0, j1 in matcher.get_opcodes():
        if what != "equal":
            yield (span_a[0] + i0, span_a[0] + i1), (span_b[0] + j0, span_b[0] + j1)


def _pieces(text: str, marked: list[bool]) -> Prose:
    """Join runs of letters; a space that is itself the difference becomes a symbol."""
    pieces: list[Piece] = []
    for i, (character, is_marked) in enumerate(zip(text, marked, strict=True)):
        shown = marker(character)
        if is_marked and character == " " and not _between_words(text, i, marked):
            shown = "␣"
        role = Role.MARK if is_marked or shown else Role.PLAIN
        shown = shown or character
        if pieces and pieces[-1].role == role:
            pieces[-1] = Piece(pieces[-1].text + shown, role)
        else:
            pieces.append(Piece(shown, role))
    return tuple(pieces)


def _between_words(text: str, i: int, marked: list[bool]) -> bool:
    """A space inside a longer stretch that differs anyway needs no symbol."""
    if not 0 < i < len(text) - 1:
        return False
    beside = text[i - 1], text[i + 1]
    return marked[i - 1] and marked[i + 1] and not any(c.isspace() for c in beside)


def _mixed(text: str) -> bool:
    """Latin and a look-alike alphabet in one text, or none but the other alphabet's."""
    return any(
        unicodedata.name(c, "").startswith(("CYRILLIC", "GREEK"))
        for c in text
        if c.isalpha() and not c.isascii()
    )


_HARD_TO_SEE = (
    ("space-before", N_("a space before the name"), lambda t: t[:1].isspace()),
    ("space-after", N_("a space after the name"), lambda t: t[-1:].isspace()),
    ("two-spaces", N_("two spaces in a row"), lambda t: "  " in t.strip()),
    ("no-break", N_("a no-break space"), lambda t: any(c.isspace() and c != " " for c in t)),
    ("invisible", N_("an invisible character"), lambda t: any(
        marker(c) and not c.isspace() for c in t
    )),
    ("curly", N_("a curly apostrophe or quotation mark"), lambda t: not _CURLY.isdisjoint(t)),
    ("dash", N_("a dash that is not the keyboard’s hyphen"), lambda t: not _DASHES.isdisjoint(t)),
    ("letters", N_("letters of another alphabet that look the same"), _mixed),
)  # fmt: skip


def hard_to_see(a: str, b: str) -> tuple[str, ...]:
    """List (as catalogue entries) what sets the two apart that the eye easily misses."""
    found = [said for _, said, has in _HARD_TO_SEE if has(a) != has(b)]
    if not found and a != b and unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b):
        found.append(N_("the same letters in another encoding"))
    return tuple(found)
