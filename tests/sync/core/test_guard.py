"""When tonight's lists are believed, and what a missing record means."""

from dataclasses import replace

from sync.core import guard
from sync.core.guard import Limits
from sync.core.pulls import Answer, Manifest, State
from sync.core.records import Collection, Kind
from sync.core.result import Baseline, Origin, Pair, Recollection
from tests.build import NIGHT, ae, halo, night

USERS = Collection.AE_USERS
CLIENTS, ASSETS = Collection.HALO_CLIENTS, Collection.HALO_ASSETS


def clients(n):
    return [halo(Kind.COMPANY, str(i), f"Client {i}") for i in range(n)]


def assets(n, client="1"):
    return [halo(Kind.COMPUTER, f"{client}-{i}", f"PC-{i}", inside=client) for i in range(n)]


def baseline(collection, records, **more):
    parents = {r.id: r.client for r in records}
    names = {r.id: r.name for r in records}
    more = {"week_high": len(records)} | more
    return Baseline(collection, 1, NIGHT, parents, names, **more)


def weigh(before, now, *, collection=CLIENTS, answers=None, limits=None, **more):
    past = Recollection(baselines={collection: baseline(collection, before, **more)})
    by_id = {(collection, i): a for i, a in (answers or {}).items()}
    standing = {collection: tuple(before)}
    alone = night(*now, off=set(Collection) - {collection})
    return guard.weigh(alone, past, by_id, standing, limits or Limits())


def state_of(trust, collection=CLIENTS):
    return next(m for m in trust.manifests if m.collection is collection).state


def weigh_moving(before, now, answers=None, *, first=False, **more):
    """Weigh a list whose total moved while it was read, nothing else being wrong."""
    known = {} if first else {CLIENTS: baseline(CLIENTS, before, **more)}
    past = Recollection(baselines=known)
    alone = night(*now, off=set(Collection) - {CLIENTS})
    pull = alone.pulls[CLIENTS]
    moved = replace(pull.manifest, state=State.COMPLETE_RESOLVED, cause="changed-while-reading")
    alone = replace(alone, pulls=alone.pulls | {CLIENTS: replace(pull, manifest=moved)})
    by_id = {(CLIENTS, i): a for i, a in (answers or {}).items()}
    return guard.weigh(alone, past, by_id, {CLIENTS: tuple(before)}, Limits())


def test_a_list_that_moved_while_it_was_read_must_account_for_every_absence():
    explained = {Answer.GONE, Answer.SILENT, Answer.LEFT_OUT}

    assert state_of(weigh_moving(clients(10), clients(11))) is State.COMPLETE_RESOLVED
    assert state_of(weigh_moving(clients(10), clients(9))) is State.PARTIAL, "nobody answered"
    for answer in Answer:
        trust = weigh_moving(clients(10), clients(9), {"9": answer})
        wanted = State.COMPLETE_RESOLVED if answer in explained else State.PARTIAL
        assert (state_of(trust), trust.doubts) == (wanted, ())


def test_a_first_list_that_moved_while_it_was_read_is_not_believed():
    alone = weigh_moving([], clients(3), first=True)

    assert state_of(alone) is State.PARTIAL


def test_what_was_missing_before_a_list_moved_needs_no_new_explanation():
    trust = weigh_moving(clients(10), clients(9), missing=frozenset({"9"}))

    assert state_of(trust) is State.COMPLETE_RESOLVED


def test_a_list_that_moved_and_emptied_is_stopped_by_the_brake_all_the_same():
    trust = weigh_moving(clients(3), [], dict.fromkeys("012", Answer.GONE))

    assert state_of(trust) is State.SUSPECT


def test_an_unchanged_list_is_trusted():
    trust = weigh(clients(10), clients(10))

    assert (state_of(trust), trust.doubts) == (State.COMPLETE, ())


