"""Machines by rule: what is one machine, what never is, and what stays open."""

import re
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from sync.core.verdicts import Grade


def suggest(ours, theirs):
    answers = match(
        [Entry(n, n, "p") for n in ours], [Entry(n, n, "p") for n in theirs], Kind.COMPUTER
    )
    return {
        name: [(s.halo_id, s.grade, s.reasons[0].code) for s in found]
        for name, found in zip(ours, answers, strict=True)
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "grade", "code"),
    [
        ("LT-0231", "lt-0231.acme.local", Grade.STRONG, "machine-written"),
        ("ACME\\LT-0231", "LT-0231", Grade.STRONG, "machine-written"),
        ("LT-0231$", "LT0231 (Mary)", Grade.STRONG, "machine-written"),
        ("LT-0231", "LT 0231 - old laptop", Grade.STRONG, "machine-written"),
        ("MARYS-MACBOOK", "Mary's MacBook", Grade.STRONG, "machine-written"),
        ("LT-0231", "LT-231", Grade.STRONG, "machine-padding"),
        ("WS-O12", "WS-012", Grade.STRONG, "machine-look-alike"),
        ("WS-O12", "WS-12", Grade.MEDIUM, "machine-look-alike"),
        ("LT - 0231", "LT-0231", Grade.STRONG, "machine-written"),
        ("NYC.WS.012", "NYC-WS-012", Grade.STRONG, "machine-written"),
        ("MARIA.LAPTOP", "MARIA-LAPTOP", Grade.STRONG, "machine-written"),
        ("LT-0231", "LT-0231 (room 5)", Grade.STRONG, "machine-written"),
        ("LT-0231", "LT-0231.acme.local$ (Mary)", Grade.STRONG, "machine-written"),
        ("MARYS-MACBOOK", "Mary's MacBook - spare", Grade.STRONG, "machine-written"),
        ("CHICAGO", "CHICAGO - old laptop", Grade.STRONG, "machine-written"),
        ("Jos\u00e9's MacBook", "Joses-MacBook", Grade.STRONG, "machine-written"),
        ("NYC01PC012", "NYC01-PC12", Grade.STRONG, "machine-padding"),
        ("LAPT0P-12", "LAPTOP-12", Grade.STRONG, "machine-look-alike"),
        ("CHICAGO-ACCOUNT", "CHICAGO-ACCOUNTING-7", Grade.MEDIUM, "machine-netbios"),
        ("Maria's MacBook", "Maria's MacBook Pro", Grade.MEDIUM, "machine-netbios"),
        ("MARIAS-MACBOOK-", "Maria's MacBook Pro", Grade.MEDIUM, "machine-netbios"),
        ("ACME-LT-0231", "LT-0231", Grade.MEDIUM, "machine-prefix"),
        ("ACME-LT-O231", "LT-0231", Grade.MEDIUM, "machine-prefix"),
        ("ACME-000769", "000769", Grade.MEDIUM, "machine-prefix"),
        ("ACME-ANNA-SURFACE", "ANNA-SURFACE", Grade.WEAK, "machine-prefix"),
        ("RECEPTON-PC1", "RECEPTION-PC1", Grade.WEAK, "machine-slip"),
        ("DSKTOP-4F7K2Q1", "DESKTOP-4F7K2Q1", Grade.WEAK, "machine-slip"),
        ("NYYC-WS126", "NYC-WS126", Grade.WEAK, "machine-slip"),
        ("MCU-DC04", "MUC-DC04", Grade.WEAK, "machine-slip"),
        ("LIN-PC194", "LON-PC194", Grade.WEAK, "machine-slip"),
    ],
)
def test_the_same_machine_written_in_another_way(ours, theirs, grade, code):
    assert suggest([ours], [theirs])[ours] == [(theirs, grade, code)]
    assert suggest([theirs], [ours])[theirs] == [(ours, grade, code)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("LT-0231", "LT-0232"),
        ("LT-0231", "LT-02310"),
        ("LT-1-02", "LT-102"),
        ("DESKTOP-4F7K2Q1", "DESKTOP-4F7K2Q2"),
        ("DESKTOP-4F7K2Q1", "DESKTOP-4F7M2Q1"),
        ("DESKTOP-04F7K21", "DESKTOP-4F7K21"),
        ("NYC-LT-12", "NYC-DT-12"),
        ("NYC-LT-12", "NYC-IT-12"),
        ("IT0231", "LT-231"),
        ("ACME-2-LT-0231", "LT-0231"),
        ("JSMITH-PC", "KSMITH-PC"),
        ("ACME-JSMITH-PC", "ACME-KSMITH-PC"),
        ("ACME-WS-104-A", "ACME-WS-104-B"),
        ("ACME-NYC-SHOP", "ACME-NYD-SHOP"),
        ("CMEIER-DT", "CMEIERDC"),
        ("A10231", "10231"),
        ("LT - 0231", "LT - 0232"),
        ("NYC1 - WS2", "NYC1 - WS3"),
        ("NYC1 - WS 2", "NYC1 - WS 3"),
        ("LT (0231)", "LT (0232)"),
        ("Ann's MacBook (2)", "Ann's MacBook"),
        ("NYC.WS.012", "NYC.WS.013"),
        ("LT.0231.acme.local", "LT.0232.acme.local"),
        ("NYC01.PC12.acme.local", "NYC01.PC13.acme.local"),
        ("MARIA.LAPTOP", "MARIA.PC"),
        ("MARIA - LAPTOP", "MARIA - PC"),
        ("john.smith", "john.jones"),
        ("LAPTOP-HGXEZSU", "LAPTOP-HGXEZRU"),
        ("DC1", "DC2"),
        ("SERVER", "FILESERVER"),
        ("LT-0231", ""),
    ],
)
def test_two_machines_are_never_taken_for_one(ours, theirs):
    assert suggest([ours], [theirs])[ours] == []


