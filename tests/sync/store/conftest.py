import pytest

from sync import failpoint
from sync.store import Store
from tests.sync.store.nightly import Clock, Nights


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "halosync.sqlite3"


@pytest.fixture
def store(path, clock):
    with Store.open(path, clock) as opened:
        yield opened


@pytest.fixture
def nights(store, clock):
    return Nights(store, clock)


@pytest.fixture(autouse=True)
def no_failpoint_left():
    yield
    failpoint.disarm()
