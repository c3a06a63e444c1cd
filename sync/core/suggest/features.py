"""What a pair of names is measured by: a dozen columns, each with a name the weights refer to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from sync.core.suggest.candidates import Index, Pairs
from sync.core.suggest.table import SPANS, WIDTH, Floats, Ids, Side, Table, numbers_in

FEATURES = (
    "first-letters",
    "covered",
    "sorted-words",
    "first-word",
    "shared-rarity",
    "conflict",
    "edits",
    "number-conflict",
    "number-extra",
    "other-trade",
    "other-place",
    "legal-same",
    "legal-conflict",
    "acronym",
    "rare-pieces",
)

Texts = tuple[list[str], list[str]]

_CHUNK = 100_000
"""Pairs measured at a time; bounds memory."""
_SIMILAR = 0.86
"""Jaro-Winkler from which two words are taken for spellings of one."""


def measure(table: Table, pairs: Pairs) -> Floats:
    """Measure every pair: one row each, columns as in `FEATURES`."""
    parts = [
        _measure(table, pairs.part(slice(low, low + _CHUNK)))
        for low in range(0, len(pairs.left), _CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(FEATURES)), dtype=np.float32)


def _measure(table: Table, pairs: Pairs) -> Floats:
    squashed = _texts(table.left.squashed, pairs.left), _texts(table.right.squashed, pairs.right)
    ordered = _texts(table.left.ordered, pairs.left), _texts(table.right.ordered, pairs.right)
    winkler = cpdist(*squashed, scorer=JaroWinkler.similarity, dtype=np.float32)
    ratio = cpdist(*squashed, scorer=Indel.normalized_similarity, dtype=np.float32)
    sorted_words = cpdist(*ordered, scorer=Indel.normalized_similarity, dtype=np.float32)
    left_length = table.left.length[pairs.left].astype(np.float32)
    right_length = table.right.length[pairs.right].astype(np.float32)
    shorter = np.maximum(np.minimum(left_length, right_length), 1)
    covered = np.maximum(sorted_words, ratio) * (left_length + right_length) / 2 / shorter
    words = _Words(table, pairs)
    legal_left, legal_right = table.left.legal[pairs.left], table.right.legal[pairs.right]
    legal_same = (legal_left & legal_right) != 0
    columns = (
        winkler,
        covered,
        np.maximum(sorted_words, ratio),
        words.first,
        np.minimum(words.shared_rarity, 14) / 14,
        np.minimum(words.conflict, 12) / 12,
        _edits(squashed, ordered, sorted_words > ratio) / 4,
        words.number_conflict,
        words.number_extra,
        _other_trade(table, pairs),
        _other_place(table, pairs) | words.of_another,
        legal_same,
        ~legal_same & (legal_left != 0) & (legal_right != 0),
        _acronyms(table, pairs),
        pairs.cosine,
    )
    return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns])


def _texts(texts: Sequence[str], rows: Index) -> list[str]:
    return [texts[row] for row in rows.tolist()]


def _other_trade(table: Table, pairs: Pairs) -> NDArray[np.bool_]:
    left, right = table.left.trades[pairs.left], table.right.trades[pairs.right]
    return np.asarray((left != 0) & (right != 0) & ((left & right) == 0))


def _other_place(table: Table, pairs: Pairs) -> NDArray[np.bool_]:
    left, right = table.left.places[pairs.left], table.right.places[pairs.right]
    found = np.zeros(len(left), dtype=bool)
    rows = np.flatnonzero((left >= 0).any(axis=(1, 2)) & (right >= 0).any(axis=(1, 2)))
    for tier in range(left.shape[1]):
        ours, theirs = left[rows, tier], right[rows, tier]
        found[rows] |= _missing(ours, theirs).any(axis=1) & _missing(theirs, ours).any(axis=1)
    return found


def _edits(squashed: Texts, ordered: Texts, shuffled: NDArray[np.bool_]) -> Floats:
    """Count the slips, four at most, in the order of words in which the names are more alike."""
    slips = cpdist(*squashed, scorer=OSA.distance, score_cutoff=3, dtype=np.float32)
    rows = np.flatnonzero(shuffled & (slips > 0))
    some = _texts(ordered[0], rows), _texts(ordered[1], rows)
    again = cpdist(*some, scorer=OSA.distance, score_cutoff=3, dtype=np.float32)
    slips[rows] = np.minimum(slips[rows], again)
    return np.asarray(slips, dtype=np.float32)


def _acronyms(table: Table, pairs: Pairs) -> list[float]:
    """Say how far an acronym tells: two letters fit many names, four hardly more than one."""
    lengths = np.minimum(table.left.length[pairs.left], table.right.length[pairs.right])
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), lengths.tolist(), strict=True)
    return [min(n, 4) / 4 if _is_acronym(table, left, right) else 0.0 for left, right, n in rows]


def _is_acronym(table: Table, left: int, right: int) -> bool:
    a, b = table.left, table.right
    initials_right, initials_left = b.initials[right], a.initials[left]
    return (len(initials_right[0]) > 1 and a.squashed[left] in initials_right) or (
        len(initials_left[0]) > 1 and b.squashed[right] in initials_left
    )


class _Words:
    """The words of each pair laid against each other: what is shared, what is left over."""

    def __init__(self, table: Table, pairs: Pairs) -> None:
        self._table = table
        left, right = table.left.words[pairs.left], table.right.words[pairs.right]
        same = (left[:, :, None] == right[:, None, :]) & (left[:, :, None] >= 0)
        explained_left = same.any(axis=2).astype(np.float32)
        explained_right = same.any(axis=1).astype(np.float32)
        _stands_for(left, table.right, pairs.right, (explained_left, explained_right))
        _stands_for(right, table.left, pairs.left, (explained_right, explained_left))
        self.first = np.zeros(len(left), dtype=np.float32)
        self._soften(left, right, explained_left, explained_right)
        self._weigh(left, right, explained_left, explained_right)
        self._numbers(table.left.numbers[pairs.left], table.right.numbers[pairs.right])

    def _soften(
        self, left: Ids, right: Ids, explained_left: Floats, explained_right: Floats
    ) -> None:
        """Let words that are spellings of each other explain each other in part."""
        open_left = (explained_left < 1) & (left >= 0)
        open_right = (explained_right < 1) & (right >= 0)
        row, i, j = np.nonzero(open_left[:, :, None] & open_right[:, None, :])
        likeness = self._alike(left[row, i], right[row, j])
        np.maximum.at(explained_left, (row, i), likeness)
        np.maximum.at(explained_right, (row, j), likeness)
        self.first[:] = np.minimum(explained_left[:, 0], explained_right[:, 0])

    def _alike(self, left: Ids, right: Ids) -> Floats:
        key = (left.astype(np.int64) << 32) | right
        unique, inverse = np.unique(key, return_inverse=True)
        ones = [self._table.vocabulary[n] for n in (unique >> 32).tolist()]
        others = [self._table.vocabulary[n] for n in (unique & 0xFFFFFFFF).tolist()]
        likeness = cpdist(ones, others, scorer=JaroWinkler.similarity, dtype=np.float32)
        likeness[likeness < _SIMILAR] = 0
        digits = self._table.number[unique >> 32] | self._table.number[unique & 0xFFFFFFFF]
        other = [numbers_in(ones[at]) != numbers_in(others[at]) for at in np.flatnonzero(digits)]
        digits[digits] = other
        likeness[digits] = 0  # 4 is not a spelling of 41
        short = [
            at
            for at, (a, b) in enumerate(zip(ones, others, strict=True))
            if likeness[at] < 0.9 and a[0] == b[0] and not digits[at] and _shortens(a, b)
        ]
        likeness[short] = 0.8
        return np.asarray(likeness[inverse], dtype=np.float32)

    def _weigh(
        self, left: Ids, right: Ids, explained_left: Floats, explained_right: Floats
    ) -> None:
        rarity_left, rarity_right = self._table.rarity[left], self._table.rarity[right]
        mass_left = np.maximum(rarity_left.sum(axis=1), 1e-3)
        mass_right = np.maximum(rarity_right.sum(axis=1), 1e-3)
        kept_left = (rarity_left * explained_left).sum(axis=1)
        kept_right = (rarity_right * explained_right).sum(axis=1)
        self.shared_rarity = np.minimum(kept_left, kept_right)
        self.conflict = np.minimum(mass_left - kept_left, mass_right - kept_right)
        self.of_another = _follows(left, explained_left, self._table.linking) & _follows(
            right, explained_right, self._table.linking
        )

    def _numbers(self, left: Ids, right: Ids) -> None:
        """Tell two numbers that differ from one that is merely missing on one side."""
        extra_left = _missing(left, right).any(axis=1)
        extra_right = _missing(right, left).any(axis=1)
        self.number_conflict = extra_left & extra_right
        self.number_extra = extra_left ^ extra_right


def _follows(words: Ids, explained: Floats, linking: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell where a word after `of` has no like on the other side: `Bank of Tulsa`."""
    named: NDArray[np.bool_] = linking[words[:, :-1]] & (words[:, 1:] >= 0)
    return np.asarray((named & (explained[:, 1:] < 0.5) & ~linking[words[:, 1:]]).any(axis=1))


