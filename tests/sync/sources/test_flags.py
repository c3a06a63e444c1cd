"""AutoElevate's "Linked" columns, read with the caution of any file, and never needed."""

import os
from datetime import UTC, datetime

import pytest

from sync.core.records import Kind
from sync.core.sides import FlagRow
from sync.sources.files import Disk
from sync.sources.flags import FlagReader, FlagSettings
from sync.sources.tabular import Format
from tests.clock import Calendar

HEADERS = {"name_headers": ("Name", "Company", "Computer"), "company_headers": ("Company",)}


def read(tmp_path, kind, text, *, days_old=1):
    file = tmp_path / "linked.csv"
    file.write_text(text, encoding="utf-8")
    clock = Calendar()
    clock.at = datetime.now(UTC)
    written = clock.at.timestamp() - days_old * 86400
    os.utime(file, (written, written))
    (found,) = FlagReader(FlagSettings(files=((kind, file),), **HEADERS), clock, Disk(clock)).read()
    return found


def test_the_companies_grid_is_read_by_its_company_column(tmp_path):
    found = read(tmp_path, Kind.COMPANY, "Company,Linked to Ticketing System\nAcme,True\nB,False\n")

    assert found.rows == (FlagRow("Acme", linked=True), FlagRow("B", linked=False))
    assert (found.cause, found.unread) == ("", 0)


def test_on_the_computers_grid_the_company_is_where_the_computer_is(tmp_path):
    text = "Company;Computer;Linked to Ticketing System\nAcme;PC-1;True\n"

    assert read(tmp_path, Kind.COMPUTER, text).rows == (
        FlagRow("PC-1", linked=True, company="Acme"),
    )


def test_a_cell_that_is_neither_true_nor_false_says_nothing_and_is_counted(tmp_path):
    text = "Company,Linked to Ticketing System\nAcme,perhaps\nB,True\n"
    found = read(tmp_path, Kind.COMPANY, text)

    assert (found.rows, found.unread) == ((FlagRow("B", linked=True),), 1)


@pytest.mark.parametrize(
    ("text", "days_old", "cause"),
    [
        ("Company,Linked to Ticketing System\nAcme,True\n", 36, "file-old"),
        ("Company,Something\nAcme,True\n", 1, "file-headers"),
    ],
)
def test_a_file_that_cannot_be_believed_says_nothing_and_why(tmp_path, text, days_old, cause):
    found = read(tmp_path, Kind.COMPANY, text, days_old=days_old)

    assert (found.rows, found.cause) == ((), cause)


def test_a_file_that_is_not_there_says_nothing(tmp_path):
    clock = Calendar()
    settings = FlagSettings(files=((Kind.COMPANY, tmp_path / "none.csv"),))

    assert FlagReader(settings, clock, Disk(clock)).read()[0].rows == ()


def test_a_grid_pasted_into_an_editor_may_lack_its_last_line_break_if_configured(tmp_path):
    file = tmp_path / "linked.csv"
    file.write_bytes("Company,Linked to Ticketing System\nMüller,True".encode("cp1252"))
    clock = Calendar()
    clock.at = datetime.now(UTC)
    files = ((Kind.COMPANY, file),)
    strict, told = (
        FlagReader(FlagSettings(files, form=form, **HEADERS), clock, Disk(clock)).read()[0]
        for form in (Format(), Format("cp1252", final_line_break=False))
    )

    assert (strict.cause, strict.rows) == ("file-cut", ())
    assert told.rows == (FlagRow("Müller", linked=True),)
