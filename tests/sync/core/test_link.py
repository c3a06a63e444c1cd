"""Rules L1 to L4, one sentence each."""

from sync.core.link import link_all
from sync.core.names import Exact
from sync.core.records import Kind
from sync.core.sheet import Linking
from sync.core.verdicts import Difference, Outcome
from tests.build import ae, by_kind, halo

COMPANY, LOCATION, COMPUTER, USER = Kind

ACME = (ae(COMPANY, "acme", "Acme"), halo(COMPANY, "1", "Acme"))
BRAVO = (ae(COMPANY, "bravo", "Bravo Ltd"), halo(COMPANY, "2", "Bravo Limited"))


def verdicts(*records, **linking):
    return {v.ae_id: v for v in link_all(*by_kind(*records), Linking(**linking))}


def outcomes(*records, **linking):
    return {i: v.outcome for i, v in verdicts(*records, **linking).items()}


def test_l1_a_company_links_to_the_client_of_the_identical_name():
    assert verdicts(*ACME)["acme"][2:5] == (Outcome.LINKED, "L1", "1")


def test_l1_a_name_that_is_nearly_right_does_not_link():
    assert outcomes(*BRAVO)["bravo"] is Outcome.UNLINKED


def test_l1_two_clients_of_one_name_are_ambiguous_and_none_is_picked():
    verdict = verdicts(*ACME, halo(COMPANY, "0", "Acme"))["acme"]

    assert (verdict.outcome, verdict.halo_id, verdict.rivals) == (
        Outcome.AMBIGUOUS,
        None,
        ("0", "1"),
    )


def test_l1_an_inactive_namesake_does_not_make_a_client_ambiguous():
    gone = halo(COMPANY, "0", "Acme", active=False)

    assert verdicts(*ACME, gone)["acme"].halo_id == "1"


def test_l1_a_company_whose_only_client_is_inactive_says_so():
    verdict = verdicts(ACME[0], halo(COMPANY, "1", "Acme", active=False))["acme"]

    assert (verdict.outcome, verdict.halo_id) == (Outcome.INACTIVE, "1")


def test_a_client_that_does_not_say_whether_it_is_active_counts_as_active():
    assert outcomes(ACME[0], halo(COMPANY, "1", "Acme", active=None))["acme"] is Outcome.LINKED


def test_l1_two_companies_that_claim_one_client_are_contested():
    both = verdicts(*ACME, ae(COMPANY, "twin", "Acme"))

    assert {v.outcome for v in both.values()} == {Outcome.CONTESTED}
    assert both["twin"].rivals == ("acme",)


def test_l1_many_companies_may_share_a_client_where_the_configuration_allows_it():
    twin = ae(COMPANY, "twin", "Acme")

    assert set(outcomes(*ACME, twin, many_to_one=frozenset({"1"})).values()) == {Outcome.LINKED}
    assert set(outcomes(*ACME, twin, many_to_one=frozenset({"Acme"})).values()) == {Outcome.LINKED}


def test_a_difference_of_case_is_noted_and_still_unlinked():
    verdict = verdicts(ae(COMPANY, "acme", "ACME"), ACME[1])["acme"]

    assert verdict.outcome is Outcome.UNLINKED
    assert (verdict.halo_id, verdict.differences) == ("1", (Difference.CASE,))


def test_two_companies_that_fold_to_one_client_get_no_difference():
    both = verdicts(ae(COMPANY, "a", "ACME"), ae(COMPANY, "b", "acme"), ACME[1])

    assert [v.halo_id for v in both.values()] == [None, None]


def test_a_client_that_is_linked_exactly_is_nobody_elses_slight_difference():
    assert verdicts(*ACME, ae(COMPANY, "loud", "ACME"))["loud"].halo_id is None


def test_l2_a_location_is_judged_inside_its_companys_client_only():
    here = ae(LOCATION, "here", "Main", inside="acme")
    elsewhere = halo(LOCATION, "s2", "Main", inside="2")

    assert outcomes(*ACME, here, elsewhere)["here"] is Outcome.UNLINKED
    assert outcomes(*ACME, here, halo(LOCATION, "s1", "Main", inside="1"))["here"] is Outcome.LINKED


def test_l3_a_computer_is_blocked_until_its_company_is_linked():
    pc = ae(COMPUTER, "pc", "DESK-1", inside="bravo")
    asset = halo(COMPUTER, "as", "DESK-1", inside="2")
    verdict = verdicts(*BRAVO, pc, asset)["pc"]

    assert (verdict.outcome, verdict.why) == (Outcome.BLOCKED, "company-not-linked")


