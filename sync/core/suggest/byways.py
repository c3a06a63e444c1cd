"""Pairs that share no rare piece and are one name all the same: acronyms, slips, lost vowels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from sync.core.suggest.table import Side, Table

_ACRONYM = range(2, 8)
_SHORT = range(3, 15)
"""Lengths at which one slip can spoil every rare piece; longer names keep some."""
_NAMESAKES = 12
"""What fits more names than this says nothing."""
_VOWELS = str.maketrans("", "", "aeiouy")

Row = tuple[int, int]


def acronyms(table: Table) -> Iterator[Row]:
    """Give the pairs of which one name is the initials of the other."""
    yield from _spelled(table.left, table.right)
    for right, left in _spelled(table.right, table.left):
        yield left, right


def _spelled(short: Side, whole: Side) -> Iterator[Row]:
    spelled = (
        (letters, row)
        for row, ways in enumerate(whole.initials)
        for letters in ways
        if len(letters) in _ACRONYM
    )
    names = ((name, row) for row, name in enumerate(short.squashed) if len(name) in _ACRONYM)
    return _meet(names, spelled)


def skeletons(table: Table) -> Iterator[Row]:
    """Give the pairs whose consonants are the same: `thmbg` and `thumbage`."""
    return _meet(_skeletons(table.left), _skeletons(table.right))


def _skeletons(side: Side) -> Iterator[tuple[str, int]]:
    for row, name in enumerate(side.squashed):
        bones = name[:1] + name[1:].translate(_VOWELS)
        if len(bones) > 2:
            yield bones, row


def _meet(ours: Iterable[tuple[str, int]], theirs: Iterable[tuple[str, int]]) -> Iterator[Row]:
    rows: dict[str, list[int]] = defaultdict(list)
    for key, row in theirs:
        rows[key].append(row)
    for key, row in ours:
        fits = rows.get(key, ())
        if len(fits) <= _NAMESAKES:
            for other in fits:
                yield row, other


def slips(table: Table) -> Iterator[Row]:
    """Give the pairs of short names one slip apart: the same once a letter of each is dropped."""
    keys_left, rows_left = _spoiled(table.left)
    keys_right, rows_right = _spoiled(table.right)
    order = np.argsort(keys_right, kind="stable")
    keys_right, rows_right = keys_right[order], rows_right[order]
    start = np.searchsorted(keys_right, keys_left, side="left")
    count = np.searchsorted(keys_right, keys_left, side="right") - start
    telling = (count > 0) & (count <= _NAMESAKES)
    start, count, rows_left = start[telling], count[telling], rows_left[telling]
    offsets = np.cumsum(count) - count
    at = np.arange(int(count.sum())) - np.repeat(offsets - start, count)
    met = np.unique((np.repeat(rows_left, count) << 32) | rows_right[at])
    return zip((met >> 32).tolist(), (met & 0xFFFFFFFF).tolist(), strict=True)


def _spoiled(side: Side) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hash each short name whole and with each of its letters left out."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for row, name in enumerate(side.squashed):
        if len(name) in _SHORT:
            by_length[len(name)].append(row)
    keys: list[NDArray[np.uint64]] = [np.zeros(0, dtype=np.uint64)]
    owners: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for length, rows in by_length.items():
        text = "".join(side.squashed[row] for row in rows).encode("utf-32-le")
        codes = np.frombuffer(text, dtype=np.uint32).astype(np.uint64).reshape(-1, length)
        owner = np.array(rows, dtype=np.int64)
        for dropped in range(length + 1):
            keys.append(_hash(np.delete(codes, dropped, axis=1) if dropped < length else codes))
            owners.append(owner)
    return np.concatenate(keys), np.concatenate(owners)


_PRIME = 1_099_511_628_211


def _hash(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Fold each row into one number; two texts that meet by chance are told apart later."""
    value = np.full(len(codes), 14_695_981_039_346_656_037, dtype=np.uint64)
    for column in range(codes.shape[1]):
        value = (value ^ codes[:, column]) * np.uint64(_PRIME)
    return value
