"""Why two names are taken for one: the reasons for a pair that is shown, most telling first."""

import re
from collections.abc import Iterable

from rapidfuzz.distance import Indel, JaroWinkler

from sync.core.suggest.organisations import Form, steps, words_of
from sync.core.suggest.reasons import reason
from sync.core.suggest.table import initials
from sync.core.verdicts import Reason

_SPELLING = 0.86
_WORTH_SAYING = 0.6
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LONGEST = 400

Named = tuple[str, Form]
"""A name, and what was read of it."""


def explain(left: Named, right: Named) -> tuple[Reason, ...]:
    """Give the reasons for a pair of names."""
    (left_name, left_form), (right_name, right_form) = left, right
    if left_name == right_name:
        return (reason("identical"),)
    if left_form.squashed == right_form.squashed:
        return tuple(reason(f"only-{step}") for step in steps(left_name, right_name))
    return (*_alike(left, right), *_unlike(left, right))


def _written(words: Iterable[str], name: str) -> str:
    """Spell words as the name does, not as they were read of it: `Dallas`, not `dalla`."""
    spelled: dict[str, str] = {}
    for written in _WORD.findall(name[:_LONGEST]):
        for word in words_of(written):
            spelled.setdefault(word, written)
    return " ".join(spelled.get(word, word) for word in words)


def _alike(ours: Named, theirs: Named) -> tuple[Reason, ...]:
    left, right = ours[1], theirs[1]
    (name, short), (_, whole) = sorted((ours, theirs), key=lambda named: len(named[1].squashed))
    if short.squashed in initials(whole) and len(whole.words) > 1:
        return (reason("acronym", short=short.squashed.upper()),)
    if sorted(left.words) == sorted(right.words):
        return (reason("word-order"),) if left.words != right.words else ()
    found: list[Reason] = []
    if whole.squashed.startswith(short.squashed) and whole.squashed != short.squashed:
        found.append(reason("begins-with", short=_written(short.words, name)))
    shared = [word for word in left.words if word in right.words]
    if shared and not found:
        found.append(reason("shared-words", words=_written(shared, theirs[0])))
    found.extend(
        reason("spelling", ae=_written([a], ours[0]), halo=_written([b], theirs[0]))
        for a, b in _spellings(left, right)
    )
    percent = round(100 * Indel.normalized_similarity(left.squashed, right.squashed))
    if percent >= 100 * _WORTH_SAYING or not found:
        found.append(reason("similar", percent=percent))
    return tuple(found)


def _spellings(left: Form, right: Form) -> list[tuple[str, str]]:
    return [
        (a, b)
        for a in left.words
        for b in right.words
        if a not in right.words
        and b not in left.words
        and JaroWinkler.similarity(a, b) >= _SPELLING
    ][:2]


def _unlike(ours: Named, theirs: Named) -> tuple[Reason, ...]:
    left, right = ours[1], theirs[1]
    spelled = {word for pair in _spellings(left, right) for word in pair}
    left_only = [w for w in left.words if w not in right.words and w not in spelled]
    right_only = [w for w in right.words if w not in left.words and w not in spelled]
    found: list[Reason] = []
    numbers = [[w for w in words if w.isdigit()] for words in (left_only, right_only)]
    if all(numbers):
        found.append(reason("other-number", ae=" ".join(numbers[0]), halo=" ".join(numbers[1])))
    if bool(left_only) != bool(right_only):
        words = _written(left_only, ours[0]) or _written(right_only, theirs[0])
        found.append(reason("extra-words", words=words, side="ae" if left_only else "halo"))
    if left.legal and right.legal and not left.legal & right.legal:
        found.append(
            reason(
                "other-legal-form",
                ae=" ".join(sorted(left.legal)),
                halo=" ".join(sorted(right.legal)),
            )
        )
    return tuple(found)
