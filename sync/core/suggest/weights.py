"""What each measure is worth: constants of two logistic scores, in log odds.

Printed by `python -m tests.bench.match.learn`, which says what they were learned from.
"""

PAIR_CONSTANT = -16.733
PAIR = {
    "first-letters": -0.156,
    "characters": -2.544,
    "covered": 9.878,
    "sorted-words": 1.748,
    "first-word": 0.782,
    "shared-left": -1.570,
    "shared-right": 0.540,
    "shared-least": 1.093,
    "conflict": -4.294,
    "conflict-share": 2.123,
    "shared-rarity": 3.667,
    "same-core": 1.695,
    "number-conflict": 0.934,
    "number-extra": -0.403,
    "legal-same": 0.559,
    "legal-conflict": -1.168,
    "acronym": 7.477,
    "rare-pieces": 6.944,
    "length": 3.425,
}
PLACE_CONSTANT = -0.097
PLACE = {
    "pair": 0.442,
    "gap-left": 0.706,
    "gap-right": 0.534,
    "best-left": -1.418,
    "best-right": 0.043,
}
