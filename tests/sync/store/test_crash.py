"""A run that dies anywhere leaves the last publish intact, and the next run goes on."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from sync import failpoint
from sync.core.result import Edition
from sync.errors import SlotDone, SyncError
from sync.store import Store
from tests.build import night
from tests.clock import Calendar
from tests.sync.store.nightly import Nights, estate, letter, rows

ROOT = Path(__file__).parents[3]
INSIDE = (
    "publish:records",
    "publish:verdicts",
    "publish:findings",
    "publish:pairs",
    "publish:observations",
    "publish:outbox",
    "publish:run",
    "publish:before-commit",
)
FIRST = night(*estate(client="Other"))
SECOND = night(*estate(12, of=range(12), company="Acme SL"))


def boom():
    raise RuntimeError("boom")


def everything(path):
    """All rows of all tables but the claim of a run."""
    tables = [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type='table'")]
    return {t: rows(path, f"SELECT * FROM {t}") for t in tables if t not in {"run", "event"}}


@pytest.fixture
def begun(nights):
    """One published night, and a second one decided but not published."""
    nights.run(FIRST, letters=[letter()])
    facts = nights.begin()
    return nights.decide(facts, SECOND)


SECOND_EDITION = Edition((letter(id="<2.a.full@host>"),), {"index.html": b"<html>"})


def in_a_child(act):
    """Run it in a forked process; its wait status."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1]


@pytest.mark.parametrize("place", INSIDE)
def test_an_exception_inside_publish_leaves_the_last_report(place, store, path, begun):
    before = everything(path)
    failpoint.arm(place, boom)

    with pytest.raises(RuntimeError, match="boom"):
        store.publish(SECOND, begun, SECOND_EDITION)
    assert everything(path) == before
    assert store.check_invariants() == []


@pytest.mark.parametrize("place", INSIDE)
def test_a_kill_inside_publish_leaves_the_last_report_and_the_next_run_recovers(
    place, store, path, begun, nights
):
    before = everything(path)

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def publish():
        failpoint.arm(place, die)
        store.publish(SECOND, begun, SECOND_EDITION)

    status = in_a_child(publish)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert everything(path) == before
    assert nights.begin().died == (2,)
    nights.run(SECOND, slot="manual/next")
    assert store.check_invariants() == []


def test_a_kill_after_the_commit_changes_nothing(store, path, begun):
    def publish():
        failpoint.arm("publish:after-commit", lambda: os.kill(os.getpid(), signal.SIGKILL))
        store.publish(SECOND, begun, SECOND_EDITION)

    status = in_a_child(publish)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert store.status().published.id == 2
    assert store.check_invariants() == []
    assert [parcel.run_id for parcel in store.unsent()] == [1, 2]


def test_every_place_inside_publish_is_listed_here(store, begun):
    store.publish(SECOND, begun, SECOND_EDITION)

    found = {name for name in failpoint.passed() if name.startswith("publish:")}
    assert found == {*INSIDE, "publish:after-commit"}


def test_a_killed_process_of_its_own_leaves_the_last_report(store, path, begun):
    before = everything(path)
    script = """
import os, signal, sys
from pathlib import Path
from sync import failpoint
from sync.core.result import Edition
from sync.store import Store
from tests.clock import Calendar
from tests.sync.store.nightly import Nights
from tests.sync.store.test_crash import SECOND

clock = Calendar()
store = Store.open(Path(sys.argv[1]), clock)
nights = Nights(store, clock)
failpoint.arm("publish:outbox", lambda: os.kill(os.getpid(), signal.SIGKILL))
nights.run(SECOND, slot="manual/child")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, check=False, capture_output=True
    )

    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert everything(path) == before
    with Store.open(path, Calendar()) as reopened:
        assert reopened.check_invariants() == []


def test_every_commit_passes_a_failpoint(store, nights, path, clock, monkeypatch):
    commits, passed = [], []
    monkeypatch.setattr("sync.store.db.failpoint", passed.append)
    engine = store._db._reader
    sa.event.listen(engine, "commit", lambda _conn: commits.append(1))
    nights.run(FIRST, letters=[letter()])
    parcel = store.unsent()[0]
    store.mark(parcel, {}, clock.now(), reduced=False)
    store.note("/companies", clock.now())
    store.fail(nights.begin().id, "stopped", clock.now())
    store.prune()

    before = [name for name in passed if name.endswith(":before-commit")]
    after = [name for name in passed if name.endswith(":after-commit")]
    assert len(commits) == len(before) == len(after) == 7


def test_there_is_one_commit_in_the_whole_store():
    sources = (ROOT / "sync" / "store").rglob("*.py")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sources
        for line in path.read_text().splitlines()
        if ".commit(" in line or "executescript" in line or "engine.begin(" in line
    ]

    assert found == ["db.py: transaction.commit()"]


def test_a_full_disk_at_any_page_leaves_the_last_report(store, path, begun):
    """The limit rises page by page until the night fits."""
    before = everything(path)
    pages = rows(path, "PRAGMA page_count")[0][0]
    limit = {"pages": pages}

    def narrow(raw, _record):
        raw.execute(f"PRAGMA max_page_count={limit['pages']}")

    sa.event.listen(store._db._reader, "connect", narrow)
    edition = Edition((letter(id="<2@host>", body=b"x" * 40_000),))
    refusals = []
    while store.status().published.id == 1:
        limit["pages"] += 1
        try:
            store.publish(SECOND, begun, edition)
        except SyncError as full:
            refusals.append((f"{full}", full.hint, everything(path) == before))

    assert len(refusals) >= 10
    assert {intact for _, _, intact in refusals} == {True}
    assert all("could not be written" in what for what, _, _ in refusals)
    assert all("Free disk space" in hint for _, hint, _ in refusals)
    assert store.check_invariants() == []


def test_a_failed_run_that_cannot_even_be_recorded_does_not_hide_the_reason(store, nights):
    facts = nights.begin()
    sa.event.listen(
        store._db._reader, "connect", lambda raw, _: raw.execute("PRAGMA query_only=ON")
    )
    store.fail(facts.id, "disk full", nights.clock.at)

    assert store.run(facts.id).row.state == "started"


def test_several_processes_publish_one_slot_once(path, clock):
    Store.open(path, clock).close()

    def compete():
        with Store.open(path, Calendar()) as store:
            try:
                Nights(store, Calendar()).run(FIRST, slot="nightly/one")
            except (SlotDone, SyncError):
                os._exit(7)

    children = []
    for _ in range(4):
        pid = os.fork()
        if pid == 0:
            try:
                compete()
            except BaseException:  # noqa: BLE001
                os._exit(1)
            os._exit(0)
        children.append(pid)
    codes = sorted(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children)

    assert codes == [0, 7, 7, 7]
    with Store.open(path, clock) as store:
        assert store.check_invariants() == []


def test_a_backup_made_while_another_process_writes_is_whole(store, nights, path):
    nights.run(FIRST)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE meta SET value='99' WHERE key='current'")
        copy = store.back_up()
        other.execute("ROLLBACK")

    with Store.open(copy, nights.clock) as opened:
        assert opened.check_invariants() == []
        assert opened.status().published.id == 1


def test_an_installation_has_its_name_as_soon_as_it_has_tables(path, clock):
    failpoint.arm("migrate:after-commit", boom)
    with pytest.raises(RuntimeError):
        Store.open(path, clock)
    failpoint.disarm()

    with Store.open(path, clock) as store:
        assert len(store.status().install_id) == 16
