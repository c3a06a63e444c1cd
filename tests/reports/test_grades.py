"""The footer says how often a grade proved right, for the kinds that have suggestions tonight."""

from reports.render.mail import mail_html, mail_text
from reports.render.page import page_html
from reports.view import view
from sync.core.records import Kind
from sync.core.suggest.measured import MEASURED
from sync.core.verdicts import Grade
from tests.reports.build import COMPANY, COMPUTER, SPANISH, finding, result, see, suggest

ASKED = finding(COMPANY, "Smith & Sons", suggestions=(suggest("Smith and Sons"),))
LABEL = "Suggestions that proved right in tests"


def share(grade):
    proved = MEASURED[Kind.COMPANY][grade]
    return proved.right * 100 // proved.shown


def line(seen):
    return {fact.label: fact.value for fact in seen.footer}.get(LABEL)


def test_it_gives_each_grade_s_share_of_the_kinds_that_are_shown():
    told = line(see(findings=(ASKED, finding(COMPUTER, "PC-1", company="Acme"))))

    strong, medium, weak = map(share, Grade)
    companies = f"Companies: {strong}% of the strong, {medium}% of the medium, {weak}% of the weak"
    assert told == companies


def test_where_nothing_is_suggested_nothing_is_said_of_grades():
    assert line(see(findings=(finding(COMPANY, "Smith"),))) is None
    assert line(see(findings=(ASKED,), counts_only=True)) is None


def test_it_stands_in_every_form_and_language():
    english = see(findings=(ASKED,))
    spanish = view(result(findings=(ASKED,)), SPANISH)

    for print_it in (mail_text, mail_html, page_html):
        assert f"{share(Grade.MEDIUM)}% of the medium" in " ".join(print_it(english).split())
        assert "de las medias" in " ".join(print_it(spanish).split())


def test_a_better_grade_proved_right_more_often():
    for kind, proved in MEASURED.items():
        strong, medium, weak = (proved[grade].right / proved[grade].shown for grade in Grade)
        assert strong >= 0.99
        assert strong >= max(medium, weak)
        # One slip in a machine's name is called weak by rule, however often it proves right.
        assert medium >= weak or kind is Kind.COMPUTER


def test_every_kind_was_measured():
    assert set(MEASURED) == set(Kind)
