"""When a list that came whole is too short to be believed: each limit at its edge."""

from dataclasses import replace

import pytest

from sync.core import brake
from sync.core.brake import NAMED, Limits
from sync.core.pulls import Answer, State
from sync.core.records import Collection, Kind
from sync.core.result import Baseline, Doubt, Recollection
from tests.build import NIGHT, ae, halo, night, pull

CLIENTS, ASSETS = Collection.HALO_CLIENTS, Collection.HALO_ASSETS
COMPANIES, COMPUTERS = Collection.AE_COMPANIES, Collection.AE_COMPUTERS


def ids(n, first=0):
    return [str(i) for i in range(first, n)]


def clients(*among):
    return [halo(Kind.COMPANY, i, f"Client {i}") for i in among]


def assets(n, client, letter="a"):
    return [halo(Kind.COMPUTER, f"{letter}{i}", f"PC {i}", inside=client) for i in range(n)]


def yardstick(collection, records, **more):
    parents = {r.id: getattr(r, "client", None) or getattr(r, "company", None) for r in records}
    more = {"week_high": 0} | more
    return Baseline(collection, 1, NIGHT, parents, {r.id: r.name for r in records}, **more)


def doubts(before, now, *, collection=CLIENTS, answers=None, past=None, **more):
    """What is doubted of a list, given what the last trusted one held."""
    baseline = yardstick(collection, before, **more)
    past = replace(past or Recollection(), baselines={**(past.baselines if past else {})})
    past = replace(past, baselines={**past.baselines, collection: baseline})
    gone = tuple(sorted(baseline.parents.keys() - {r.id for r in now}))
    tonight = pull(collection, now)
    return list(brake.doubts(tonight, past, {collection: gone}, answers or {}, Limits()))


def shrunk(before, now, **more):
    """Code and settings of what is doubted of so many clients."""
    found = doubts(clients(*ids(before)), clients(*ids(now)), **more)
    return [(d.code, d.setting, d.stops) for d in found]


def test_a_fifth_is_too_much_and_a_hair_less_is_only_noted():
    assert shrunk(1_000, 800) == [("shrunk", "brake.max_drop_percent", True)]
    assert shrunk(1_000, 801) == [("shrunk-a-little", "brake.note_percent", False)]


def test_three_of_a_few_are_too_many_and_two_are_not():
    assert [code for code, *_ in shrunk(10, 7)] == ["shrunk"]
    assert shrunk(10, 8) == []


def test_a_twentieth_is_noted_and_less_is_not():
    assert shrunk(100, 95) == [("shrunk-a-little", "brake.note_percent", False)]
    assert shrunk(100, 96) == []


def test_five_hundred_are_too_many_and_one_less_is_not():
    assert shrunk(100_000, 99_500) == [("shrunk-many", "brake.max_rows", True)]
    assert shrunk(100_000, 99_501) == []


def test_an_emptied_list_is_doubted_for_no_setting_s_sake():
    assert shrunk(2, 0) == [("emptied", "", True)]


def test_a_fifth_below_the_week_s_highest_is_too_much_and_a_hair_less_is_not():
    assert shrunk(800, 800, week_high=1_000) == [("below-week", "brake.max_drop_percent", True)]
    assert shrunk(801, 801, week_high=1_000) == []
    assert shrunk(3, 3, week_high=5) == []


def test_a_list_below_its_week_is_measured_against_the_week():
    (doubt,) = doubts(clients(*ids(80)), clients(*ids(79)), week_high=100)

    assert (doubt.before, doubt.now, doubt.missing) == (100, 79, 1)


def test_what_was_missing_before_is_no_part_of_what_the_list_held():
    known = {"missing": frozenset(ids(20, 15))}
    (doubt,) = doubts(clients(*ids(20)), clients(*ids(10)), **known)

    assert (doubt.code, doubt.before, doubt.now, doubt.missing) == ("shrunk", 15, 10, 5)


def test_machines_known_to_be_silent_may_all_leave_the_list():
    known = {"silent": frozenset(ids(20, 10))}

    assert shrunk(20, 10, **known) == []


@pytest.mark.parametrize("answer", [Answer.PRESENT, Answer.HIDDEN])
def test_of_records_that_still_answer_twenty_are_named_and_all_are_counted(answer):
    answers = {(CLIENTS, i): answer for i in ids(125, 100)}
    known = {"missing": frozenset({"124"})}
    (doubt,) = doubts(clients(*ids(125)), clients(*ids(100)), answers=answers, **known)

    assert (doubt.code, doubt.stops) == ("not-visible", True)
    assert (doubt.before, doubt.now, doubt.missing) == (124, 100, 25)
    assert doubt.names == tuple(f"Client {i}" for i in ids(120, 100))


