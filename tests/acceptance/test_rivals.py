"""Where we go further than others do, each as the sentence it was promised with (AT 3 to 16).

Nights are judged by the core over records; what needs a whole installation is in the file beside.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from sync.core import guard
from sync.core.decisions import Decision, Verb
from sync.core.judge import Settings, judge
from sync.core.pulls import Answer
from sync.core.records import Collection, Kind
from sync.core.result import Life, Recollection, RunFacts
from sync.core.suggest import Entry
from sync.core.suggest.entries import Scored
from sync.core.suggest.rank import rank
from sync.core.verdicts import Grade, Outcome
from sync.words import speak
from tests.build import NIGHT, ae, halo, night
from tests.sync.core.test_judge import after, decide, outcome_of

COMPANY, LOCATION, COMPUTER, USER = Kind
WHO = {"actor": "ana", "reason": "checked"}


def pair(n, name=None, client=None):
    """One company and its client."""
    return (
        ae(COMPANY, f"c{n}", name or f"Firm {n:03}"),
        halo(COMPANY, f"{n}", client or name or f"Firm {n:03}"),
    )


def test_at_3_three_of_four_hundred_clients_are_not_397_unlinked_companies():
    records = [r for n in range(400) for r in pair(n)]
    past = after(decide(night(*records)), records=records)
    left = [r for r in records if r.id.startswith("c") or r.id in {"0", "1", "2"}]
    result = decide(night(*left), past)

    assert [(d.collection, d.stops) for d in result.doubts] == [(Collection.HALO_CLIENTS, True)]
    assert [m.collection for m in result.withheld] == [Collection.HALO_CLIENTS]
    assert (result.findings, result.resolved) == ((), ())


def test_at_4_changes_one_new_one_fixed_thirty_nine_still_open_with_age():
    wrong = [r for n in range(40) for r in pair(n, f"Org {n:02} Ltd", f"Client {n:02}")]
    past = after(decide(night(*wrong)), records=wrong)
    since = NIGHT - timedelta(days=12)
    past = replace(past, findings={k: replace(f, since=since) for k, f in past.findings.items()})
    fixed = Decision(1, Verb.CONFIRM, COMPANY, at=NIGHT, ae_id="c0", halo_id="0", **WHO)
    added = pair(99, "Org 99 Ltd", "Client 99")
    result = decide(night(*wrong, *added), replace(past, decisions=(fixed,)))
    lives = [f.life for f in result.findings]

    assert (lives.count(Life.NEW), len(result.resolved), lives.count(Life.OPEN)) == (1, 1, 39)
    assert min(f.since for f in result.findings) == since


def test_at_5_wrong_company_a_computer_whose_asset_is_another_client_s_is_told_and_not_moved():
    world = (*pair(12, "A"), *pair(34, "B"), ae(COMPUTER, "p", "WS-014", inside="c12"))
    result = decide(night(*world, halo(COMPUTER, "a", "WS-014", inside="34")))
    (odd,) = [o for o in result.oddities if o.code == "wrong-company"]

    assert (odd.name, odd.where, odd.elsewhere, odd.ids) == ("WS-014", "A", ("B",), ("34",))
    assert outcome_of(result, "p") is Outcome.UNLINKED


def test_at_6_coverage_both_ways_with_lists():
    assets = [halo(COMPUTER, f"a{n}", f"PC-{n:02}", inside="1") for n in range(50)]
    computers = [ae(COMPUTER, f"p{n}", f"PC-{n:02}", inside="c1") for n in range(44)]
    extra = [ae(COMPUTER, f"x{n}", f"NEW-{n}", inside="c1") for n in range(2)]
    (row,) = decide(night(*pair(1), *assets, *computers, *extra)).coverage

    assert (row.linked * 100 // row.assets, len(row.silent), len(row.unknown)) == (88, 6, 2)
    assert (row.silent[0], row.unknown) == ("PC-44", ("NEW-0", "NEW-1"))


def test_at_7_sticky_links_a_renamed_client_is_renamed_and_never_unlinked():
    world = pair(1, "Acme")
    past = after(decide(night(*world)), records=world)
    result = decide(night(world[0], halo(COMPANY, "1", "Acme Holding")), past)

    assert outcome_of(result, "c1") is Outcome.RENAMED
    assert [f.name for f in result.renamed] == ["Acme"]
    assert (result.findings, result.pairs_ended) == ((), ())


def test_at_7_the_management_id_counts_as_evidence():
    mine = ae(COMPANY, "c", "Contoso", management_id="Northwind Traders")
    result = decide(night(mine, halo(COMPANY, "7", "Northwind Traders"), *pair(1)))
    best = next(f for f in result.findings if f.ae_id == "c").suggestions[0]

    assert (best.halo_id, best.reasons[0].code) == ("7", "management-name")


def machines(company, client, names, *, prefix):
    return [
        *(ae(COMPUTER, f"{prefix}p{n}", name, inside=company) for n, name in enumerate(names)),
        *(halo(COMPUTER, f"{prefix}a{n}", name, inside=client) for n, name in enumerate(names)),
    ]


NAMES = [f"LT-{n * 7919 % 9973:04}" for n in range(44)]


def test_at_8_machines_speak_where_names_are_silent():
    own = ae(COMPANY, "c", "Contoso"), halo(COMPANY, "9", "Acorn Construction")
    shared = machines("c", "9", NAMES[:41], prefix="s")
    alone = [ae(COMPUTER, f"x{n}", name, inside="c") for n, name in enumerate(NAMES[41:])]
    result = decide(night(*own, *pair(1), *shared, *alone))
    best = next(f for f in result.findings if f.ae_id == "c").suggestions[0]

    assert best.halo_id == "9"
    assert dict(best.reasons[0].facts) == {"shared": 41, "total": 44}


def test_at_8_machines_split_over_two_clients_are_never_strong():
    own = ae(COMPANY, "c", "Contoso")
    clients = halo(COMPANY, "9", "Acorn Construction"), halo(COMPANY, "8", "Zephyr Dental")
    halves = (
        *machines("c", "9", NAMES[:22], prefix="l"),
        *machines("c", "8", NAMES[22:], prefix="r"),
    )
    result = decide(night(own, *clients, *pair(1), *halves))
    found = next(f for f in result.findings if f.ae_id == "c").suggestions

    assert found
    assert Grade.STRONG not in {s.grade for s in found}


def test_at_9_an_ignore_survives_a_rename_ends_on_its_day_and_is_always_counted():
    world = (ae(COMPANY, "c", "Lab"), *pair(1))
    end = NIGHT + timedelta(days=30)
    ignore = Decision(1, Verb.IGNORE, COMPANY, at=NIGHT, ae_id="c", expires=end, **WHO)
    past = after(decide(night(*world)), ignore, records=world)
    renamed = (ae(COMPANY, "c", "Laboratory"), *pair(1))
    quiet = decide(night(*renamed), past)

    assert (outcome_of(quiet, "c"), quiet.findings) == (Outcome.IGNORED, ())
    assert quiet.counts[COMPANY, Outcome.IGNORED] == 1
    late = after(quiet, ignore, records=renamed)
    trust = guard.weigh(night(*renamed), late, {}, {}, guard.Limits())
    facts = RunFacts(3, end + timedelta(days=1), "manual/3")
    back = judge(facts, night(*renamed), trust, late, Settings())

    assert [(f.ae_id, f.life) for f in back.findings] == [("c", Life.EXPIRED)]


SCORES = {("a", "x"): 0.95, ("a", "y"): 0.94, ("b", "x"): 0.93, ("b", "y"): 0.01}


def test_at_10_one_to_one_whatever_the_order_of_the_rows():
    left, right = [Entry("a", "A"), Entry("b", "B")], [Entry("x", "X"), Entry("y", "Y")]
    results = set()
    for order in permutations(SCORES):
        pairs = [
            Scored([e.id for e in left].index(a), [e.id for e in right].index(h), SCORES[a, h])
            for a, h in order
        ]
        shown = rank(left, right, (pairs, lambda _pair: ()))
        results.add(tuple(tuple(s.halo_id for s in row) for row in shown))

    assert len(results) == 1
    assert [row[0] for row in results.pop()] == ["y", "x"]


def test_at_10_the_loser_reads_who_has_it():
    taken = ae(COMPANY, "c1", "Acme"), halo(COMPANY, "1", "Acme"), ae(COMPANY, "c2", "Acme Ltd.")
    (finding,) = decide(night(*taken)).findings
    best = finding.suggestions[0]

    assert (best.taken_by, "taken" in {r.code for r in best.reasons}) == ("c1", True)
    assert best.grade is not Grade.STRONG


@pytest.mark.parametrize("answer", [Answer.SILENT, None])
def test_at_12_silence_is_not_deletion(answer):
    computers = [ae(COMPUTER, f"p{n}", f"PC-{n}", inside="c1") for n in range(20)]
    assets = [halo(COMPUTER, f"a{n}", f"PC-{n}", inside="1") for n in range(20)]
    world = (*pair(1), *computers, *assets)
    past = after(decide(night(*world)), records=world)
    said = {(Collection.AE_COMPUTERS, "p7"): answer} if answer else {}
    left = [r for r in world if r.id != "p7"]
    result = decide(night(*left), past, said, {Collection.AE_COMPUTERS: (computers[7],)})

    assert [(v.id, v.answer) for v in result.vanished] == [("p7", answer)]
    assert outcome_of(result, "p7") is Outcome.LINKED
    assert (result.findings, result.resolved, result.pairs_ended) == ((), (), ())


def test_at_14_technicians_at_another_domain_a_disabled_agent_and_an_address_twice():
    users = [
        ae(USER, f"{n}@old.example", n.title(), email=f"{n}@old.example")
        for n in ("anna.larsen", "bea", "cy")
    ]
    agents = [
        halo(USER, "1", "Anna Larsen", email="anna.larsen@new.example"),
        halo(USER, "2", "Bea", email="bea@old.example", active=False),
        halo(USER, "3", "Cy", email="cy@old.example"),
        halo(USER, "4", "Cy again", email="CY@old.example"),
    ]
    result = decide(night(*users, *agents))
    by_id = {f.ae_id: f for f in result.findings}

    assert by_id["bea@old.example"].outcome is Outcome.INACTIVE
    assert by_id["cy@old.example"].outcome is Outcome.AMBIGUOUS
    near = by_id["anna.larsen@old.example"].suggestions[0]
    told = {reason.code: dict(reason.facts) for reason in near.reasons}
    assert (near.halo_id, told["same-local-part"]["domain"]) == ("1", "new.example")
    assert "no owner" in speak("en").consequence(USER)


def test_at_16_opening_backlog_it_shrinks_in_one_line_and_only_news_has_rows():
    wrong = [r for n in range(90) for r in pair(n, f"Org {n:02} Ltd", f"Client {n:02}")]
    first = decide(night(*wrong))
    known = tuple(
        Decision(n, Verb.BACKLOG, COMPANY, at=NIGHT, ae_id=f.ae_id, **WHO)
        for n, f in enumerate(first.findings)
    )
    fixed = tuple(
        Decision(100 + n, Verb.CONFIRM, COMPANY, at=NIGHT, ae_id=f"c{n}", halo_id=str(n), **WHO)
        for n in range(7)
    )
    past = after(
        decide(night(*wrong), Recollection(decisions=known)), *known, *fixed, records=wrong
    )
    result = decide(night(*wrong, *pair(99, "New Org", "Other")), past)

    assert (sum(f.backlog for f in result.findings), sum(f.backlog for f in result.resolved)) == (
        83,
        7,
    )
    assert [f.name for f in result.findings if not f.backlog] == ["New Org"]
