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
        Grade.STRONG: Proved(19_758, 19_771),
        Grade.MEDIUM: Proved(9_205, 9_336),
        Grade.WEAK: Proved(429, 634),
    },
    Kind.LOCATION: {
        Grade.STRONG: Proved(4_062, 4_062),
        Grade.MEDIUM: Proved(597, 601),
        Grade.WEAK: Proved(532, 1_752),
    },
    Kind.COMPUTER: {
        Grade.STRONG: Proved(12_507, 12_507),
        Grade.MEDIUM: Proved(681, 689),
        Grade.WEAK: Proved(1_290, 1_290),
    },
    Kind.USER: {
        Grade.STRONG: Proved(4_262, 4_266),
        Grade.MEDIUM: Proved(985, 989),
        Grade.WEAK: Proved(1_664, 3_302),
    },
}
