"""How often each grade proved right where the answer is known; the report's footer says it.

The figures are those of the tables in docs/matching.md, which a test compares; the labelled sets
of other people, which are harder than an ordinary estate, are among the companies'.
"""

from typing import NamedTuple

from sync.core.records import Kind
from sync.core.verdicts import Grade


class Proved(NamedTuple):
    right: int
    shown: int


MEASURED: dict[Kind, dict[Grade, Proved]] = {
    Kind.COMPANY: {
        Grade.STRONG: Proved(6_514, 6_518),
        Grade.MEDIUM: Proved(3_110, 3_232),
        Grade.WEAK: Proved(239, 345),
    },
    Kind.LOCATION: {
        Grade.STRONG: Proved(4_016, 4_016),
        Grade.MEDIUM: Proved(638, 644),
        Grade.WEAK: Proved(486, 1_653),
    },
    Kind.COMPUTER: {
        Grade.STRONG: Proved(12_728, 12_729),
        Grade.MEDIUM: Proved(700, 702),
        Grade.WEAK: Proved(1_300, 1_301),
    },
    Kind.USER: {
        Grade.STRONG: Proved(4_226, 4_230),
        Grade.MEDIUM: Proved(844, 846),
        Grade.WEAK: Proved(1_665, 3_345),
    },
}
