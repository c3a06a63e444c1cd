"""Turns a catalogue sentence into prose whose names are harmless and known to be names."""

from collections.abc import Iterable, Iterator, Sequence

from reports.view.parts import Piece, Prose, Role
from reports.view.visible import visible
from sync.words import Saying, Words

LISTED = 12
_OURS = frozenset({"collection", "side"})
"""Gaps that our own words fill."""
_ROLES = {
    "paste": Role.PASTE,
    "command": Role.CODE,
    "never": Role.CODE,
    "setting": Role.CODE,
    "field": Role.CODE,
}


def prose(saying: Saying, words: Words | None = None, **lists: Sequence[str]) -> Prose:
    """Give the sentence piece by piece; only text from outside is a name.

    `lists` fills a gap with several names, joined in the language of `words`.
    """
    pieces: list[Piece] = []
    for text, gap in saying.parts():
        if words and gap in lists:
            pieces.extend(_names(lists[gap], words))
        elif gap and gap not in _OURS and saying.is_name(gap):
            pieces.append(Piece(visible(text), _ROLES.get(gap, Role.NAME)))
        else:
            pieces.append(Piece(text))
    return tuple(pieces)


def _names(names: Sequence[str], words: Words) -> Iterator[Piece]:
    shown = [visible(name) for name in names[:LISTED]]
    last = shown[-1] if len(shown) > 1 else ""
    for i, name in enumerate(shown):
        if i:
            yield Piece(f" {words.and_before(name)} " if name is last else ", ")
        yield Piece(name, Role.NAME)
    if len(names) > LISTED:
        yield Piece(", …")


def plain(pieces: Iterable[Piece], words: Words) -> str:
    """The prose as a person would type it: names in the language's quotation marks."""
    before, after = words.formats.quotes
    return "".join(
        f"{before}{text}{after}" if role in {Role.NAME, Role.PASTE} else text
        for text, role in pieces
    )


def joined(sentences: Iterable[Prose], between: str = "; ") -> Prose:
    pieces: list[Piece] = []
    for sentence in sentences:
        if pieces:
            pieces.append(Piece(between))
        pieces.extend(sentence)
    return tuple(pieces)
