"""The mail: complete while it fits, honest where it does not, never over the limit."""

import re
from html.parser import HTMLParser

import pytest

from reports.preview import samples
from reports.render import LIMIT_BYTES, mail_html, mail_text
from sync.core.result import Origin, Pair
from tests.reliability.hostile.names import names
from tests.reports.build import COMPANY, COMPUTER, finding, impact, see, suggest


class Tags(HTMLParser):
    """The elements and attributes a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


WORST_NAME = "株式会社<&\"'>" * 20


def test_an_ordinary_night_is_told_in_full():
    page = mail_html(see(*samples.ordinary().findings))

    assert page.count('<tr><td class="r"') == len(samples.ordinary().findings)
    assert "the rest is attached" not in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_five_thousand_rows_stay_under_the_limit_and_the_cut_is_announced(language):
    seen = see(*samples.huge(5_000).findings, language=language)
    page = mail_html(seen)
    shown = page.count('<tr><td class="r"')

    assert LIMIT_BYTES * 0.8 < len(page.encode()) <= LIMIT_BYTES
    note = {"en": f"Showing {shown} of 5,000;", "es": f"Se muestran {shown} de 5.000;"}[language]
    assert note in page


def test_the_longest_names_the_widest_letters_and_every_list_full_stay_under_the_limit():
    night = samples.bad()
    worst = [
        finding(
            COMPANY, WORST_NAME + str(i), impact=impact(9, 9, 9),
            suggestions=(suggest(WORST_NAME[::-1]),),
        )
        for i in range(300)
    ]  # fmt: skip
    seen = see(
        *worst,
        resolved=tuple(worst),
        renamed=tuple(worst),
        ignored=tuple(worst),
        pairs_ended=((Pair(COMPANY, "a", "1", Origin.FLAG, WORST_NAME, WORST_NAME), "both-gone"),)
        * 500,
        coverage=night.coverage * 40,
        vanished=night.vanished * 200,
        doubts=samples.brake().doubts * 6,
        run=night.run,
    )

    assert len(mail_html(seen).encode()) <= LIMIT_BYTES


def test_five_hundred_hostile_names_stay_under_the_limit():
    night = see(*(finding(COMPANY, name, suggestions=(suggest(name),)) for name in names(500, 1)))

    assert len(mail_html(night).encode()) <= LIMIT_BYTES


def test_one_company_with_many_computers_leaves_room_for_the_others():
    many = [finding(COMPUTER, f"PC-{i:03d}", company="Big") for i in range(100)]
    page = mail_html(see(*many, finding(COMPUTER, "LAST", company="Small")))

    assert "LAST" in page
    assert "92 more in the attachment" in page


def test_it_needs_no_image_no_link_and_nothing_from_elsewhere():
    page = mail_html(see(*samples.hostile().findings, *samples.ordinary().findings))

    assert Tags(page).names <= {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "th",
        "p", "h1", "h2", "b", "bdi", "span", "code", "mark", "br",
    }  # fmt: skip
    assert not {"src", "href", "background", "action"} & Tags(page).attributes
    assert "url(" not in page


def test_the_dark_rules_survive_inlining_once_and_the_light_ones_are_inline():
    page = mail_html(see(finding(COMPANY, "A")))

    assert page.count("prefers-color-scheme: dark") == 1
    assert 'content="light dark"' in page
    assert re.search(r'<h1 style="[^"]*font-size: 25px', page)


def test_the_text_part_stands_by_itself_and_is_no_wider_than_a_terminal():
    text = mail_text(see(*samples.ordinary().findings, coverage=samples.ordinary().coverage))

    assert "Smith [&] Sons [␣Ltd]" in text
    assert "1. AutoElevate › Companies: edit the name to “Smith and Sons Limited”" in text
    assert max(map(len, text.splitlines())) <= 78
    assert "<" not in text.replace("<ana.ruiz@old.example>", "").replace(
        "<tom@northwind.example>", ""
    )


def test_the_text_holds_the_first_rows_of_a_long_list_and_says_so():
    text = mail_text(see(*samples.huge(5_000).findings))

    assert "of 5,000; the rest is attached." in text
    assert len(text) < 200_000


@pytest.mark.parametrize("name", ["clean", "first", "ordinary", "bad", "withheld", "brake"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_state_leaves_a_gap_open(name, language):
    night = getattr(samples, name)()
    seen = see(*night.findings, language=language, doubts=night.doubts, manifests=night.manifests)

    for form in (
        mail_text(seen),
        re.sub(r"<style.*?</style>", "", mail_html(seen), flags=re.DOTALL),
    ):
        assert not re.search(r"\{[a-z_]+\}", form)


def test_spanish_keeps_no_english_sentence():
    night = samples.ordinary()
    text = mail_text(see(*night.findings, language="es", coverage=night.coverage))

    for english in ("will not link", "Suggested", "edit the name", "Health of", "since ", " of "):
        assert english not in text
