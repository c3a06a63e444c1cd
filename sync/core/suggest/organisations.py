"""How an organisation's name is read: one named step after another, each told in explanations."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from sync.core.names import folded_key
from sync.core.suggest import legal, vocabulary

_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i",
        "ħ": "h", "ŧ": "t", "ĸ": "k", "ŋ": "n", "ə": "e",
    }
)  # fmt: skip
_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bc\u2018\u2019\u201b\u2032\uff07]")
_AND_SIGNS = re.compile(r"[&+]|(?<=['\u2019 ])n(?=['\u2019 ])")
_DOTTED = re.compile(r"\b\w(?:\.\w)+\b\.?")
_BRANCH = re.compile(r"^(.{2,}?)\s*(?:\s[-–—|:]\s|\()([^()]+?)\)?\s*$")
_WORD = re.compile(r"[^\W_]+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_LAST_ROMAN = {"i": "1", "v": "5", "x": "10", **_ROMAN}
"""Single letters are numbers only at a name's end."""
_RUN_ON_ARTICLE = re.compile(r"^The(?=[A-Z]\w{3})")
_LOST_LETTER = re.compile(r"(?<=\w)\?(?=\w)")
_COUNTRIES = re.compile(r"\bunited (?:states(?: of america)?|kingdom)\b")
_LONGEST = 400
"""Characters of a name that are read: nobody means more, and an attacker may send megabytes."""


class Form(NamedTuple):
    """A name as the comparison sees it."""

    words: tuple[str, ...]
    """The core: no legal form, abbreviations written out, singular."""
    legal: frozenset[str]
    branch: str
    """What stood behind a dash or in brackets and told only of an office: `HQ`."""

    @property
    def squashed(self) -> str:
        return "".join(self.words)


def read(name: str) -> Form:
    """Take an organisation's name apart."""
    text = _plain(name)
    text, branch = _split_branch(text)
    words = _words(text)
    core, forms = _split_legal(words)
    return Form(tuple(dict.fromkeys(_canonical(core))) or tuple(words), forms, branch)


def words_of(name: str) -> tuple[str, ...]:
    """Read a name's words without looking for a legal form or a branch."""
    return tuple(_canonical(_words(_plain(name))))


def written(name: str) -> dict[str, str]:
    """Give for each word that was read how the name itself writes it: `jame` is `James` there."""
    told: dict[str, str] = {}
    for word in _WRITTEN.findall(name[:_LONGEST]):
        plain = word.isascii() and word.isalpha()
        for read_as in (_canonical_word(word.lower()),) if plain else words_of(word):
            told.setdefault(read_as, word)
    return told


_WRITTEN = re.compile(r"[^\W_]+(?:['\u2019.][^\W_]+)*")


def spelled_out(name: str) -> str:
    """Write umlauts and their kin as two letters, the way a machine without them does."""
    return unicodedata.normalize("NFC", name[:_LONGEST]).translate(_TWO_LETTERS)


_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe",
     "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)  # fmt: skip


def steps(left: str, right: str) -> tuple[str, ...]:
    """Name the steps without which two names that read the same would not; in their order."""
    if folded_key(left) == folded_key(right):
        return ("unseen",) if left != right else ()
    both = f"{left} | {right}"
    forms = read(left), read(right)
    possible = {
        "accents": not both.isascii(),
        "and": _AND.search(both),
        "article": _ARTICLE.search(left) or _ARTICLE.search(right),
        "punctuation": _PUNCTUATION.search(both.replace("|", "")),
        "branch": forms[0].branch or forms[1].branch,
        "legal-form": forms[0].legal or forms[1].legal,
        "abbreviation": True,
        "word-break": forms[0].words != forms[1].words,
        "repetition": _REPEATED.search(left) or _REPEATED.search(right),
    }
    return tuple(
        step
        for step, may_be in possible.items()
        if may_be and _skipping(left, step) != _skipping(right, step)
    ) or ("wording",)


_AND = re.compile(rf"[&+]|\b(?:n|{'|'.join(sorted(vocabulary.CONJUNCTIONS))})\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^\W*(?:[Tt]he|THE)(?![a-z])")
_PUNCTUATION = re.compile(r"[^\w\s&+]|_")
_REPEATED = re.compile(r"\b(\w{3,})\b.*\b\1", re.IGNORECASE)


