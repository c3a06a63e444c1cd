"""Why two names are taken for one: the reasons for a pair that is shown, most telling first."""

from collections.abc import Iterable
from functools import cached_property

from rapidfuzz.distance import Indel, JaroWinkler

from sync.core.suggest.organisations import Form, read, spelled_out, steps, written
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
    if umlauts := _umlauts(left_name, right_name):
        return umlauts
    return _Words(left, right).reasons()


def _umlauts(left: str, right: str) -> tuple[Reason, ...]:
    """Take `Müller` and `Mueller` for one."""
    if left.isascii() and right.isascii():
        return ()
    ours, theirs = spelled_out(left), spelled_out(right)
    if (ours, theirs) == (left, right) or read(ours).squashed != read(theirs).squashed:
        return ()
    more = steps(ours, theirs) if ours != theirs else ()
    return (
        reason("only-accents"),
        *(reason(f"only-{step}") for step in more if step not in {"unseen", "accents"}),
    )


class _Words:
    """Two names that differ in their words, and how each writes those."""

    def __init__(self, left: tuple[str, Form], right: tuple[str, Form]) -> None:
        self._names = left[0], right[0]
        self._left, self._right = left[1], right[1]
        self._spelled = _spellings(left[1], right[1])

    @cached_property
    def _ours(self) -> dict[str, str]:
        return written(self._names[0])

    @cached_property
    def _theirs(self) -> dict[str, str]:
        return written(self._names[1])

    def reasons(self) -> tuple[Reason, ...]:
        return (*self._alike(), *self._unlike())

    def _alike(self) -> tuple[Reason, ...]:
        left, right = self._left, self._right
        short, whole = sorted((left, right), key=lambda form: len(form.squashed))
        if short.squashed in initials(whole) and len(whole.words) > 1:
            return (reason("acronym", short=short.squashed.upper()),)
        if sorted(left.words) == sorted(right.words):
            return (reason("word-order"),) if left.words != right.words else ()
        found: list[Reason] = []
        if whole.squashed.startswith(short.squashed) and whole.squashed != short.squashed:
            wording = self._ours if short is left else self._theirs
            found.append(reason("begins-with", short=_as_in(wording, short.words)))
        shared = [word for word in left.words if word in right.words]
        if shared and not found:
            found.append(reason("shared-words", words=_as_in(self._ours, shared)))
        for a, b in self._spelled:
            spelling = _as_in(self._ours, [a]), _as_in(self._theirs, [b])
            found.append(reason("spelling", ae=spelling[0], halo=spelling[1]))
        percent = round(100 * Indel.normalized_similarity(left.squashed, right.squashed))
        if percent >= 100 * _WORTH_SAYING or not found:
            found.append(reason("similar", percent=percent))
        return tuple(found)

    def _unlike(self) -> tuple[Reason, ...]:
        left, right = self._left, self._right
        spelled = {word for pair in self._spelled for word in pair}
        left_only = [w for w in left.words if w not in right.words and w not in spelled]
        right_only = [w for w in right.words if w not in left.words and w not in spelled]
        found: list[Reason] = []
        numbers = [[w for w in words if w.isdigit()] for words in (left_only, right_only)]
        if all(numbers):
            found.append(reason("other-number", ae=" ".join(numbers[0]), halo=" ".join(numbers[1])))
        if bool(left_only) != bool(right_only):
            side, words = ("ae", left_only) if left_only else ("halo", right_only)
            wording = self._ours if left_only else self._theirs
            found.append(reason("extra-words", words=_as_in(wording, words), side=side))
        if left.legal and right.legal and not left.legal & right.legal:
            ae, halo = (" ".join(sorted(form.legal)) for form in (left, right))
            found.append(reason("other-legal-form", ae=ae, halo=halo))
        return tuple(found)


def _as_in(wording: dict[str, str], words: Iterable[str]) -> str:
    """Write the words as a name does, where it has them one by one."""
    return " ".join(dict.fromkeys(wording.get(word, word) for word in words))


def _spellings(left: Form, right: Form) -> list[tuple[str, str]]:
    return [
        (a, b)
        for a in left.words
        for b in right.words
        if a not in right.words
        and b not in left.words
        and JaroWinkler.similarity(a, b) >= _SPELLING
    ][:2]