def _missing(words: Ids, others: Ids) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (words[:, :, None] == others[:, None, :]).any(axis=2)
    return ~found & (words >= 0)


def _stands_for(whole: Ids, side: Side, names: Index, explained: tuple[Floats, Floats]) -> None:
    """Let `daycare` explain `day care`, and `NYC` `New York City`."""
    explained_whole, explained_parts = explained
    rows = np.flatnonzero(side.joined_row[names])
    joined, some = side.joined[side.joined_row[names[rows]]], whole[rows]
    for which, span in enumerate(SPANS):
        same = (some[:, :, None] == joined[:, which][:, None, :]) & (some[:, :, None] >= 0)
        row, word, first = np.nonzero(same)
        explained_whole[rows[row], word] = 1
        for at in range(span):
            explained_parts[rows[row], first + at] = 1


def _shortens(one: str, other: str) -> bool:
    """Tell whether one word is the other cut short, or its skeleton: `mgmt` for `management`."""
    short, whole = (one, other) if len(one) < len(other) else (other, one)
    if len(short) == 1 or whole.startswith(short):
        return len(short) == 1 or len(short) > 2
    if len(short) > 5 or len(short) < 3:
        return False
    letters = iter(whole)
    return all(letter in letters for letter in short)


assert WIDTH < 16  # the alignment arrays grow with its square
