"""Which files are opened, which are refused, and with which permissions."""

import os
import sqlite3
from contextlib import closing

import pytest

from sync import failpoint
from sync.core.result import Edition
from sync.errors import Busy, ConfigError, Exit, SyncError
from sync.store import Store, place, restore
from sync.store.place import filesystem_of, refuse_network
from tests.build import NIGHT, night
from tests.sync.store.nightly import Nights, estate, rows, spoil

MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 27 0:30 / /srv rw,relatime shared:1 - nfs4 server:/export rw
33 27 0:31 / /srv/my\\040disk rw,relatime - xfs /dev/vdb rw
"""


@pytest.fixture
def used(store, nights, path):
    """A database with two published nights and a backup, closed."""
    nights.run(night(*estate(client="Other")))
    nights.run(night(*estate(client="Other")))
    store.back_up()
    store.close()
    return path


def refusal(path, clock, **more):
    with pytest.raises(ConfigError) as caught:
        Store.open(path, clock, **more)
    assert caught.value.exit_code is Exit.CONFIG
    assert caught.value.hint
    return f"{caught.value} | {caught.value.hint}"


def mode(path):
    return path.stat().st_mode & 0o777


def test_everything_is_private_whatever_the_umask(path, clock):
    before = os.umask(0)
    try:
        with Store.open(path, clock) as store:
            backup = store.back_up()
            with closing(sqlite3.connect(path)) as reader:
                reader.execute("SELECT * FROM run").fetchall()
                side = path.with_name(path.name + "-wal")
                assert mode(side) == 0o600
    finally:
        os.umask(before)

    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert (mode(backup), mode(backup.parent)) == (0o600, 0o700)


def test_the_file_is_private_from_its_first_moment(path):
    path.parent.mkdir()
    before = os.umask(0)
    try:
        place._create(path)
    finally:
        os.umask(before)

    assert mode(path) == 0o600


def test_rights_of_others_are_taken_away(used, clock):
    used.chmod(0o644)
    Store.open(used, clock).close()

    assert mode(used) == 0o600


def test_a_database_is_opened_with_the_promised_settings(store, path):
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    assert rows(path, "PRAGMA auto_vacuum") == [(2,)]
    with store._db.read() as conn:
        settings = [
            conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == [2, 1, 30_000]


def test_a_reader_finds_no_database_before_the_first_run(path, clock):
    assert "there is no database" in refusal(path, clock, read_only=True)
    assert not path.exists()


def test_a_reader_cannot_write(used, clock):
    with (
        Store.open(used, clock, read_only=True) as store,
        pytest.raises(ConfigError, match="cannot be opened for writing"),
    ):
        Nights(store, clock).begin("manual/x")


def test_a_reader_sees_what_was_published(used, clock):
    with Store.open(used, clock, read_only=True) as store:
        assert store.status().published.id == 2
        assert store.open_findings()


def test_a_file_that_is_no_database_is_refused_and_kept(path, clock):
    path.parent.mkdir()
    path.write_text("dear diary")

    assert "does not begin like a database" in refusal(path, clock)
    assert path.read_text() == "dear diary"


def test_a_database_of_another_program_is_refused(path, clock):
    path.parent.mkdir()
    spoil(path, "CREATE TABLE songs (title)")

    assert "another program" in refusal(path, clock)
    assert rows(path, "SELECT count(*) FROM songs") == [(0,)]


def test_a_truncated_database_is_refused_and_the_last_backup_named(used, clock):
    whole = used.read_bytes()
    used.write_bytes(whole[: len(whole) // 2])

    said = refusal(used, clock)
    assert "is damaged" in said
    assert str(next((used.parent / "backups").iterdir())) in said
    assert used.read_bytes() == whole[: len(whole) // 2]


def test_a_database_cut_to_nothing_is_not_taken_for_a_new_one(used, clock):
    used.write_bytes(b"")

    assert "it is empty" in refusal(used, clock)


def test_a_database_of_a_newer_version_is_refused(used, clock):
    spoil(used, "UPDATE alembic_version SET version_num='9999'")

    assert "newer halosync (revision 9999)" in refusal(used, clock)
    assert "newer halosync" in refusal(used, clock, read_only=True)


def test_a_link_in_place_of_the_database_is_refused(used, clock, tmp_path):
    link = tmp_path / "link.sqlite3"
    link.symlink_to(used)

    assert "not an ordinary file" in refusal(link, clock)


def test_a_state_folder_that_is_a_file_is_refused(tmp_path, clock):
    (tmp_path / "state").write_text("")

    assert "cannot be created" in refusal(tmp_path / "state" / "h.sqlite3", clock)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path, clock):
    (tmp_path / "state").mkdir(mode=0o500)

    assert "cannot be created" in refusal(tmp_path / "state" / "h.sqlite3", clock)


def test_a_network_file_system_is_refused(tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    there = tmp_path.__class__("/srv")

    assert filesystem_of(there / "my disk" / "state", mounts) == "xfs"
    assert filesystem_of(tmp_path.__class__("/var/lib"), mounts) == "ext4"
    refuse_network(there / "my disk", mounts)
    with pytest.raises(ConfigError, match=r"network file system \(nfs4\)"):
        refuse_network(there / "state", mounts)


def test_a_locked_database_is_busy_not_broken(used, clock):
    with closing(sqlite3.connect(used, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store.open(used, clock, busy_seconds=0.05) as store:
            assert store.status().published.id == 2
            with pytest.raises(Busy, match="locked by another program"):
                Nights(store, clock).begin("manual/x")


def test_a_writer_holds_the_database_before_its_first_statement(store, path):
    """A reader that turns to writing would fail at once, whatever the timeout."""
    with (
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
        store._db.write("test"),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_a_migration_killed_on_the_way_leaves_the_file_as_it_was(path, clock):
    def die():
        raise KeyboardInterrupt

    failpoint.arm("migrate:upgraded", die)
    with pytest.raises(KeyboardInterrupt):
        Store.open(path, clock)
    assert rows(path, "SELECT count(*) FROM sqlite_master") == [(0,)]
    failpoint.disarm()

    with Store.open(path, clock) as store:
        assert store.check_invariants() == []


def test_a_file_with_tables_is_backed_up_before_it_is_upgraded(used, clock, monkeypatch):
    monkeypatch.setattr("sync.store.schema.REVISIONS", ("0001", "0002"))
    Store.open(used, clock).close()

    names = [file.name for file in (used.parent / "backups").iterdir()]
    assert [name for name in names if name.endswith("-before-upgrade.sqlite3")]


def test_a_reader_does_not_upgrade(used, clock, monkeypatch):
    monkeypatch.setattr("sync.store.schema.REVISIONS", ("0001", "0002"))

    assert "older halosync" in refusal(used, clock, read_only=True)


def test_a_restored_backup_is_the_database_of_that_day(used, clock):
    backup = next((used.parent / "backups").iterdir())
    with Store.open(used, clock) as store:
        Nights(store, clock).run(night(*estate()))
    old = restore(used, backup, clock.now())

    with Store.open(used, clock) as store:
        assert store.status().published.id == 2
        assert store.check_invariants() == []
    assert rows(old, "SELECT max(id) FROM run") == [(3,)]
    assert mode(used) == 0o600


def test_a_damaged_backup_is_not_restored(used, clock, tmp_path):
    bad = tmp_path / "bad.sqlite3"
    bad.write_bytes(used.read_bytes()[:5000])
    before = used.read_bytes()

    with pytest.raises(ConfigError, match="damaged"):
        restore(used, bad, clock.now())
    with pytest.raises(ConfigError, match="there is no backup"):
        restore(used, tmp_path / "none", clock.now())
    assert used.read_bytes() == before


def test_opening_twice_changes_nothing(used, clock):
    before = used.read_bytes()
    Store.open(used, clock).close()

    assert used.read_bytes() == before


def test_an_install_keeps_its_id(used, clock):
    with Store.open(used, clock) as store:
        first = store.status().install_id
    with Store.open(used, clock) as store:
        assert store.status().install_id == first
    assert len(first) == 16


def test_an_empty_edition_is_fine(path, clock):
    with Store.open(path, clock) as store:
        nights = Nights(store, clock)
        world = night()
        facts = nights.begin()
        store.publish(world, nights.decide(facts, world), Edition())

        assert store.letters(facts.id) == ()


def test_a_disk_without_room_for_even_an_empty_file_is_told_in_a_sentence(path, clock):
    resource = pytest.importorskip("resource")
    path.parent.mkdir(parents=True, exist_ok=True)
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, was[1]))
    try:
        with pytest.raises(SyncError, match="could not be written"):
            Store.open(path, clock)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)


def test_a_file_whose_tables_were_changed_is_called_damaged(store, path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("ALTER TABLE run RENAME COLUMN state TO stage")

    with pytest.raises(SyncError, match=r"is damaged: no such column: run\.state"):
        store.recall(NIGHT)
