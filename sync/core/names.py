"""What "the same name" means. Change the meaning of *exact* here and nowhere else."""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from sync.core.verdicts import Difference


class Exact(StrEnum):
    """How strictly AutoElevate is taken to compare names (`linking.exact`)."""

    TEXT = "text"
    TRIMMED = "trimmed"
    CASEFOLD = "casefold"


def exact_key(name: str, exact: Exact = Exact.TEXT) -> str:
    """Give the key under which companies, locations and computers link (L1 to L3)."""
    if exact is Exact.TEXT:
        return name
    trimmed = name.strip()
    return trimmed if exact is Exact.TRIMMED else trimmed.casefold()


def email_key(text: str) -> str:
    """Give the key under which users link (L4)."""
    return text.strip().casefold()


def folded_key(name: str) -> str:
    """Give a key that ignores everything a reader cannot see, and letter case.

    Two names that share it but are not identical differ only in what `differences` lists.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.casefold().split())
    return _folded(name, skip=None)


def differences(a: str, b: str) -> tuple[Difference, ...]:
    """Say why two texts that fold alike are not identical; empty if equal or not alike.

    A difference is named when undoing all the others does not make the two texts equal.
    """
    if a == b or folded_key(a) != folded_key(b):
        return ()
    found = tuple(d for d in Difference if _folded(a, skip=d) != _folded(b, skip=d))
    # A ligature or the Kelvin sign is undone by case folding and by NFKC alike: neither is
    # needed, so neither was found.
    return found or (Difference.UNICODE_FORM,)


_VARIABLE = re.compile(
    r"%[A-Za-z][\w .-]*%"  # %companyname%
    r"|@[A-Za-z][\w.-]*@"  # @CF_CompanyName@
    r"|\{\{.*?\}\}"  # {{company.name}}
    r"|\$\{[^}]*\}"  # ${company}
    r"|\$\([^)]*\)"  # $(company)
    r"|__[A-Za-z][A-Za-z0-9_.-]*__"  # __company__
    r"|\[\[.*?\]\]"  # [[company]]
)


def unexpanded_variable(name: str) -> bool:
    """Tell whether a deployment script left its placeholder in the name."""
    return _VARIABLE.search(name) is not None


# Characters that print nothing although their category does not say so: fillers, joiners,
# variation selectors, and the empty Braille cell.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_SPACES = re.compile(r"(\s+)")


def is_invisible(character: str) -> bool:
    """Tell whether a character takes no room in print and is not white space."""
    if character.isspace():
        return False
    return character in _BLANK or unicodedata.category(character) in {"Cf", "Cc"}


def _drop_invisible(text: str) -> str:
    if text.isprintable() and _BLANK.isdisjoint(text):
        return text
    return "".join(c for c in text if not is_invisible(c))


def _one_form(text: str) -> str:
    # White space is left to its own steps, or a no-break space would count as Unicode form.
    return "".join(
        part if part.isspace() else unicodedata.normalize("NFKC", part)
        for part in _SPACES.split(text)
    )


def _fold_case(text: str) -> str:
    return text.casefold()


def _trim(text: str) -> str:
    return text.strip()


def _collapse(text: str) -> str:
    inner = text.strip()
    start = text.index(inner) if inner else len(text)
    return text[:start] + " ".join(inner.split()) + text[start + len(inner) :]


# Unicode form comes twice because folding case can leave the composed form ("ΐ").
_FOLDS: tuple[tuple[Difference, Callable[[str], str]], ...] = (
    (Difference.INVISIBLE, _drop_invisible),
    (Difference.UNICODE_FORM, _one_form),
    (Difference.CASE, _fold_case),
    (Difference.UNICODE_FORM, _one_form),
    (Difference.OUTER_SPACES, _trim),
    (Difference.INNER_SPACES, _collapse),
)


def _folded(text: str, *, skip: Difference | None) -> str:
    for difference, fold in _FOLDS:
        if difference is not skip:
            text = fold(text)
    return text
