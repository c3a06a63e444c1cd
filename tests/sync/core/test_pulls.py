"""Which states of a list are believed, which are withheld, and what a manifest says unasked."""

import pytest

from sync.core.pulls import Answer, Manifest, Night, Pull, State, SystemFacts
from sync.core.records import AeRecord, Collection, HaloRecord, Kind, Side
from tests.build import ae, halo, night

CLIENTS = Collection.HALO_CLIENTS


@pytest.mark.parametrize("state", State)
def test_a_list_is_believed_withheld_or_not_asked_for(state):
    believed = state in {State.COMPLETE, State.COMPLETE_RESOLVED}

    assert (state.trusted, state.withheld) == (believed, not believed and state is not State.OFF)


def test_a_manifest_claims_nothing_that_it_was_not_told():
    bare = Manifest(CLIENTS, State.PARTIAL)

    assert bare.declared is None
    assert {bare.cause, bare.detail, bare.endpoint, bare.login, bare.scope, bare.digest} == {""}
    assert {bare.pages, bare.received, bare.unique, bare.duplicate} == {0}
    assert {bare.repulls, bare.left_out, bare.rejected_rows} == {0}


def test_rejected_rows_are_counted_over_all_reasons():
    rejected = (("id: missing", 2), ("name: wrong type", 3))

    assert Manifest(CLIENTS, State.PARTIAL, rejected=rejected).rejected_rows == 5


def test_a_system_that_says_nothing_of_itself_has_no_identity():
    silent = SystemFacts(Side.HALO)

    assert {silent.identity, silent.name, silent.version, silent.login, silent.scope} == {""}
    assert (silent.active_agents, silent.requests) == (None, 0)


def test_a_night_gives_each_side_s_records_and_none_for_what_was_not_pulled():
    ours, theirs = ae(Kind.COMPANY, "a", "Acme"), halo(Kind.COMPANY, "h", "Acme")
    tonight = night(ours, theirs)

    assert tonight.ae(Collection.AE_COMPANIES) == (ours,)
    assert tonight.halo(CLIENTS) == (theirs,)
    assert Night({}).halo(CLIENTS) == ()


def test_the_words_that_databases_hold_stay():
    """Manifests, answers and baselines of past years are read by these words."""
    assert {State(word).value for word in WORDS} == set(State)
    assert {Answer(word).value for word in ANSWERS} == set(Answer)


WORDS = (
    "complete", "complete-resolved", "partial", "forbidden", "suspect", "stale", "unreachable", "off",
)  # fmt: skip
ANSWERS = ("present", "silent", "gone", "hidden", "left-out", "unknown")


def test_every_record_of_a_night_is_found_by_its_kind_and_id():
    ours = AeRecord(Kind.COMPUTER, "a", "PC-1", "c")
    theirs = HaloRecord(Kind.COMPUTER, "7", "PC-1", "1")
    pulls = {
        Collection.AE_COMPUTERS: Pull(Manifest(Collection.AE_COMPUTERS, State.COMPLETE), (ours,)),
        Collection.HALO_ASSETS: Pull(Manifest(Collection.HALO_ASSETS, State.COMPLETE), (theirs,)),
    }

    night = Night(pulls)

    assert night.ours == {(Kind.COMPUTER, "a"): ours}
    assert night.theirs == {(Kind.COMPUTER, "7"): theirs}
