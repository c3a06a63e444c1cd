"""Whatever a company or a machine is called: no markup, no formula, no header, nothing invisible.

The corpus is seeded; HALOSYNC_HOSTILE sets how many names (the release tier uses ten thousand).
"""

import csv
import email
import email.policy
import io
import os
import random
import re
from html.parser import HTMLParser

import openpyxl
import pytest

from reports.deliver import Group, ReportSettings, compose
from sync.core.records import Collection
from sync.core.result import Doubt, Vanished
from tests.reports.build import (
    COMPANY,
    COMPUTER,
    coverage,
    finding,
    impact,
    result,
    suggest,
    target,
)

NAMES = int(os.environ.get("HALOSYNC_HOSTILE", "600"))
SEED = 20261123
RAW = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\u2028\u2029\ud800-\udfff]"
)
SEEDS = (
    "<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "</title><svg/onload=alert(1)>",
    "]]></style></script>", "{{7*7}}", "${7*7}", "{% include '/etc/passwd' %}", "{0.__class__}",
    "javascript:alert(1)", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0",
    "\uff1d1+1", "x\r\nBcc: a@b", "x\0y", "\x1b[2J", "\u202egpj.exe", "\u2066x\u2069", "a\u200bb",
    "\u00a0", "&amp;&#60;b&#62;", "<!-- x", "--><b>", "<bdi>", "\ud800", "Z" + "\u0335" * 200, "A" * 10_000,
    "\U0001f469\u200d\U0001f527", "../../etc/passwd", "%s%n%(x)s", "株式会社", "\u2028", "\ufeff", "`id`",
)  # fmt: skip


def corpus() -> list[str]:
    """Every seed, then random joins of them."""
    dice = random.Random(SEED)
    joined = (
        "".join(dice.choices(SEEDS, k=dice.randint(1, 3)))[:: dice.choice((1, 1, 1, -1))]
        for _ in range(NAMES - len(SEEDS))
    )
    return [*SEEDS, *joined]


@pytest.fixture(scope="module")
def edition():
    names = corpus()
    rows = [
        finding(
            COMPANY if i % 2 else COMPUTER, name, ae_id=f"id{i}", company=names[-i],
            client=names[i // 2], impact=impact(9, 9), rivals=(names[i // 3],),
            targets=(target(names[i // 4]),) if i % 3 == 0 else (),
            suggestions=(suggest(names[-i // 2], taken_by=name if i % 5 == 0 else None),),
        )
        for i, name in enumerate(names)
    ]  # fmt: skip
    night = result(
        *rows,
        resolved=tuple(rows[:20]),
        coverage=tuple(coverage(name, 1, 2, 1) for name in names[:40]),
        vanished=tuple(Vanished(Collection.AE_COMPUTERS, "x", name) for name in names[:40]),
        doubts=(Doubt(Collection.HALO_SITES, "parent-emptied",
                      9, 0, tuple(names[:20]), 99, parent="p", parent_name=names[0]),),
    )  # fmt: skip
    return compose(night, ReportSettings("h@msp.example", groups=(Group(("a@msp.example",)),)))


class Shape(HTMLParser):
    """Tags and attributes as a browser would see them, the data of the page's script left out."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name in {"href", "src"}}


CLEAN = compose(
    result(
        finding(COMPANY, "A", targets=(target("A  b"),), impact=impact(2, 1)),
        finding(COMPUTER, "PC", company="B", suggestions=(suggest("PCX"),)),
        resolved=(finding(COMPANY, "R"),),
        coverage=(coverage("C", 1, 2, 1),),
        vanished=(Vanished(Collection.AE_COMPUTERS, "x", "V"),),
        doubts=(Doubt(Collection.HALO_SITES, "parent-emptied", 9, 0, ("D",), 9, parent="p"),),
    ),
    ReportSettings("h@msp.example", groups=(Group(("a@msp.example",)),)),
)
"""The same kinds of rows with tame names: whatever element it lacks came out of a name."""


@pytest.mark.parametrize("file", ["index.html", "report.html"])
def test_no_name_becomes_an_element_an_attribute_or_an_address(edition, file):
    tame, wild = (Shape(e.files[file].decode()) for e in (CLEAN, edition))

    assert wild.tags <= tame.tags
    assert wild.attributes <= tame.attributes
    assert wild.links <= tame.links


@pytest.mark.parametrize("file", ["index.html", "report.html", "findings.csv", "report.json"])
def test_no_control_direction_or_invisible_character_gets_through(edition, file):
    text = edition.files[file].decode("utf-8-sig" if file.endswith("csv") else "utf-8")

    assert not RAW.search(text.replace("\r\n", "\n"))


def test_no_header_of_the_mail_is_more_than_it_should_be(edition):
    (letter,) = edition.letters
    message = email.message_from_bytes(letter.body, policy=email.policy.default)

    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert message["To"] == "a@msp.example"
    assert message["Subject"].startswith("halosync 2026-11-23:")
    assert not RAW.search(message.get_body(("plain",)).get_content())


def test_no_cell_of_the_csv_is_a_formula(edition):
    rows = csv.reader(io.StringIO(edition.files["findings.csv"].decode("utf-8-sig")))
    cells = [cell for row in rows for cell in row]

    assert len(cells) > NAMES
    assert not [
        c for c in cells if c.lstrip(" ")[:1] in set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20") and c
    ]


def test_no_cell_of_the_workbook_is_alive(edition):
    book = openpyxl.load_workbook(io.BytesIO(edition.files["findings.xlsx"]))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert not any(RAW.search(str(cell.value)) for cell in cells)


def test_names_stay_recognisable(edition):
    page = edition.files["report.html"].decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}" in edition.files["findings.csv"].decode("utf-8-sig")
    assert "株式会社" in edition.files["findings.csv"].decode("utf-8-sig")


def test_the_mail_stays_under_the_limit(edition):
    assert len(edition.files["report.html"]) <= 92_160


def test_no_file_is_named_after_anything_foreign(edition):
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", name) for name in edition.files)
