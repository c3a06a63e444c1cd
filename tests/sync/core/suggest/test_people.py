"""Technicians: the same person under another address or name."""

import time

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


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("mike@customer.example", "Mike Ross"), ("mike@msp.example", "Mike Tanner")),
        (("jsmith@old.example", "John Smith"), ("jsmith@msp.example", "Jane Smith")),
        (("a.ruiz@old.example", "Ana Ruiz"), ("a.ruiz@msp.example", "Alba Ruiz")),
    ],
)
def test_names_that_differ_make_a_shared_address_weak_and_are_said(ours, theirs):
    found = suggest(person("a", *ours), person("1", *theirs))

    assert found.grade is Grade.WEAK
    assert found.reasons[-1].code == "other-person-name"
    assert dict(found.reasons[-1].facts) == {"ae": ours[1], "halo": theirs[1]}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Mike Ross", "Michael Ross"), ("Ross, Mike", "Mike Ross"), ("M. Ross", "Mike Ross")],
)
def test_a_short_name_is_no_other_name(ours, theirs):
    found = suggest(
        person("a", "mross@old.example", ours), person("1", "mross@new.example", theirs)
    )

    assert found.grade is Grade.STRONG


def test_a_first_name_before_the_at_alone_is_medium():
    found = suggest(person("a", "mike@old.example"), person("1", "mike@new.example"))

    assert found.grade is Grade.MEDIUM


def test_that_an_address_is_made_of_a_name_does_not_count_twice():
    found = suggest(
        person("a", "dortiz@old.example"), person("1", "dortiz@new.example", "David Ortiz")
    )

    assert found.grade is Grade.MEDIUM


@pytest.mark.parametrize(
    ("ours", "theirs", "name"),
    [
        ("helpdesk@old.example", "helpdesk@new.example", "Help Desk"),
        ("admin+ae@msp.example", "admin@msp.example", "Admin"),
        ("service.desk@msp.example", "servicedesk@msp.example", ""),
        ("tech1@old.example", "tech1@new.example", ""),
        ("support@msp.example", "noc@msp.example", "Service Desk"),
    ],
)
def test_a_shared_mailbox_is_weak_whatever_else_agrees(ours, theirs, name):
    found = suggest(person("a", ours, name), person("1", theirs, name))

    assert found.grade is Grade.WEAK


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("jsmith@msp.example", "John Smith"), ("ksmith@msp.example", "Karen Smith")),
        (("jsmith@msp.example", ""), ("ksmith@msp.example", "")),
        (("danp@msp.example", "Dan Poe"), ("danap@msp.example", "Dana Poe")),
    ],
)
def test_one_letter_between_two_people_is_no_slip(ours, theirs):
    assert suggest(person("a", *ours), person("1", *theirs)) is None


def test_a_name_is_quoted_as_it_is_written():
    found = suggest(
        person("a", "q1@a.example", "Ana Ruiz"), person("1", "z@b.example", "Ruiz, Ana")
    )

    assert dict(found.reasons[0].facts) == {"name": "Ruiz, Ana"}


def test_a_thousand_agents_of_one_beginning_are_not_compared_each_with_each():
    ours = [person(f"u{n}", f"john.{n:04}@old.example") for n in range(1_000)]
    theirs = [person(f"{n}", f"john.{n:04}@new.example") for n in range(1_000)]

    began = time.process_time()
    found = match(ours, theirs, Kind.USER)

    assert time.process_time() - began < 2
    assert all(one[0].halo_id == entry.id[1:] for entry, one in zip(ours, found, strict=True))


def test_an_address_made_from_the_name_is_weak():
    found = suggest(person("a", "aruiz@a.example", "x"), person("1", "z9@b.example", "Ana Ruiz"))

    assert (found.reasons[0].code, found.grade) == ("address-from-name", Grade.WEAK)
