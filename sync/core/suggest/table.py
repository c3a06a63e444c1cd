"""Both lists of names as arrays, with the rarity of each word: what candidates and features read.

A pair of names is a pair of row numbers; everything about pairs is computed a column at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.core.suggest.legal import LEGAL_FORMS
from sync.core.suggest.organisations import Form
from sync.core.suggest.vocabulary import COMMON_WORDS, SMALL_WORDS

WIDTH = 8
"""Words of a name that are compared one by one; longer names keep the rest in their characters."""

_LEGAL_BIT = {form: 1 << bit for bit, form in enumerate(sorted(set(LEGAL_FORMS.values())))}
_VIRTUAL = 2000
"""Names of an imagined estate that small ones are mixed with: its counts are COMMON_WORDS."""

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Side:
    """One list of names, row by row."""

    squashed: list[str]
    ordered: list[str]
    """The words in alphabetical order, so that word order does not count."""
    initials: list[tuple[str, ...]]
    """How an acronym of the name is spelled: with and without its small words."""
    words: Ids
    """Word numbers, `WIDTH` to a row, -1 where there is none."""
    joined: Ids
    """Each word run together with its right neighbour, as a word number; -1 if no such word."""
    legal: NDArray[np.int64]
    length: Ids

    def __len__(self) -> int:
        return len(self.squashed)


@dataclass(frozen=True, slots=True)
class Table:
    left: Side
    right: Side
    vocabulary: list[str]
    rarity: Floats
    """Per word number, in nats; one more entry, 0, so that -1 weighs nothing."""
    number: NDArray[np.bool_]
    """Per word number: whether it holds a digit; one more entry, False."""


def tabulate(left: Sequence[Form], right: Sequence[Form]) -> Table:
    """Lay the two lists out; rarity is counted over both."""
    ids: dict[str, int] = {}
    sides = [_word_ids(forms, ids) for forms in (left, right)]
    vocabulary = list(ids)
    seen = sum((_document_frequency(words, len(ids)) for words in sides), np.zeros(len(ids)))
    rarity = _rarity(vocabulary, seen / 2, (len(left) + len(right)) / 2)
    number = np.array([any(c.isdigit() for c in w) for w in vocabulary] + [False])
    return Table(
        _side(left, sides[0], ids), _side(right, sides[1], ids), vocabulary, rarity, number
    )


def _word_ids(forms: Sequence[Form], ids: dict[str, int]) -> Ids:
    words = np.full((len(forms), WIDTH), -1, dtype=np.int32)
    for row, form in enumerate(forms):
        for column, word in enumerate(form.words[:WIDTH]):
            words[row, column] = ids.setdefault(word, len(ids))
    return words


def _document_frequency(words: Ids, size: int) -> NDArray[np.float64]:
    return np.bincount(words[words >= 0], minlength=size).astype(np.float64)


def _rarity(vocabulary: Sequence[str], seen: NDArray[np.float64], names: float) -> Floats:
    prior = np.array([COMMON_WORDS.get(word, 0.5) for word in vocabulary])
    rarity = np.log((names + _VIRTUAL) / (seen + prior))
    return np.append(np.maximum(rarity, 0.3), 0).astype(np.float32)


def _side(forms: Sequence[Form], words: Ids, ids: dict[str, int]) -> Side:
    joined = np.full((len(forms), WIDTH), -1, dtype=np.int32)
    for row, form in enumerate(forms):
        kept = form.words[:WIDTH]
        for column in range(len(kept) - 1):
            number = ids.get(kept[column] + kept[column + 1])
            if number is not None:
                joined[row, column] = number
    squashed = [form.squashed for form in forms]
    return Side(
        squashed=squashed,
        ordered=[" ".join(sorted(form.words)) for form in forms],
        initials=[initials(form.words) for form in forms],
        words=words,
        joined=joined,
        legal=np.array([_legal_bits(form.legal) for form in forms], dtype=np.int64),
        length=np.array([len(text) for text in squashed], dtype=np.int32),
    )


def initials(words: tuple[str, ...]) -> tuple[str, ...]:
    """Spell a name's acronym, with its small words and without."""
    spelled = "".join(word[0] for word in words)
    short = "".join(word[0] for word in words if word not in SMALL_WORDS)
    return (spelled,) if short == spelled else (spelled, short)


def _legal_bits(forms: frozenset[str]) -> int:
    return sum(_LEGAL_BIT[form] for form in forms)
