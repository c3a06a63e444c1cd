"""Back to a backup from the command line, decisions and all, and the next run goes on."""

import shutil

WHY = ("--by", "Ana", "--reason", "checked")


def test_a_backup_is_put_back_and_the_next_run_goes_on_from_it(home):
    home.type("run")
    home.type("decide", "ignore", "computer", "--pattern", "TEST-*", *WHY)
    _, made = home.ask("backup")
    home.type("decide", "ignore", "computer", "--pattern", "LATER-*", *WHY)
    home.type("run")
    code, told, err = home.type("restore", made["file"])

    assert (code, err) == (0, "")
    assert "replaced" in told
    assert [d["pattern"] for d in home.ask("decisions", "list")[1]["decisions"]] == ["TEST-*"]
    assert home.type("verify")[0] == 0
    assert home.type("run")[0] in {0, 3}


def test_what_was_decided_since_the_backup_comes_back_by_its_export(home, tmp_path):
    home.type("run")
    _, made = home.ask("backup")
    home.type("decide", "ignore", "computer", "--pattern", "LATER-*", *WHY)
    kept = tmp_path / "decisions.csv"
    home.type("decisions", "export", str(kept))
    home.type("restore", made["file"])

    assert home.ask("decisions", "import", str(kept))[1]["added"] == 1


def test_a_file_that_is_no_backup_changes_nothing(home, tmp_path):
    home.type("run")
    before = home.ask("status")[1]["published"]
    bad = tmp_path / "bad.sqlite3"
    shutil.copy2(home.config, bad)
    code, _, err = home.type("restore", str(bad))

    assert code == 78
    assert "->" in err
    assert home.ask("status")[1]["published"] == before


def test_a_backup_that_is_not_there_gets_a_sentence(home, tmp_path):
    code, _, err = home.type("restore", str(tmp_path / "none.sqlite3"))

    assert (code, "there is no backup" in err) == (78, True)
