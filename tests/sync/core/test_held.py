"""Pairs known by id: a rename never unlinks, and what was open does not link itself."""

from sync.core.link import link_all
from sync.core.records import Kind
from sync.core.sheet import Past
from sync.core.verdicts import Outcome
from tests.build import ae, by_kind, halo

COMPANY, LOCATION, COMPUTER, USER = Kind


def verdicts(*records, pairs=None, was_open=()):
    past = Past(pairs={COMPANY: pairs or {}}, was_open={COMPANY: set(was_open)})
    return {v.ae_id: v for v in link_all(*by_kind(*records), past=past)}


def test_a_rename_on_either_side_of_a_pair_is_renamed_and_never_unlinked():
    renamed = verdicts(
        ae(COMPANY, "acme", "Acme Holding"), halo(COMPANY, "1", "Acme"), pairs={"acme": "1"}
    )

    assert (renamed["acme"].outcome, renamed["acme"].halo_id) == (Outcome.RENAMED, "1")


def test_the_records_of_a_renamed_company_are_judged_inside_its_client():
    company, client = ae(COMPANY, "acme", "Acme Holding"), halo(COMPANY, "1", "Acme")
    pc, asset = ae(COMPUTER, "pc", "WS", inside="acme"), halo(COMPUTER, "as", "WS", inside="1")

    pc_verdict = verdicts(company, client, pc, asset, pairs={"acme": "1"})["pc"]
    assert (pc_verdict.outcome, pc_verdict.provisional) == (Outcome.LINKED, False)


def test_a_newcomer_that_claims_a_held_client_is_contested_and_the_holder_stays():
    found = verdicts(
        ae(COMPANY, "acme", "Acme Holding"),
        ae(COMPANY, "twin", "Acme"),
        halo(COMPANY, "1", "Acme"),
        pairs={"acme": "1"},
    )

    assert found["acme"].outcome is Outcome.RENAMED
    assert (found["twin"].outcome, found["twin"].rivals) == (Outcome.CONTESTED, ("acme",))


def test_a_held_client_that_became_inactive_says_so():
    found = verdicts(
        ae(COMPANY, "acme", "Acme"), halo(COMPANY, "1", "Acme", active=False), pairs={"acme": "1"}
    )

    assert found["acme"].outcome is Outcome.INACTIVE


def test_what_was_open_and_is_identical_now_is_ready_not_linked():
    found = verdicts(ae(COMPANY, "acme", "Acme"), halo(COMPANY, "1", "Acme"), was_open={"acme"})

    assert (found["acme"].outcome, found["acme"].halo_id) == (Outcome.READY, "1")


def test_below_a_company_that_is_ready_records_are_judged_with_a_remark():
    company, client = ae(COMPANY, "acme", "Acme"), halo(COMPANY, "1", "Acme")
    pc, asset = ae(COMPUTER, "pc", "WS", inside="acme"), halo(COMPUTER, "as", "WS", inside="1")

    assert verdicts(company, client, pc, asset, was_open={"acme"})["pc"].provisional
