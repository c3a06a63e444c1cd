"""Which pairs are worth a look: those that share a rare piece, without comparing all with all."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sync.core.suggest.byways import acronyms, skeletons, slips
from sync.core.suggest.table import Side, Table

_FEWEST, _MOST, _WORK = 8, 16, 60_000
"""Candidates per name that go on to be compared in full: more where there are few names."""
_PIECES = 10
"""The rarest pieces of a name that are looked up."""
_CAP = 2
"""A piece that more than this times the square root of all names bear is left out, unless rare."""
_LOWEST_CAP, _HIGHEST_CAP = 100.0, 250.0
_ALWAYS = 3
"""Of these, how many are looked up however common they are."""
_CHUNK = 1_000_000
"""Postings summed at a time; bounds memory."""

Index = NDArray[np.int64]


class Pairs(NamedTuple):
    left: Index
    right: Index
    cosine: NDArray[np.float32]

    def part(self, rows: slice | Index) -> "Pairs":
        return Pairs(self.left[rows], self.right[rows], self.cosine[rows])


class _Pieces(NamedTuple):
    """Pieces of names: one row each, sorted by owner."""

    owner: Index
    piece: Index


def candidates(table: Table) -> Pairs:
    """Find for each left name the right names that share most of its rare pieces."""
    left, right, kinds = _all_pieces(table)
    kept = min(_MOST, max(_FEWEST, _WORK // max(1, len(table.left))))
    found = _look_up(left, right, (len(table.left), len(table.right)), kinds, kept)
    more = np.array(sorted({*acronyms(table), *skeletons(table), *slips(table)}), dtype=np.int64)
    if not len(more):
        return found
    fresh = more[~np.isin((more[:, 0] << 32) | more[:, 1], (found.left << 32) | found.right)]
    return _concatenate(
        [found, Pairs(fresh[:, 0], fresh[:, 1], np.zeros(len(fresh), dtype=np.float32))]
    )


def all_pairs(groups: list[tuple[Index, Index]]) -> Pairs:
    """Pair everything with everything inside each group: for parents with few records."""
    left = [np.repeat(a, len(b)) for a, b in groups]
    right = [np.tile(b, len(a)) for a, b in groups]
    count = sum(len(a) for a in left)
    none = np.zeros(0, dtype=np.int64)
    return Pairs(
        np.concatenate(left) if left else none,
        np.concatenate(right) if right else none,
        np.zeros(count, dtype=np.float32),
    )


def _all_pieces(table: Table) -> tuple[_Pieces, _Pieces, int]:
    """Give both sides' words and runs of characters, numbered alike, and how many there can be."""
    words = len(table.vocabulary)
    left, right = _grams(table.left), _grams(table.right)
    bits = min(20, max(12, (8 * (len(left.piece) + len(right.piece))).bit_length()))
    return (
        _join(_words(table.left), _numbered(left, bits, words)),
        _join(_words(table.right), _numbered(right, bits, words)),
        words + (1 << bits),
    )


def _numbered(grams: _Pieces, bits: int, words: int) -> _Pieces:
    """Number the runs by hash: cheaper than sorting them, and a rare collision harms nothing."""
    spread = grams.piece.astype(np.uint64) * np.uint64(0x9E37_79B9_7F4A_7C15)
    return _Pieces(grams.owner, (spread >> np.uint64(64 - bits)).astype(np.int64) + words)


def _words(side: Side) -> _Pieces:
    owner, column = np.nonzero(side.words >= 0)
    joined_row, span, first = np.nonzero(side.joined >= 0)
    joined_owner = np.flatnonzero(side.joined_row)[joined_row - 1]
    return _Pieces(
        np.concatenate([owner, joined_owner]),
        np.concatenate([side.words[owner, column], side.joined[joined_row, span, first]]).astype(
            np.int64
        ),
    )


def _grams(side: Side) -> _Pieces:
    """Give every run of three characters of the squashed names, their ends marked."""
    text = "".join(f"\x02{name}\x03" for name in side.squashed)
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    if len(codes) < 3:
        none = np.zeros(0, dtype=np.int64)
        return _Pieces(none, none)
    owner = np.repeat(np.arange(len(side)), np.asarray(side.length, dtype=np.int64) + 2)
    grams = (codes[:-2] << 42) | (codes[1:-1] << 21) | codes[2:]
    inside = owner[:-2] == owner[2:]
    return _Pieces(owner[:-2][inside], grams[inside])


def _join(one: _Pieces, other: _Pieces) -> _Pieces:
    """Put two sorts of pieces together, each piece once per name."""
    owner = np.concatenate([one.owner, other.owner])
    piece = np.concatenate([one.piece, other.piece])
    both = (owner << 32) | piece
    both.sort()  # sorting in place and comparing neighbours beats np.unique by far
    both = both[np.append(True, both[1:] != both[:-1])] if len(both) else both
    return _Pieces(both >> 32, both & 0xFFFFFFFF)


