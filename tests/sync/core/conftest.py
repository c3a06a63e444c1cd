"""The core may not touch the world; here every attempt fails the test that made it."""

import socket

import pytest


@pytest.fixture(autouse=True)
def no_outside_world(monkeypatch):
    def refuse(*_args, **_kwargs):
        pytest.fail("sync.core reached outside itself")

    monkeypatch.setattr(socket, "socket", refuse)