def test_a_fifth_missing_withholds_the_list_and_names_the_numbers_and_the_setting():
    trust = weigh(clients(20), clients(16))
    (doubt,) = trust.doubts

    assert state_of(trust) is State.SUSPECT
    assert (doubt.code, doubt.before, doubt.now, doubt.missing) == ("shrunk", 20, 16, 4)
    assert doubt.setting == "brake.max_drop_percent"
    assert doubt.names == ("Client 16", "Client 17", "Client 18", "Client 19")


def test_two_missing_are_believed_however_small_the_list():
    assert state_of(weigh(clients(4), clients(2))) is State.COMPLETE


def test_an_emptied_list_is_never_believed():
    assert state_of(weigh(clients(1), [])) is State.SUSPECT


def test_five_hundred_missing_are_too_many_whatever_the_share():
    trust = weigh(clients(10_000), clients(9_500))

    assert trust.doubts[0].code == "shrunk-many"


def test_a_few_percent_missing_are_noted_and_believed():
    trust = weigh(clients(40), clients(36))

    assert state_of(trust) is State.COMPLETE
    assert [(d.code, d.stops) for d in trust.doubts] == [("shrunk-a-little", False)]


def test_a_slow_bleed_is_stopped_by_the_weeks_highest_count():
    past = baseline(CLIENTS, clients(81))
    past = Recollection(baselines={CLIENTS: replace(past, week_high=100)})
    trust = guard.weigh(night(*clients(79)), past, {}, {CLIENTS: ()}, Limits())

    assert trust.doubts[0].code == "below-week"


def test_an_acknowledged_list_is_believed_at_its_new_size():
    past = Recollection(
        baselines={CLIENTS: baseline(CLIENTS, clients(20))}, acknowledged=frozenset({CLIENTS})
    )
    trust = guard.weigh(night(*clients(5)), past, {}, {CLIENTS: clients(20)}, Limits())

    assert state_of(trust) is State.COMPLETE


def test_a_missing_record_that_answers_by_id_means_that_visibility_was_lost():
    for answer in (Answer.PRESENT, Answer.HIDDEN):
        trust = weigh(clients(50), clients(49), answers={"49": answer})

        assert trust.doubts[0].code == "not-visible"
        assert state_of(trust) is State.SUSPECT


def test_a_missing_record_stands_until_its_own_id_says_it_is_gone():
    unproven = weigh(clients(50), clients(49))
    proven = weigh(clients(50), clients(49), answers={"49": Answer.GONE})

    assert "49" in {r.id for r in unproven.night.halo(CLIENTS)}
    assert "49" not in {r.id for r in proven.night.halo(CLIENTS)}
    assert [v.answer for v in proven.vanished] == [Answer.GONE]


def test_a_client_that_lost_all_its_assets_is_withheld_alone():
    before = [*assets(6, "1"), *assets(50, "2")]
    trust = weigh(before, assets(50, "2"), collection=ASSETS)

    assert trust.emptied_parents == {(ASSETS, "1")}
    assert state_of(trust, ASSETS) is State.COMPLETE


def test_the_assets_of_a_client_proven_gone_may_all_go():
    before = [*assets(6, "1"), *assets(50, "2")]
    past = Recollection(baselines={ASSETS: baseline(ASSETS, before)})
    answers = {(CLIENTS, "1"): Answer.GONE}
    trust = guard.weigh(night(*assets(50, "2")), past, answers, {ASSETS: before}, Limits())

    assert trust.emptied_parents == frozenset()


def test_silent_computers_and_those_missing_before_do_not_count_as_a_drop():
    known = {
        "silent": frozenset(str(i) for i in range(10, 15)),
        "missing": frozenset({"15", "16", "17"}),
    }
    trust = weigh(clients(20), clients(10), week_high=10, **known)

    assert state_of(trust) is State.COMPLETE


def test_an_emptied_client_stays_doubted_though_its_assets_were_missing_before():
    before = [*assets(6, "1"), *assets(50, "2")]
    lost = {r.id: Answer.GONE for r in assets(6, "1")}
    trust = weigh(before, assets(50, "2"), collection=ASSETS, answers=lost, missing=frozenset(lost))

    assert trust.emptied_parents == {(ASSETS, "1")}
    assert [v.answer for v in trust.vanished] == [None] * 6


