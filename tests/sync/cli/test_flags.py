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
