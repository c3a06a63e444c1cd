"""What exactly is asked for, withheld and kept: the guard's rules at their edges."""

from dataclasses import replace

import pytest

from sync.core import guard
from sync.core.brake import EMPTY_AT_SOURCE
from sync.core.guard import ASK_LIMIT, NEEDS, Limits
from sync.core.pulls import Answer, State
from sync.core.records import Collection, Kind
from sync.core.result import Baseline, Recollection, Vanished
from tests.build import NIGHT, ae, halo, night, pull

CLIENTS, ASSETS = Collection.HALO_CLIENTS, Collection.HALO_ASSETS
NEEDED = {
    Kind.COMPANY: {"ae.companies", "halo.clients"},
    Kind.LOCATION: {"ae.companies", "halo.clients", "ae.locations", "halo.sites"},
    Kind.COMPUTER: {"ae.companies", "halo.clients", "ae.computers", "halo.assets"},
    Kind.USER: {"ae.users", "halo.agents"},
}


def clients(*ids):
    return [halo(Kind.COMPANY, i, f"Client {i}") for i in ids]


def numbered(first, end):
    return [f"{i:03}" for i in range(first, end)]


def baseline(records, collection=CLIENTS, **more):
    parents = {r.id: r.client for r in records}
    return Baseline(collection, 1, NIGHT, parents, {r.id: r.name for r in records}, **more)


def past(*records, collection=CLIENTS, **more):
    return Recollection(baselines={collection: baseline(records, collection, **more)})


def alone(*records, collection=CLIENTS, state=State.COMPLETE):
    """A night in which nothing but one list was read."""
    return night(*records, off=set(Collection) - {collection}, states={collection: state})


def weigh(tonight, recollection, answers=None, standing=()):
    by_id = {(CLIENTS, i): answer for i, answer in (answers or {}).items()}
    return guard.weigh(tonight, recollection, by_id, {CLIENTS: tuple(standing)}, Limits())


@pytest.mark.parametrize("untrusted", Collection)
def test_a_kind_is_judged_with_every_list_it_needs_and_no_other(untrusted):
    trust = guard.weigh(night(states={untrusted: State.PARTIAL}), Recollection(), {}, {}, Limits())

    assert {kind: {str(c) for c in needs} for kind, needs in NEEDS.items()} == NEEDED
    assert trust.kinds == {kind for kind, needs in NEEDED.items() if str(untrusted) not in needs}


def test_what_a_source_doubts_by_itself_is_told_beside_the_brake_s_doubts():
    cause = min(EMPTY_AT_SOURCE)
    tonight = alone()
    empty = pull(CLIENTS, state=State.SUSPECT, cause=cause)
    trust = weigh(replace(tonight, pulls={CLIENTS: empty}), past(*clients("1")))

    assert [(d.collection, d.code) for d in trust.doubts] == [(CLIENTS, cause)]


# Who is missing, and who is asked for


def test_who_is_missing_is_told_by_id_in_order_for_lists_that_are_believed():
    before = past(*clients("3", "2", "1", "0"))

    assert guard.missing(alone(*clients("1")), before) == {CLIENTS: ("0", "2", "3")}
    assert guard.missing(alone(*clients("0", "1", "2", "3")), before) == {CLIENTS: ()}
    assert guard.missing(alone(*clients("1"), state=State.PARTIAL), before) == {}
    assert guard.missing(night(off={CLIENTS}), before) == {}


def missing_asked(absent, run_id, **more):
    """What is asked of a list that brings nothing any more."""
    return list(guard.questions(alone(), past(*clients(*absent), **more), run_id)[CLIENTS])


@pytest.mark.parametrize("run_id", [0, 1, 7])
def test_up_to_twenty_missing_are_asked_for_in_their_order(run_id):
    assert ASK_LIMIT == 20
    assert missing_asked(numbered(0, 20), run_id) == numbered(0, 20)


def test_of_more_than_twenty_each_run_asks_for_the_next_ones():
    rounds = [missing_asked(numbered(0, 45), run_id) for run_id in range(3)]

    assert rounds[0] == numbered(0, 20)
    assert rounds[1] == numbered(20, 40)
    assert rounds[2] == [*numbered(40, 45), *numbered(0, 15)]


def test_silent_machines_are_asked_for_after_the_fresh_absences_and_both_in_order():
    silent = frozenset(numbered(0, 3))

    assert missing_asked(numbered(0, 6), 1, silent=silent) == [*numbered(3, 6), *numbered(0, 3)]


def test_where_nobody_is_missing_nobody_is_asked_for():
    assert guard.questions(alone(*clients("1")), past(*clients("1")), 1) == {}


