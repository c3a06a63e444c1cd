"""The archive's page: everything in it, nothing from elsewhere, quick with fifty thousand rows."""

import base64
import hashlib
import json
import re

from reports.preview import samples
from reports.render import NightLine, nights_html, page_html
from tests.reports.build import COMPANY, days_ago, finding, see, suggest


def packed(page: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_every_row_is_in_the_page_and_the_first_fifty_need_no_script():
    page = page_html(see(*samples.huge(500).findings))
    head, _, _ = page.partition('<template id="row">')

    assert len(packed(page)["lists"]["open"]) == 500
    assert head.count('data-slot="steps"') == 50


def test_our_own_sentences_are_written_once_however_many_rows():
    page = page_html(see(*samples.huge(2_000).findings))

    assert (
        packed(page)["strings"].count(
            "Tick the row, Actions › Link; then rename it back if you like"
        )
        == 1
    )
    assert len(page) < 1_500_000


def test_it_holds_all_lists_and_shows_the_first_that_is_not_empty():
    page = page_html(see(finding(COMPANY, "A", as_of=days_ago(1))))

    assert 'id="rows" data-list="withheld"' in page
    assert len(packed(page)["lists"]["withheld"]) == 1


def test_only_its_own_script_may_run_and_nothing_may_be_loaded():
    page = page_html(see(finding(COMPANY, "A")))
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert f"script-src &#39;sha256-{digest}&#39;" in page or f"'sha256-{digest}'" in page
    assert "default-src 'none'" in page
    assert set(re.findall(r'(?:href|src)="([^"]+)"', page)) == {
        "../index.html", "findings.xlsx", "findings.csv", "report.json", "report.html",
    }  # fmt: skip


def test_a_name_cannot_end_the_script_that_carries_it():
    name = "</script><script>alert(1)</script>"
    page = page_html(see(finding(COMPANY, name, suggestions=(suggest(name),))))

    assert page.count("<script") == 2
    assert packed(page)["lists"]["open"][0][0] == name


def test_a_clean_night_needs_no_table_and_no_script():
    page = page_html(see())

    assert "<script" not in page
    assert "Everything links by name" in page


def test_the_index_lists_the_nights_it_is_given():
    line = NightLine("000412", "23 Nov 2026", "All <well>", "1 new", "good", "0")
    page = nights_html([line], "en")

    assert '<a href="000412/index.html">23 Nov 2026</a>' in page
    assert "All &lt;well&gt;" in page
    assert "No night has been published yet." in nights_html([], "en")