def _look_up(left: _Pieces, right: _Pieces, sizes: tuple[int, int], kinds: int, kept: int) -> Pairs:
    """Sum the weights of shared pieces and keep the best by cosine."""
    frequency = np.bincount(right.piece, minlength=kinds)
    both = frequency + np.bincount(left.piece, minlength=kinds)
    weight = np.log((sum(sizes) + 2) / (both + 1)) ** 2 + 1e-3
    wanted = _rarest(left, frequency, sizes[1])
    owners = right.owner[np.argsort(right.piece, kind="stable")]
    start = np.concatenate([[0], np.cumsum(frequency)])
    norm_left = np.sqrt(np.bincount(left.owner, weight[left.piece], minlength=sizes[0]))
    norm_right = np.sqrt(np.bincount(right.owner, weight[right.piece], minlength=sizes[1]))
    counts = frequency[wanted.piece]
    fine = np.rint(weight * _FINE).astype(np.int64)
    parts = []
    for low, high in _chunks(wanted.owner, counts):
        piece, count, first = wanted.piece[low:high], counts[low:high], int(wanted.owner[low])
        query = np.repeat((wanted.owner[low:high] - first) << _ROW_BITS, count)
        query |= owners[_expand(start[piece], count)]
        found, total = _sum((query << _WEIGHT_BITS) | np.repeat(fine[piece], count))
        row, column = (found >> _ROW_BITS) + first, found & _ROW_MASK
        cosine = total / (_FINE * norm_left[row] * norm_right[column])
        parts.append(_best(row, column, cosine, kept))
    return _concatenate(parts)


def _rarest(pieces: _Pieces, frequency: Index, size: int) -> _Pieces:
    """Keep each name's rarest pieces that occur on the other side at all."""
    count = frequency[pieces.piece]
    owner, piece, count = (a[count > 0] for a in (pieces.owner, pieces.piece, count))
    order = np.lexsort((piece, count, owner))
    owner, piece, count = owner[order], piece[order], count[order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    cap = min(_HIGHEST_CAP, max(_LOWEST_CAP, _CAP * float(np.sqrt(size))))
    keep = (rank < _ALWAYS) | ((rank < _PIECES) & (count <= cap))
    return _Pieces(owner[keep], piece[keep])


def _chunks(owner: Index, counts: Index) -> list[tuple[int, int]]:
    """Cut the look-ups between two owners so that each part holds about `_CHUNK` postings."""
    if not len(owner):
        return []
    ends = np.flatnonzero(np.append(owner[1:] != owner[:-1], True)) + 1
    total = np.cumsum(counts)[ends - 1]
    cuts = [0]
    floor = 0
    while cuts[-1] < len(owner):
        at = max(int(np.searchsorted(total, floor + _CHUNK)), 0)
        at = min(max(at, int(np.searchsorted(ends, cuts[-1] + 1))), len(ends) - 1)
        cuts.append(int(ends[at]))
        floor = int(total[at])
    return list(pairwise(cuts))


def _expand(start: Index, counts: Index) -> Index:
    """Turn (start, count) runs into the row numbers they cover."""
    offsets = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(offsets - start, counts)


# A posting is packed into one integer (left row, right row, weight), because sorting plain
# integers is several times faster than sorting by three columns.
_ROW_BITS, _WEIGHT_BITS = 24, 16
_ROW_MASK, _WEIGHT_MASK = (1 << _ROW_BITS) - 1, (1 << _WEIGHT_BITS) - 1
_HOPELESS = 0.25
"""Of the best cosine of a name; what shares less is not looked at."""
_FINE = 200
"""Steps to one unit of weight."""


def _sum(packed: Index) -> tuple[Index, Index]:
    """Add the weights up per pair of rows."""
    packed.sort()
    key = packed >> _WEIGHT_BITS
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    return key[first], np.add.reduceat(packed & _WEIGHT_MASK, first)


def _best(left: Index, right: Index, cosine: NDArray[np.float64], kept: int) -> Pairs:
    """Keep each left row's best few; of equals, those with the lower right row."""
    first = int(left[0])
    starts = np.flatnonzero(np.append(True, left[1:] != left[:-1]))
    most = np.repeat(np.maximum.reduceat(cosine, starts), np.diff(np.append(starts, len(left))))
    near = cosine >= _HOPELESS * most
    left, right, cosine = left[near], right[near], cosine[near]
    order = _WEIGHT_MASK - np.rint(np.minimum(cosine, 1) * _WEIGHT_MASK).astype(np.int64)
    packed = ((left - first) << (_ROW_BITS + _WEIGHT_BITS)) | (order << _ROW_BITS) | right
    packed.sort()
    row = packed >> (_ROW_BITS + _WEIGHT_BITS)
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    chosen = packed[rank < kept]
    return Pairs(
        (chosen >> (_ROW_BITS + _WEIGHT_BITS)) + first,
        chosen & _ROW_MASK,
        (1 - ((chosen >> _ROW_BITS) & _WEIGHT_MASK) / _WEIGHT_MASK).astype(np.float32),
    )


def _concatenate(parts: list[Pairs]) -> Pairs:
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, np.zeros(0, dtype=np.float32))
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
