"""docs/first-evening.md is what the program prints: from an empty folder to the first report."""

import pytest

from tests.docs.transcript import PAGE, make


@pytest.fixture(scope="module")
def page():
    return make()


def test_the_page_is_what_the_program_prints(page):
    assert page == PAGE.read_text(encoding="utf-8"), "python -m tests.docs.transcript makes it anew"


def test_the_evening_ends_with_a_published_and_accepted_report(page):
    assert "Run 1 published." in page
    assert "mail: 1 accepted" in page
    assert "failed: 0" in page


def test_no_address_or_path_of_this_machine_is_in_it(page):
    assert "127.0.0.1" not in page
    assert "/tmp" not in page
