"""XLSX files: values only, by their headers, and no bombs."""

import os
import zipfile
from datetime import timedelta

import openpyxl
import pytest
import xlsxwriter

from tests.sync.sources.stand_in import NOON
from tests.sync.sources.users_file import put, read, refused


def workbook(folder, rows, *, days_old=1.0):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "users.xlsx"
    book.save(path)
    path.chmod(0o600)
    at = (NOON - timedelta(days=days_old)).timestamp()
    os.utime(path, (at, at))
    return path


def test_a_workbook_is_read_by_its_headers(tmp_path):
    rows = [["Role", "Email", "Name"], [None, "sam@x.example", "00123"], [1, "b@x.example", True]]
    pulled = read(workbook(tmp_path, rows))

    assert [(p.name, p.mode) for p in pulled.records] == [("TRUE", "1"), ("00123", "")]


def test_a_formula_is_never_evaluated_or_shown(tmp_path):
    rows = [["Name", "Email"], ['=HYPERLINK("http://evil")', "sam@x.example"]]
    (person,) = read(workbook(tmp_path, rows)).records

    assert person.name == ""


def test_a_cell_beyond_the_header_is_refused(tmp_path):
    rows = [["Name", "Email"], ["Sam", "sam@x.example", None, "stray"]]

    assert refused(workbook(tmp_path, rows)) == "file-width"


def test_blank_rows_and_trailing_cells_of_a_sheet_are_nothing(tmp_path):
    rows = [["Name", "Email", "Role"], [], ["Sam", "sam@x.example"], [None, " "]]

    assert len(read(workbook(tmp_path, rows)).records) == 1


def test_one_far_cell_is_one_more_row(tmp_path):
    path = workbook(tmp_path, [["Name", "Email"], ["Sam", "sam@x.example"]])
    book = openpyxl.load_workbook(path)
    book.active.cell(1_000_000, 1, "far")
    book.save(path)

    pulled = read(path, settle_seconds=0)

    assert len(pulled.records) == 1
    assert dict(pulled.manifest.rejected) == {"email: missing": 1}, "seen, and not lost"


def test_what_only_looks_like_a_workbook_is_broken(tmp_path):
    assert refused(put(tmp_path, b"PK\x03\x04 and then nothing", "users.xlsx")) == "file-broken"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
def test_a_damaged_workbook_is_broken_not_a_crash(tmp_path, part):
    whole = workbook(tmp_path, [["Name", "Email"], ["Sam", "sam@x.example"]])
    damaged = rewritten(
        whole, tmp_path / "damaged.xlsx", part, lambda content: content[: len(content) // 2]
    )

    assert refused(damaged, settle_seconds=0) in {"file-broken", "file-headers"}


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unopened(tmp_path, monkeypatch):
    monkeypatch.setattr("sync.sources.workbook.MOST_INFLATED", 1_000_000)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", b" " * 2_000_000)
    bomb.chmod(0o600)

    assert refused(bomb, settle_seconds=0) == "file-too-big"


def rewritten(whole, target, part, change):
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, change(content) if item.filename == part else content)
    target.chmod(0o600)
    return target


def test_a_sheet_that_lies_about_its_size_loses_no_row(tmp_path):
    whole = workbook(tmp_path, [["Name", "Email"], ["Sam", "s@x.example"], ["Ann", "a@x.example"]])
    liar = rewritten(
        whole,
        tmp_path / "liar.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:B2"'),
    )

    assert len(read(liar, settle_seconds=0).records) == 2


def test_characters_that_xml_cannot_hold_come_back_as_they_were(tmp_path):
    path = tmp_path / "users.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Email"])
        sheet.write_string(1, 0, "Sam\r\nPoe")
        sheet.write_string(1, 1, "sam@x.example")
        sheet.write_string(2, 0, "_x0041_")
        sheet.write_string(2, 1, "x@x.example")

    assert [p.name for p in read(put(tmp_path, path.read_bytes())).records] == [
        "Sam\r\nPoe",
        "_x0041_",
    ]


def test_a_workbook_whose_packing_is_damaged_is_a_broken_file(tmp_path):
    path = workbook(tmp_path, [["Name", "Email"], ["Sam", "sam@x.example"]])
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        at = {part.filename: part.header_offset for part in parts.infolist()}
    start = at["xl/theme/theme1.xml"] + 200

    assert refused(put(tmp_path, whole[:start] + bytes(40) + whole[start + 40 :])) == "file-broken"
