"""What stands on one side only or in the wrong place is told with both places; nothing moves."""

import pytest

from sync.core.pulls import State
from sync.core.records import Collection, Kind
from sync.core.verdicts import Outcome
from tests.build import ae, halo, night
from tests.sync.core.test_judge import ACME, decide, outcome_of

COMPANY, LOCATION, COMPUTER, USER = Kind
OTHER = (ae(COMPANY, "o", "Other"), halo(COMPANY, "34", "Other"))


def told(result, code):
    return [(o.name, o.where, o.elsewhere) for o in result.oddities if o.code == code]


def pc(id, name, *, inside="acme"):  # noqa: A002
    return ae(COMPUTER, id, name, inside=inside)


def asset(id, name, *, inside="34", **more):  # noqa: A002
    return halo(COMPUTER, id, name, inside=inside, **more)


def test_a_computer_whose_only_asset_is_another_client_s_is_told_with_both_places():
    result = decide(night(*ACME, *OTHER, pc("p", "WS-014"), asset("a", "WS-014")))

    assert told(result, "wrong-company") == [("WS-014", "Acme", ("Other",))]
    assert outcome_of(result, "p") is Outcome.UNLINKED
    assert result.pairs_made == tuple(p for p in result.pairs_made if p.kind is COMPANY)


@pytest.mark.parametrize(
    "more",
    [
        (asset("b", "WS-014", inside="1"),),  # at home after all
        (asset("b", "WS-014"),),  # two of them: which is meant?
        (pc("q", "WS-014", inside="o"),),  # the other client's asset has its own computer
        (halo(COMPANY, "77", "X"), asset("b", "WS-014", inside="77")),
    ],
)
def test_a_name_that_others_bear_too_accuses_nobody(more):
    result = decide(night(*ACME, *OTHER, pc("p", "WS-014"), asset("a", "WS-014"), *more))

    assert told(result, "wrong-company") == []


def fleet(n, *, at_home=0):
    """Give `n` computers of Acme whose assets are Other's, and some that are at home."""
    for i in range(n + at_home):
        yield pc(f"p{i}", f"WS-{i:03}")
        yield asset(f"a{i}", f"WS-{i:03}", inside="34" if i < n else "1")


def test_a_company_whose_machines_are_nearly_all_with_another_client_is_told_once():
    result = decide(night(*ACME, *OTHER, *fleet(9, at_home=1)))

    assert told(result, "wrong-client") == [("Acme", "Acme", ("Other",))]
    assert [o.computers for o in result.oddities if o.code == "wrong-client"] == [9]
    assert told(result, "wrong-company") == []


@pytest.mark.parametrize(("away", "at_home"), [(2, 0), (6, 4)])
def test_a_few_or_a_part_of_the_machines_do_not_accuse_the_client(away, at_home):
    result = decide(night(*ACME, *OTHER, *fleet(away, at_home=at_home)))

    assert told(result, "wrong-client") == []
    assert len(told(result, "wrong-company")) == away


def test_an_inactive_asset_elsewhere_accuses_nobody():
    result = decide(night(*ACME, *OTHER, pc("p", "WS-1"), asset("a", "WS-1", active=False)))

    assert told(result, "wrong-company") == []


def test_a_client_that_no_company_meets_is_told_with_its_assets():
    alone = halo(COMPANY, "50", "Zebra Logistics")
    result = decide(night(*ACME, alone, asset("a", "Z-1", inside="50"), pc("p", "A")))

    assert [(o.name, o.computers) for o in result.oddities if o.code.startswith("client")] == [
        ("Zebra Logistics", 1)
    ]


@pytest.mark.parametrize("client", ["Smith and Sons Ltd", "SMITH & SONS LTD"])
def test_a_client_that_is_probably_meant_by_a_company_has_one(client):
    result = decide(night(ae(COMPANY, "s", "Smith & Sons Ltd"), halo(COMPANY, "7", client)))

    assert told(result, "client-without-company") == []


def test_an_inactive_client_needs_no_company():
    result = decide(night(*ACME, halo(COMPANY, "50", "Closed", active=False)))

    assert told(result, "client-without-company") == []


def test_two_companies_that_read_the_same_are_one_duplicate():
    result = decide(night(*ACME, ae(COMPANY, "acme2", "ACME "), pc("p", "PC")))

    assert told(result, "duplicate-company") == [("Acme", "", ("ACME ",))]


def test_a_company_that_means_a_client_held_by_another_is_its_duplicate():
    result = decide(night(*ACME, ae(COMPANY, "acme2", "Acme Ltd."), halo(COMPANY, "8", "Unlike")))

    assert told(result, "duplicate-company") == [("Acme", "", ("Acme Ltd.",))]


def test_coverage_names_what_is_missing_on_either_side():
    result = decide(
        night(
            *ACME,
            pc("p1", "PC-1"),
            pc("p2", "PC-2"),
            asset("a", "PC-1", inside="1"),
            asset("b", "PC-9", inside="1"),
        )
    )
    (row,) = result.coverage

    assert (row.assets, row.computers, row.linked) == (2, 2, 1)
    assert (row.silent, row.unknown) == (("PC-9",), ("PC-2",))


def test_without_trusted_companies_nothing_is_odd():

    world = night(*ACME, *OTHER, states={Collection.AE_COMPANIES: State.PARTIAL})

    assert decide(world).oddities == ()
