"""Whether two display names can be one person's: what an address alone does not tell."""

from enum import Enum, auto

from rapidfuzz.distance import OSA

_SHORT_NAMES = """
    alex alexander alejandro alexandra; andy andrew; ben benjamin; bill will william; bob rob robert
    robbie; cathy kathy kate katherine catherine; charlie charles; chris christopher christine;
    dan danny daniel; dave david; debbie deborah; ed eddie edward; fran paco francisco frances;
    fred frederick; greg gregory; jeff jeffrey geoffrey; jen jenny jennifer; jim jimmy james; joe
    joseph; jon jonathan; ken kenneth; larry lawrence; liz beth elizabeth; maggie margaret; matt
    matthew; mike mick michael; nacho ignacio; nick nicholas; pat patrick patricia; pepe jose; pete
    peter; phil philip; ray raymond; rick dick richard; ron ronald; sam samuel samantha; steve
    steven stephen; sue susan; tim timothy; tom tommy thomas; tony anthony antonio; vince vincent;
    zach zachary
"""
_SHORT_FOR: dict[str, set[int]] = {}
for _number, _line in enumerate(_SHORT_NAMES.split(";")):
    for _name in _line.split():
        _SHORT_FOR.setdefault(_name, set()).add(_number)
_LONG_ENOUGH = 5
"""Letters of a word in which one slip leaves no doubt: `Joan` and `Juan` are two names."""


class Names(Enum):
    """How two display names stand to each other."""

    SAME = auto()
    ALIKE = auto()
    """One is short for the other, has fewer words, or is misspelt."""
    UNTOLD = auto()
    """One side has no full name."""
    OTHER = auto()


def compare_names(one: tuple[str, ...], other: tuple[str, ...]) -> Names:
    """Compare two display names, each as its words in alphabetical order."""
    if not one or not other:
        return Names.UNTOLD
    if one == other:
        return Names.SAME
    fewer, more = sorted((one, other), key=len)
    left = list(more)
    for word in sorted(fewer, key=len, reverse=True):
        met = next((w for w in left if w == word), None) or next(
            (w for w in left if _alike(word, w)), None
        )
        if met is None:
            return Names.UNTOLD if len(fewer) == 1 else Names.OTHER
        left.remove(met)
    return Names.ALIKE


def _alike(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) == 1:
        return long.startswith(short)
    if _SHORT_FOR.get(short, set()) & _SHORT_FOR.get(long, set()):
        return True
    return len(short) >= _LONG_ENOUGH and OSA.distance(short, long, score_cutoff=1) == 1
