"""Gives every name another one, always the same for the same, so that a problem can be shown.

What must survive is what makes a problem: equal words stay equal, different ones different; case,
spaces, punctuation, digits and characters that cannot be seen stay where they are; a word that
differs by one letter, is cut short, or is two others written together still does. Words that tell
nothing alone (legal forms, "main office") stay; other words of everyday trade change places among
themselves, so that their frequency stays and the name goes.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from sync.core.suggest.legal import LEGAL_FORMS
from sync.core.suggest.vocabulary import (
    ABBREVIATIONS,
    BRANCH_WORDS,
    COMMON_WORDS,
    CONJUNCTIONS,
    SMALL_WORDS,
    word_set,
)

VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
KEPT = (
    frozenset(part for form in LEGAL_FORMS for part in form.split("_"))
    | SMALL_WORDS
    | CONJUNCTIONS
    | BRANCH_WORDS
    | word_set(
        """
        http https www com org net example test local lan yes no si true false linked vinculado
        verdadero falso unassigned administrator technician downstream pc ws lt nb srv dc vm mac
        win laptop desktop workstation server monitor printer switch firewall licence license
        software null none
        """
    )
)
"""Words that are no names: legal forms, branches, kinds of machines, yes and no."""
SHORTEST = 3
"""Single letters and pairs are no names; they are left alone."""
RHYTHMIC = 100
FAMILY = 4
"""From this length on, words one letter apart or cut short are relatives."""


class Disguise:
    """Learn every text first, then ask for them one by one."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._words: set[str] = set()
        self._everyday = swaps(key)
        self._given = dict(self._everyday)
        self._taken: set[str] = set(self._given.values()) | KEPT
        self._by_gap: dict[str, str] = {}
        self._by_start: dict[str, str] = {}
        self._open: set[str] = set()
        self._settled = False

    def learn(self, texts: Iterable[str]) -> None:
        """Collect the words of names; only what was learnt is disguised in other texts."""
        for text in texts:
            self._words.update(word for word, _ in _tokens(text))
        self._settled = False

    def name(self, text: str) -> str:
        """Disguise a name: every word of it."""
        self._settle()
        return _rewritten(text, self._of)

    def prose(self, text: str) -> str:
        """Disguise in our own sentences the words that names were learnt with."""
        self._settle()
        return _rewritten(text, lambda word: self._of(word) if word in self._words else word)

    def _settle(self) -> None:
        """Long words first, so that those cut short find what they were cut from."""
        if not self._settled:
            for word in sorted(self._words, key=lambda w: (-len(w), w)):
                if word in self._everyday:
                    self._introduce(word)
                self._of(word)
            self._settled = True

    def _of(self, word: str) -> str:
        if len(word) < SHORTEST or word in KEPT:
            return word
        if word not in self._given:
            self._open.add(word)
            self._given[word] = found = self._found(word)
            self._open.discard(word)
            self._taken.add(found)
            self._introduce(word)
        return self._given[word]

    def _found(self, word: str) -> str:
        ways = (self._plural, self._joined, self._cut, self._slipped)
        for relative in (way(word) for way in ways):
            if relative and relative not in self._taken:
                return relative
        return self._invented(word)

    def _plural(self, word: str) -> str:
        one = self._given.get(word.removesuffix("s"), "")
        return f"{one}s" if one and word.endswith("s") else ""

    def _joined(self, word: str) -> str:
        """Two words that were learnt, written together."""
        for i in range(SHORTEST, len(word) - SHORTEST + 1):
            first, second = word[:i], word[i:]
            known = first in self._words and second in self._words
            if known and not {first, second} & self._open:
                return self._of(first) + self._of(second)
        return ""

    def _cut(self, word: str) -> str:
        """A longer word's beginning."""
        whole = self._by_start.get(word, "")
        return self._given[whole][: len(word)] if whole else ""

    def _slipped(self, word: str) -> str:
        """A word of the same length but for one letter, or with one letter more or less."""
        if len(word) < FAMILY:
            return ""
        for i, gap in enumerate(_gaps(word)):
            other = self._by_gap.get(gap)
            if other is None or len(self._given[other]) != len(other):
                continue
            twin, letter = self._given[other], self._letter(word, i)
            at = _gaps(other).index(gap) if gap in _gaps(other) else i
            return twin[:at] + letter + twin[at + 1 :]
        if word in self._by_gap:  # one letter less than a known word
            other = self._by_gap[word]
            at = _gaps(other).index(word)
            return self._given[other][:at] + self._given[other][at + 1 :]
        return ""

    def _introduce(self, word: str) -> None:
        if len(word) < FAMILY:
            return
        for gap in _gaps(word):
            self._by_gap.setdefault(gap, word)
        for length in range(FAMILY, len(word)):
            self._by_start.setdefault(word[:length], word)

    def _invented(self, word: str) -> str:
        """A word of the same rhythm that nobody has yet."""
        attempt, made = 0, word
        while made == word or made in self._taken:
            digest = self._digest(f"{attempt}/{word}")
            # Short rhythms run out of words; then any letters will do.
            rhythm = word if attempt < RHYTHMIC else "b" * (len(word) + attempt // 1000)
            made = "".join(_like(c, digest[i % len(digest)]) for i, c in enumerate(rhythm))
            attempt += 1
        return made

    def _letter(self, word: str, i: int) -> str:
        return _like(word[i], self._digest(f"{i}/{word}")[0])

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


def swaps(key: bytes) -> dict[str, str]:
    """Let everyday words change places with words as common and as often abbreviated."""
    spellings: dict[str, list[str]] = {}
    for spelling, word in ABBREVIATIONS.items():
        if spelling not in KEPT:
            spellings.setdefault(word, []).append(spelling)
    buckets: dict[tuple[float, int], list[str]] = {}
    for word in sorted((COMMON_WORDS.keys() | spellings.keys()) - KEPT - ABBREVIATIONS.keys()):
        rank = (COMMON_WORDS.get(word, 0.0), len(spellings.get(word, ())))
        buckets.setdefault(rank, []).append(word)
    changed: dict[str, str] = {}
    for words in buckets.values():
        shuffled = sorted(words, key=lambda w: hmac.new(key, w.encode(), hashlib.sha256).digest())
        for word, other in zip(shuffled, [*shuffled[1:], shuffled[0]], strict=True):
            changed[word] = other
            changed.update(zip(spellings.get(word, ()), spellings.get(other, ()), strict=True))
    return changed


_LETTER, _MARK = r"[^\W\d_]", r"[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]"
_AS_DIGIT = r"(?:(?<=\d)[oilOIL]+(?=\d|\b)|[oilOIL]+(?=\d))"
"""Next to a digit these are as likely 0 and 1: people and scripts mix them up."""
_TOKEN = re.compile(f"(?!{_AS_DIGIT}){_LETTER}(?:(?!{_AS_DIGIT})(?:{_LETTER}|{_MARK}))*")


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The words of a text, in lower case and without accents or invisible characters."""
    for match in _TOKEN.finditer(text):
        yield "".join(letter for letter, _, _ in _letters(match[0])), match


def _letters(token: str) -> Iterator[tuple[str, bool, str]]:
    """Each letter, whether it is a capital, and the marks that follow it."""
    letters: list[list[str]] = []
    for char in unicodedata.normalize("NFD", token):
        if char.isalpha():
            letters.append([char, ""])
        elif letters:
            letters[-1][1] += char
    for char, marks in letters:
        low = char.lower()
        yield (low if len(low) == 1 else char), char != low and len(low) == 1, marks


def _rewritten(text: str, new: Callable[[str], str]) -> str:
    parts, end = [], 0
    for word, match in _tokens(text):
        parts += [text[end : match.start()], _dressed(match[0], new(word), word)]
        end = match.end()
    return "".join(parts) + text[end:]


def _dressed(token: str, new: str, old: str) -> str:
    """Give the new word the capitals, accents and invisible characters of the old one."""
    if new == old:
        return token
    shape = list(_letters(token))
    all_capital = all(capital for _, capital, _ in shape)
    made = ""
    for i, char in enumerate(new):
        _, capital, marks = shape[i] if i < len(shape) else ("", all_capital, "")
        made += (char.upper() if capital else char) + marks
    composed = unicodedata.is_normalized("NFC", token)
    return unicodedata.normalize("NFC", made) if composed else made


def _gaps(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _like(char: str, byte: int) -> str:
    """A letter of the same kind: vowel, consonant, or one of the same alphabet."""
    if char in VOWELS:
        return VOWELS[byte % len(VOWELS)]
    if char in CONSONANTS:
        return CONSONANTS[byte % len(CONSONANTS)]
    start = ord(char) & ~0x1F
    candidates = [chr(start + i) for i in range(32) if chr(start + i).isalpha()]
    lower = [c for c in candidates if c.lower() == c] or [char]
    return lower[byte % len(lower)]
