"""Every invariant, and the edit that breaks it."""

import random
from datetime import timedelta

import pytest

from sync import failpoint
from sync.core.decisions import Decision, Verb
from sync.core.records import Collection, Kind
from sync.core.verdicts import Outcome
from sync.errors import ConfigError, SyncError
from sync.store import Store
from sync.store.backup import kept
from tests.build import NIGHT, ae, night
from tests.sync.store.nightly import Nights, estate, letter, rows, spoil


def decision(verb=Verb.CONFIRM, ae_id="c1", halo_id="1", **more):
    return Decision(
        0, verb, Kind.COMPANY, "ann", NIGHT, "seen in AutoElevate", ae_id, halo_id=halo_id, **more
    )


@pytest.fixture
def year(store, nights):
    """Three published nights with a rename, mail, and a decision."""
    lonely = ae(Kind.COMPANY, "c9", "Lonely")
    nights.run(night(lonely, *estate(client="Other")), letters=[letter()])
    nights.run(night(lonely, *estate(client="Other", company="Acme SL")))
    store.decide([decision()])
    nights.run(night(lonely, *estate(9, client="Other", company="Acme SL")))


def test_a_sound_database_has_nothing_to_say(store, year):
    assert store.check_invariants() == []


@pytest.mark.parametrize(
    ("complaint", "statements"),
    [
        ("I1: the current run is 2", ["UPDATE meta SET value='2' WHERE key='current'"]),
        ("I1: the current run is none", ["DELETE FROM meta WHERE key='current'"]),
        ("I6: nothing keeps UPDATE from event", ["DROP TRIGGER event_fixed"]),
        ("I4: 1 decisions were made, 0 are", ["DROP TRIGGER decision_kept", "DELETE FROM decision"]),
        ("event 2 is missing or was changed",
         ["DROP TRIGGER event_kept", "DELETE FROM event WHERE id=2"]),
        ("event 1 is missing or was changed",
         ["DROP TRIGGER event_fixed", "UPDATE event SET actor='me' WHERE id=1"]),
        ("decision 1 is missing or was changed",
         ["DROP TRIGGER decision_fixed", "UPDATE decision SET halo_id='2'"]),
        ("I8: the bytes of mail", ["DROP TRIGGER outbox_fixed", "UPDATE outbox SET body=x'00'"]),
        ("I8: a delivery is in the unknown state 'lost'", ["UPDATE delivery SET state='lost'"]),
        ("the stored ae.computers are not", ["UPDATE record SET name='X' WHERE record_id='pc1'"]),
        ("the stored ae.computers are not", ["DELETE FROM record WHERE record_id='pc1'"]),
        ("the stored ae.computers are not",
         ["UPDATE record SET silent_since='2026-01-01' WHERE record_id='pc1'"]),
        ("the stored verdicts are not", ["UPDATE verdict SET outcome='blocked' WHERE ae_id='pc1'"]),
        ("the stored pairs are not", ["UPDATE pair SET halo_id='7'"]),
        ("the stored findings are not", ["UPDATE finding SET body=replace(body, 'Lonely', 'Lovely')"]),
        ("run 1: ae.companies cannot be told as it was",
         ["DELETE FROM record WHERE record_id='c1' AND last_run=1"]),
        ("run 2: verdicts cannot be told as it was",
         ["UPDATE verdict SET first_run=3 WHERE ae_id='pc1'"]),
        ("run 1 is not what was published", ["DROP TRIGGER run_fixed", "UPDATE run SET open=0"]),
        ("run 2 is not what was published",
         ["DROP TRIGGER observation_fixed", "UPDATE observation SET listed=1 WHERE run_id=2"]),
        ("I2: run 1: ae.users is complete without proof",
         ["DROP TRIGGER observation_fixed",
          """UPDATE observation SET manifest=replace(manifest, '"declared":0', '"declared":9')
          WHERE collection='ae.users' AND run_id=1"""]),
        ("I2: run 1: ae.users is partial, its manifest differs",
         ["DROP TRIGGER observation_fixed",
          "UPDATE observation SET state='partial' WHERE collection='ae.users' AND run_id=1"]),
        ("I2: run 3 lacks manifests",
         ["DROP TRIGGER observation_kept",
          "DELETE FROM observation WHERE collection='ae.users' AND run_id=3"]),
        ("I3: run 1 says unlinked of a company, but halo.clients was withheld",
         ["DROP TRIGGER observation_fixed",
          "UPDATE observation SET state='partial' WHERE collection='halo.clients'"]),
        ("I5: the pair of company c1 ended without a reason that counts",
         ["UPDATE pair SET ended_run=3, ended_why='renamed'"]),
        ("I7: slot nightly/2026-11-23 was published more than once",
         ["DROP INDEX uq_run_slot_published", "DROP TRIGGER run_fixed",
          "UPDATE run SET slot='nightly/2026-11-23' WHERE id=2"]),
    ],
)  # fmt: skip
def test_each_violation_is_found_and_named(store, year, path, complaint, statements):
    spoil(path, *statements)

    assert any(line.startswith(complaint) for line in store.check_invariants())


def test_a_night_is_not_judged_against_records_that_changed_on_disk(store, year, path, nights):
    spoil(path, "UPDATE record SET name='X' WHERE record_id='pc1'")

    with pytest.raises(ConfigError, match=r"damaged: the stored ae\.computers are not those"):
        store.recall(nights.clock.at)