def _skipping(name: str, skip: str) -> str:
    text = folded_key(name) if skip == "accents" else _plain(name)
    if skip != "branch":
        text, _ = _split_branch(text)
    if skip == "punctuation":
        return _loose_text(text)
    words = _words(text, keep_and=skip == "and", keep_article=skip == "article")
    core = words if skip == "legal-form" else _split_legal(words)[0]
    if skip != "abbreviation":
        core = _canonical(core)
    if skip != "repetition":
        core = list(dict.fromkeys(core))
    return (" " if skip == "word-break" else "").join(core)


def _loose_text(text: str) -> str:
    core, _ = _split_legal(_without_and(_AND_SIGNS.sub(" and ", text).split()))
    return "".join(dict.fromkeys(_canonical(core)))


def _plain(name: str) -> str:
    text = _RUN_ON_ARTICLE.sub("", name[:_LONGEST])
    if text.isascii() and text.isprintable():
        return text.lower()
    text = unicodedata.normalize("NFKD", folded_key(text))
    kept = "".join(c for c in text if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).translate(_LETTERS)


def _split_branch(text: str) -> tuple[str, str]:
    found = _BRANCH.match(text)
    if not found:
        return text, ""
    words = _WORD.findall(found[2])
    if words and all(word in vocabulary.BRANCH_WORDS for word in words):
        return found[1], " ".join(words)
    return text, ""


def _words(text: str, *, keep_and: bool = False, keep_article: bool = False) -> list[str]:
    if not keep_and:
        text = _AND_SIGNS.sub(" and ", text)
    text = _APOSTROPHES.sub("", text)
    if not text.isascii():
        text = legal.set_apart(text)
    if "?" in text:  # what a code page leaves of an apostrophe or an accented letter
        text = _LOST_LETTER.sub("", text)
    if "united" in text:
        text = _COUNTRIES.sub(lambda found: "usa" if "st" in found[0] else "uk", text)
    if "." in text:
        text = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)
    words = _WORD.findall(text)
    if not keep_and:
        words = _without_and(words)
        if len(words) > 2 and words[0] == "the" and not keep_article:
            del words[0]
    return _join_initials(words)


def _without_and(words: list[str]) -> list[str]:
    """Drop what joins two words: not the `E` of `E-Shelter`, nor that of `J E Smith`."""
    if vocabulary.CONJUNCTIONS.isdisjoint(words):
        return words
    last = len(words) - 1
    return [
        word
        for at, word in enumerate(words)
        if word not in vocabulary.CONJUNCTIONS
        or not (word == "and" or 0 < at < last)
        or (len(word) == 1 and (words[at - 1] == "and" or _initial_beside(words, at)))
    ] or words


def _initial_beside(words: list[str], at: int) -> bool:
    return min(len(words[at - 1]), len(words[at + 1])) == 1


def _join_initials(words: list[str]) -> list[str]:
    if not any(len(w) == 1 for w in words):
        return words
    joined: list[str] = []
    open_run = False
    for word in words:
        single = len(word) == 1 and word.isalpha() and word.isascii()
        if single and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = single
    return joined


def _split_legal(words: list[str]) -> tuple[list[str], frozenset[str]]:
    forms: set[str] = set()
    core = list(words)
    while len(core) > 1:
        length = _legal_tail(core)
        if not length:
            break
        forms.add(legal.LEGAL_FORMS["_".join(core[-length:])])
        del core[-length:]
    leads = len(core) > 1 and core[0] in legal.LEADING_LEGAL_FORMS
    if leads and (not forms or core[0] == "pt"):
        forms.add(legal.LEGAL_FORMS[core.pop(0)])
    inside = [word for word in core[1:] if word in legal.ALWAYS_LEGAL]
    if inside:
        forms.update(legal.LEGAL_FORMS[word] for word in inside)
        core = [core[0], *(word for word in core[1:] if word not in legal.ALWAYS_LEGAL)]
    return core, frozenset(forms)


def _legal_tail(words: list[str]) -> int:
    for length in range(min(legal.LONGEST_LEGAL_FORM, len(words) - 1), 0, -1):
        if "_".join(words[-length:]) in legal.LEGAL_FORMS:
            return length
    return 0


def _canonical(words: list[str]) -> list[str]:
    read_as = [_canonical_word(word) for word in words]
    for at in range(1, len(words)):
        roman = _LAST_ROMAN if at == len(words) - 1 else _ROMAN
        read_as[at] = roman.get(words[at], read_as[at])
    return read_as


@lru_cache(maxsize=8_192)
def _canonical_word(word: str) -> str:
    written_out = vocabulary.ABBREVIATIONS.get(word)
    if written_out:
        return written_out
    if word.isdigit():
        return word.lstrip("0") or "0"
    singular = _singular(word)
    return vocabulary.ABBREVIATIONS.get(singular, singular)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]