@pytest.mark.parametrize("answer", [Answer.SILENT, Answer.LEFT_OUT, Answer.UNKNOWN, Answer.GONE])
def test_no_other_answer_contradicts_a_list(answer):
    answers = {(CLIENTS, "99"): answer}

    assert doubts(clients(*ids(100)), clients(*ids(99)), answers=answers) == []


def test_of_a_shrunken_list_twenty_are_named_and_all_are_counted():
    (doubt,) = doubts(clients(*ids(125)), clients(*ids(100)))

    assert NAMED == 20
    assert doubt.missing == 25
    assert doubt.names == tuple(f"Client {i}" for i in ids(120, 100))


def test_an_unnamed_record_is_called_by_its_id():
    before = clients(*ids(10))
    nameless = yardstick(CLIENTS, before)
    nameless = Recollection(baselines={CLIENTS: replace(nameless, names={})})
    tonight = pull(CLIENTS, before[3:])
    (doubt,) = brake.doubts(tonight, nameless, {CLIENTS: ("0", "1", "2")}, {}, Limits())

    assert doubt.names == ("0", "1", "2")


# What an acknowledgement took in


def again(size, now):
    past = Recollection(acknowledged=frozenset({CLIENTS}))
    return doubts(clients(*ids(100)), clients(*ids(now)), past=past, accepted_size=size)


def test_a_list_that_shrank_after_it_was_acknowledged_says_from_what_to_what():
    wanted = Doubt(
        CLIENTS, "shrunk", before=50, now=40, missing=10, setting="brake.max_drop_percent"
    )

    assert again(50, 40) == [wanted]
    assert again(50, 41) == []


def test_a_list_that_emptied_after_it_was_acknowledged_breaks_no_setting():
    assert again(50, 0) == [Doubt(CLIENTS, "emptied", before=50, now=0, missing=50)]
    assert again(1, 0) == [Doubt(CLIENTS, "emptied", before=1, now=0, missing=1)]


def test_a_list_that_was_acknowledged_empty_may_be_empty():
    assert again(None, 0) == []
    assert again(0, 0) == []


# One parent that lost every child


OTHERS = assets(100, "2", "z")


def emptied(before, now, **more):
    return [
        (d.parent, d.missing)
        for d in doubts([*before, *OTHERS], [*now, *OTHERS], collection=ASSETS, **more)
        if d.code == "parent-emptied"
    ]


def test_a_client_that_lost_all_five_of_its_assets_is_doubted_and_one_that_lost_four_is_not():
    assert emptied(assets(5, "1"), []) == [("1", 5)]
    assert emptied(assets(4, "1"), []) == []
    assert emptied(assets(9, "1"), assets(1, "1")) == []


def test_an_emptied_client_is_told_with_twenty_of_its_assets_and_the_setting():
    before = [*assets(25, "1"), *assets(1_000, "2", "z")]
    (doubt,) = doubts(before, assets(1_000, "2", "z"), collection=ASSETS)

    assert (doubt.code, doubt.parent, doubt.stops) == ("parent-emptied", "1", True)
    assert (doubt.before, doubt.now, doubt.missing) == (25, 0, 25)
    assert (len(doubt.names), doubt.setting) == (20, "brake.parent_rows")


def test_emptied_clients_are_told_in_their_own_order():
    before = [*assets(5, "9", "a"), *assets(5, "1", "b")]

    assert emptied(before, []) == [("1", 5), ("9", 5)]


def test_assets_known_to_be_silent_or_acknowledged_leave_no_client_empty():
    five = frozenset(r.id for r in assets(5, "1"))

    assert emptied(assets(5, "1"), [], silent=five) == []
    assert emptied(assets(5, "1"), [], accepted=five, missing=five) == []


def test_records_without_a_parent_leave_no_parent_empty():
    known = {"missing": frozenset(ids(9))}

    assert doubts(clients(*ids(9)), [], **known) == []


def test_a_list_that_is_not_believed_at_all_is_not_doubted_client_by_client():
    found = doubts(assets(9, "1"), [], collection=ASSETS)

    assert [d.code for d in found] == ["emptied"]