# What is withheld, and what stands


def test_a_doubted_list_bears_the_doubt_as_its_cause_and_others_are_left_alone():
    agents = Collection.HALO_AGENTS
    known = {
        CLIENTS: baseline(clients(*numbered(0, 10))),
        agents: baseline([halo(Kind.USER, "1", "Sam")], agents),
    }
    tonight = night(halo(Kind.USER, "1", "Sam"), off=set(Collection) - {CLIENTS, agents})
    trust = guard.weigh(tonight, Recollection(baselines=known), {}, {}, Limits())
    manifests = {m.collection: m for m in trust.manifests}

    assert (manifests[CLIENTS].state, manifests[CLIENTS].cause) == (State.SUSPECT, "emptied")
    assert (manifests[agents].state, manifests[agents].cause) == (State.COMPLETE, "")
    assert set(trust.night.pulls) == {agents}
    assert [m.collection for m in trust.manifests] == list(Collection)


def test_a_list_that_was_not_asked_for_is_off_and_no_more():
    trust = weigh(night(off=set(Collection)), Recollection())

    assert {m.state for m in trust.manifests} == {State.OFF}
    assert (trust.doubts, trust.vanished, trust.emptied_parents) == ((), (), frozenset())


def test_an_emptied_client_withholds_its_own_assets_and_not_the_list():
    before = [halo(Kind.COMPUTER, f"{c}-{i}", "PC", inside=c) for c in "ab" for i in range(30)]
    left = [r for r in before if r.client == "b"][:-1]
    lost = past(*before, collection=ASSETS, missing=frozenset(f"a-{i}" for i in range(30)))
    by_id = {(ASSETS, r.id): Answer.GONE for r in before if r not in left}
    trust = guard.weigh(alone(*left, collection=ASSETS), lost, by_id, {}, Limits())

    assert trust.emptied_parents == {(ASSETS, "a")}
    assert next(m for m in trust.manifests if m.collection is ASSETS).state is State.COMPLETE
    assert {v.id for v in trust.vanished if v.answer is Answer.GONE} == {"b-29"}
    assert len(trust.vanished) == 31


def test_what_vanished_is_told_by_name_with_its_answer_and_stands_until_it_is_gone():
    before = clients(*numbered(0, 100))
    answers = {"098": Answer.GONE, "099": Answer.LEFT_OUT}
    trust = weigh(alone(*before[:97]), past(*before), answers, before)

    assert trust.vanished == (
        Vanished(CLIENTS, "097", "Client 097", None),
        Vanished(CLIENTS, "098", "Client 098", Answer.GONE),
        Vanished(CLIENTS, "099", "Client 099", Answer.LEFT_OUT),
    )
    assert [r.id for r in trust.night.halo(CLIENTS)] == [*numbered(0, 98), "099"]


def test_a_record_that_vanished_and_is_stored_nowhere_cannot_stand():
    before = clients(*numbered(0, 100))
    nameless = Recollection(
        baselines={CLIENTS: Baseline(CLIENTS, 1, NIGHT, dict.fromkeys(numbered(0, 100)), {})}
    )
    trust = guard.weigh(alone(*before[:99]), nameless, {}, {}, Limits())

    assert [(v.id, v.name) for v in trust.vanished] == [("099", "099")]
    assert [r.id for r in trust.night.halo(CLIENTS)] == numbered(0, 99)


def test_nothing_vanishes_from_a_list_that_is_not_believed():
    before = clients(*numbered(0, 10))
    trust = weigh(alone(), past(*before), {}, before)

    assert trust.vanished == ()
    assert CLIENTS not in trust.night.pulls


def test_nobody_vanishes_from_the_technicians_file_they_are_simply_not_in_it():
    users = [ae(Kind.USER, f"t{i}@msp.example", f"T{i}") for i in range(9)]
    home = Collection.AE_USERS
    known = Baseline(home, 1, NIGHT, {u.id: None for u in users}, {u.id: u.name for u in users})
    tonight = alone(*users[1:], collection=home)
    trust = guard.weigh(
        tonight, Recollection(baselines={home: known}), {}, {home: tuple(users)}, Limits()
    )

    assert trust.vanished == ()
    assert trust.night.ae(home) == tuple(users[1:])


def test_a_list_that_moved_on_the_first_night_has_nothing_to_account_to():
    trust = weigh(alone(*clients("1"), state=State.COMPLETE_RESOLVED), Recollection())

    assert next(m for m in trust.manifests if m.collection is CLIENTS).state is State.PARTIAL
