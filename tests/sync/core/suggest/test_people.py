"""Technicians: the same person under another address or name."""

import pytest

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from sync.core.verdicts import Grade


def person(ident, address, name=""):
    return Entry(ident, name or address, email=address)


def suggest(one, other):
    (found,) = match([one], [other], Kind.USER)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("ours", "theirs", "code", "grade"),
    [
        ("ana.ruiz@old.example", "ana.ruiz@new.example", "same-local-part", Grade.STRONG),
        ("ana+ae@msp.example", "ana@msp.example", "alias-address", Grade.STRONG),
        ("anaruiz@msp.example", "ana.ruiz@msp.example", "alias-address", Grade.STRONG),
        ("ana.riuz@msp.example", "ana.ruiz@msp.example", "address-slip", Grade.MEDIUM),
        ("admin@old.example", "admin@new.example", "shared-mailbox", Grade.WEAK),
    ],
)
def test_addresses_of_one_person(ours, theirs, code, grade):
    found = suggest(person("a", ours), person("1", theirs))

    assert (found.reasons[0].code, found.grade) == (code, grade)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("ana.ruiz@msp.example", "luis.gil@msp.example"),
        ("tech1@msp.example", "tech2@msp.example"),
        ("bob@msp.example", "rob@msp.example"),
    ],
)
def test_two_people_are_not_taken_for_one(ours, theirs):
    assert suggest(person("a", ours), person("1", theirs)) is None


def test_the_same_display_name_alone_is_medium_and_with_the_address_strong():
    by_name = suggest(
        person("a", "x1@a.example", "Ana Ruiz"), person("1", "q@b.example", "Ruiz, Ana")
    )
    both = suggest(
        person("a", "ana@a.example", "Ana Ruiz"), person("1", "ana@b.example", "Ana Ruiz")
    )

    assert (by_name.reasons[0].code, by_name.grade) == ("same-person-name", Grade.MEDIUM)
    assert both.grade is Grade.STRONG
    assert both.score > by_name.score


def test_an_address_made_from_the_name_is_weak():
    found = suggest(person("a", "aruiz@a.example", "x"), person("1", "z9@b.example", "Ana Ruiz"))

    assert (found.reasons[0].code, found.grade) == ("address-from-name", Grade.WEAK)
