"""Why two names are taken for one: the reasons for a pair that is shown, most telling first."""

from rapidfuzz.distance import Indel, JaroWinkler

from sync.core.suggest.organisations import Form, steps
from sync.core.suggest.reasons import reason
from sync.core.suggest.table import initials
from sync.core.verdicts import Reason

_SPELLING = 0.86
_WORTH_SAYING = 0.6


def explain(left: tuple[str, Form], right: tuple[str, Form]) -> tuple[Reason, ...]:
    """Give the reasons for a pair of (name, what was read of it)."""
    (left_name, left_form), (right_name, right_form) = left, right
    if left_name == right_name:
        return (reason("identical"),)
    if left_form.squashed == right_form.squashed:
        return tuple(reason(f"only-{step}") for step in steps(left_name, right_name))
    return (*_alike(left_form, right_form), *_unlike(left_form, right_form))


def _alike(left: Form, right: Form) -> tuple[Reason, ...]:
    short, whole = sorted((left, right), key=lambda form: len(form.squashed))
    if short.squashed in initials(whole.words) and len(whole.words) > 1:
        return (reason("acronym", short=short.squashed.upper()),)
    if sorted(left.words) == sorted(right.words):
        return (reason("word-order"),) if left.words != right.words else ()
    found: list[Reason] = []
    if whole.squashed.startswith(short.squashed) and whole.squashed != short.squashed:
        found.append(reason("begins-with", short=" ".join(short.words)))
    shared = [word for word in left.words if word in right.words]
    if shared and not found:
        found.append(reason("shared-words", words=" ".join(shared)))
    found.extend(reason("spelling", ae=a, halo=b) for a, b in _spellings(left, right))
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


def _unlike(left: Form, right: Form) -> tuple[Reason, ...]:
    spelled = {word for pair in _spellings(left, right) for word in pair}
    left_only = [w for w in left.words if w not in right.words and w not in spelled]
    right_only = [w for w in right.words if w not in left.words and w not in spelled]
    found: list[Reason] = []
    numbers = [[w for w in words if w.isdigit()] for words in (left_only, right_only)]
    if all(numbers):
        found.append(reason("other-number", ae=" ".join(numbers[0]), halo=" ".join(numbers[1])))
    if bool(left_only) != bool(right_only):
        words, side = (left_only, "ae") if left_only else (right_only, "halo")
        found.append(reason("extra-words", words=" ".join(words), side=side))
    if left.legal and right.legal and not left.legal & right.legal:
        found.append(
            reason(
                "other-legal-form",
                ae=" ".join(sorted(left.legal)),
                halo=" ".join(sorted(right.legal)),
            )
        )
    return tuple(found)