def test_the_assets_of_a_client_that_stands_no_more_may_all_go():
    before = [*assets(6, "1"), *assets(50, "2")]
    past = Recollection(
        baselines={
            ASSETS: baseline(ASSETS, before),
            CLIENTS: baseline(CLIENTS, [halo(Kind.COMPANY, "2", "Client 2")]),
        }
    )
    tonight = night(*assets(50, "2"), halo(Kind.COMPANY, "2", "Client 2"))
    trust = guard.weigh(tonight, past, {}, {ASSETS: before}, Limits())

    assert trust.emptied_parents == frozenset()


def test_what_an_acknowledgement_took_in_is_no_contradiction_any_more():
    accepted = {"missing": frozenset({"49"}), "accepted": frozenset({"49"})}
    trust = weigh(clients(50), clients(49), answers={"49": Answer.HIDDEN}, **accepted)

    assert (state_of(trust), trust.doubts) == (State.COMPLETE, ())


def test_an_acknowledged_list_that_shrinks_further_is_doubted_again():
    past = Recollection(
        baselines={CLIENTS: baseline(CLIENTS, clients(20), accepted_size=10)},
        acknowledged=frozenset({CLIENTS}),
    )

    def codes(n):
        tonight = night(*clients(n), off=set(Collection) - {CLIENTS})
        return [d.code for d in guard.weigh(tonight, past, {}, {CLIENTS: ()}, Limits()).doubts]

    assert [codes(n) for n in (10, 9, 7, 0)] == [[], [], ["shrunk"], ["emptied"]]


def test_a_first_list_that_is_empty_beside_a_full_counterpart_is_not_believed():
    companies = [ae(Kind.COMPANY, "a", "Acme")]
    trust = guard.weigh(night(*companies), Recollection(), {}, {}, Limits())
    accepted = Recollection(acknowledged=frozenset({CLIENTS}))

    assert [(d.collection, d.code) for d in trust.doubts] == [(CLIENTS, "first-empty")]
    assert state_of(trust) is State.SUSPECT
    assert not guard.weigh(night(*companies), accepted, {}, {}, Limits()).doubts


def test_a_kind_is_judged_only_when_every_list_it_needs_is_trusted():
    trust = guard.weigh(night(states={ASSETS: State.FORBIDDEN}), Recollection(), {}, {}, Limits())

    assert trust.kinds == {Kind.COMPANY, Kind.LOCATION, Kind.USER}


def test_no_technicians_file_means_nothing_is_judged_and_nothing_is_wrong():
    trust = guard.weigh(night(off={Collection.AE_USERS}), Recollection(), {}, {}, Limits())

    assert Kind.USER not in trust.kinds
    assert state_of(trust, Collection.AE_USERS) is State.OFF


def test_at_most_twenty_are_asked_by_id_and_every_one_gets_its_turn():
    past = Recollection(baselines={CLIENTS: baseline(CLIENTS, clients(145))})
    tonight = night(*clients(100))
    rounds = [guard.questions(tonight, past, run)[CLIENTS] for run in range(9)]

    missing = [[i for i in ids if int(i) >= 100] for ids in rounds]
    assert {len(ids) for ids in missing} == {guard.ASK_LIMIT}
    assert {i for ids in missing for i in ids} == {str(i) for i in range(100, 145)}


def test_fresh_absences_are_asked_before_machines_known_to_be_silent():
    silent = frozenset(str(i) for i in range(25))
    past = Recollection(baselines={CLIENTS: baseline(CLIENTS, clients(30), silent=silent)})
    asked = guard.questions(night(), past, 7)[CLIENTS]

    assert set(asked[:5]) == {"25", "26", "27", "28", "29"}


