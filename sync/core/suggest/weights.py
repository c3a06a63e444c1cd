"""What each measure is worth: constants of two logistic scores, in log odds.

Printed by `python -m tests.bench.match.learn`, which says what they were learned from.
"""

PAIR_CONSTANT = -10.426
PAIR = {
    "first-letters": 0.798,
    "covered": 6.670,
    "sorted-words": 1.768,
    "first-word": 0.266,
    "shared-rarity": 3.015,
    "word-cosine": 0.485,
    "conflict": -2.306,
    "same-core": 0.479,
    "edits": -2.610,
    "number-conflict": -2.924,
    "number-extra": -0.307,
    "legal-same": 0.424,
    "legal-conflict": -1.223,
    "acronym": 7.389,
    "rare-pieces": 5.185,
}
PLACE_CONSTANT = -0.070
PLACE = {
    "pair": 0.277,
    "gap-left": 0.650,
    "gap-right": 0.690,
    "best-left": -0.763,
    "best-right": -0.635,
    "other-number": -0.753,
}
