"""What stands in the wrong place: counted in the mail, listed on the page, named in the files."""

import json
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from reports.exports.json_file import report_json
from reports.exports.workbook import findings_xlsx
from reports.preview import samples
from reports.render.mail import mail_text
from reports.render.page import page_html
from reports.view import view
from sync.core.records import Kind
from sync.core.result import Oddity
from sync.words import speak

ODD = (
    Oddity(
        "wrong-company", Kind.COMPUTER, "p", "WS-<014>", where="Acme", elsewhere=("Other",), ids=("34",),
        computers=1,
    ),
    Oddity("client-without-company", Kind.COMPANY, "50", "Zebra", computers=12),
)  # fmt: skip


def see(language="en", **how):
    return view(replace(samples.ordinary(), oddities=ODD), speak(language), **how)


def test_the_mail_counts_them_in_a_line():
    assert "1 computer is probably filed under the wrong company." in mail_text(see())


def test_the_page_lists_them_with_both_places():
    html = page_html(see())

    assert "WS-&lt;014&gt;" in html
    assert "Probably filed under the wrong company" in html


def test_in_spanish_nothing_is_left_in_english():
    said = mail_text(see("es"))

    assert "1 equipo está probablemente en la empresa equivocada." in said


def test_readers_of_counts_get_the_count_and_no_name():
    counted = see(counts_only=True)

    assert counted.places == ()
    assert "Zebra" not in mail_text(counted)
    assert "1 Halo client has no company" in mail_text(counted)


def test_readers_of_one_kind_get_theirs_only():
    assert [g.rows[0].name for g in see(only=["company"]).places] == ["Zebra"]


@pytest.mark.parametrize("part", ["WS-<014>", "Zebra", "Other"])
def test_the_workbook_and_the_json_name_them(part):
    book = openpyxl.load_workbook(BytesIO(findings_xlsx(see())))
    cells = {cell for row in book["To look at"].iter_rows(values_only=True) for cell in row}

    assert part in cells
    assert part in json.dumps(json.loads(report_json(see()))["oddities"])
