"""Decisions typed by an admin: found by name, kept for good, obeyed by the next run."""

import csv
import shutil

import pytest

from sync.app.reading import open_store
from sync.cli.terminal import Terminal

WHY = ("--by", "Ana", "--reason", "checked with the customer")


@pytest.fixture
def unlinked(home):
    """One company that will not link, as the first run found it."""
    assert home.type("run")[0] in {0, 3}
    return first_open(home, "company")


def first_open(home, kind):
    rows = findings(home)
    return next(r for r in rows if r["kind"] == kind and r["outcome"] == "unlinked")


def findings(home):
    with open_store(Terminal(config=str(home.config)).installation()) as store:
        found = store.open_findings().values()
    return [
        {"kind": f.kind, "id": f.ae_id, "name": f.name, "outcome": f.outcome, "f": f} for f in found
    ]


def test_an_ignored_company_leaves_the_rows_and_is_listed_with_its_end(home, unlinked):
    code, out, _ = home.type("decide", "ignore", "company", unlinked["id"], "--days", "30", *WHY)
    home.type("run")

    assert (code, "until" in out) == (0, True)
    assert unlinked["id"] not in {r["id"] for r in findings(home)}
    assert unlinked["name"] in home.type("decisions", "list")[1]


def test_a_record_may_be_named_as_the_report_prints_it(home, unlinked):
    code, made = home.ask("decide", "ignore", "company", unlinked["name"], *WHY)

    assert (code, made["ae_id"]) == (0, unlinked["id"])


def test_an_unknown_name_gets_one_sentence_and_nothing_is_written(home, unlinked):
    code, _, err = home.type("decide", "ignore", "company", "No Such Company", *WHY)

    assert code == 2
    assert "no company record of AutoElevate" in err
    assert home.ask("decisions", "list")[1]["decisions"] == []


def test_a_confirmed_pair_is_linked_whatever_the_names(home, unlinked):
    target = unlinked["f"].suggestions[0]
    home.type("decide", "confirm", "company", unlinked["id"], target.halo_id, *WHY)
    home.type("run")

    assert unlinked["id"] not in {r["id"] for r in findings(home)}


def test_forget_takes_a_decision_back(home, unlinked):
    home.type("decide", "ignore", "company", unlinked["id"], *WHY)
    home.type("decide", "forget", "company", unlinked["id"], *WHY)
    home.type("run")

    assert unlinked["id"] in {r["id"] for r in findings(home)}


def test_the_backlog_marks_what_was_open_and_a_second_call_adds_nothing(home, unlinked):
    first = home.ask("backlog", "accept", *WHY)[1]["accepted"]
    second = home.ask("backlog", "accept", *WHY)[1]["accepted"]

    assert (first, second) == (len(findings(home)), 0)
    assert unlinked["id"]


def test_an_export_comes_back_into_an_empty_installation_once(home, unlinked, tmp_path):
    home.type("decide", "ignore", "company", unlinked["id"], *WHY)
    home.type("decide", "ignore", "computer", "--pattern", "TEST-*", *WHY)
    file = tmp_path / "decisions.csv"
    home.type("decisions", "export", str(file))
    before = home.ask("decisions", "list")[1]["decisions"]

    assert file.stat().st_mode & 0o077 == 0
    assert home.ask("decisions", "import", str(file))[1]["added"] == 0
    shutil.rmtree(home.folder / "state")
    assert home.ask("decisions", "import", str(file))[1]["added"] == 2
    assert home.ask("decisions", "list")[1]["decisions"] == before


def test_a_mistake_in_an_import_is_named_with_its_line_and_nothing_is_imported(
    home, unlinked, tmp_path
):
    home.type("decide", "ignore", "company", unlinked["id"], *WHY)
    file = tmp_path / "decisions.csv"
    home.type("decisions", "export", str(file))
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    broken = tmp_path / "broken.csv"
    with broken.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([rows[0], ["marry", *rows[1][1:]]])

    code, _, err = home.type("decisions", "import", str(broken))
    assert code == 2
    assert f"{broken}:2" in err
    assert "marry" in err


@pytest.mark.parametrize("arguments", [("company",), ("company", "x", "--pattern", "y*")])
def test_ignore_wants_a_record_or_a_pattern_and_not_both(home, arguments):
    code, _, err = home.type("decide", "ignore", *arguments, *WHY)

    assert (code, "not both" in err) == (2, True)
