"""Night after night: what opens, stands, closes, and what a withheld list leaves alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.core.pulls import Answer, State, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.result import Edition, Life
from sync.core.verdicts import Outcome
from sync.errors import ConfigError, SlotDone, SyncError, UsageError
from sync.store.filing import Filed
from sync.store.intervals import NOTHING
from tests.build import NIGHT, ae, halo, night
from tests.sync.store.nightly import changes, estate, letter, rows

COMPUTERS = Collection.AE_COMPUTERS
SECOND = (
    ae(Kind.COMPANY, "c2", "Bravo"),
    halo(Kind.COMPANY, "2", "Bravo"),
    *(ae(Kind.COMPUTER, f"b{i}", f"B-{i}", inside="c2") for i in range(60)),
    *(halo(Kind.COMPUTER, f"{900 + i}", f"B-{i}", inside="2") for i in range(60)),
)
"""A customer beside the estate, so large that a tenth of all is no reason to doubt the list."""


def ids(records):
    return {record.id for record in records}


def test_an_unchanged_night_writes_only_its_own_run(nights, path):
    world = night(*estate())
    nights.run(world)
    before = changes(path)
    nights.run(world)

    after = changes(path)
    pointer = {("current", "1")}, {("current", "2")}
    assert (before.pop("meta") - after["meta"], after.pop("meta") & pointer[1]) == pointer
    assert after == before


def test_an_unchanged_night_adds_a_dozen_rows_however_many_records_there_are(nights, path):
    world = night(*estate(200, of=range(200)))
    nights.run(world)
    tables = [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type='table'")]

    def total():
        return sum(rows(path, f"SELECT count(*) FROM {t}")[0][0] for t in tables)

    before = total()
    nights.run(world)

    assert total() - before == 1 + len(Collection) + 1  # run, observations, event


def test_a_renamed_record_closes_one_interval_and_opens_another(nights, store, path):
    nights.run(night(*estate()))
    nights.run(night(*estate(company="Acme GmbH")))

    intervals = rows(
        path, "SELECT name, first_run, last_run FROM record WHERE record_id='c1' ORDER BY id"
    )
    assert intervals == [("Acme", 1, 1), ("Acme GmbH", 2, None)]


def test_a_past_run_can_be_told_as_it_was(nights, store):
    nights.run(night(*estate()))
    nights.run(night(*estate(company="Acme GmbH")))
    nights.run(night(*estate(company="Acme SL")))

    names = [store.as_of(run)[Collection.AE_COMPANIES][0].name for run in (1, 2, 3)]
    assert names == ["Acme", "Acme GmbH", "Acme SL"]


def test_a_record_comes_back_from_the_store_as_it_went_in(nights, store):
    computer = ae(
        Kind.COMPUTER,
        "pc",
        "PC",
        inside="c1",
        location="l1",
        created=NIGHT,
        mode="live",
    )
    company = ae(Kind.COMPANY, "c1", "Acme", management_id="Acme Ltd")
    asset = halo(Kind.COMPUTER, "7", "PC", inside="1", type="Laptop", site="3", active=None)
    agent = halo(Kind.USER, "4", "Ann", email="ann@msp.example", active=False)
    nights.run(night(company, computer, asset, agent))

    kept = store.as_of(1)
    assert kept[COMPUTERS] == (computer._replace(last_seen=None),)
    assert kept[Collection.AE_COMPANIES] == (company,)
    assert kept[Collection.HALO_ASSETS] == (asset,)
    assert kept[Collection.HALO_AGENTS] == (agent,)


def test_a_last_check_in_never_opens_an_interval(nights, path):
    busy = [ae(Kind.COMPANY, "c1", "A"), ae(Kind.COMPUTER, "pc", "PC", inside="c1")]
    nights.run(night(*busy))
    nights.clock.at = NIGHT + timedelta(days=12)
    nights.run(night(*busy))

    found = rows(path, "SELECT first_run, last_run, silent_since FROM record WHERE record_id='pc'")
    assert found == [(1, None, "2026-11-23")]


def test_a_computer_that_checks_in_again_is_silent_no_more(nights, path):
    def seen(days_ago):
        return night(ae(Kind.COMPUTER, "pc", "PC", seen_days_ago=days_ago))

    nights.run(seen(9))
    nights.run(seen(-1))

    assert rows(path, "SELECT silent_since FROM record") == [(None,)]


def test_a_withheld_list_leaves_its_records_verdicts_and_findings_alone(nights, store, path):
    nights.run(night(*estate(client="Other")))
    before = changes(path)
    broken = night(*estate(1, client="Else"), states=dict.fromkeys(Collection, State.PARTIAL))
    result = nights.run(broken)

    after = changes(path)
    assert result.findings
    for table in ("record", "verdict", "tally"):
        assert after[table] == before[table]
    finding = next(iter(store.open_findings().values()))
    assert finding.as_of == NIGHT


def test_withheld_findings_are_shown_again_with_the_date_they_were_judged(nights, store):
    down = dict.fromkeys(Collection, State.UNREACHABLE)
    world = estate(client="Other")
    nights.run(night(*world))
    nights.run(night(states=down))
    nights.run(night(states=down))

    finding = store.recall(nights.clock.at).findings[Kind.COMPANY, "c1"]
    assert (finding.as_of, finding.since) == (NIGHT, NIGHT)


def test_a_record_missing_from_a_trusted_list_stands_until_its_own_request_says_gone(
    nights, store, path
):
    full, short = night(*estate()), night(*estate(of=range(9)))
    asset = (Collection.HALO_ASSETS, "109")
    nights.run(full)
    nights.run(short)
    assert "109" in ids(store.as_of(2)[Collection.HALO_ASSETS])
    baseline = store.recall(nights.clock.at).baselines[Collection.HALO_ASSETS]
    assert baseline.missing == {"109"}

    nights.run(short, answers={asset: Answer.GONE})

    assert "109" not in ids(store.as_of(3)[Collection.HALO_ASSETS])
    gone = rows(path, "SELECT last_run, gone_run FROM record WHERE record_id='109'")
    assert gone == [(2, 3)]


def test_a_record_that_returns_is_missing_no_more_and_keeps_its_interval(nights, store, path):
    nights.run(night(*estate()))
    nights.run(night(*estate(of=range(9))))
    nights.run(night(*estate()))

    found = rows(path, "SELECT first_run, last_run, missing_run FROM record WHERE record_id='109'")
    assert found == [(1, None, None)]


def test_a_silent_computer_is_known_as_such_when_it_leaves_the_list(nights, store):
    quiet = ae(Kind.COMPUTER, "pc", "PC", seen_days_ago=29)
    nights.run(night(quiet))

    assert store.recall(nights.clock.at).baselines[COMPUTERS].silent == {"pc"}
    assert store.recall(NIGHT).baselines[COMPUTERS].silent == frozenset()


def test_what_was_remarked_of_a_computer_ends_with_its_interval(nights, store):
    for name in ("PC", "PC-2"):
        nights.run(night(ae(Kind.COMPUTER, "pc", name, seen_days_ago=9)))

    assert store.check_invariants() == []


def test_a_verdict_outlives_the_list_that_lacks_its_record_without_proof(nights, path):
    nights.run(night(*estate()))
    nights.run(night(*(record for record in estate() if record.id != "pc9")))

    assert rows(path, "SELECT last_run FROM verdict WHERE ae_id='pc9'") == [(None,)]


def test_what_stands_is_what_is_listed_and_what_nothing_proves_gone():
    listed = (ae(Kind.COMPUTER, "pc1", "PC-1"),)

    assert Filed(1, NOTHING, listed, frozenset({"pc9"})).standing == {"pc1", "pc9"}


def test_a_verdict_ends_with_its_record(nights, store):
    nights.run(night(*estate(client="Other")))
    bare = night(halo(Kind.COMPANY, "1", "Other"), *(r for r in estate() if r.id == "c1"))
    gone = {(COMPUTERS, f"pc{i}"): Answer.GONE for i in range(10)}
    nights.run(bare, answers=gone)
    accepted = store.ack(2, "Ann", "customer left", nights.clock.at)
    nights.run(bare, answers=gone)

    assert COMPUTERS in accepted
    assert {v.kind for v in store.verdicts()} == {Kind.COMPANY}
    assert {v.kind for v in store.verdicts(2)} == {Kind.COMPANY, Kind.COMPUTER}


def test_verdicts_come_back_from_the_store_as_they_were_judged(nights, store):
    twins = [halo(Kind.COMPANY, "1", "Acme"), halo(Kind.COMPANY, "2", "Acme")]
    result = nights.run(night(ae(Kind.COMPANY, "c1", "Acme"), ae(Kind.COMPANY, "c2", "B"), *twins))

    assert store.verdicts() == result.verdicts


def test_a_finding_that_comes_back_is_a_new_row_and_called_reopened(nights, store, path):
    rest = (ae(Kind.COMPANY, "c2", "Other"), halo(Kind.COMPANY, "9", "Elsewhere"))
    both, one = night(ae(Kind.COMPANY, "c1", "Acme"), *rest), night(*rest)
    nights.run(both)
    nights.run(one, answers={(Collection.AE_COMPANIES, "c1"): Answer.GONE})
    assert store.recall(nights.clock.at).closed == {(Kind.COMPANY, "c1")}
    result = nights.run(both)

    lives = {f.ae_id: f.life for f in result.findings}
    assert lives == {"c1": Life.REOPENED, "c2": Life.OPEN}
    spans = rows(path, "SELECT opened_run, closed_run FROM finding WHERE ae_id='c1' ORDER BY id")
    assert spans == [(1, 2), (3, None)]


def test_an_open_finding_keeps_the_day_it_was_first_found(nights, store):
    wrong = night(*estate(client="Other"))
    nights.run(wrong)
    nights.run(wrong)

    assert store.open_findings()[Kind.COMPANY, "c1"].since == NIGHT


def test_a_finding_is_rewritten_only_when_it_says_something_else(nights, path):
    nights.run(night(*estate(client="Other")))
    before = rows(path, "SELECT id, body FROM finding")
    nights.run(night(*estate(client="Other")))
    assert rows(path, "SELECT id, body FROM finding") == before
    nights.run(night(*estate(9, client="Other")))

    after = rows(path, "SELECT id, body FROM finding")
    assert [i for i, _ in after] == [i for i, _ in before]
    assert after != before


def test_pairs_are_remembered_through_a_rename(nights, store):
    nights.run(night(*estate()))
    result = nights.run(night(*estate(client="Acme (old)")))

    assert store.pairs()[Kind.COMPANY, "c1"].halo_id == "1"
    assert result.counts[Kind.COMPANY, Outcome.RENAMED] == 1


def test_a_slot_is_published_once(nights):
    nights.run(night(*estate()), slot="nightly/2026-11-23")

    with pytest.raises(SlotDone, match="nightly/2026-11-23 was published already, by run 1"):
        nights.begin("nightly/2026-11-23")


def test_a_slot_whose_run_failed_is_free(nights, store):
    facts = nights.begin("nightly/a")
    store.fail(facts.id, "HaloPSA did not answer", nights.clock.at)

    assert nights.begin("nightly/a").id == 2
    assert store.run(1).row.why == "HaloPSA did not answer"


def test_two_runs_of_one_slot_cannot_both_publish(nights, store):
    world = night(*estate())
    first, second = nights.begin("nightly/a"), nights.begin("nightly/a")
    store.publish(world, nights.decide(second, world), Edition())

    with pytest.raises(SlotDone):
        store.publish(world, nights.decide(second, world), Edition())
    with pytest.raises(SlotDone):
        store.publish(world, nights.decide(first, world), Edition())


def test_a_run_that_was_buried_cannot_publish_any_more(nights, store):
    world = night(*estate())
    slow = nights.begin("manual/1")
    nights.begin("manual/2")

    with pytest.raises(SyncError, match="run 1 cannot be published: it is died"):
        store.publish(world, nights.decide(slow, world), Edition())


def test_a_run_names_those_that_were_killed_since_the_last_report(nights, store):
    nights.run(night(*estate()))
    nights.begin()
    store.fail(nights.begin().id, "disk full", nights.clock.at)
    nights.begin()
    facts = nights.begin()

    assert facts.died == (2, 4)
    assert facts.previous == NIGHT
    nights.run(night(*estate()), slot="manual/x")
    assert nights.begin("manual/y").died == ()


def test_a_failed_run_that_was_published_stays_published(nights, store):
    nights.run(night(*estate()))
    store.fail(1, "too late", nights.clock.at)

    assert store.run(1).row.state == "published"


def test_a_clock_that_went_back_more_than_a_day_stops_the_run(nights):
    nights.run(night(*estate()))
    nights.clock.at = NIGHT - timedelta(days=2)

    with pytest.raises(ConfigError, match="the clock says 2026-11-21 05:00, but run 1 began"):
        nights.begin()


def test_the_trend_has_one_point_per_day(nights, store):
    world = night(*estate(client="Other"))
    nights.run(world)
    nights.run(world)
    nights.clock.at -= timedelta(hours=20)
    nights.run(world, slot="manual/again")

    trend = store.recall(nights.clock.at).trend
    assert [(p.run_id, p.day.isoformat()) for p in trend] == [(1, "2026-11-23"), (3, "2026-11-24")]
    assert trend[0].open == 1


def test_the_week_high_forgets_what_an_acknowledgement_accepted(nights, store):
    nights.run(night(*estate(10)))
    nights.run(night(*estate(2, of=range(2))))
    assert store.recall(nights.clock.at).baselines[COMPUTERS].week_high == 10
    store.ack(2, "Ann", "customer left", nights.clock.at)

    past = store.recall(nights.clock.at)
    assert COMPUTERS in past.acknowledged
    assert past.baselines[COMPUTERS].week_high == 0


def test_the_week_high_does_not_fade_while_the_list_is_withheld(nights, store):
    nights.run(night(*estate(10)))
    for _ in range(9):
        nights.run(night(*estate(2, of=range(2))))

    assert store.recall(nights.clock.at).baselines[COMPUTERS].week_high == 10


def test_what_an_acknowledgement_took_in_may_stay_out_of_sight(nights, store):
    few, hidden = night(*estate(2, of=range(2))), {(COMPUTERS, "pc9"): Answer.HIDDEN}
    nights.run(night(*estate(10)))
    nights.run(few, answers=hidden)
    store.ack(2, "Ann", "not ours any more", nights.clock.at)
    nights.run(few, answers=hidden)

    assert len(store.recall(nights.clock.at).baselines[COMPUTERS].accepted) == 8
    assert not nights.run(few, answers=hidden).withheld


def test_an_acknowledgement_is_good_for_its_size_only(nights, store):
    nights.run(night(*estate(10)))
    nights.run(night(*estate(5, of=range(5))))
    store.ack(2, "Ann", "customer left", nights.clock.at)

    assert store.recall(nights.clock.at).baselines[COMPUTERS].accepted_size == 5
    assert nights.run(night(*estate(1, of=range(1)))).withheld
    assert not nights.run(night(*estate(5, of=range(5)))).withheld
    assert store.recall(nights.clock.at).baselines[COMPUTERS].accepted_size is None


def test_a_parent_that_lost_its_children_stays_doubted_until_acknowledged(nights, store):
    bare = night(*estate(10, of=range(0)), *SECOND)
    nights.run(night(*estate(10), *SECOND))
    gone = {(COMPUTERS, f"pc{i}"): Answer.GONE for i in range(10)}
    doubted = [nights.run(bare, answers=gone) for _ in range(2)]
    store.ack(3, "Ann", "they moved out", nights.clock.at)
    after = nights.run(bare, answers=gone)

    assert [{d.parent for d in r.doubts if d.parent} for r in doubted] == [{"c1", "1"}] * 2
    assert not any(v.answer for r in doubted for v in r.vanished)
    assert not [d for d in after.doubts if d.collection is COMPUTERS]
    assert {v.answer for v in after.vanished if v.collection is COMPUTERS} == {Answer.GONE}


def test_the_verdicts_inside_an_emptied_parent_stand(nights, store):
    bare = [r for r in estate() if not (r.kind is Kind.COMPUTER and r.id.startswith("1"))]
    nights.run(night(*estate(), *SECOND))
    before = store.verdicts()
    result = nights.run(night(*bare, *SECOND))

    assert {v.outcome for v in result.verdicts if v.ae_id == "pc1"} == {Outcome.WITHHELD}
    assert store.verdicts() == before


def test_an_acknowledgement_is_for_the_latest_report_and_counts_once(nights, store):
    nights.run(night(*estate(10)))
    with pytest.raises(UsageError, match="run 1 doubted no list"):
        store.ack(1, "Ann", "why not", nights.clock.at)
    nights.run(night(*estate(2, of=range(2))))
    with pytest.raises(UsageError, match="run 1 is not the latest published run"):
        store.ack(1, "Ann", "left", nights.clock.at)
    with pytest.raises(UsageError, match="a name and a reason"):
        store.ack(2, " ", "left", nights.clock.at)
    assert store.status().waiting
    store.ack(2, "Ann", "left", nights.clock.at)

    assert store.status().waiting == ()
    with pytest.raises(UsageError, match="acknowledged already"):
        store.ack(2, "Ann", "left", nights.clock.at)
    happened = store.events()[0]
    assert (happened.kind, happened.actor, happened.body["reason"]) == ("ack", "Ann", "left")


def test_an_acknowledgement_waits_for_the_next_list_that_can_be_trusted(nights, store):
    few = estate(2, of=range(2))
    nights.run(night(*estate(10)))
    nights.run(night(*few))
    store.ack(2, "Ann", "left", nights.clock.at)
    nights.run(night(*few, states={COMPUTERS: State.UNREACHABLE}))
    assert COMPUTERS in store.recall(nights.clock.at).acknowledged
    result = nights.run(night(*few))

    assert not result.withheld
    assert COMPUTERS not in store.recall(nights.clock.at).acknowledged
    assert not nights.run(night(*few)).withheld


def test_another_tenant_is_refused_and_nothing_is_stored(nights, store):
    ours, theirs = (SystemFacts(Side.HALO, identity=name) for name in ("acme", "globex"))
    world = night(*estate())
    nights.run(replace(world, systems={Side.HALO: ours}))
    store.refuse_stranger(ours)

    with pytest.raises(ConfigError, match="another HaloPSA tenant"):
        nights.run(replace(world, systems={Side.HALO: theirs}))
    with pytest.raises(ConfigError, match="another HaloPSA tenant"):
        store.refuse_stranger(theirs)
    assert store.status().published.id == 1


def test_a_run_can_be_read_back_in_full(nights, store):
    result = nights.run(
        night(*estate(client="Other")), letters=[letter()], files={"index.html": b"<html>"}
    )

    run = store.run(1)
    assert run.manifests == result.manifests
    assert run.counts == result.counts
    assert run.doubts == result.doubts
    assert (run.row.open, run.row.records) == (1, 11)
    assert list(run.files) == ["index.html"]
    assert [d.recipient for d in run.deliveries] == ["admin@msp.example"]
    assert store.run(99) is None


def test_the_status_says_where_things_stand(nights, store):
    assert store.status().published is None
    nights.run(night(*estate()), letters=[letter()])
    nights.begin()

    status = store.status()
    assert (status.published.id, status.latest.state, status.unsent) == (1, "started", 1)
    assert len(status.manifests) == len(Collection)


def test_links_are_the_pairs_that_link_by_name_now(nights, store):
    nights.run(night(*estate(2)))

    pairs = {(link.kind, link.ae_id, link.halo_id) for link in store.links()}
    assert pairs == {
        (Kind.COMPANY, "c1", "1"),
        (Kind.COMPUTER, "pc0", "100"),
        (Kind.COMPUTER, "pc1", "101"),
    }
