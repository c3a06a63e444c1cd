"""One catalogue for everybody: nothing missing, nothing left over, nothing that cannot be said."""

import re
import string
from datetime import UTC, date, datetime

import pytest

from sync.core.pulls import Answer, State
from sync.core.records import Collection, Kind
from sync.core.suggest.reasons import CODES
from sync.core.verdicts import OPEN, Difference, Grade, Outcome
from sync.sources.causes import Cause
from sync.words import CAUSES, REASONS, Saying, Several, speak
from sync.words.causes import ANSWERS, DOUBTS, REMEDIES, STATES
from sync.words.evidence import DIFFERENCES, GRADES
from sync.words.outcomes import COLLECTIONS, EXPLAINED, OUTCOMES, WHYS
from tests.sync import catalogue

ENGLISH, SPANISH = speak("en"), speak("es")


def gaps(text: str) -> set[str]:
    return {gap for _, gap, _, _ in string.Formatter().parse(text) if gap}


def both_forms(sentence: str | Several) -> tuple[str, ...]:
    return (sentence.one, sentence.many) if isinstance(sentence, Several) else (sentence,)


def test_every_sentence_of_the_source_is_in_the_spanish_catalogue_and_no_other():
    said = {message.id for message in catalogue.sentences() if message.id}
    held = {message.id for message in catalogue.spanish() if message.id}

    assert said - held == set(), "run tests/sync/catalogue.py and translate what it lists"
    assert held - said == set(), "run tests/sync/catalogue.py: these are no longer said"


def test_every_sentence_is_translated_and_none_is_a_guess():
    lacking = [m.id for m in catalogue.spanish() if m.id and not catalogue.all_there(m)]
    fuzzy = [m.id for m in catalogue.spanish() if m.id and m.fuzzy]

    assert (lacking, fuzzy) == ([], [])


def test_a_translation_fills_in_the_same_facts_as_its_original():
    for message in catalogue.spanish():
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)

        for text in texts:
            assert gaps(text) <= set().union(*map(gaps, originals)), message.id
        assert set().union(*map(gaps, texts)) == set().union(*map(gaps, originals)), message.id


def test_the_compiled_catalogue_is_that_of_the_po_file():
    compiled = catalogue.SPANISH.with_suffix(".mo").read_bytes()

    assert compiled == catalogue.compiled(catalogue.spanish()), "run tests/sync/catalogue.py"


@pytest.mark.parametrize("code", CODES)
def test_every_reason_for_a_suggestion_has_its_sentence_with_its_facts(code):
    facts = set(CODES[code])

    assert all(gaps(text) <= facts for text in both_forms(REASONS[code]))
    assert str(SPANISH.reason(code)) != code


def test_every_code_the_core_and_the_sources_may_name_has_words():
    assert {c.value for c in Cause} <= CAUSES.keys() | DOUBTS.keys()
    assert {o.value for o in Outcome} == OUTCOMES.keys()
    assert {s.value for s in State} == STATES.keys()
    assert {a.value for a in Answer} == ANSWERS.keys()
    assert {d.value for d in Difference} == DIFFERENCES.keys()
    assert {g.value for g in Grade} == GRADES.keys()
    assert {c.value for c in Collection} == COLLECTIONS.keys()


def test_every_open_outcome_of_every_kind_is_explained():
    assert {f"{outcome}/{kind}" for outcome in OPEN for kind in Kind} == EXPLAINED.keys()


def test_a_remedy_belongs_to_a_cause_that_exists():
    assert REMEDIES.keys() <= {c.value for c in Cause}


def test_nothing_claims_to_know_what_autoelevate_does_not_tell():
    for sentence in {**OUTCOMES, **EXPLAINED, **WHYS, **REASONS}.values():
        for text in both_forms(sentence):
            assert not re.search(r"\b(is|are) not linked", text), text


def test_an_unknown_code_is_printed_as_it_is():
    assert str(ENGLISH.reason("not-yet-invented", {"n": 3})) == "not-yet-invented"
    assert ENGLISH.cause("{odd} code") == "{odd} code"
    assert ENGLISH.state("half{open") == "half{open"


def test_a_missing_fact_stays_visible_instead_of_failing():
    assert str(ENGLISH.say("{n} of {of}", n=3)) == "3 of {of}"


def test_an_unknown_language_falls_back_to_english():
    assert speak("tlh").kinds("computer") == "Computers"


def test_one_is_singular_and_all_other_counts_are_plural():
    assert [ENGLISH.counted("company", n) for n in (0, 1, 2)] == [
        "0 companies",
        "1 company",
        "2 companies",
    ]
    assert SPANISH.counted("location", 1) == "1 ubicación"


def test_numbers_are_written_as_the_language_writes_them():
    assert (ENGLISH.number(1234567), SPANISH.number(1234567)) == ("1,234,567", "1.234.567")
    assert (ENGLISH.number(0.5, 2), SPANISH.number(0.5, 2)) == ("0.50", "0,50")


def test_a_hundred_per_cent_means_that_nothing_is_missing():
    assert ENGLISH.percent(9999, 10_000) == "99%"
    assert SPANISH.percent(3, 3) == "100 %"
    assert ENGLISH.percent(0, 0) == "100%"


def test_dates_are_written_with_the_month_in_letters():
    assert ENGLISH.date(date(2026, 1, 5)) == "5 Jan 2026"
    assert SPANISH.time(datetime(2026, 9, 30, 4, 5, tzinfo=UTC)) == "30 sept 2026, 04:05"


def test_spanish_says_e_before_the_sound_i():
    assert SPANISH.listing(["Ana", "Inés"]) == "Ana e Inés"
    assert SPANISH.listing(["agua", "hielo", "sal"]) == "agua, hielo y sal"
    assert SPANISH.listing(["agua", "hielo"]) == "agua y hielo"
    assert ENGLISH.listing(["a", "b", "c"]) == "a, b and c"


def test_a_saying_tells_names_from_counts():
    saying = ENGLISH.say("{name} has {n}", name="Acme {x}", n=1200)

    assert list(saying.parts()) == [("Acme {x}", "name"), (" has ", ""), ("1,200", "n")]
    assert saying.is_name("name")
    assert not saying.is_name("n")


def test_text_from_outside_is_never_read_as_a_sentence_of_ours():
    assert str(Saying("{name}", {"name": "{n} %(x)s {{7*7}}"})) == "{n} %(x)s {{7*7}}"
