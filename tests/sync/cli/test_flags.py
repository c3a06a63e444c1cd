"""A whole night with the "Linked" columns: False is proof, and the report says how old it is."""

import csv

from sync.app.reading import open_store
from sync.cli.terminal import Terminal


def test_a_linked_column_brought_by_hand_counts_in_the_next_run(home):
    home.type("run")
    here = Terminal(config=str(home.config)).installation()
    with open_store(here) as store:
        linked = next(v for v in store.verdicts() if v[0] == "company" and v.outcome == "linked")
        name = next(c.name for c in store.as_of(1)["ae.companies"] if c.id == linked.ae_id)
    with (home.folder / "linked.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["Name", "Linked to Ticketing System"], [name, "False"]])
    with home.config.open("a", encoding="utf-8") as config:
        config.write(f"\nflags:\n  companies: {home.folder / 'linked.csv'}\n")
    home.type("run")
    _, told = home.ask("explain", "company", linked.ae_id)

    assert (told["reported"]["outcome"], told["reported"]["why"]) == ("ready", "flag-false")
    assert told["now"] == told["reported"]
    assert "“Linked” column: Companies: linked.csv, of today, 1 row" in home.type("report", "show")[
        1
    ].replace("\n", " ")


def test_the_users_file_s_own_column_is_proof_like_any_other(home):
    home.type("run")
    here = Terminal(config=str(home.config)).installation()
    with open_store(here) as store:
        linked = [v.ae_id for v in store.verdicts() if v[0] == "user" and v.outcome == "linked"]
        unlinked = [v.ae_id for v in store.verdicts() if v[0] == "user" and v.outcome == "unlinked"]
    false, true = linked[0], linked[1]
    said = {false: "False", true: "True", unlinked[0]: "False"}
    users = home.folder / "users.csv"
    rows = list(csv.reader(users.read_text(encoding="utf-8").splitlines()))
    with users.open("w", newline="", encoding="utf-8") as out:
        head, *people = rows
        csv.writer(out).writerow([*head, "Linked to Ticketing System"])
        csv.writer(out).writerows([*row, said.get(row[1].strip().casefold(), "")] for row in people)
    home.type("run")
    told = {who: home.ask("explain", "user", who)[1] for who in said}

    assert (told[false]["reported"]["outcome"], told[false]["reported"]["why"]) == (
        "ready",
        "flag-false",
    )
    assert told[true]["reported"]["outcome"] == "linked"
    assert told[unlinked[0]]["reported"]["why"] == "flag-false"
    assert all(one["now"] == one["reported"] for one in told.values())
