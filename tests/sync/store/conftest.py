"""A store in a folder of its own, a clock that is told the time, and a published night."""

import pytest

from sync import failpoint
from sync.store import Store
from tests.clock import Calendar
from tests.sync.store.nightly import Nights


@pytest.fixture
def clock():
    return Calendar()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "halosync.sqlite3"


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A new database, migrated once for all tests."""
    file = tmp_path_factory.mktemp("blank") / "blank.sqlite3"
    Store.open(file, Calendar()).close()
    return file.read_bytes()


@pytest.fixture
def store(path, clock, blank):
    path.parent.mkdir(mode=0o700)
    path.write_bytes(blank)
    with Store.open(path, clock) as opened:
        yield opened


@pytest.fixture
def nights(store, clock):
    return Nights(store, clock)


@pytest.fixture(autouse=True)
def no_failpoint_left():
    yield
    failpoint.disarm()
