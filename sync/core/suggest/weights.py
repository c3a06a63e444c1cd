"""What each measure is worth: constants of two logistic scores, in log odds.

Printed by `python -m tests.bench.match.learn`, which says what they were learned from.
"""

PAIR_CONSTANT = -10.395
PAIR = {
    "first-letters": 0.796,
    "covered": 6.640,
    "sorted-words": 1.765,
    "first-word": 0.270,
    "shared-least": 0.000,
    "shared-most": 0.000,
    "shared-rarity": 3.018,
    "word-cosine": 0.479,
    "conflict": -2.306,
    "same-core": 0.487,
    "edits": -2.606,
    "number-conflict": -2.921,
    "number-extra": -0.298,
    "legal-same": 0.426,
    "legal-conflict": -1.221,
    "acronym": 7.387,
    "rare-pieces": 5.179,
}
PLACE_CONSTANT = -0.061
PLACE = {
    "pair": 0.278,
    "gap-left": 0.654,
    "gap-right": 0.689,
    "best-left": -0.790,
    "best-right": -0.633,
    "other-number": -0.750,
}
