"""What a grade is worth, on invented sites and technicians, and that docs and report agree on it."""

import re
from pathlib import Path

import pytest

from sync.core.records import Kind
from sync.core.suggest.measured import MEASURED, Proved
from sync.core.verdicts import Grade
from tests.bench.match.invented import measured

DOCS = Path(__file__).parents[4] / "docs/matching.md"
TABLES = {
    Kind.COMPANY: ", as shipped",
    Kind.LOCATION: "Invented locations",
    Kind.COMPUTER: "Machines: 5 fleets of about 11,000, identical names left out",
    Kind.USER: "Invented users",
}
"""How the titles of the tables end that tell of a kind."""


def in_docs(kind, grade):
    """Add up what the tables of the kind say of the grade."""
    sections = re.findall(r"^### (.*)\n([^#]*)", DOCS.read_text("utf-8"), re.MULTILINE)
    right = shown = 0
    for told in [text for title, text in sections if title.endswith(TABLES[kind])]:
        n, share = re.search(
            rf"^\| {grade} \| ([\d,]+) \| ([\d.]+) \|", told, re.MULTILINE
        ).groups()
        shown += int(n.replace(",", ""))
        right += round(int(n.replace(",", "")) * float(share))
    return Proved(right, shown)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("grade", Grade)
def test_the_report_says_what_the_docs_have_measured(kind, grade):
    assert MEASURED[kind][grade] == in_docs(kind, grade), "bring measured.py in step with the docs"


@pytest.mark.parametrize(("kind", "recall"), [(Kind.LOCATION, 0.98), (Kind.USER, 0.97)])
def test_a_grade_keeps_what_it_promises(kind, recall):
    figures = measured(kind)

    assert figures.precision(Grade.STRONG) >= 0.99
    assert figures.precision(Grade.MEDIUM) >= 0.95
    assert figures.precision(Grade.WEAK) >= 0.2
    assert figures.recall >= recall
    for grade, (right, shown) in MEASURED[kind].items():
        assert figures.precision(grade) == pytest.approx(right / shown, abs=0.01)
