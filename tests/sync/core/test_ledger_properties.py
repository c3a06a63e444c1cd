"""Whatever names and nights bring: a rename never unlinks, and a decision is never lost."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.decisions import Decision, Verb, stand
from sync.core.records import Kind
from sync.core.verdicts import Outcome
from tests.build import NIGHT, ae, halo, night
from tests.sync.core.test_judge import after, decide

COMPANY, COMPUTER = Kind.COMPANY, Kind.COMPUTER
NAMES = st.sampled_from(["Acme", "acme ", "Bravo", "Bravo Ltd", "Ñandú", "", "Zeta", "{{x}}"])
LINKED = {Outcome.LINKED, Outcome.RENAMED}
KEYS = st.sampled_from(["a", "b", "c"])
VERBS = st.sampled_from([v for v in Verb if v is not Verb.FORGET])


def world(ours, theirs, machines, assets):
    return (
        *(ae(COMPANY, f"c{i}", name) for i, name in enumerate(ours)),
        *(halo(COMPANY, f"{i}", name) for i, name in enumerate(theirs)),
        *(ae(COMPUTER, f"p{i}", name, inside="c0") for i, name in enumerate(machines)),
        *(halo(COMPUTER, f"9{i}", name, inside="0") for i, name in enumerate(assets)),
    )


FOUR = st.tuples(*[st.lists(NAMES, min_size=3, max_size=3)] * 4)


@settings(max_examples=60, deadline=None)
@given(FOUR, st.lists(FOUR, min_size=1, max_size=4))
def test_a_rename_never_unlinks_a_pair(first, nights):
    records = world(*first)
    result = decide(night(*records))
    pairs = {p.key: p for p in result.pairs_made}
    past = after(result, records=records)
    for names in nights:
        renamed = world(*names)
        result = decide(night(*renamed), past)
        outcomes = {(v.kind, v.ae_id): (v.outcome, v.halo_id) for v in result.verdicts}
        for key, pair in pairs.items():
            assert outcomes[key][0] in LINKED
            assert outcomes[key][1] == pair.halo_id
        assert result.pairs_ended == ()
        pairs |= {p.key: p for p in result.pairs_made}
        past = replace(after(result, records=renamed), pairs=pairs)


def decision(n, verb, ae_id, halo_id):
    expires = NIGHT + timedelta(days=30) if verb is Verb.IGNORE else None
    return Decision(n, verb, COMPANY, "ana", NIGHT, "because", ae_id, "", halo_id, expires)


@given(st.lists(st.tuples(VERBS, KEYS, KEYS), max_size=12), st.randoms(use_true_random=False))
def test_a_decision_stands_until_a_later_word_about_the_same_record(words, rng):
    made = [decision(n, *word) for n, word in enumerate(words)]
    shuffled = made[:]
    rng.shuffle(shuffled)
    standing = stand(shuffled)

    assert standing == stand(made)
    for n, (verb, ae_id, halo_id) in enumerate(words):
        later = [w for w in words[n + 1 :] if w[1] == ae_id]
        key = (COMPANY, ae_id)
        if verb is Verb.CONFIRM and not any(w[0] is Verb.CONFIRM for w in later):
            assert standing.confirmed[key].halo_id == halo_id
        if verb is Verb.ACCEPT and not any(w[0] is Verb.ACCEPT for w in later):
            assert standing.accepted[key].halo_id == halo_id
        if verb is Verb.IGNORE:
            assert key in standing.ignored
        if verb is Verb.BACKLOG:
            assert key in standing.backlog
        taken_back = {(Verb.ACCEPT, halo_id), (Verb.CONFIRM, halo_id)}
        if verb is Verb.REJECT and not any((w[0], w[2]) in taken_back for w in later):
            assert (COMPANY, ae_id, halo_id) in standing.rejected


@given(st.lists(st.tuples(VERBS, KEYS, KEYS), max_size=8), KEYS)
def test_forget_takes_back_its_record_and_no_other(words, ae_id):
    made = [decision(n, *word) for n, word in enumerate(words)]
    forgotten = stand([*made, replace(decision(99, Verb.FORGET, ae_id, ""), halo_id="")])
    others = stand([d for d in made if d.ae_id != ae_id])

    assert forgotten.confirmed == others.confirmed
    assert forgotten.accepted == others.accepted
    assert forgotten.ignored == others.ignored
    assert (forgotten.rejected, forgotten.backlog) == (others.rejected, others.backlog)
    assert forgotten.forgotten.keys() == {(COMPANY, ae_id)}


def test_forget_ends_the_pair_before_it_and_not_the_one_after():
    same = ae(COMPANY, "c0", "Acme"), halo(COMPANY, "0", "Acme")
    renamed = ae(COMPANY, "c0", "Acme"), halo(COMPANY, "0", "Acme Holding")
    result = decide(night(*same))
    forget = replace(decision(1, Verb.FORGET, "c0", ""), at=NIGHT)
    ended = decide(night(*same), after(result, forget, records=same))
    (pair,) = result.pairs_made
    anew = replace(pair, made=NIGHT + timedelta(days=2))
    past = replace(after(result, forget, records=same), pairs={anew.key: anew})

    assert ended.pairs_ended == ((pair, "forgotten"),)
    assert decide(night(*same), past).pairs_ended == ()
    assert decide(night(*renamed), past).verdicts[0].outcome is Outcome.RENAMED


def test_a_name_put_right_while_it_was_ignored_is_ready_and_not_linked():
    wrong = ae(COMPANY, "c0", "Acme Ltd"), halo(COMPANY, "0", "Acme")
    right = ae(COMPANY, "c0", "Acme"), halo(COMPANY, "0", "Acme")
    ignore = replace(decision(1, Verb.IGNORE, "c0", ""), facts="unlinked")
    quiet = decide(night(*wrong), after(decide(night(*wrong)), ignore, records=wrong))
    result = decide(night(*right), after(quiet, ignore, records=wrong))

    assert [v.outcome for v in quiet.verdicts] == [Outcome.IGNORED]
    assert [v.outcome for v in result.verdicts] == [Outcome.READY]
    assert result.pairs_made == ()
