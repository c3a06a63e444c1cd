"""A translated sentence and what fills its gaps, kept apart until it is known who prints it.

HTML wraps each name in its own element, text quotes it, a terminal does neither: so a sentence is
not filled in here.
"""

import string
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Fact = str | int


def N_(sentence: str) -> str:  # noqa: N802 - gettext's customary name, which Babel looks for
    """Mark a sentence for the catalogue; it is translated where it is used."""
    return sentence


class Several(NamedTuple):
    """A sentence in singular and plural, and the name of the fact that decides."""

    one: str
    many: str
    by: str = "n"


class Saying(NamedTuple):
    text: str
    facts: Mapping[str, str] = {}
    names: frozenset[str] = frozenset()
    """The facts that came from outside as text: names, not our words."""

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield (text, name of the fact or empty) in order; an unknown gap stays visible."""
        for literal, gap, _, _ in _parse(self.text):
            if literal:
                yield literal, ""
            if gap is not None:
                yield self.facts.get(gap, f"{{{gap}}}"), gap

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts())


def _parse(text: str) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    try:
        yield from list(string.Formatter().parse(text))
    except ValueError:  # a stray brace in an unknown code: print it as it is
        yield text, None, None, None
