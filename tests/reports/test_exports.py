"""The spreadsheet, the CSV and the JSON hold everything, and nothing in them is alive."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import jsonschema
import openpyxl
import pytest

import reports.exports
from reports.exports import findings_csv, findings_xlsx, report_json
from reports.exports.tables import COLUMNS, harmless
from reports.preview import samples
from reports.view import view
from tests.reports.build import COMPANY, COMPUTER, ENGLISH, USER, finding, see


def view_of(night):
    return view(night, ENGLISH)


SCHEMA = json.loads(
    Path(reports.exports.__file__).with_name("report.schema.json").read_text("utf-8")
)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_csv_opens_in_excel_and_has_one_line_per_finding():
    night = samples.ordinary()
    content = findings_csv(see(*night.findings, resolved=night.resolved))
    rows = table(content)

    assert content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == len(night.findings) + len(night.resolved)
    assert rows[0]["In AutoElevate"] == "Smith & Sons  Ltd"
    assert rows[0]["Text to paste"] == "Smith and Sons Limited"
    assert rows[0]["Active computers"] == "120"


def test_a_number_that_is_absent_stays_absent_and_whole_numbers_stay_whole():
    rows = table(findings_csv(see(finding(COMPANY, "A"), *samples.ordinary().findings)))

    assert (rows[0]["Requests in 24 h"], rows[1]["Requests in 24 h"]) == ("", "9")


def test_a_clean_night_gives_a_csv_with_headings_only():
    assert table(findings_csv(see())) == []
    assert b"In AutoElevate" in findings_csv(see())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff20", "  ="])
def test_no_cell_of_the_csv_starts_like_a_formula(start):
    assert harmless(f"{start}1+1").startswith("'")


def test_names_that_look_like_something_else_stay_what_they_are():
    names = ("NA", "None", "00123", "1E5", "TRUE", "12-05", "nan")
    rows = table(findings_csv(see(*(finding(COMPANY, name) for name in names))))

    assert tuple(row["In AutoElevate"] for row in rows) == names


def book(view):
    return openpyxl.load_workbook(io.BytesIO(findings_xlsx(view)))


def test_the_workbook_has_a_sheet_per_kind_with_frozen_filtered_headings():
    sheets = book(see(*samples.ordinary().findings, coverage=samples.ordinary().coverage))

    assert sheets.sheetnames == [
        "Summary", "Companies", "Locations", "Computers", "Technicians", "Coverage", "Lists read",
    ]  # fmt: skip
    companies = sheets["Companies"]
    assert companies.freeze_panes == "B2"
    assert companies.auto_filter.ref == f"A1:{companies.cell(1, len(COLUMNS)).column_letter}8"
    assert companies.max_row == 8


def test_every_text_in_the_workbook_is_text():
    sheets = book(
        see(
            finding(COMPANY, "=1+1"),
            finding(COMPUTER, "http://evil.example", company="@A"),
            finding(USER, "00123", email="=x@y.example"),
        )
    )

    cells = [c for sheet in sheets for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert not any(c.hyperlink for c in cells)
    assert sheets["Companies"]["C2"].value == "=1+1"


@pytest.mark.parametrize("name", ["_x202E_", "_x005F_x202E_", "_x005F_x005F_x000A_", "a_x0041_b"])
def test_no_name_is_decoded_by_excel_into_something_else(name):
    written = findings_xlsx(see(finding(COMPANY, name)))
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
    shown = re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), sheet)

    assert name in shown.replace(" ", "")
    assert "\u202e" not in shown


def test_the_workbook_speaks_the_readers_language():
    sheets = book(see(*samples.ordinary().findings, language="es"))

    assert "Empresas" in sheets.sheetnames
    assert sheets["Empresas"]["C1"].value == "En AutoElevate"


def test_the_same_night_gives_the_same_bytes():
    first, second = (see(*samples.ordinary().findings) for _ in range(2))

    assert findings_xlsx(first) == findings_xlsx(second)
    assert findings_csv(first) == findings_csv(second)
    assert report_json(first) == report_json(second)


@pytest.mark.parametrize(
    "name", ["clean", "first", "ordinary", "bad", "withheld", "brake", "hostile"]
)
def test_the_json_keeps_to_its_schema(name):
    night = getattr(samples, name)()
    document = json.loads(report_json(view_of(night)))

    jsonschema.validate(document, SCHEMA)
    assert document["schema_version"] == 1
    assert len(document["findings"] + document["backlog"]) == len(night.findings)


def test_the_json_has_names_in_full_and_untouched_in_plain_ascii():
    content = report_json(view_of(samples.hostile()))
    names = {found["name"] for found in json.loads(content)["findings"]}

    assert content.isascii()
    assert "A" * 10_000 in names
    assert "Acme\u202egpj.exe\u202c" in names


def test_every_field_of_the_json_is_described():
    described = Path(__file__).parents[2].joinpath("docs/report-json.md").read_text("utf-8")

    def fields(schema):
        for name, part in schema.get("properties", {}).items():
            yield name
            yield from fields(part)
        for part in (schema.get("items"), *schema.get("$defs", {}).values()):
            if part:
                yield from fields(part)

    assert [name for name in set(fields(SCHEMA)) if f"`{name}`" not in described] == []


def test_the_schema_describes_every_field_that_is_written():
    document = json.loads(report_json(view_of(samples.ordinary())))
    finding_fields = SCHEMA["$defs"]["finding"]["properties"].keys()

    assert document.keys() == SCHEMA["properties"].keys()
    assert document["findings"][0].keys() == finding_fields
