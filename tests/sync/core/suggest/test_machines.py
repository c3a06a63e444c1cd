"""Machines by rule: what is one machine, what never is, and what stays open."""

import pytest

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
        ("LAPT0P-12", "LAPTOP-12", Grade.STRONG, "machine-look-alike"),
        ("CHICAGO-ACCOUNT", "CHICAGO-ACCOUNTING-7", Grade.MEDIUM, "machine-netbios"),
        ("ACME-LT-0231", "LT-0231", Grade.MEDIUM, "machine-prefix"),
        ("RECEPTON-PC1", "RECEPTION-PC1", Grade.WEAK, "machine-slip"),
        ("DSKTOP-4F7K2Q1", "DESKTOP-4F7K2Q1", Grade.WEAK, "machine-slip"),
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
        ("ACME-2-LT-0231", "LT-0231"),
        ("JSMITH-PC", "KSMITH-PC"),
        ("A10231", "10231"),
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


def test_two_places_of_the_fleet_are_no_slip_of_each_other():
    fleet = ["MAD-WS-7", "MAD-WS-8", "MAR-WS-9"]

    assert suggest(fleet, ["MAR-WS-7", "MAR-WS-2", "MAD-WS-1"])["MAD-WS-7"] == []


def test_machines_of_two_parents_are_never_compared():
    found = match([Entry("a", "LT-1", "p")], [Entry("b", "lt1", "q")], Kind.COMPUTER)

    assert found == [()]
