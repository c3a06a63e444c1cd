"""`halosync match` reads what people have: exports with headers, and plain lists of names."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from sync.app.matching import COLUMNS, match_files, read_names
from sync.core.records import Kind
from sync.errors import UsageError
from sync.sources.causes import Trouble
from sync.sources.tabular import Format, read_table


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def refused(file, **more):
    with pytest.raises(UsageError) as caught:
        read_names(file, Kind.COMPANY, **more)
    assert caught.value.hint
    return str(caught.value)


def test_plain_lists_are_compared_line_by_line(write):
    left = write("ae.txt", "Smith & Sons Ltd\nNobody Knows Me\n")
    right = write("halo.txt", "Smith and Sons Limited\nAcme Corp\n")

    smith, nobody = match_files((left, right), Kind.COMPANY)

    assert (smith.id, smith.name) == ("1", "Smith & Sons Ltd")
    assert smith.suggestions[0].name == "Smith and Sons Limited"
    assert (nobody.id, nobody.suggestions) == ("2", ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_export_with_headers_gives_its_name_column(write, delimiter):
    rows = [["Id", "Name", "Parent"], ["7", '"Berlin, Mitte"', "acme"], ["8", "Kiel", "acme"]]
    file = write("x.csv", "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows))

    first, second = read_names(file, Kind.LOCATION)

    assert (first.id, first.name, first.parent) == ("7", "Berlin, Mitte", "acme")
    assert second.name == "Kiel"


def test_a_workbook_is_a_list_like_any_other(tmp_path):
    book = openpyxl.Workbook()
    for row in (("id", "name"), ("007", "Acme")):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")

    (acme,) = read_names(tmp_path / "x.xlsx", Kind.COMPANY)

    assert (acme.id, acme.name) == ("007", "Acme")


def test_a_comma_in_a_plain_list_is_part_of_the_name(write):
    names = read_names(write("x.txt", "Contoso, Inc.\n\nFabrikam\x0b, Ltd\r\n"), Kind.COMPANY)

    assert [entry.name for entry in names] == ["Contoso, Inc.", "Fabrikam\x0b, Ltd"]


def test_a_row_without_an_id_goes_by_its_number(write):
    names = read_names(write("x.csv", "name\nAcme\nBeta\n"), Kind.COMPANY)

    assert [entry.id for entry in names] == ["1", "2"]


def test_names_are_compared_inside_their_parent_only(write):
    left = write("l.csv", "id,name,parent\na,Lt-0231,x\nb,Lt-0231,y\n")
    right = write("r.csv", "id,name,parent\n1,LT 231,x\n2,SRV-1,y\n")

    in_x, in_y = match_files((left, right), Kind.COMPUTER)

    assert [s.halo_id for s in in_x.suggestions] == ["1"]
    assert in_y.suggestions == ()


@pytest.mark.parametrize("column", ["name", "email"])
def test_technicians_may_be_addresses(write, column):
    left = write("l.csv", f"id,{column}\na,j.doe@msp.example\n")
    right = write("r.csv", f"id,{column}\n1,j.doe@msp.test\n")

    (doe,) = match_files((left, right), Kind.USER)

    assert [s.halo_id for s in doe.suggestions] == ["1"]


def test_a_dash_is_standard_input_for_one_of_the_two(write):
    right = write("r.csv", "id,name\n1,Acme Ltd\n")

    (acme,) = match_files((Path("-"), right), Kind.COMPANY, stdin=BytesIO(b"id,name\na,Acme\n"))

    assert (acme.id, acme.suggestions[0].halo_id) == ("a", "1")
    with pytest.raises(UsageError, match="one of the two"):
        match_files((Path("-"), Path("-")), Kind.COMPANY)


def test_what_scores_too_little_is_there_for_who_asks(write):
    left, right = write("l", "Karl Lindstrom Dental\n"), write("r", "Lindstrom Plumbing\n")

    (shown,) = match_files((left, right), Kind.COMPANY)
    (everything,) = match_files((left, right), Kind.COMPANY, everything=True)

    assert shown.suggestions == ()
    assert 0 < everything.suggestions[0].score < 0.5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,name\n1,\xff\xfe\n", "not utf-8 text"),
        (b"\xff\xfeA\x00c\x00m\x00e\x00", "is not UTF-8 text"),
        (b"id,nombres\n1,Acme\n", "expected name or nombre .* found id, nombres"),
        (b"id,name\n1,Acme, Inc.\n", "row 2 has 3 cells, the header 2"),
        (b'id,name\n1,"Acme\n', "not a CSV file"),
    ],
)
def test_a_list_that_is_off_is_refused_with_its_reason(write, content, words):
    file = write("bad.csv", content)

    said = refused(file)

    assert said.startswith(str(file))
    assert re.search(words, said)


def test_a_list_that_is_not_there_is_said(tmp_path):
    assert refused(tmp_path / "missing").endswith("cannot be read: No such file or directory")
    assert refused(Path("-"), stdin=BytesIO(b"id,name\n1\n")).startswith("standard input: row 2")


def test_a_list_ends_somewhere():
    def read(most):
        return list(read_table(BytesIO(b"name\n" + b"x\n" * 3), COLUMNS, Format(most_rows=most)))

    assert len(read(4)) == 3
    with pytest.raises(Trouble, match="more than 3 rows"):
        read(3)
