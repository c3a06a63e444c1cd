"""A translated sentence and what fills its gaps, kept apart until it is known who prints it.

HTML wraps each name in its own element, text quotes it, a terminal does neither: so a sentence is
not filled in here.
"""

import string
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
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
    facts: Mapping[str, Fact] = {}
    number: Callable[[int], str] = str
    """How the language writes a number."""

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield (text, name of the fact or empty) in order; an unknown gap stays visible."""
        for literal, gap in _parse(self.text):
            if literal:
                yield literal, ""
            if gap is not None:
                fact = self.facts.get(gap, f"{{{gap}}}")
                yield fact if isinstance(fact, str) else self.number(fact), gap

    def is_name(self, gap: str) -> bool:
        """Whether the fact came as text, so probably from outside, and not as a count."""
        return isinstance(self.facts.get(gap), str)

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts())


@lru_cache(maxsize=1024)
def _parse(text: str) -> tuple[tuple[str, str | None], ...]:
    """Split a sentence into (literal, gap); the same few hundred come again and again."""
    try:
        return tuple((literal, gap) for literal, gap, _, _ in string.Formatter().parse(text))
    except ValueError:  # a stray brace in an unknown code: print it as it is
        return ((text, None),)
