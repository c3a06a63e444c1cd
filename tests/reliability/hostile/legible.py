"""What a reader sees of printed names: tags, lines, letters, and what nobody can see."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from itertools import zip_longest
from typing import Any

from tests.reliability.hostile.names import tame

KEPT = 100
"""Of a longer name at least so many letters are shown; the log and the terminal show all."""
ESCAPE = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\[nrt]")
MARKER = re.compile("⟨[A-Z0-9+…]{1,8}⟩|␣")
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by their category, and yet nothing is seen."""
MOST_STACKED = 4
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
IN_FULL = {"the log", "the JSON log", "the terminal", "the documents", "Subject"}
"""Where every letter of a name is kept, the blank and the heaped ones too."""
EXACT = {"the table", "the workbook"}
"""Their column of texts to paste has the marks that belong to a name, however many."""
Wrong = Iterator[str]


class Events(HTMLParser):
    """A page as a browser would see it: each tag with its attributes, each text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[tuple[str, Any]] = []
        self.scripts: list[str] = []
        self.isolated: set[str] = set()
        """The text of each <bdi>."""
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append((f"<{tag}>", attrs))
        if tag == "bdi":
            self._open.append("")

    def handle_endtag(self, tag: str) -> None:
        self.events.append((f"</{tag}>", ()))
        if tag == "bdi" and self._open:
            self.isolated.add(self._open.pop())

    def handle_data(self, data: str) -> None:
        if self.events[-1:] and self.events[-1][0] == "<script>":
            self.scripts.append(data)
            return
        self.events.append(("text", tame(data)))
        self._open = [text + data for text in self._open]

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.events.append(("declaration", decl))

    def unknown_decl(self, data: str) -> None:
        self.events.append(("declaration", data))

    def handle_pi(self, data: str) -> None:
        self.events.append(("instruction", data))


def same_page(wild: str, tamed: str) -> Wrong:
    seen, wanted = Events(wild), Events(tamed)
    for one, other in zip_longest(seen.events, wanted.events):
        if one != other:
            yield f"{str(one)[:90]} stands where a tame name gives {str(other)[:90]}"
            break
    if len(seen.scripts) != len(wanted.scripts) or seen.scripts[1:] != wanted.scripts[1:]:
        yield "another script"
    yield from unseen(" ".join(str(event) for _, event in seen.events), "the page")
    yield from unseen(wild, "the page's source")


def same(wild: Sequence[str], tamed: Sequence[str]) -> Wrong:
    """Line for line what tame names give."""
    for one, other in zip_longest(wild, tamed, fillvalue="(no line)"):
        if tame(one) != tame(other):
            yield f"{one[:90]!r} stands where a tame name gives {other[:90]!r}"
            return


def unseen(text: str, where: str) -> Wrong:
    """Raw characters that nobody sees, and marks heaped on one letter."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return
    blank = frozenset() if where in IN_FULL else BLANK
    raw = {c for c in set(text) if c in blank or unicodedata.category(c) in UNSEEN} - {"\n"}
    if raw:
        yield f"{where} has {sorted(map(ascii, raw))}"
    if where not in {*IN_FULL, *EXACT} and _stacked(text):
        yield f"{where} has a letter under a heap of marks"


def _stacked(text: str) -> bool:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run > MOST_STACKED:
            return True
    return False


def missing(names: Iterable[str], shown: Iterable[str]) -> Wrong:
    """Names of which no shown text is: the same letters, if perhaps not all of them."""
    starts = {text[:n] for text in {letters(t)[:KEPT] for t in shown} for n in range(len(text) + 1)}
    yield from (f"{n[:60]!r} is not in it" for n in names if letters(n[:KEPT]) not in starts)


def letters(text: str) -> str:
    """What a reader sees of a text: letters, digits and signs, without marks, spaces, escapes."""
    text = MARKER.sub("", ESCAPE.sub("", text))
    if text.isascii() and text.isalnum():
        return text
    return "".join(c for c in text if unicodedata.category(c)[0] not in "CZM" and c not in BLANK)