def test_a_computer_of_a_company_the_key_may_not_list_is_blocked_not_unlinked():
    verdict = verdicts(*ACME, ae(COMPUTER, "pc", "DESK-1", inside="unseen"))["pc"]

    assert (verdict.outcome, verdict.why) == (Outcome.BLOCKED, "company-not-visible")


def test_l3_any_configured_asset_name_field_links_and_the_verdict_says_which():
    pc = ae(COMPUTER, "pc", "DESK-1", inside="acme")
    names = (("key_field", "Jane's laptop"), ("inventory_number", "DESK-1"))
    asset = halo(COMPUTER, "as", "Jane's laptop", inside="1", names=names)
    verdict = verdicts(*ACME, pc, asset)["pc"]

    assert (verdict.outcome, verdict.halo_id, verdict.field) == (
        Outcome.LINKED,
        "as",
        "inventory_number",
    )


def test_an_asset_with_the_same_text_in_two_fields_is_one_candidate():
    pc = ae(COMPUTER, "pc", "DESK-1", inside="acme")
    names = (("key_field", "DESK-1"), ("inventory_number", "DESK-1"))

    asset = halo(COMPUTER, "as", "DESK-1", inside="1", names=names)
    assert outcomes(*ACME, pc, asset)["pc"] is Outcome.LINKED


def test_two_computers_that_meet_one_asset_through_different_fields_are_contested():
    names = (("key_field", "DESK-1"), ("inventory_number", "0042"))
    asset = halo(COMPUTER, "as", "DESK-1", inside="1", names=names)
    one = ae(COMPUTER, "one", "DESK-1", inside="acme")
    two = ae(COMPUTER, "two", "0042", inside="acme")

    found = outcomes(*ACME, asset, one, two)
    assert (found["one"], found["two"]) == (Outcome.CONTESTED, Outcome.CONTESTED)


def test_below_a_slight_difference_records_are_judged_with_a_remark():
    company = ae(COMPANY, "acme", "acme")
    pc = ae(COMPUTER, "pc", "DESK-1", inside="acme")
    verdict = verdicts(company, ACME[1], pc, halo(COMPUTER, "as", "DESK-1", inside="1"))["pc"]

    assert (verdict.outcome, verdict.provisional) == (Outcome.LINKED, True)


def test_below_an_invisible_difference_records_are_blocked():
    company = ae(COMPANY, "acme", "Ac\u200bme")
    pc = ae(COMPUTER, "pc", "DESK-1", inside="acme")
    found = verdicts(company, ACME[1], pc)

    assert found["acme"].differences == (Difference.INVISIBLE,)
    assert found["pc"].outcome is Outcome.BLOCKED


def test_a_computer_without_a_name_is_unlinked_and_says_why():
    verdict = verdicts(*ACME, ae(COMPUTER, "pc", "", inside="acme"))["pc"]

    assert (verdict.outcome, verdict.why) == (Outcome.UNLINKED, "no-name")


def test_an_unexpanded_variable_is_named_as_such():
    assert verdicts(ae(COMPANY, "x", "%companyname%"))["x"].why == "unexpanded-variable"


def test_l4_a_user_links_by_email_whatever_its_case_and_outer_spaces():
    tech = ae(USER, "t", "Tess", email=" Tess@MSP.example ")
    agent = halo(USER, "7", "Tess T", email="tess@msp.example")

    assert verdicts(tech, agent)["t"][2:5] == (Outcome.LINKED, "L4", "7")


def test_l4_agents_without_email_are_nobodys_candidate():
    tech = ae(USER, "t", "Tess", email="")

    assert verdicts(tech, halo(USER, "7", "Tess", email=""))["t"].why == "no-email"


def test_l4_a_disabled_agent_is_inactive():
    tech = ae(USER, "t", "Tess", email="tess@msp.example")
    agent = halo(USER, "7", "Tess", email="tess@msp.example", active=False)

    assert outcomes(tech, agent)["t"] is Outcome.INACTIVE


def test_l4_a_customers_own_staff_is_ignored_where_our_domains_are_known():
    guest = ae(USER, "g", "Guest", email="it@customer.example")

    verdict = verdicts(guest, own_domains=frozenset({"msp.example"}))["g"]
    assert (verdict.outcome, verdict.why) == (Outcome.IGNORED, "other-domain")


def test_a_laxer_setting_links_what_the_text_rule_does_not():
    loud = ae(COMPANY, "acme", " ACME ")

    assert outcomes(loud, ACME[1], exact=Exact.TRIMMED)["acme"] is Outcome.UNLINKED
    assert outcomes(loud, ACME[1], exact=Exact.CASEFOLD)["acme"] is Outcome.LINKED