def test_a_technician_who_left_the_file_is_not_asked_for_and_does_not_stand():
    users = [ae(Kind.USER, f"t{i}@msp.example", f"T{i}") for i in range(9)]
    past = Recollection(baselines={USERS: baseline_of_users(users)})
    tonight = night(*users[1:])
    trust = guard.weigh(tonight, past, {}, {USERS: users}, Limits())

    assert guard.questions(tonight, past, 1) == {}
    assert "t0@msp.example" not in {r.id for r in trust.night.ae(USERS)}


def baseline_of_users(users):
    names = {r.id: r.name for r in users}
    return Baseline(USERS, 1, NIGHT, dict.fromkeys(names), names, week_high=len(users))


def test_listed_records_are_asked_for_beside_the_missing_ones_and_never_alone():
    past = Recollection(baselines={CLIENTS: baseline(CLIENTS, clients(30))})
    asked = guard.questions(night(*clients(29)), past, run_id=1)[CLIENTS]

    assert (asked[0], len(asked), len(set(asked))) == ("29", 6, 6)
    assert asked != guard.questions(night(*clients(29)), past, run_id=2)[CLIENTS]
    assert guard.questions(night(*clients(30)), past, run_id=1) == {}


def test_gone_proves_nothing_where_listed_records_are_gone_too():
    answers = {"29": Answer.GONE, "3": Answer.GONE}
    trust = weigh(clients(30), clients(29), answers=answers)

    assert [(d.code, d.stops) for d in trust.doubts] == [("by-id-contradicted", False)]
    assert [v.answer for v in trust.vanished] == [Answer.UNKNOWN]
    assert "29" in {record.id for record in trust.night.halo(CLIENTS)}
    assert weigh(clients(30), clients(29), answers={"29": Answer.GONE}).doubts == ()


def test_a_list_that_we_ask_for_differently_is_compared_with_no_earlier_one():
    was = baseline(CLIENTS, clients(20), asked="assettypes=Workstation,Laptop")
    past = Recollection(baselines={CLIENTS: was})
    trust = guard.weigh(night(*clients(4), off=set(Collection) - {CLIENTS}), past, {}, {}, Limits())

    assert state_of(trust) is State.COMPLETE
    assert [(d.code, d.stops) for d in trust.doubts] == [("asked-anew", False)]
    assert (trust.vanished, guard.questions(night(*clients(4)), past, 1)) == ((), {})


def test_what_a_pair_holds_stands_though_our_settings_leave_it_out():
    pair = Pair(Kind.COMPANY, "acme", "9", Origin.FIRST_SIGHT, "Client 9", "Client 9")
    was = baseline(CLIENTS, clients(20), asked="exclude_internal=true")
    past = Recollection(baselines={CLIENTS: was}, pairs={pair.key: pair})
    tonight = night(*clients(4), off=set(Collection) - {CLIENTS})
    standing = {CLIENTS: tuple(clients(20)[9:10])}
    trust = guard.weigh(tonight, past, {}, standing, Limits())

    assert state_of(trust) is State.COMPLETE
    assert [v.id for v in trust.vanished] == ["9"]
    assert {r.id for r in trust.night.halo(CLIENTS)} == {"0", "1", "2", "3", "9"}
    for answer in Answer:
        seen = answer in {Answer.PRESENT, Answer.HIDDEN}
        asked = guard.weigh(tonight, past, {(CLIENTS, "9"): answer}, standing, Limits())
        assert state_of(asked) is (State.SUSPECT if seen else State.COMPLETE), answer


def test_a_list_that_we_ask_for_differently_may_not_be_empty():
    was = baseline(CLIENTS, clients(20), asked="exclude_internal=true")
    company = ae(Kind.COMPANY, "acme", "Acme")
    trust = guard.weigh(night(company), Recollection(baselines={CLIENTS: was}), {}, {}, Limits())

    assert "first-empty" in {d.code for d in trust.doubts}


def test_how_a_list_is_paged_is_no_other_question():
    paged = (("page_size", "50"), ("assettypes", "Laptop"), ("order", "id"), ("take", "200"))

    assert Manifest(CLIENTS, State.COMPLETE, parameters=paged).asked == "assettypes=Laptop"
