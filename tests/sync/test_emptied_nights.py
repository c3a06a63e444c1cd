"""A list that its own source doubts because it is empty: nobody's word but an admin's releases it."""

from dataclasses import replace

import pytest

from sync.core.pulls import State
from sync.core.records import Collection, Kind
from sync.core.verdicts import Outcome
from sync.errors import Exit, UsageError
from sync.sandbox.verbs import NarrowVisibility
from sync.sandbox.world import World
from tests.reliability.benches.bench import EPOCH, HALO, Bench

AGENTS, COMPUTERS = Collection.HALO_AGENTS, Collection.AE_COMPUTERS


@pytest.fixture
def bench():
    with Bench(World.create(5, 4, 40, EPOCH)) as made:
        made.write_users()
        yield made


def night(bench):
    """Run on the next day; the run's ending."""
    bench.clock.wait(86_400)
    bench.write_users()
    return bench.night()


def state(ending, collection):
    return next(m.state for m in ending.result.manifests if m.collection is collection)


def doubts(ending):
    return [d.code for d in ending.result.doubts if d.stops]


def say_it_is_empty(bench, ending):
    bench.store.ack(ending.result.run.id, "Ann", "there is nobody any more", bench.clock.now())


def hide_agents(bench):
    bench.halo.configure(replace(HALO, default_team=False))


def test_hidden_agents_are_withheld_night_after_night_and_wait_for_a_word(bench):
    night(bench)
    hide_agents(bench)

    for _ in range(3):
        ending = night(bench)
        assert (state(ending, AGENTS), doubts(ending)) == (State.SUSPECT, ["agents-hidden"])
        assert ending.exit_code is Exit.BRAKE
        assert ending.result.doubts[0].before > 5


def test_who_says_that_the_list_is_empty_now_is_believed_until_somebody_comes_back(bench):
    night(bench)
    hide_agents(bench)
    say_it_is_empty(bench, night(bench))

    for _ in range(3):
        ending = night(bench)
        assert (state(ending, AGENTS), doubts(ending)) == (State.COMPLETE, [])
        assert ending.exit_code is Exit.OK
    bench.halo.configure(HALO)
    assert state(night(bench), AGENTS) is State.COMPLETE
    hide_agents(bench)
    assert doubts(night(bench)) == ["agents-hidden"], "that word was about the time before"


def test_agents_that_nobody_proved_gone_still_stand_after_the_word(bench):
    before = {v.ae_id for v in night(bench).result.verdicts if v.outcome is Outcome.LINKED}
    hide_agents(bench)
    say_it_is_empty(bench, night(bench))
    verdicts = night(bench).result.verdicts

    assert {v.ae_id for v in verdicts if v.outcome is Outcome.LINKED} >= before
    assert any(v.kind is Kind.USER for v in verdicts)


def test_a_list_hidden_from_the_first_night_on_can_be_accepted_too(bench):
    hide_agents(bench)
    first = night(bench)
    say_it_is_empty(bench, first)

    assert doubts(first) == ["agents-hidden"]
    assert [state(night(bench), AGENTS) for _ in range(2)] == [State.COMPLETE] * 2


def test_computers_that_autoelevate_counts_but_does_not_list_wait_for_a_word(bench):
    night(bench)
    bench.faults.on("ae.computers", NarrowVisibility(frozenset()))
    doubted = night(bench)
    say_it_is_empty(bench, doubted)

    assert doubts(doubted) == ["empty-contradicted"]
    assert [state(night(bench), COMPUTERS) for _ in range(2)] == [State.COMPLETE] * 2


def test_the_word_is_for_an_emptied_list_and_for_no_other(bench):
    night(bench)
    hide_agents(bench)
    say_it_is_empty(bench, night(bench))
    bench.faults.on("ae.computers", NarrowVisibility(frozenset()))
    ending = night(bench)

    assert (state(ending, AGENTS), state(ending, COMPUTERS)) == (State.COMPLETE, State.SUSPECT)


def test_a_list_that_could_not_be_read_at_all_cannot_be_acknowledged(bench):
    night(bench)
    bench.halo.configure(replace(HALO, app_scopes=frozenset({"read:customers"})))
    ending = night(bench)

    with pytest.raises(UsageError, match="doubted no list"):
        say_it_is_empty(bench, ending)
