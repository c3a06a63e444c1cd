"""The meaning of "the same name": what links, and what differs without being seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.names import (
    Exact,
    differences,
    email_key,
    exact_key,
    folded_key,
    unexpanded_variable,
)
from sync.core.verdicts import Difference

CASE = Difference.CASE
OUTER = Difference.OUTER_SPACES
INNER = Difference.INNER_SPACES
INVISIBLE = Difference.INVISIBLE
FORM = Difference.UNICODE_FORM


def test_names_link_as_text_unless_the_configuration_says_otherwise():
    assert exact_key(" Acme ") != exact_key("Acme")
    assert exact_key(" Acme ", Exact.TRIMMED) == exact_key("Acme", Exact.TRIMMED)
    assert exact_key("ACME", Exact.TRIMMED) != exact_key("Acme", Exact.TRIMMED)
    assert exact_key(" ACME", Exact.CASEFOLD) == exact_key("Acme", Exact.CASEFOLD)


def test_emails_link_without_regard_to_case_and_outer_spaces():
    assert email_key(" Ana.Ruiz@Example.COM\n") == email_key("ana.ruiz@example.com")


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("Acme", "ACME", (CASE,)),
        ("Straße 5", "STRASSE 5", (CASE,)),
        ("Acme", "Acme ", (OUTER,)),
        ("Acme", "\u00a0Acme", (OUTER,)),
        ("Acme Ltd", "Acme  Ltd", (INNER,)),
        ("Acme Ltd", "Acme\u00a0Ltd", (INNER,)),
        ("Acme Ltd", "Acme\tLtd", (INNER,)),
        ("Acme", "Ac\u200bme", (INVISIBLE,)),
        ("Acme", "\ufeffAcme", (INVISIBLE,)),
        ("Acme", "Ac\u00adme", (INVISIBLE,)),
        ("Café", "Cafe\u0301", (FORM,)),
        ("Acme", "\uff21cme", (FORM,)),
        ("Office", "O\ufb03ce", (FORM,)),
        ("Acme Ltd", " ACME  LTD", (CASE, OUTER, INNER)),
        ("CAFÉ", "Cafe\u0301\u00a0", (CASE, OUTER, FORM)),
    ],
)
def test_every_difference_a_reader_cannot_see_is_named(a, b, why):
    assert differences(a, b) == why
    assert differences(b, a) == why


def test_identical_and_really_different_names_have_no_such_difference():
    assert differences("Acme", "Acme") == ()
    assert differences("Acme", "Acme Ltd") == ()


@given(st.text(max_size=30), st.sampled_from([" ", "\u200b", "\u00a0", "\t"]), st.integers(0, 30))
def test_names_that_fold_alike_are_identical_or_say_why(name, slip, at):
    other = name[:at] + slip + name[at:]

    if folded_key(name) == folded_key(other):
        assert differences(name, other)


@given(st.text(max_size=40))
def test_folding_forgets_case_and_outer_spaces(name):
    assert folded_key(f"  {name}\n") == folded_key(name)
    assert folded_key(folded_key(name)).split() == folded_key(name).split()


@pytest.mark.parametrize(
    "name",
    ["%companyname%", "@CF_Company@", "{{company.name}}", "__COMPANY__", "${org}", "$(org)"],
)
def test_a_placeholder_no_script_filled_in_is_seen(name):
    assert unexpanded_variable(name)


@pytest.mark.parametrize(
    "name", ["100% Pure Ltd", "Smith @ Sons", "A_B", "Cash $ Carry", "50% off, 20% on", "[Sic]"]
)
def test_ordinary_signs_are_no_placeholder(name):
    assert not unexpanded_variable(name)
