"""A machine's name taken apart: what is written around it, its parts, and what they read as."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from sync.core.suggest.vocabulary import word_set

_LONGEST = 255
"""Characters of a name that are read: a DNS name has no more."""
_LAYERS = 3
"""`LT-1.acme.local$ (Mary)`: so many things are written around one name at most."""
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_DASH = re.compile(r"\s+-\s+(\S.*)$")
_NUMBERED = re.compile(r"\d\.")
_DIGIT = re.compile(r"\d")
PARTS = re.compile(r"[^\W\d_]+|\d+")
_TOKENS = re.compile(r"[^\W_]+")
_SEPARATOR = re.compile(r"[\W_]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019]")
_DEPARTMENT = re.compile(r"it\d*")
_LOOK_ALIKE = str.maketrans("oil", "011")
ROLES = word_set(
    """
    lt lap laptop nb note notebook dt desk desktop pc ws wks workstation srv svr server dc fs sql
    rds ts vm web db app exch mail prt print mac mbp imac tab kiosk pos hv esx nas bk bkp
    macbook surface pro air mini
    """
)
_PRIVATE = word_set("local localdomain lan corp internal intranet private home ad domain")
"""What stands alone behind a name as its DNS suffix; `john.smith` has none."""
_DRAWN = word_set("desktop laptop win minint ec2amaz")
"""What Windows and Amazon put in front of letters and digits that they draw."""
_DRAWN_LENGTH = 7


class Machine(NamedTuple):
    """A machine's name taken apart."""

    row: int
    name: str
    """Case folded, as it stands."""
    host: str
    """Without domain, note and trailing `$`."""
    tokens: tuple[str, ...]
    """What the separators separate."""

    @property
    def written(self) -> str:
        """Without separators, except between two numbers: `1-02` is not `102`."""
        return joined(self.tokens)


def read(row: int, names: Iterable[str]) -> Iterator[Machine]:
    """Take apart every name that a record goes by."""
    hosts: dict[str, Machine] = {}
    for name in names:
        folded = _folded(name)
        host = _host(folded)
        if host not in hosts:
            tokens = tuple(_TOKENS.findall(without_apostrophes(host)))
            hosts[host] = Machine(row, folded, host, tokens)
    return (machine for machine in hosts.values() if machine.tokens)


def host_name(name: str) -> str:
    """Strip what is written around a machine's name: domain, DNS suffix, note, `$`."""
    return _host(_folded(name))


def _folded(name: str) -> str:
    text = name[:_LONGEST].strip()
    if text.isascii():
        return text.casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text)))
    return unicodedata.normalize("NFC", bare).casefold().strip()


def _host(folded: str) -> str:
    text = folded.rpartition("\\")[2].strip()
    for _ in range(_LAYERS):
        bare = _without_domain(_without_note(text).rstrip("$ "))
        if bare == text:
            break
        text = bare
    return text


def _without_note(text: str) -> str:
    for pattern in (_BRACKETS, _DASH):
        found = pattern.search(text)
        if found is not None and found.start() and _is_note(text[: found.start()], found):
            return text[: found.start()]
    return text


def _is_note(head: str, found: re.Match[str]) -> bool:
    """Tell a note (`reception`, `room 5`) from the rest of a name (`WS - 12`, `LT`, `(2)`)."""
    note = found[1]
    if " - " in note or 0 < len(note) < 3 or note in ROLES:
        return False
    is_host = has_digit(head) or (" " not in head and len(_TOKENS.findall(head)) > 1)
    first, space, _ = note.partition(" ")
    is_prose = bool(space) and first.isalpha() and first not in ROLES
    if has_digit(note):
        return is_prose and is_host
    # `NYC - SHOP` may be all name, `Maria's MacBook - spare` is not.
    return found.re is _BRACKETS or is_prose or len(_TOKENS.findall(head)) > 1 or is_host


def _without_domain(text: str) -> str:
    """Drop a DNS suffix; `NYC.WS.012`, `MARIA.LAPTOP` and `john.smith` have none.

    Nor ends a name at its first dot where a number follows: `nyc01.pc12.acme.local`.
    """
    head, _, tail = text.rstrip(".").partition(".")
    *_, last = tail.split(".")
    is_suffix = len(last) > 1 and last.isalpha() and last not in ROLES and " " not in tail
    if not head or not is_suffix or _NUMBERED.search(tail):
        return text
    is_name = len(_TOKENS.findall(head)) > 1 or "." in tail or last in _PRIVATE
    return head if has_digit(head) or (is_name and not has_digit(tail)) else text


def has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None


def without_apostrophes(text: str) -> str:
    return _APOSTROPHES.sub("", text)


def separated(text: str) -> str:
    """Write every separator in the same way, each in its place."""
    return _SEPARATOR.sub("-", text)


def joined(tokens: Iterable[str]) -> str:
    text = ""
    for token in tokens:
        text += "-" + token if text[-1:].isdigit() and token[0].isdigit() else token
    return text


def is_serial(token: str) -> bool:
    """Tell whether a token looks drawn by a machine (`4F7K2Q1`): letters and digits by turns.

    `NYC01PC12` has turns too, but `PC` is a word.
    """
    if len(token) < 5 or token.isalpha() or token.isdigit():
        return False
    parts = PARTS.findall(token)
    return len(parts) > 2 and ROLES.isdisjoint(parts)


def serials(tokens: tuple[str, ...]) -> frozenset[str]:
    """Find the tokens of a name that were drawn, those without a digit too (`LAPTOP-HGXEZSU`)."""
    behind = (
        token
        for before, token in pairwise(tokens)
        if len(token) >= _DRAWN_LENGTH and _is_drawn_for(before)
    )
    return frozenset(chain(behind, filter(is_serial, tokens)))


@lru_cache(maxsize=4096)
def _is_drawn_for(before: str) -> bool:
    """Tell whether letters and digits are drawn behind this word, misspelt or not."""
    return before in _DRAWN or any(one_edit(before, word) for word in _DRAWN if len(word) > 5)


def unpadded(tokens: Iterable[str]) -> str:
    """Write a name without separators and without zeros in front of its numbers."""
    return joined(map(without_zeros, tokens))


def without_zeros(token: str) -> str:
    if token.isdigit():
        return token.lstrip("0") or "0"
    if token.isalpha() or is_serial(token):
        return token
    return "".join(
        part.lstrip("0") or "0" if part.isdigit() else part for part in PARTS.findall(token)
    )


def look_alike(tokens: Iterable[str]) -> str:
    """Write a name with o as 0, and i and l as 1."""
    return joined(map(_seen, tokens))


def look_alike_unpadded(tokens: Iterable[str]) -> str:
    return unpadded(map(_seen, tokens))


def _seen(token: str) -> str:
    """Write look-alikes in one way, but never `IT-0231` as `LT-0231`."""
    return token if _DEPARTMENT.fullmatch(token) else token.translate(_LOOK_ALIKE)


def one_edit(a: str, b: str) -> bool:
    """Tell whether one letter was changed, dropped, added or swapped with the next."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) == len(b):
        rest_a, rest_b = a[start:], b[start:]
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    short, long = sorted((a, b), key=len)
    return short[start:] == long[start + 1 :]
