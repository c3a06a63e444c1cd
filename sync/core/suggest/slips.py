"""One slip in the letters of a machine's name; numbers, serials and roles must be the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, product

from sync.core.suggest.hosts import PARTS, ROLES, Machine, one_edit, serials, without_zeros

_FIXED = ROLES | {"it"}
"""Words that are none of each other's slips: `LT`, `DT` and `IT`."""
_SHORTEST = 5
_SHORTEST_NUMBERED = 2
"""Letters of a word that is told by the same number beside it."""
_FLEET = 4
"""So many machines bear the word of a place or a client; of a person, one or two do."""
_STANDING = 5
"""A word borne this many times less often than the one it resembles is a slip of it."""
_CROWD = 200
"""Names one slip apart from each other, by one letter of one place: no two of them are one."""

Words = tuple[str, ...]
Named = tuple[Words, int]


def slips(ours: Sequence[Machine], theirs: Sequence[Machine]) -> list[tuple[int, int]]:
    """Pair the rows of names that are one slip apart, and each from one other name only."""
    common: Counter[str] = Counter()
    left, right = _by_numbers(ours, common), _by_numbers(theirs, common)
    fits: set[tuple[int, int]] = set()
    for numbers in left.keys() & right.keys():
        names, others = _by_words(left[numbers]), _by_words(right[numbers])
        for one, other in _near(names, others):
            if is_slip(one, other, numbers, common):
                # Two that bear one name have one fit too many already; two of each tell as much.
                fits.update(product(names[one][:2], others[other][:2]))
    lefts, rights = Counter(a for a, _ in fits), Counter(b for _, b in fits)
    return sorted((a, b) for a, b in fits if lefts[a] == 1 and rights[b] == 1)


def _by_numbers(machines: Iterable[Machine], common: Counter[str]) -> dict[str, list[Named]]:
    """Group the names by everything that may not differ at all, and count their words."""
    rooms: dict[str, list[Named]] = defaultdict(list)
    for machine in machines:
        numbers, words = _numbers_and_words(machine.tokens)
        common.update(set(words))
        if words and len(machine.written) >= _SHORTEST:
            rooms[numbers].append((words, machine.row))
    return rooms


def _by_words(named: Iterable[Named]) -> dict[Words, list[int]]:
    rows: dict[Words, dict[int, None]] = defaultdict(dict)
    for words, row in named:
        rows[words][row] = None
    return {words: list(found) for words, found in rows.items()}


def _numbers_and_words(tokens: Words) -> tuple[str, Words]:
    drawn = serials(tokens)
    kept: list[str] = []
    words: list[str] = []
    for token in tokens:
        for part in [token] if token in drawn else PARTS.findall(token):
            (words if part.isalpha() and part not in drawn else kept).append(part)
    return "-".join(map(without_zeros, kept)), tuple(words)


def _near(ours: Iterable[Words], theirs: Iterable[Words]) -> Iterator[tuple[Words, Words]]:
    """Give the names one slip apart, without comparing each with each.

    One slip apart, they are the same once a letter of each is left out, or of the longer one.
    """
    by_length: dict[int, list[Words]] = defaultdict(list)
    for words in theirs:
        by_length[len("".join(words))].append(words)
    asking: dict[int, list[Words]] = defaultdict(list)
    for words in ours:
        asking[len("".join(words))].append(words)
    for length, others in by_length.items():
        rests: dict[str, list[Words]] = defaultdict(list)
        for words in others:
            for rest in _rests("".join(words)):
                rests[rest].append(words)
        for words in chain.from_iterable(asking[length + d] for d in (-1, 0, 1)):
            found = (rests.get(rest, ()) for rest in _rests("".join(words)))
            crowds = (crowd for crowd in found if len(crowd) <= _CROWD)
            for other in dict.fromkeys(chain.from_iterable(crowds)):
                yield words, other


def _rests(text: str) -> set[str]:
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def is_slip(words: Words, others: Words, numbers: str, common: Counter[str]) -> bool:
    """Tell a slip of the hand from another word."""
    a, b = "".join(words), "".join(others)
    if a == b or not one_edit(a, b):
        return False
    if len(words) != len(others):
        alike = a[0] == b[0] and min(len(a), len(b)) >= _SHORTEST
        return alike and not (_other_role(words, b) or _other_role(others, a))
    changed = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(changed) == 1 and _is_misspelt(*changed[0], common, numbered=len(numbers) > 1)


def _is_misspelt(word: str, other: str, common: Counter[str], *, numbered: bool) -> bool:
    """Tell whether one word is the other one misspelt.

    Two words that other machines bear as well are two places or two roles, no slip. Two that none
    bears are two people as soon as they begin differently or are short; the same number beside
    them says otherwise.
    """
    if len(word) == len(other) == 1 or (word in _FIXED and other in _FIXED):
        return False
    standing = [a for a, b in ((word, other), (other, word)) if _stands(a, b, common)]
    if len(standing) == 2:
        return False
    if _by_hand(word, other):
        return True
    if word[0] != other[0] and not numbered:
        return any(one in ROLES or common[one] >= _FLEET for one in standing)
    enough = _SHORTEST_NUMBERED if numbered else _SHORTEST
    return bool(standing) or min(len(word), len(other)) >= enough


def _stands(word: str, other: str, common: Counter[str]) -> bool:
    """Tell whether a word is a word of the fleet, and no slip that happened twice."""
    return word in ROLES or common[word] > max(1, common[other] // _STANDING)


def _by_hand(word: str, other: str) -> bool:
    """Tell whether two letters are swapped or one is doubled: no two words differ so."""
    if len(word) == len(other):
        return sorted(word) == sorted(other)
    short, long = sorted((word, other), key=len)
    return any(a == b and short == long[:at] + long[at + 1 :]
               for at, (a, b) in enumerate(pairwise(long)))  # fmt: skip


def _other_role(words: Words, text: str) -> bool:
    """Tell whether the letters have another role where the words have one: `maryws`, `mary lt`."""
    for at, word in enumerate(words):
        before, after = "".join(words[:at]), "".join(words[at + 1 :])
        between = text[len(before) : len(text) - len(after)]
        if word in ROLES and between != word and between in ROLES:
            return text == before + between + after
    return False
