"""Names get other names, and what makes a problem of two names stays between the two new ones."""

import unicodedata

import pytest

from sync.core.names import differences
from sync.core.suggest.vocabulary import ABBREVIATIONS
from sync.doctor.disguise import Disguise, swaps

KEY = b"k" * 32


def disguised(*names, key=KEY):
    disguise = Disguise(key)
    disguise.learn(names)
    return [disguise.name(name) for name in names]


def test_the_same_name_becomes_the_same_and_another_another():
    first, second, third = disguised("Quorblatt Dental", "Quorblatt Dental", "Quarblott Dental")

    assert first == second != third


@pytest.mark.parametrize("name", ["Quorblatt", "QUORBLATT", "Ana Quorblatt", "quorblatt.ana"])
def test_nothing_of_a_name_is_left(name):
    (new,) = disguised(name)

    assert "quorblatt" not in new.casefold()
    assert len(new) == len(name)


@pytest.mark.parametrize(
    "other",
    ["ACME Quorblatt", " Acme Quorblatt", "Acme  Quorblatt", "Acme Quor\u200bblatt", "Acmé Quorblatt",
     "Acme-Quorblatt", "Acme Quorblatt, Ltd", "Acme & Quorblatt"],
)  # fmt: skip
def test_how_two_names_differ_stays(other):
    name = "Acme Quorblatt"
    new, changed = disguised(name, other)

    assert new != changed
    assert differences(new, changed) == differences(name, other)
    assert len(changed) == len(other)


def test_unicode_forms_stay_apart():
    name = "Café Quorblatt"
    new, changed = disguised(name, unicodedata.normalize("NFD", name))

    assert new != changed
    assert unicodedata.normalize("NFC", new) == unicodedata.normalize("NFC", changed)


@pytest.mark.parametrize("slip", ["quorblat", "quorblatts", "quorblott", "quoerblatt"])
def test_one_wrong_letter_stays_one_wrong_letter(slip):
    new, changed = disguised("quorblatt", slip)

    assert new != changed
    assert abs(len(new) - len(changed)) == abs(len("quorblatt") - len(slip))
    assert sum(a != b for a, b in zip(new, changed, strict=False)) <= len(new) - 3
    common = [c for i, c in enumerate(new) if changed[:i] + c + changed[i:] == new]
    same_length = sum(a != b for a, b in zip(new, changed, strict=False)) == 1
    longer = any(changed[:i] + changed[i + 1 :] == new for i in range(len(changed)))
    assert common or same_length or longer


def test_a_name_cut_short_is_still_the_beginning_of_the_whole():
    whole, cut = disguised("QUORBLATTLAPTOPS", "QUORBLATTLAPTO")

    assert whole.startswith(cut)


def test_two_words_written_together_are_still_the_two_words():
    first, second, both = disguised("Quorblatt", "Zimmerling", "quorblattzimmerling")

    assert both == (first + second).lower()


def test_machines_keep_their_numbers_and_separators():
    one, two = disguised("QUORB-LT-0231", "QUORB-LT-0232")

    assert one != two
    assert one[:-1] == two[:-1]
    assert one.endswith("-LT-0231")


def test_a_zero_typed_as_a_letter_still_looks_like_one():
    one, two = disguised("QUO-SQL05", "QUO-SQLO5")

    assert two == one.replace("05", "O5")


def test_legal_forms_stay_and_everyday_words_change_places():
    new = disguised("Pacific Dental Care Ltd")[0]

    assert new.endswith(" Ltd")
    assert not {"pacific", "dental", "care"} & set(new.casefold().split())


def test_an_abbreviation_stays_the_abbreviation_of_its_word():
    changed = swaps(KEY)

    spellings = {s for s, word in ABBREVIATIONS.items() if word == changed["accounting"]}
    assert changed["acctg"] in spellings


def test_no_two_words_become_one():
    words = [f"{a}{b}{c}" for a in "bcdfghjklmnpqrstvwxyz" for b in "aeiou" for c in "bcdfgmnprst"]
    words += [f"{a}{b}quorb" for a in "bcd" for b in "aeiou"]

    assert len(set(disguised(*words))) == len(set(words))


def test_everyday_words_only_change_places():
    changed = swaps(KEY)

    assert len(set(changed.values())) == len(changed)
    assert set(changed.values()) == set(changed)


def test_another_key_gives_other_names():
    assert disguised("Quorblatt") != disguised("Quorblatt", key=b"other")


def test_our_own_sentences_stay_readable_but_for_the_names_in_them():
    disguise = Disguise(KEY)
    disguise.learn(["Quorblatt Group"])

    line = disguise.prose("the run published 3 lists of Quorblatt")

    assert line.startswith("the run published 3 lists of ")
    assert "Quorblatt" not in line
