"""What the engine promises for any two lists, whatever stands in them."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from sync.core.suggest.reasons import CODES, reason
from sync.core.verdicts import Grade

WORDS = ["acme", "smith", "sons", "dental", "group", "north", "12", "ltd", "inc", "&", "hq", "-"]
names = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), st.text(max_size=20)
)
lists = st.lists(names, max_size=8)
kinds = st.sampled_from(list(Kind))


def entries(texts, side):
    return [Entry(f"{side}{at}", text, parent="p") for at, text in enumerate(texts)]


def best(left, right, kind=Kind.COMPANY):
    answers = match([Entry("q", left, "p")], [Entry(n, n, "p") for n in right], kind)
    return answers[0][0] if answers[0] else None


@settings(max_examples=60, deadline=None)
@given(lists, lists, kinds, st.randoms(use_true_random=False))
def test_row_order_never_matters(ours, theirs, kind, rng):
    left, right = entries(ours, "a"), entries(theirs, "b")
    before = dict(zip(left, match(left, right, kind), strict=True))

    rng.shuffle(left)
    rng.shuffle(right)

    assert dict(zip(left, match(left, right, kind), strict=True)) == before


@settings(max_examples=60, deadline=None)
@given(lists, lists, kinds)
def test_every_suggestion_gives_known_reasons_and_a_probability(ours, theirs, kind):
    for answers in match(entries(ours, "a"), entries(theirs, "b"), kind):
        assert len(answers) <= 3
        for suggestion in answers:
            assert 0.5 <= suggestion.score <= 1
            assert suggestion.reasons
            assert all(tuple(f for f, _ in r.facts) == CODES[r.code] for r in suggestion.reasons)


@settings(max_examples=60, deadline=None)
@given(lists, lists, kinds)
def test_nothing_stands_above_an_identical_name(ours, theirs, kind):
    for entry, answers in zip(
        entries(ours, "a"), match(entries(ours, "a"), entries(theirs, "b"), kind), strict=True
    ):
        if entry.name.strip() and entry.name in theirs:
            assert answers[0].score == 1


@settings(max_examples=60, deadline=None)
@given(lists, lists, kinds)
def test_nobody_is_strong_for_two_at_once(ours, theirs, kind):
    strong = [
        suggestion.halo_id
        for answers in match(entries(ours, "a"), entries(theirs, "b"), kind)
        for suggestion in answers
        if suggestion.grade is Grade.STRONG
    ]

    assert len(strong) == len(set(strong))


@given(names, names)
@settings(max_examples=80, deadline=None)
def test_likeness_has_no_direction(one, other):
    there = match([Entry("a", one)], [Entry("b", other)], Kind.COMPANY, floor=0.0)[0]
    back = match([Entry("b", other)], [Entry("a", one)], Kind.COMPANY, floor=0.0)[0]

    assert [s.score for s in there] == pytest.approx([s.score for s in back], abs=0.02)


HOSTILE = {
    "ten thousand letters": "a" * 10_000,
    "ten thousand words": "ab " * 10_000,
    "brackets": "(" * 10_000,
    "dots": "a." * 5_000,
    "dashes": " - " * 3_000,
    "combining marks": "e" + "\u0301" * 10_000,
    "invisible": "\u200b" * 10_000,
    "surrogate": "\ud800" * 10,
    "digits": "1" * 10_000,
    "backslashes": "\\" * 10_000,
    "at signs": "@" * 10_000,
    "nothing": "",
}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_costs_next_to_nothing(kind, name):
    left = [Entry("a", name, "p", "Acme"), Entry("b", "Acme Ltd", "p", "Acme")]
    right = [Entry("1", name + "x", "p", "Acme"), Entry("2", "Acme", "p", "Acme")]
    match(left[1:], right[1:], kind)

    begun = time.process_time()
    match(left, right, kind)

    assert time.process_time() - begun < 0.05


@pytest.mark.parametrize(
    ("ours", "theirs", "codes"),
    [
        ("Smith & Sons", "Smith and Sons", ["only-and"]),
        ("Acme, Inc.", "Acme Inc", ["only-punctuation"]),
        ("Acme Limited", "Acme GmbH", ["only-legal-form"]),
        ("Acme - HQ", "Acme", ["only-branch"]),
        ("Müller Bau", "Muller Bau", ["only-accents"]),
        ("Acme  ltd", "ACME Ltd", ["only-unseen"]),
        ("Ford Intl Svcs", "Ford International Services", ["only-abbreviation"]),
        ("Northwind Traders", "NorthWindTraders", ["only-word-break"]),
        ("Haymarket Center Haymarket", "Haymarket Center", ["only-repetition"]),
        ("The Olive Branch", "Olive Branch", ["only-article"]),
        ("TheOliveBranch", "Olive Branch", ["only-word-break"]),
        ("3 Rivers Brewing", "Three Rivers Brewing", ["only-abbreviation"]),
        ("Müller Bau", "Mueller Bau", ["only-accents"]),
        ("Müller Bau GmbH", "Mueller Bau", ["only-accents", "only-legal-form"]),
        ("Jansen en Zonen", "Jansen & Zonen", ["only-and"]),
        ("J E Smith Haulage", "J.E. Smith Haulage", ["only-punctuation"]),
        ("Novák Stavby", "Novák Stavby, spol. s r.o.", ["only-punctuation", "only-legal-form"]),
        ("株式会社山田製作所", "山田製作所", ["only-legal-form"]),
        ("(주)한국전자", "한국전자", ["only-punctuation", "only-legal-form"]),
        ("ООО Ромашка", "Ромашка", ["only-legal-form"]),  # noqa: RUF001
        ("IBM", "International Business Machines", ["acronym"]),
        ("IBMC", "International Business Machines Corp", ["acronym"]),
        ("Dallas Dental", "Dental Dallas", ["word-order"]),
    ],
)
def test_a_difference_is_called_by_its_name(ours, theirs, codes):
    assert [r.code for r in best(ours, [theirs]).reasons] == codes


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Subway 1234", "Subway 1235"),
        ("Northwind Traders", "Southridge Video"),
        ("Bank of Madrid", "Bank of Lisbon"),
        ("Smith Dental", "Jones Dental"),
        ("Smith Dental", "Smith Legal"),
        ("Mercy Hospital", "Mercy Hospice"),
        ("Zahnarzt Dr. Weber", "Steuerberater Weber"),
        ("First Bank of Tulsa", "First Bank of Omaha"),
        ("Apotheke am Markt", "Apotheke am Tor"),
        ("Smith Motors Leeds", "Smith Motors York"),
        ("North Shore Pediatrics", "South Shore Pediatrics"),
        ("First Baptist Church", "Second Baptist Church"),
    ],
)
def test_another_organisation_is_not_suggested(ours, theirs):
    assert best(ours, [theirs]) is None


@pytest.mark.parametrize(
    ("ours", "theirs"), [("Howdens", "Howden"), ("eeMobility", "eMobility"), ("Coco's", "CoCo")]
)
def test_a_name_of_one_word_is_strong_only_if_that_word_is_the_same(ours, theirs):
    assert best(ours, [theirs]).grade is Grade.MEDIUM
    assert best(f"{ours} Joinery", [f"{theirs} Joinery"]).grade is Grade.STRONG
    assert best(f"{ours} Ltd", [ours]).grade is Grade.STRONG


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Smith Dental", "Smith Dentistry"),
        ("City of Patras, Lowell", "City of Patras"),
        ("Leeds & York Motors", "York & Leeds Motors"),
        ("Harbor Point School 51", "HarborPointSchool51"),
        ("Route1 Couriers", "Rute1 Couriers"),
        ("NYC Dental Partners", "New York City Dental Partners"),
        ("FBC Tyler", "First Baptist Church of Tyler"),
    ],
)
def test_the_same_trade_place_or_number_in_other_words_is_suggested(ours, theirs):
    assert best(ours, [theirs]) is not None


@pytest.mark.parametrize(
    ("ours", "theirs"), [("Harris Law Firm", "Harrison Law Firm"), ("Royal Mail", "Royal Male")]
)
def test_another_word_is_no_slip(ours, theirs):
    assert best(ours, [theirs]).grade is Grade.MEDIUM


def test_a_conjunction_at_the_edge_is_a_word_of_the_name():
    assert best("E-Shelter", ["Shelter"]).grade is not Grade.STRONG
    assert best("National Grid ET", ["National Grid"]).grade is not Grade.STRONG


def test_two_letters_are_less_of_an_acronym_than_four():
    alone = best("HP", ["Heladeria Popsi"])

    assert alone is None or alone.score < best("ABCD", ["Acme Barn Cow Dairy"]).score


def test_reasons_write_words_as_the_names_do():
    (shared, *_) = best("Dr. James Whitfield DDS", ["James Whitfield"]).reasons
    (whole, *_, extra) = best("Bob's Heating", ["Bobs Heating & Cooling"]).reasons

    assert shared == reason("shared-words", words="James Whitfield")
    assert (whole, extra) == (
        reason("begins-with", short="Bob's Heating"),
        reason("extra-words", words="Cooling", side="halo"),
    )


def test_two_equal_candidates_are_both_shown_and_none_is_strong():
    (answers,) = match(
        [Entry("a", "Acme Ltd")], [Entry("1", "Acme Inc"), Entry("2", "Acme Corp")], Kind.COMPANY
    )

    assert {s.halo_id for s in answers} == {"1", "2"}
    assert all(s.grade is not Grade.STRONG and s.margin < 0.05 for s in answers)
    assert answers[0].runner_up == answers[1].name
    assert all(s.reasons[-1] == reason("tie", count=2) for s in answers)


def test_a_free_candidate_stands_above_a_better_one_that_is_taken():
    left = [Entry("a", "Contoso Dental Ltd")]
    right = [Entry("1", "Contoso Dental", taken_by="z"), Entry("2", "Contoso Dentel")]

    answers = match(left, right, Kind.COMPANY)[0]

    assert [s.halo_id for s in answers] == ["2", "1"]
    assert all(s.grade is not Grade.STRONG for s in answers)


def test_two_identical_names_share_nothing_strongly_whichever_comes_first():
    left = [Entry("b", "Acme"), Entry("a", "Acme"), Entry("c", "Acme Ltd")]

    answers = match(left, [Entry("1", "Acme")], Kind.COMPANY)

    assert [a[0].grade for a in answers] == [Grade.WEAK] * 3
    assert answers[2][0].taken_by == "a"


def test_what_an_identical_name_holds_is_offered_to_others_only_as_taken():
    left = [Entry("a", "Acme"), Entry("b", "Acme Ltd")]

    answers = match(left, [Entry("1", "Acme")], Kind.COMPANY)

    assert (answers[0][0].score, answers[0][0].taken_by) == (1, None)
    assert (answers[1][0].taken_by, answers[1][0].grade) == ("a", Grade.WEAK)


def test_the_loser_reads_who_has_the_better_claim():
    left = [Entry("a", "Contoso Dental Clinic Ltd"), Entry("b", "Contoso Dental Clinc Ltd")]

    answers = match(left, [Entry("1", "Contoso Dental Clinic Inc")], Kind.COMPANY)

    assert answers[0][0].grade is Grade.STRONG
    assert answers[1][0].reasons[-1] == reason("better-claim", by="Contoso Dental Clinic Ltd")
    assert answers[1][0].grade is Grade.WEAK


def test_two_that_want_the_same_equally_are_both_shown_and_none_is_strong():
    left = [Entry("a", "Contoso Dental Ltd"), Entry("b", "Contoso Dental Inc")]

    answers = match(left, [Entry("1", "Contoso Dental")], Kind.COMPANY)

    assert [answer[0].grade for answer in answers] == [Grade.WEAK, Grade.WEAK]
    assert answers[0][0].reasons[-1] == reason("equal-claim", by="Contoso Dental Inc")


def test_a_location_is_compared_inside_its_parent_without_the_company_s_name():
    left = [Entry("l", "Acme - Austin", "1", "Acme Ltd")]
    right = [Entry("s", "Austin", "1", "Acme Ltd"), Entry("t", "Acme - Austin", "2", "Other")]

    (found,) = match(left, right, Kind.LOCATION)[0]

    assert (found.halo_id, found.reasons) == ("s", (reason("only-site-words"),))


def test_a_reason_with_the_wrong_facts_is_refused():
    with pytest.raises(ValueError, match="acronym"):
        reason("acronym", long="x")


def test_one_name_ten_thousand_times_takes_no_longer_than_ten_thousand_names():
    left, right = ([Entry(f"{side}{n}", "Acme") for n in range(10_000)] for side in "ab")

    begun = time.process_time()
    answers = match(left, right, Kind.COMPANY)

    assert time.process_time() - begun < 2
    assert {s.halo_id for a in answers for s in a} == {s.halo_id for s in answers[0]}


def test_a_thousand_companies_take_less_than_a_second():
    rng = random.Random(1)
    syllables = ["ka", "lo", "mi", "ren", "tos", "vu", "ber", "dan", "fi", "gor"]
    made = ["".join(rng.choices(syllables, k=4)).title() for _ in range(1000)]
    left = [Entry(str(n), f"{name} Ltd") for n, name in enumerate(made)]
    right = [Entry(str(n), f"{name} Services") for n, name in enumerate(made)]

    begun = time.process_time()
    match(left, right, Kind.COMPANY)

    assert time.process_time() - begun < 1
