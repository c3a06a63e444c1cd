"""What each measure is worth: constants of two logistic scores, in log odds.

Printed by `python -m tests.bench.match.learn`, which says what they were learned from.
"""

PAIR_CONSTANT = -10.418
PAIR = {
    "first-letters": 0.799,
    "covered": 6.657,
    "sorted-words": 1.761,
    "first-word": 0.265,
    "shared-rarity": 3.017,
    "word-cosine": 0.480,
    "conflict": -2.303,
    "same-core": 0.478,
    "edits": -2.608,
    "number-conflict": -2.925,
    "number-extra": -0.307,
    "legal-same": 0.425,
    "legal-conflict": -1.223,
    "acronym": 7.391,
    "rare-pieces": 5.207,
}
PLACE_CONSTANT = -0.066
PLACE = {
    "pair": 0.277,
    "gap-left": 0.651,
    "gap-right": 0.691,
    "best-left": -0.766,
    "best-right": -0.639,
    "other-number": -0.753,
}