def test_a_flipped_byte_is_harmless_or_refused(store, year, path, clock, tmp_path):
    """Whatever byte turns, no night is judged against something else than what was written."""
    store.back_up()
    whole, expected = path.read_bytes(), store.recall(clock.at)
    dice = random.Random(1123)
    harmless, hints = 0, []
    for _ in range(120):
        spoiled = bytearray(whole)
        spoiled[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        file = tmp_path / "flipped" / "h.sqlite3"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(spoiled)
        try:
            with Store.open(file, clock) as opened:
                assert opened.recall(clock.at) == expected
                harmless += 1
        except SyncError as refused:
            hints.append(refused.hint)
    assert harmless > 0
    assert len(hints) > 0
    assert all(hints)


def test_decisions_are_kept_in_order_with_their_event(store, nights):
    first, second = store.decide([decision(), decision(Verb.FORGET, halo_id="")])

    assert store.recall(nights.clock.at).decisions == (first, second) == store.decisions()
    assert [d.id for d in store.decisions()] == [1, 2]
    assert [e.body["verb"] for e in store.events()] == ["forget", "confirm"]


def test_a_decision_comes_back_as_it_was_made(store):
    made = decision(
        Verb.IGNORE, expires=NIGHT + timedelta(days=30), facts="unlinked", names=("Acme", "Äcme")
    )
    (kept_one,) = store.decide([made])

    assert store.decisions() == (kept_one,)
    assert (kept_one.expires, kept_one.names) == (made.expires, made.names)


def test_confirming_another_partner_ends_the_pair_before(store, nights, path):
    nights.run(night(*estate(client="Other")))
    store.decide([decision()])
    nights.run(night(*estate(client="Other")))
    store.decide([decision(halo_id="2")])
    nights.run(night(*estate(client="Other")))

    assert store.pairs()[Kind.COMPANY, "c1"].halo_id == "2"
    ended = rows(path, "SELECT halo_id, ended_run, ended_why FROM pair WHERE ended_run NOT NULL")
    assert ended == [("1", 3, "confirmed-anew")]
    assert store.check_invariants() == []


def test_a_forgotten_pair_ends(store, nights):
    nights.run(night(*estate()))
    store.decide([decision(Verb.FORGET, halo_id="")])
    result = nights.run(night(*estate(client="Other")))

    assert (Kind.COMPANY, "c1") not in store.pairs()
    assert result.counts[Kind.COMPANY, Outcome.UNLINKED] == 1
    assert store.check_invariants() == []


def test_old_closed_intervals_and_mail_go_and_the_rest_stays(store, nights, path):
    nights.run(night(*estate(client="Other")), letters=[letter()])
    nights.run(night(*estate(client="Other", company="Acme SL")))
    nights.clock.at = NIGHT + timedelta(days=100)
    assert store.prune() == 1
    assert store.letters(1) == () == store.unsent()
    nights.clock.at = NIGHT + timedelta(days=397)

    assert store.prune() == 1
    assert rows(path, "SELECT count(*) FROM record WHERE last_run NOT NULL") == [(0,)]
    assert len(store.as_of(2)[Collection.AE_COMPUTERS]) == 10
    assert len(store.events()) == 2
    assert store.check_invariants() == []
    assert store.prune() == 0


def test_a_lost_row_is_found_after_pruning_too(store, nights, path):
    nights.run(night(*estate(company="A")))
    nights.run(night(*estate(company="B")))
    nights.clock.at = NIGHT + timedelta(days=397)
    nights.run(night(*estate(company="B")), slot="manual/late")
    store.prune()
    spoil(path, "UPDATE record SET first_run=99 WHERE record_id='pc1'")

    assert "run 3: ae.computers cannot be told as it was" in store.check_invariants()


def test_seven_days_and_four_weeks_of_backups_are_kept(store, nights, path):
    for _ in range(40):
        store.back_up()
        nights.clock.at += timedelta(days=1)

    names = sorted(file.name for file in (path.parent / "backups").iterdir())
    days = [name.removeprefix("halosync-").partition("T")[0] for name in names]
    assert days == [
        "20261213", "20261220", "20261226", "20261227", "20261228", "20261229", "20261230",
        "20261231", "20270101",
    ]  # fmt: skip


def test_of_two_backups_on_one_day_the_later_is_kept(tmp_path):
    names = ["h-20261123T050000Z", "h-20261123T180000Z", "h-20261101T050000Z-before-upgrade"]
    files = sorted(tmp_path / f"{name}.sqlite3" for name in names)

    assert {file.stem for file in kept(files, "h")} == set(names[1:])


def test_a_backup_that_dies_half_way_leaves_none_behind(store, nights, path):
    def stop():
        raise KeyboardInterrupt

    failpoint.arm("backup:before-rename", stop)
    with pytest.raises(KeyboardInterrupt):
        store.back_up()

    assert list((path.parent / "backups").iterdir()) == []


def test_a_backup_is_a_database_of_one_file(store, nights, clock):
    nights.run(night(*estate()))
    copy = store.back_up()

    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    assert rows(copy, "SELECT max(id) FROM run") == [(1,)]
    with Store.open(copy, clock) as opened:
        assert Nights(opened, clock).begin().id == 2
