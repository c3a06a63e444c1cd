"""What a pair of names is measured by: a dozen columns, each with a name the weights refer to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from sync.core.suggest.candidates import Index, Pairs
from sync.core.suggest.table import WIDTH, Floats, Ids, Table

FEATURES = (
    "first-letters",
    "covered",
    "sorted-words",
    "first-word",
    "shared-rarity",
    "word-cosine",
    "conflict",
    "same-core",
    "edits",
    "number-conflict",
    "number-extra",
    "legal-same",
    "legal-conflict",
    "acronym",
    "rare-pieces",
)

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
    covered = ratio * (left_length + right_length) / 2 / shorter
    words = _Words(table, pairs)
    legal_left, legal_right = table.left.legal[pairs.left], table.right.legal[pairs.right]
    legal_same = (legal_left & legal_right) != 0
    columns = (
        winkler,
        covered,
        np.maximum(sorted_words, ratio),
        words.first,
        np.minimum(words.shared_rarity, 14) / 14,
        words.cosine,
        np.minimum(words.conflict, 12) / 12,
        ratio >= 1,
        cpdist(*squashed, scorer=OSA.distance, score_cutoff=3, dtype=np.float32) / 4,
        words.number_conflict,
        words.number_extra,
        legal_same,
        ~legal_same & (legal_left != 0) & (legal_right != 0),
        _acronyms(table, pairs),
        pairs.cosine,
    )
    return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns])


def _texts(texts: Sequence[str], rows: Index) -> list[str]:
    return [texts[row] for row in rows.tolist()]


def _acronyms(table: Table, pairs: Pairs) -> list[bool]:
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    return [_is_acronym(table, left, right) for left, right in rows]


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
        _run_together(left, table.right.joined[pairs.right], explained_left, explained_right)
        _run_together(right, table.left.joined[pairs.left], explained_right, explained_left)
        self.first = np.zeros(len(left), dtype=np.float32)
        self._soften(left, right, explained_left, explained_right)
        self._weigh(left, right, explained_left, explained_right)
        self._numbers(left, right)

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
        shared = (rarity_left**2 * explained_left).sum(axis=1) * (
            rarity_right**2 * explained_right
        ).sum(axis=1)
        whole = (rarity_left**2).sum(axis=1) * (rarity_right**2).sum(axis=1)
        self.cosine = np.sqrt(shared / np.maximum(whole, 1e-6))
        self.conflict = np.minimum(mass_left - kept_left, mass_right - kept_right)

    def _numbers(self, left: Ids, right: Ids) -> None:
        """Tell two numbers that differ from one that is merely missing on one side."""
        number = self._table.number
        extra_left = _missing(left, right) & number[left]
        extra_right = _missing(right, left) & number[right]
        self.number_conflict = extra_left.any(axis=1) & extra_right.any(axis=1)
        self.number_extra = extra_left.any(axis=1) ^ extra_right.any(axis=1)


def _missing(words: Ids, others: Ids) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (words[:, :, None] == others[:, None, :]).any(axis=2)
    return ~found & (words >= 0)


def _run_together(
    whole: Ids, joined: Ids, explained_whole: Floats, explained_parts: Floats
) -> None:
    """Let `daycare` explain `day care`."""
    same = (whole[:, :, None] == joined[:, None, :]) & (whole[:, :, None] >= 0)
    np.maximum(explained_whole, same.any(axis=2), out=explained_whole)
    parts = same.any(axis=1)
    np.maximum(explained_parts, parts, out=explained_parts)
    np.maximum(explained_parts[:, 1:], parts[:, :-1], out=explained_parts[:, 1:])


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
