"""Locations beside the sites of their client: the same place, two places, and who can tell."""

import pytest

from sync.core.records import Kind
from sync.core.suggest import near_misses
from sync.core.verdicts import Grade, Outcome, Verdict
from tests.build import ae, halo, night

C, L = Kind.COMPANY, Kind.LOCATION


def codes(suggestion):
    return [reason.code for reason in suggestion.reasons]


def inside_acme(locations, sites, *, client="Acme", linked_sites=()):
    """Give the best suggestion for the first location, if there is any."""
    world = night(
        ae(C, "a", "Acme"),
        halo(C, "1", client),
        *(ae(L, f"l{n}", name, inside="a") for n, name in enumerate(locations)),
        *(halo(L, f"s{n}", name, inside="1") for n, name in enumerate(sites)),
    )
    held = [Verdict(L, f"x{n}", Outcome.LINKED, "L2", f"s{n}") for n in linked_sites]
    verdicts = [
        Verdict(C, "a", Outcome.LINKED, "L1", "1"),
        *held,
        Verdict(L, "l0", Outcome.UNLINKED, "L2"),
    ]
    found = near_misses(world, verdicts).get((L, "l0"), (None,))
    return found[0]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Depot 12", "Depot 14"),
        ("North Dallas", "South Dallas"),
        ("East Clinic", "West Clinic"),
        ("Building A", "Building B"),
        ("Portland, ME", "Portland, OR"),
    ],
)
def test_two_places_of_one_company_are_never_suggested_for_each_other(ours, theirs):
    assert inside_acme([ours], [theirs]) is None
    assert inside_acme([ours], [theirs, "Austin"]) is None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Dallas 2", "Dallas"), ("Park Clinic", "Lake Clinic"), ("Unknown", "Main")],
)
def test_what_is_hardly_the_same_place_is_weak(ours, theirs):
    assert inside_acme([ours], [theirs, "Austin"]).grade is Grade.WEAK


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        ("14 Elm St", "14 Elm Street", "only-abbreviation"),
        ("Main Street", "Main St", "only-abbreviation"),
        ("9 Oak Dr", "9 Oak Drive", "only-abbreviation"),
        ("Acme - Dallas", "Dallas", "only-site-words"),
        ("Head Office", "Acme", "default-name"),
    ],
)
def test_the_same_place_written_otherwise_is_strong(ours, theirs, why):
    found = inside_acme([ours], ["16 Elm Street", theirs])

    assert (found.name, found.grade, codes(found)) == (theirs, Grade.STRONG, [why])


def test_main_street_is_a_street_and_no_default_name():
    assert inside_acme(["Main Street"], ["Elm Street", "Austin"]).grade is Grade.WEAK
    assert inside_acme(["Main Street"], ["Main", "Austin"]) is None


def test_the_last_site_left_is_not_offered_to_a_location_that_is_like_a_taken_one():
    found = inside_acme(["Dallas Office"], ["Dallas", "Austin"], linked_sites=[0])

    assert (found.name, found.taken_by) == ("Dallas", "x0")


def test_a_location_with_the_company_s_name_is_its_main_site_even_if_the_client_was_renamed():
    found = inside_acme(["Acme"], ["Main", "Austin"], client="Zenith Partners")

    assert (found.name, codes(found)) == ("Main", ["default-name"])


def test_words_are_quoted_as_they_are_written():
    found = inside_acme(["Dallas"], ["Dallas, Texas", "Austin"])

    assert dict(found.reasons[0].facts) == {"short": "Dallas"}
