"""Both lists of names as arrays, with the rarity of each word: what candidates and features read.

A pair of names is a pair of row numbers; everything about pairs is computed a column at a time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from sync.core.suggest.kinds import PLACES, TRADES
from sync.core.suggest.legal import LEGAL_FORMS
from sync.core.suggest.organisations import Form
from sync.core.suggest.vocabulary import COMMON_WORDS, LINKING, SMALL_WORDS, TELLING

WIDTH = 8
"""Words of a name that are compared one by one; longer names keep the rest in their characters."""
SPANS = (2, 2, 3, 4)
"""Words that one word can stand for: run together (`daycare`), or by their initials (`NYC`)."""
_NUMBERS = 4
"""Numbers of a name that are compared."""
_PLACES = 2
"""Countries, states and towns of a name that are compared."""

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
    joined_row: Ids
    """For each name its row in `joined`; 0 where nothing stands for its words."""
    joined: Ids
    """Row, span, first word: the word the words of a span may be written as; -1 if no such word."""
    numbers: Ids
    """Its numbers, and words that tell like numbers, by number; -1 where there is none."""
    places: Ids
    """Row, then its countries, states and towns, by number; -1 where there is none."""
    trades: NDArray[np.int64]
    """A bit for each line of work it names."""
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
    linking: NDArray[np.bool_]
    """Per word number: whether it is one like `of`; one more entry, False."""


def tabulate(left: Sequence[Form], right: Sequence[Form]) -> Table:
    """Lay the two lists out; rarity is counted over both."""
    ids: dict[str, int] = {}
    sides = [_word_ids(forms, ids) for forms in (left, right)]
    vocabulary = list(ids)
    seen = sum((_document_frequency(words, len(ids)) for words in sides), np.zeros(len(ids)))
    rarity = _rarity(vocabulary, seen / 2, (len(left) + len(right)) / 2)
    number = np.array([any(c.isdigit() for c in w) for w in vocabulary] + [False])
    linking = np.array([word in LINKING for word in vocabulary] + [False])
    told: dict[str, int] = {}
    ours, theirs = _side(left, sides[0], ids, told), _side(right, sides[1], ids, told)
    return Table(ours, theirs, vocabulary, rarity, number, linking)


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


def _numbers(forms: Sequence[Form], told: dict[str, int]) -> Ids:
    numbers = np.full((len(forms), _NUMBERS), -1, dtype=np.int32)
    for row, form in enumerate(forms):
        found = [
            each
            for word in form.words
            if word in TELLING or not word.isalpha()
            for each in ([TELLING[word]] if word in TELLING else numbers_in(word))
        ]
        for column, each in enumerate(found[:_NUMBERS]):
            numbers[row, column] = told.setdefault(each, len(told))
    return numbers


def _places(forms: Sequence[Form], told: dict[str, int]) -> Ids:
    places = np.full((len(forms), 3, _PLACES), -1, dtype=np.int32)
    for row, form in enumerate(forms):
        for word in form.words:
            if word in PLACES:
                tier, place = PLACES[word]
                room = places[row, tier]
                room[int((room >= 0).sum()) % _PLACES] = told.setdefault(place, len(told))
    return places


def _trades(forms: Sequence[Form]) -> NDArray[np.int64]:
    bits = [reduce(or_, (TRADES.get(word, 0) for word in form.words), 0) for form in forms]
    return np.array(bits, dtype=np.int64)


def numbers_in(word: str) -> list[str]:
    """Give the numbers written in a word, without zeros in front."""
    return [digits.lstrip("0") or "0" for digits in _DIGITS.findall(word)]


_DIGITS = re.compile(r"\d+")


def _joined(forms: Sequence[Form], ids: dict[str, int]) -> tuple[Ids, Ids]:
    """Give each name's row of what its words may be written as; most names share the empty one."""
    rows = np.zeros(len(forms), dtype=np.int32)
    joined = [np.full((len(SPANS), WIDTH), -1, dtype=np.int32)]
    for row, form in enumerate(forms):
        known = [where for where in _stand_ins(form.words[:WIDTH]) if where[2] in ids]
        if known:
            rows[row] = len(joined)
            joined.append(joined[0].copy())
        for which, at, word in known:
            joined[-1][which, at] = ids[word]
    return rows, np.stack(joined)


def _stand_ins(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Give what may stand for some neighbouring words: which of `SPANS`, where, and the word."""
    letters = "".join(word[0] for word in words)
    for at in range(len(words) - 1):
        yield 0, at, words[at] + words[at + 1]
        for which, span in enumerate(SPANS[1 : len(words) - at], 1):
            if letters[at : at + span] not in words:
                yield which, at, letters[at : at + span]


def _side(forms: Sequence[Form], words: Ids, ids: dict[str, int], told: dict[str, int]) -> Side:
    squashed = [form.squashed for form in forms]
    joined_row, joined = _joined(forms, ids)
    return Side(
        squashed=squashed,
        ordered=[" ".join(sorted(form.words)) for form in forms],
        initials=[initials(form) for form in forms],
        words=words,
        joined_row=joined_row,
        joined=joined,
        numbers=_numbers(forms, told),
        places=_places(forms, told),
        trades=_trades(forms),
        legal=np.array([_legal_bits(form.legal) for form in forms], dtype=np.int64),
        length=np.array([len(text) for text in squashed], dtype=np.int32),
    )


def initials(form: Form) -> tuple[str, ...]:
    """Spell a name's acronym: with its small words and without, and with its legal form."""
    spelled = "".join(word[0] for word in form.words)
    short = "".join(word[0] for word in form.words if word not in SMALL_WORDS)
    ways = (spelled,) if short == spelled else (spelled, short)
    if len(spelled) < 2 or len(form.legal) != 1:
        return ways
    (legal,) = form.legal
    return (*ways, short + legal[0])


def _legal_bits(forms: frozenset[str]) -> int:
    return sum(_LEGAL_BIT[form] for form in forms)
