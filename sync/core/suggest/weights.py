"""What each measure is worth: constants of two logistic scores, in log odds.

Printed by `python -m tests.bench.match.learn`, which says what they were learned from.
"""

PAIR_CONSTANT = -11.474
PAIR = {
    "first-letters": 1.641,
    "covered": 7.718,
    "sorted-words": 1.545,
    "first-word": 0.231,
    "shared-rarity": 3.234,
    "conflict": -2.104,
    "edits": -2.987,
    "number-conflict": -4.011,
    "number-extra": -0.187,
    "other-trade": -1.520,
    "other-place": -0.777,
    "legal-same": 0.403,
    "legal-conflict": -1.256,
    "acronym": 5.204,
    "rare-pieces": 5.294,
}
PLACE_CONSTANT = -0.148
PLACE = {
    "pair": 0.279,
    "gap-left": 0.679,
    "gap-right": 0.655,
    "best-left": -0.814,
    "best-right": -0.426,
    "other-number": -0.815,
}
