"""Two runs compared: new, resolved, reopened, judged otherwise, renamed."""

from datetime import timedelta

import pytest

from sync.core.pulls import Answer
from sync.core.records import Collection, Kind
from sync.core.verdicts import Outcome
from sync.errors import UsageError
from sync.store import Keep
from tests.build import ae, halo, night
from tests.sync.store.nightly import estate

COMPANY = Kind.COMPANY
ALONE = ae(COMPANY, "x", "Alone Ltd")
FOUND = halo(COMPANY, "9", "Alone Ltd")
OTHER = halo(COMPANY, "9", "Somebody Else")


def keys(findings):
    return [f.ae_id for f in findings]


def test_what_opened_in_between_is_new_and_what_closed_is_resolved(nights, store):
    nights.run(night(*estate(), OTHER))
    nights.run(night(*estate(), ALONE, OTHER))
    nights.run(night(*estate(), ALONE, halo(COMPANY, "9", "Alone Ltd")))

    assert keys(store.between(1, 2).new) == ["x"]
    assert keys(store.between(1, 3).new) == ["x"]
    assert store.between(2, 3).new == ()
    assert [(t.before, t.finding.outcome) for t in store.between(2, 3).turned] == [
        (Outcome.UNLINKED, Outcome.READY)
    ]


def test_what_had_been_open_before_the_older_run_is_reopened(nights, store):
    proof = {(Collection.AE_COMPANIES, "x"): Answer.GONE}
    nights.run(night(*estate(), ALONE, OTHER))
    nights.run(night(*estate(), OTHER), answers=proof)
    nights.run(night(*estate(), ALONE, OTHER))
    found = store.between(2, 3)

    assert keys(store.between(1, 2).resolved) == ["x"]
    assert (keys(found.new), keys(found.reopened)) == ([], ["x"])
    assert store.between(1, 3).still_open == 1


def test_a_rename_of_a_linked_pair_is_told_with_both_names(nights, store):
    nights.run(night(*estate()))
    nights.run(night(*estate(client="Acme Holding")))
    found = store.between(1, 2)

    assert [(r.names_before, r.names) for r in found.renamed] == [
        (("Acme", "Acme"), ("Acme", "Acme Holding"))
    ]
    assert (found.new, found.resolved, found.still_open) == ((), (), 0)


def test_a_run_that_was_not_published_is_named(nights, store):
    nights.run(night(*estate()))

    with pytest.raises(UsageError, match="run 7 was not published"):
        store.between(1, 7)


def test_a_run_that_retention_has_thinned_is_refused_and_not_told_wrongly(nights, store, clock):
    nights.run(night(*estate()))
    nights.run(night(*estate(client="Acme Holding")))
    clock.at += timedelta(days=500)
    nights.run(night(*estate(client="Acme Group")))
    store.prune(Keep(closed=timedelta(days=30)))

    with pytest.raises(UsageError, match="older than what is kept"):
        store.between(1, 3)
