"""Deciding in a spreadsheet: exported, filled in, previewed, taken in once, doubted when stale."""

import openpyxl
import pytest

from sync.app.reading import open_store
from sync.cli.terminal import Terminal

BY = ("--by", "Ana")


@pytest.fixture
def sheet(home, tmp_path):
    """The open findings of the first run as a file, and its headings by column."""
    home.type("run")
    file = tmp_path / "review.xlsx"
    assert home.type("review", "export", str(file))[0] == 0
    return file


def fill(file, **by_row):
    """Write cells: `r2={"Decision": "accept"}`; gives the rows as they then stand."""
    book = openpyxl.load_workbook(file)
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    for row, cells in by_row.items():
        for heading, value in cells.items():
            page.cell(int(row[1:]), columns[heading], value)
    book.save(file)
    return rows(file)


def rows(file):
    table = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def decided(home):
    return home.ask("decisions", "list")[1]["decisions"]


def ignore(**more):
    return {"Decision": "ignore", "Reason": "a test record", **more}


def test_the_sheet_has_every_open_finding_and_drop_downs_beside_it(home, sheet):
    with open_store(Terminal(config=str(home.config)).installation()) as store:
        open_ids = {f.ae_id for f in store.open_findings().values()}
    page = openpyxl.load_workbook(sheet).active

    assert {row["AutoElevate id"] for row in rows(sheet)} == open_ids
    assert sheet.stat().st_mode & 0o077 == 0
    lists = [v.formula1 for v in page.data_validations.dataValidation]
    assert any("accept,confirm,reject" in formula for formula in lists)


def test_a_filled_sheet_is_previewed_taken_in_and_changes_nothing_twice(home, sheet):
    count = len(rows(sheet))
    fill(sheet, **{f"r{n}": ignore() for n in range(2, count + 2)})
    _, trial = home.ask("review", "import", str(sheet), "--dry-run", *BY)
    before = decided(home)
    _, first = home.ask("review", "import", str(sheet), *BY)
    _, second = home.ask("review", "import", str(sheet), *BY)

    assert (len(trial["decisions"]), before) == (count, [])
    assert (len(first["decisions"]), len(decided(home))) == (count, count)
    assert (second["decisions"], second["already"], second["refused"]) == ([], count, [])


def test_after_the_next_run_the_same_sheet_still_changes_nothing(home, sheet):
    fill(sheet, r2=ignore())
    home.ask("review", "import", str(sheet), *BY)
    home.type("run")
    _, again = home.ask("review", "import", str(sheet), *BY)

    assert (again["decisions"], again["already"], again["refused"]) == ([], 1, [])


def test_every_mistake_is_named_with_row_and_column_and_nothing_is_taken_in(home, sheet):
    fill(
        sheet,
        r2={"Decision": "marry", "Reason": "love"},
        r3={"Decision": "ignore"},
        r4=ignore(**{"Days to ignore": "soon"}),
        r5=ignore(),
    )
    code, _, err = home.type("review", "import", str(sheet), *BY)

    assert code == 2
    for place in ("row 2, column Decision", "row 3, column Reason", "row 4, column Days to ignore"):
        assert place in err
    assert decided(home) == []


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("Finding", "contested", "it was contested and is"),
        ("Halo id", "999999", "another Halo record is proposed"),
        ("AutoElevate id", "00000000-0000-0000-0000-000000000000", "not open any more"),
    ],
)
def test_a_row_that_means_something_else_by_now_is_left_out_and_named(
    home, sheet, column, value, why
):
    fill(sheet, r2=ignore() | {column: value}, r3=ignore())
    _, found = home.ask("review", "import", str(sheet), *BY)

    assert [(r["row"], why in r["why"]) for r in found["refused"]] == [(2, True)]
    assert len(decided(home)) == 1


def test_a_target_of_one_s_own_choice_is_taken_when_halo_has_it(home, sheet):
    number, row = next((n, row) for n, row in enumerate(rows(sheet), 2) if row["Kind"] == "company")
    here = Terminal(config=str(home.config)).installation()
    with open_store(here) as store:
        halo_id = store.as_of(1)["halo.clients"][0].id
    fill(
        sheet,
        **{f"r{number}": {"Decision": "accept", "Reason": "x", "Another Halo id": int(halo_id)}},
    )
    home.type("review", "import", str(sheet), *BY)

    assert [(d["ae_id"], d["halo_id"]) for d in decided(home)] == [(row["AutoElevate id"], halo_id)]


def test_a_file_that_is_no_sheet_gets_a_sentence(home, sheet, tmp_path):
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"no sheet at all")
    code, _, err = home.type("review", "import", str(other), *BY)

    assert (code, "review export" in err) == (2, True)
