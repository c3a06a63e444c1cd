"""Two runs compared on the command line, and a mail shown as it was sent."""

import shutil

from sync.app.archive import read_report
from sync.app.reading import open_store
from sync.cli.terminal import Terminal

WHY = ("--by", "Ana", "--reason", "checked")


def opened(home):
    return open_store(Terminal(config=str(home.config)).installation())


def test_nothing_changed_between_two_runs_of_the_same_world(home):
    home.type("run")
    home.type("run")
    code, found = home.ask("diff", "1", "2")

    assert (code, found["new"], found["resolved"], found["renamed"]) == (0, [], [], [])
    assert found["still_open"] > 0


def test_a_confirmed_pair_is_resolved_and_named_in_either_order(home):
    home.type("run")
    with opened(home) as store:
        found = store.open_findings().values()
    row = next(f for f in found if f.suggestions and f.outcome == "unlinked")
    target = row.suggestions[0].halo_id
    home.type("decide", "confirm", row.kind.value, row.ae_id, target, *WHY)
    home.type("run")
    _, out, _ = home.type("diff", "2", "1")

    assert "Resolved" in out
    assert row.name in out


def test_a_run_that_does_not_exist_gets_a_sentence(home):
    home.type("run")
    code, _, err = home.type("diff", "1", "9")

    assert (code, "run 9 was not published" in err) == (2, True)


def test_a_mail_is_shown_as_it_was_sent_even_when_its_file_is_gone(home):
    home.type("run")
    here = Terminal(config=str(home.config)).installation()
    with opened(home) as store:
        (letter, *_) = store.letters(1)
    shutil.rmtree(home.folder / "archive", ignore_errors=True)

    assert read_report(here, 1).mail == letter.body
    assert home.type("report", "show", "--run", "1")[0] == 0
