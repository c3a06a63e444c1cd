"""Puts a users file on disk and reads it back through the source."""

import os
from datetime import timedelta
from pathlib import Path

from sync.sources.people import PeopleSource
from sync.sources.settings import PeopleSettings
from tests.sync.sources.stand_in import NOON, FakeClock

GOOD = "Name,Email,Role\nSam Poe,Sam@MSP.example,Administrator\nAnn Lee,ann@msp.example,\n"


def put(folder: Path, content, name="users.csv", *, days_old=1.0, mode=0o600):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    at = (NOON - timedelta(days=days_old)).timestamp()
    os.utime(path, (at, at))
    return path


def read(path, clock=None, **changes):
    source = PeopleSource(PeopleSettings(file=path, **changes), clock or FakeClock())
    (pulled,) = source.pull()
    return pulled


def refused(path, **changes):
    pulled = read(path, **changes)
    assert pulled.manifest.state.withheld
    return pulled.manifest.cause
