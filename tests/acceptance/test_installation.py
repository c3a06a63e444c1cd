"""Promises that need a whole installation: explained offline, reviewed in a sheet (AT 13, 15)."""

import socket

import openpyxl
import pytest

from sync.app.explaining import saved
from sync.cli.terminal import Terminal
from sync.core.explain import explain


def test_at_13_explain_any_reported_row_gets_the_same_verdict_from_the_saved_snapshot_offline(
    home, monkeypatch
):
    home.type("run")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was used"))
    world = saved(Terminal(config=str(home.config)).installation())

    assert world.findings
    for key, finding in world.findings.items():
        told = explain(key, world.snapshot)
        assert (told.now.outcome, told.now) == (finding.outcome, told.published)


def test_at_15_spreadsheet_previews_every_change_and_the_second_import_changes_nothing(
    home, tmp_path
):
    home.type("run")
    file = tmp_path / "review.xlsx"
    home.type("review", "export", str(file))
    book = openpyxl.load_workbook(file)
    page = book.active
    count = min(30, page.max_row - 1)
    for row in range(2, count + 2):
        page.cell(row, 1, "ignore")
        page.cell(row, 2, "a test record")
    book.save(file)

    assert len(home.ask("review", "import", str(file), "--dry-run")[1]["decisions"]) == count
    assert len(home.ask("review", "import", str(file))[1]["decisions"]) == count
    assert home.ask("review", "import", str(file))[1]["decisions"] == []
