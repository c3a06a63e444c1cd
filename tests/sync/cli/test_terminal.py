"""What reaches the terminal: readable, and nothing that it would obey."""

import json
import sys

import pytest

from sync.cli.terminal import Terminal
from sync.errors import SyncError

NASTY = "Ac\x1b[2Jme\u202e\x9b5m\ud800 Müller\u00a0株"


@pytest.mark.parametrize("way", ["say", "note"])
def test_no_line_of_an_answer_steers_the_terminal(capsys, way):
    getattr(Terminal(), way)(f"first\n{NASTY}")
    shown = "".join(capsys.readouterr())

    assert shown == "first\nAc\\x1b[2Jme\\u202e\\x9b5m\\ud800 Müller\u00a0株\n"


def test_no_error_steers_the_terminal(capsys):
    Terminal().error(SyncError(f"nothing is called {NASTY}", hint=NASTY))
    shown = capsys.readouterr().err

    assert not {"\x1b", "\x9b", "\u202e", "\ud800"} & set(shown)
    assert shown.count("\n") == 2


def test_a_document_keeps_its_names_and_shows_nothing_unseen(capsys):
    Terminal(as_json=True).document("match", name=NASTY)
    shown = capsys.readouterr().out

    assert json.loads(shown)["name"] == NASTY
    assert not {"\x1b", "\x9b", "\u202e", "\ud800", "\u00a0"} & set(shown)
    assert "Müller" in shown


def test_a_table_is_kept_cell_for_cell_and_steers_no_terminal(capsys, monkeypatch):
    hard = NASTY.replace("\ud800", "")
    Terminal().table(["id", "n"], [[hard, 1], ['a,"b', 0.5]])
    piped = capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    Terminal().table(["id", "n"], [[hard, 1]])
    watched = capsys.readouterr().out

    assert piped == f'id,n\n{hard},1\n"a,""b",0.5\n'
    assert watched == "id,n\nAc\\x1b[2Jme\\u202e\\x9b5m Müller\u00a0株,1\n"