def test_a_name_that_another_machine_bears_exactly_is_not_offered():
    assert suggest(["LT-0231", "LT0231"], ["LT-0231"])["LT0231"] == []


def test_of_several_that_fit_all_are_shown_and_none_is_picked():
    found = suggest(["LT-0231"], ["LT0231", "lt-0231.acme.local"])["LT-0231"]

    assert {halo for halo, _, _ in found} == {"LT0231", "lt-0231.acme.local"}
    assert {grade for _, grade, _ in found} == {Grade.WEAK}


def test_a_name_that_differs_in_case_only_comes_before_any_other():
    found = suggest(["lt-0231", "LT_0231"], ["LT-0231"])

    assert found == {
        "lt-0231": [("LT-0231", Grade.STRONG, "machine-written")],
        "LT_0231": [],
    }


def test_a_cut_that_took_the_numbers_away_tells_one_machine_or_none():
    wholes = ["ACME-NYC-DESKTOP-12", "ACME-NYC-DESKTOP-14"]

    assert suggest(["ACME-NYC-DESKTOP"[:15]], wholes[:1])["ACME-NYC-DESKTO"]
    assert suggest(["ACME-NYC-DESKTO"], wholes) == {"ACME-NYC-DESKTO": []}


def test_a_slip_that_happened_twice_is_no_word_of_the_fleet():
    fleet = [f"ACME-WNT-LT-{n}" for n in range(10, 30)]
    slips = ["ACME-WNNT-LT-12", "ACME-WNNT-LT-14"]

    found = suggest(slips, fleet)

    assert [found[name][0][0] for name in slips] == ["ACME-WNT-LT-12", "ACME-WNT-LT-14"]


HOSTS = st.builds(
    "{}{}{:0{}}".format,
    st.sampled_from(["LT", "NYC-WS", "ACME-DC", "MARIA-PC", "DESKTOP", "SRV"]),
    st.sampled_from(["", "-", " ", ".", " - ", "_"]),
    st.integers(1, 120),
    st.integers(1, 4),
)
DRESSES = ["{}", "{}.acme.local", "ACME\\{}", "{}$", "{} (Mary)", "{} - old laptop", "ORION-{}"]


@settings(max_examples=150, deadline=None)
@given(st.lists(HOSTS, max_size=6), st.lists(HOSTS, max_size=6), st.sampled_from(DRESSES))
def test_names_with_other_numbers_are_never_paired_however_they_are_dressed(ours, theirs, dress):
    left = [Entry(f"a{at}", host, "p") for at, host in enumerate(ours)]
    right = [Entry(f"b{at}", dress.format(host), "p") for at, host in enumerate(theirs)]

    for host, answers in zip(ours, match(left, right, Kind.COMPUTER), strict=True):
        for suggestion in answers:
            assert number(host) == number(theirs[int(suggestion.halo_id[1:])])


def number(host):
    return int(re.search(r"\d+$", host)[0])


dressed = st.builds(str.format, st.sampled_from(DRESSES), HOSTS)


@settings(max_examples=100, deadline=None)
@given(st.lists(dressed, max_size=8), st.lists(dressed, max_size=8), st.randoms())
def test_the_order_of_the_machines_never_matters(ours, theirs, rng):
    left = [Entry(f"a{at}", name, "p") for at, name in enumerate(ours)]
    right = [Entry(f"b{at}", name, "p") for at, name in enumerate(theirs)]
    before = dict(zip(left, match(left, right, Kind.COMPUTER), strict=True))

    rng.shuffle(left)
    rng.shuffle(right)

    assert dict(zip(left, match(left, right, Kind.COMPUTER), strict=True)) == before


def together(amount):
    """Machines of one parent, by what used to be compared each with each, or shown so."""
    letters = ["".join(word) for word in product("ABCDEFGHIJKLMNOPQRST", repeat=3)][:amount]
    yield [f"{word}-LAPTOP" for word in letters], [f"Q{word}-LAPTOP" for word in letters]
    yield [f"{word}AEIOU-PC1" for word in letters], [f"{word}UOIEA-PC1" for word in letters]
    yield ["LT-0231$"] * amount, ["lt-0231"] * amount
    yield ["LT-0231"] * amount, [f"{word}-LT-0231" for word in letters]


@pytest.mark.parametrize("case", range(4))
def test_four_times_the_machines_of_one_parent_take_about_four_times_as_long(case):
    def seconds(amount):
        ours, theirs = list(together(amount))[case]
        left = [Entry(f"a{at}", name, "p") for at, name in enumerate(ours)]
        right = [Entry(f"b{at}", name, "p") for at, name in enumerate(theirs)]
        begun = time.process_time()
        match(left, right, Kind.COMPUTER)
        return time.process_time() - begun

    seconds(50)

    assert seconds(4000) < 9 * seconds(1000) + 0.1


def test_two_places_of_the_fleet_are_no_slip_of_each_other():
    fleet = ["MAD-WS-7", "MAD-WS-8", "MAR-WS-9"]

    assert suggest(fleet, ["MAR-WS-7", "MAR-WS-2", "MAD-WS-1"])["MAD-WS-7"] == []


def test_machines_of_two_parents_are_never_compared():
    found = match([Entry("a", "LT-1", "p")], [Entry("b", "lt1", "q")], Kind.COMPUTER)

    assert found == [()]
