"""Turns codes into sentences, in English and Spanish: the one catalogue of the whole product.

The core speaks in codes. Whoever talks to a person (report, doctor, command line) asks here, so
the same thing has the same name everywhere. An unknown code is printed as it is, never an error.
"""

import datetime as dt
import gettext as _gettext
from collections.abc import Iterable, Mapping
from pathlib import Path

from sync.words import causes, evidence, outcomes
from sync.words.formats import FORMATS, Formats
from sync.words.saying import N_, Fact, Saying, Several

DOMAIN = "halosync"
LOCALE = Path(__file__).parent.parent / "locale"
LANGUAGES = tuple(FORMATS)
CAUSES = causes.CAUSES
REASONS = evidence.REASONS

__all__ = [
    "CAUSES", "DOMAIN", "LANGUAGES", "LOCALE", "N_", "REASONS", "Saying", "Several", "Words",
    "speak",
]  # fmt: skip


def speak(language: str) -> "Words":
    """Open the catalogue in a language; an unknown one falls back to English."""
    known = language if language in FORMATS else "en"
    translations = _gettext.translation(DOMAIN, LOCALE, [known], fallback=True)
    return Words(known, translations)


class Words:
    """One language: sentences, names of things, numbers and dates."""

    def __init__(self, language: str, translations: _gettext.NullTranslations) -> None:
        self.language = language
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
        self.formats: Formats = FORMATS[language]

    def say(self, sentence: str | Several, **facts: Fact) -> Saying:
        """Translate a sentence and hand over what fills its gaps."""
        if isinstance(sentence, Several):
            count = facts.get(sentence.by, 0)
            number = count if isinstance(count, int) else 0
            text = self.ngettext(sentence.one, sentence.many, number)
        else:
            text = self.gettext(sentence) if sentence else ""
        return Saying(text, facts, self.number)

    def of(self, table: Mapping[str, str | Several], code: str, **facts: Fact) -> Saying:
        """Look a code up; the code itself where the table does not know it."""
        found = table.get(code)
        return Saying(code) if found is None else self.say(found, **facts)

    def outcome(self, code: str) -> str:
        return str(self.of(outcomes.OUTCOMES, code))

    def explain(self, kind: str, outcome: str, why: str = "", **facts: Fact) -> Saying:
        """Say in one sentence why a record has its outcome."""
        if why in outcomes.WHYS:
            return self.of(outcomes.WHYS, why, **facts)
        return self.of(outcomes.EXPLAINED, f"{outcome}/{kind}", **facts)

    def consequence(self, kind: str) -> str:
        return str(self.of(outcomes.CONSEQUENCES, kind))

    def kind(self, code: str) -> str:
        """AutoElevate's word for one record of the kind."""
        return str(self.of(outcomes.KINDS, code))

    def kinds(self, code: str) -> str:
        return str(self.of(outcomes.KINDS_MANY, code))

    def counted(self, kind: str, n: int) -> str:
        """Count AutoElevate records: "3 companies"."""
        return str(self.of(outcomes.COUNTED, kind, n=n))

    def target(self, kind: str) -> str:
        """Halo's word for what the kind links to."""
        return str(self.of(outcomes.TARGETS, kind))

    def collection(self, code: str) -> str:
        return str(self.of(outcomes.COLLECTIONS, code))

    def difference(self, code: str) -> str:
        return str(self.of(evidence.DIFFERENCES, code))

    def grade(self, code: str) -> str:
        return str(self.of(evidence.GRADES, code))

    def reason(self, code: str, facts: Mapping[str, Fact] | None = None) -> Saying:
        told = dict(facts or {})
        if "side" in told:
            told["side"] = evidence.SIDES.get(str(told["side"]), told["side"])
        return self.of(REASONS, code, **told)

    def standing(
        self, grade: str, codes: Iterable[str], runner_up: str, margin: float
    ) -> Saying | None:
        """Say how far behind the next best stands, where that is not plain already."""
        if not runner_up:
            told = evidence.tells_of_others(grade, codes)
            return None if told else self.say(evidence.ALONE)
        points = round(100 * margin)
        said = evidence.RUNNER_UP if points else evidence.LEVEL
        return self.say(said, name=runner_up, points=points)

    def state(self, code: str) -> str:
        return str(self.of(causes.STATES, code))

    def answer(self, code: str) -> str:
        return str(self.of(causes.ANSWERS, code))

    def cause(self, code: str) -> str:
        return str(self.of(CAUSES, code)) if code else ""

    def remedy(self, code: str) -> str:
        """Say what to do about a cause; empty where there is nothing to do."""
        return str(self.of(causes.REMEDIES, code)) if code in causes.REMEDIES else ""

    def doubt(self, code: str, **facts: Fact) -> Saying:
        return self.of(causes.DOUBTS, code, **facts)

    def number(self, value: float, places: int = 0) -> str:
        text = f"{value:,.{places}f}"
        swap = str.maketrans(",.", self.formats.thousands + self.formats.point)
        return text.translate(swap)

    def percent(self, part: int, whole: int) -> str:
        """Round down: 100 % only when nothing is missing."""
        return self.formats.percent.format(part * 100 // whole if whole else 100)

    def date(self, day: dt.date) -> str:
        return self.formats.date.format(d=day, month=self.formats.months[day.month - 1])

    def day(self, day: dt.date) -> str:
        """Write a day without its year."""
        return self.formats.day.format(d=day, month=self.formats.months[day.month - 1])

    def time(self, at: dt.datetime) -> str:
        return f"{self.date(at)}, {at:%H:%M}"

    def listing(self, items: list[str]) -> str:
        """Join with commas and an *and*."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.and_before(items[-1])} {items[-1]}"

    def and_before(self, word: str) -> str:
        return self.formats.and_before_i if _sounds_like_i(word) else self.formats.and_


def _sounds_like_i(word: str) -> bool:
    """Spanish writes *e* for *y* before the sound *i*."""
    lowered = word.casefold()
    return lowered.startswith(("i", "hi")) and not lowered.startswith(("hia", "hie"))
