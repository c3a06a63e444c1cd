"""`halosync match` reads what people have: lists of names, and exports with headers."""

import pytest

from sync.app.matching import match_files, read_names
from sync.errors import UsageError


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def test_plain_lists_are_compared_line_by_line(write):
    left = write("ae.txt", "Smith & Sons Ltd\nNobody Knows Me\n")
    right = write("halo.txt", "Smith and Sons Limited\nAcme Corp\n")

    smith, nobody = match_files(left, right, "company")

    assert smith.suggestions[0].name == "Smith and Sons Limited"
    assert nobody.suggestions == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_export_with_headers_gives_its_name_column(write, delimiter):
    rows = [["Id", "Name", "Parent"], ["7", '"Berlin, Mitte"', "acme"], ["8", "Kiel", "acme"]]
    file = write("x.csv", "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows))

    first, second = read_names(file, "location")

    assert (first.id, first.name, first.parent) == ("7", "Berlin, Mitte", "acme")
    assert second.name == "Kiel"


def test_a_comma_in_a_plain_list_is_part_of_the_name(write):
    names = read_names(write("x.txt", "Contoso, Inc.\n\nFabrikam, Ltd\n"), "company")

    assert [entry.name for entry in names] == ["Contoso, Inc.", "Fabrikam, Ltd"]


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe\x00", "UTF-8"), (None, "cannot be read")]
)
def test_what_cannot_be_read_is_said(write, tmp_path, content, words):
    file = write("bad", content) if content else tmp_path / "missing"

    with pytest.raises(UsageError, match=words):
        read_names(file, "company")