@pytest.mark.parametrize(
    ("child", "parents", "make"),
    [
        (Collection.HALO_SITES, CLIENTS, lambda i, p: halo(Kind.LOCATION, i, i, inside=p)),
        (ASSETS, CLIENTS, lambda i, p: halo(Kind.COMPUTER, i, i, inside=p)),
        (Collection.AE_LOCATIONS, COMPANIES, lambda i, p: ae(Kind.LOCATION, i, i, inside=p)),
        (COMPUTERS, COMPANIES, lambda i, p: ae(Kind.COMPUTER, i, i, inside=p)),
    ],
)
def test_children_may_all_go_with_their_parent(child, parents, make):
    ours = [make(f"a{i}", "left") for i in range(5)]
    others = [make(f"z{i}", "stays") for i in range(200)]

    def codes(past=None, **more):
        found = doubts([*ours, *others], others, collection=child, past=past, **more)
        return [d.code for d in found]

    assert codes() == ["parent-emptied"]
    assert codes(answers={(parents, "left"): Answer.GONE}) == []
    assert codes(answers={(parents, "left"): Answer.HIDDEN}) == ["parent-emptied"]
    stands, stood = (
        Recollection(baselines={parents: yardstick(parents, clients("stays", *also))})
        for also in (("left",), ())
    )
    assert (codes(stands), codes(stood)) == (["parent-emptied"], [])


# A list that is read for the first time


def sights(tonight, past=None):
    return [(d.collection, d.code) for d in brake.first_sights(tonight, past or Recollection())]


ACME = ae(Kind.COMPANY, "a", "Acme"), halo(Kind.COMPANY, "h", "Acme")


def test_a_first_list_is_doubted_only_where_it_is_empty_beside_a_full_counterpart():
    assert sights(night(*ACME)) == []
    assert sights(night(ACME[0])) == [(CLIENTS, "first-empty")]
    assert sights(night(ACME[1])) == [(COMPANIES, "first-empty")]
    assert sights(night()) == []
    assert sights(night(ACME[0], off={COMPANIES})) == []


def test_a_list_that_did_not_come_is_not_said_to_be_empty():
    assert sights(night(ACME[0], states={CLIENTS: State.FORBIDDEN})) == []


# A list that its own source doubts, because it is empty


AT_SOURCE = ("agents-hidden", "empty-contradicted")


def doubted_at_source(*records, cause=AT_SOURCE[0], state=State.SUSPECT):
    tonight = night(*clients("1"), off={ASSETS})
    doubtful = pull(CLIENTS, records, state=state, cause=cause, detail="only itself")
    return replace(tonight, pulls=dict(tonight.pulls) | {CLIENTS: doubtful})


ACKNOWLEDGED = Recollection(acknowledged=frozenset({CLIENTS}))


@pytest.mark.parametrize("cause", AT_SOURCE)
def test_an_acknowledgement_lets_an_empty_list_be_what_it_is(cause):
    tonight = doubted_at_source(cause=cause)
    kept = Recollection(baselines={CLIENTS: yardstick(CLIENTS, [], accepted_empty=True)})
    for past in (ACKNOWLEDGED, kept):
        manifest = brake.released(tonight, past).pulls[CLIENTS].manifest
        assert (manifest.state, manifest.cause, manifest.detail) == (State.COMPLETE, "", "")
        assert manifest == replace(
            tonight.pulls[CLIENTS].manifest, state=State.COMPLETE, cause="", detail=""
        )


def test_without_an_acknowledgement_no_list_is_released():
    known = Recollection(baselines={CLIENTS: yardstick(CLIENTS, clients("1"))})
    others = Recollection(acknowledged=frozenset({COMPANIES}))
    tonight = doubted_at_source()

    assert [brake.released(tonight, past) for past in (Recollection(), known, others)] == [
        tonight
    ] * 3


def test_an_acknowledgement_releases_no_list_that_holds_anything_or_is_doubted_otherwise():
    for tonight in (
        doubted_at_source(*clients("1")),
        doubted_at_source(cause="rows-missing", state=State.PARTIAL),
    ):
        assert brake.released(tonight, ACKNOWLEDGED) == tonight


@pytest.mark.parametrize("cause", AT_SOURCE)
def test_a_list_that_its_own_source_doubts_as_empty_can_be_acknowledged(cause):
    before = clients(*ids(9))
    known = Recollection(baselines={CLIENTS: yardstick(CLIENTS, before, missing=frozenset("8"))})

    def said(state, cause, past):
        tonight = night(off=set(Collection) - {CLIENTS})
        empty = pull(CLIENTS, state=state, cause=cause)
        return list(brake.doubted_at_source(replace(tonight, pulls={CLIENTS: empty}), past))

    assert said(State.SUSPECT, cause, known) == [Doubt(CLIENTS, cause, before=8, missing=8)]
    assert said(State.SUSPECT, cause, Recollection()) == [Doubt(CLIENTS, cause)]
    assert said(State.SUSPECT, "shrunk", known) == []
    assert said(State.PARTIAL, cause, known) == []


def test_an_empty_list_that_is_known_or_acknowledged_is_no_first_sight():
    known = Recollection(baselines={CLIENTS: yardstick(CLIENTS, [])})

    assert sights(night(ACME[0]), known) == []
    assert sights(night(ACME[0]), Recollection(acknowledged=frozenset({CLIENTS}))) == []
