"""What each measure is worth: constants of two logistic scores, in log odds.

Printed by `python -m tests.bench.match.learn`, which says what they were learned from.
"""

PAIR_CONSTANT = -10.172
PAIR = {
    "first-letters": 0.885,
    "covered": 6.847,
    "sorted-words": 0.861,
    "first-word": 0.303,
    "shared-least": 0.000,
    "shared-most": 0.000,
    "shared-rarity": 3.058,
    "word-cosine": 0.637,
    "conflict": -2.245,
    "same-core": 0.268,
    "edits": -2.925,
    "number-conflict": -3.086,
    "number-extra": -0.385,
    "legal-same": 0.378,
    "legal-conflict": -1.277,
    "acronym": 7.393,
    "rare-pieces": 5.280,
}
PLACE_CONSTANT = -0.180
PLACE = {
    "pair": 0.416,
    "gap-left": 0.677,
    "gap-right": 0.571,
    "best-left": -1.007,
    "best-right": -0.404,
    "other-number": -0.950,
}
