"""Every row says where to click and what to paste."""

import pytest

from reports.view.visible import is_clean
from sync.core.verdicts import OPEN, Difference, Grade, Outcome
from tests.reports.build import (
    COMPANY,
    COMPUTER,
    LOCATION,
    USER,
    Kind,
    because,
    finding,
    row_of,
    said,
    steps,
    suggest,
    target,
)


def test_a_company_is_renamed_in_autoelevate_linked_and_renamed_back():
    company = finding(COMPANY, "Smith & Sons", suggestions=(suggest("Smith and Sons Ltd"),))

    assert steps(company) == [
        "AutoElevate › Companies: edit the name to “Smith and Sons Ltd”",
        "Tick the row, Actions › Link; then rename it back if you like",
    ]
    assert row_of(company).paste == "Smith and Sons Ltd"


def test_a_computers_name_is_corrected_in_halo_because_the_machine_keeps_its_own():
    computer = finding(
        COMPUTER, "LT-231", company="Acme", client="Acme Ltd", suggestions=(suggest("LT-0231"),)
    )

    assert steps(computer)[0] == (
        "Halo › Assets of “Acme Ltd”: change the name of asset “LT-0231” to “LT-231”"
    )
    assert row_of(computer).paste == "LT-231"


def test_a_weak_suggestion_is_conditional():
    weak = finding(COMPANY, "Contoso", suggestions=(suggest("Acorn", Grade.WEAK),))

    assert steps(weak)[0].startswith("Only if “Acorn” is the same customer:")


def test_a_halo_name_that_hides_something_is_cleaned_first():
    dirty = finding(COMPANY, "Smith", suggestions=(suggest("Smith\u200b  Ltd"),))

    assert steps(dirty)[0] == (
        "Halo’s name has hidden spaces or characters: first rename the client to “Smith Ltd”"
    )
    assert row_of(dirty).paste == "Smith Ltd"


def test_without_a_suggestion_the_name_to_create_is_given():
    assert "create the client “Acme Ltd”" in steps(finding(COMPANY, "Acme Ltd"))[0]


def test_a_target_somebody_else_holds_is_not_pasted():
    taken = finding(COMPANY, "Acme (old)", suggestions=(suggest("Acme", taken_by="c7"),))

    assert steps(taken)[0].startswith("“Acme” already belongs to another AutoElevate record")
    assert row_of(taken).paste == ""


def test_a_ready_record_is_ticked_and_then_confirmed():
    ready = finding(
        COMPANY, "Acme", ae_id="c1", outcome=Outcome.READY, targets=(target("Acme"),)
    )  # fmt: skip

    assert steps(ready) == [
        "AutoElevate › Companies: tick the row, Actions › Link",
        (
            "When the column “Linked to Ticketing System” shows True, type "
            "halosync decide confirm company c1 12 --reason TEXT"
        ),
    ]


def test_an_ambiguous_name_lists_every_halo_record_that_bears_it():
    twins = finding(
        COMPANY,
        "Acme",
        outcome=Outcome.AMBIGUOUS,
        targets=(target("Acme", "3"), target("Acme", "9")),
    )

    assert (
        steps(twins)[0]
        == "Halo: keep this name for one of “#3” and “#9”; rename or merge the others"
    )


def test_two_companies_on_one_client_are_merged_or_allowed():
    twins = finding(COMPANY, "Acme", outcome=Outcome.CONTESTED, targets=(target("Acme"),))

    assert "merge the two if they are one customer" in steps(twins)[0]
    assert "linking.allow_many_to_one" in steps(twins)[1]


def test_a_slight_difference_is_first_looked_up_in_autoelevate():
    slight = finding(
        COMPANY, "ACME", ae_id="c1", differences=(Difference.CASE,), targets=(target("Acme"),)
    )

    assert (
        "“Linked to Ticketing System” True? Then type halosync decide confirm company c1"
        in (steps(slight)[0])
    )
    assert steps(slight)[1].endswith("edit the name to “Acme”")


def test_a_name_left_by_a_deployment_script_is_corrected_in_the_script():
    blank = finding(COMPANY, "%companyname%", why="unexpanded-variable")

    assert steps(blank)[0].startswith("Correct the deployment script")


def test_a_placeholder_is_renamed_at_once_where_it_is_certain_what_was_meant():
    def recipe_for(grade):
        return steps(
            finding(
                COMPANY,
                "{{client}}",
                why="unexpanded-variable",
                suggestions=(suggest("Acme", grade),),
            )
        )

    assert recipe_for(Grade.STRONG)[0] == "AutoElevate › Companies: edit the name to “Acme”"
    assert recipe_for(Grade.STRONG)[-1].startswith("Correct the deployment script too")
    assert recipe_for(Grade.MEDIUM)[0].startswith("Correct the deployment script, then move")


def test_a_technicians_address_is_corrected_on_either_side():
    user = finding(USER, "Ana", email="ana@old.example", suggestions=(suggest("ana@new.example"),))

    assert "correct the e-mail to “ana@new.example”, or correct it in Halo" in steps(user)[0]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("outcome", sorted(OPEN))
@pytest.mark.parametrize("suggested", [False, True])
def test_every_open_outcome_of_every_kind_has_steps_with_no_gap_left(kind, outcome, suggested):
    found = finding(
        kind,
        "X",
        outcome=outcome,
        client="Acme",
        targets=() if suggested else (target("X"),),
        suggestions=(suggest("X Ltd", Grade.STRONG, because("only-legal-form")),)
        if suggested
        else (),
    )

    assert steps(found)
    assert not any("{" in step for step in steps(found))
    assert is_clean(row_of(found).paste)


@pytest.mark.parametrize("why", ["no-name", "no-email", "unexpanded-variable"])
def test_a_record_without_a_usable_name_gets_steps_too(why):
    for kind in (COMPANY, LOCATION, COMPUTER, USER):
        assert all(said(step) for step in row_of(finding(kind, "", why=why)).recipe)


def test_an_accepted_target_is_pasted_without_another_guess():
    accepted = finding(COMPANY, "Contoso", accepted=target("Acorn Construction"))

    assert steps(accepted)[0] == "AutoElevate › Companies: edit the name to “Acorn Construction”"
    assert "“Acorn Construction” was accepted as the right one" in said(row_of(accepted).why)
