"""Connections that can be cut from outside, so that no answer outlives its time however it drips.

A socket's own timeout starts anew with every byte, in the header as in the body.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


class Watchdog:
    """Shuts every connection it knows when the time it was set to is over."""

    def __init__(self) -> None:
        self.fired = False
        self._lock = threading.Lock()
        self._handles: set[socket.socket] = set()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self.fired = False
        timer = threading.Timer(max(0.0, seconds), self._fire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def watch(self, connection: socket.socket) -> socket.socket:
        # A duplicate, because TLS takes the original over; shutting either shuts the connection.
        handle = connection.dup()
        with self._lock:
            self._handles.add(handle)
        return handle

    def forget(self, handle: socket.socket) -> None:
        with self._lock:
            self._handles.discard(handle)
        handle.close()

    def _fire(self) -> None:
        self.fired = True
        with self._lock:
            for handle in self._handles:
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)


class _Watched(HTTPConnection):
    watchdog: Watchdog
    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        self._let_go()
        self._handle = self.watchdog.watch(connection)
        return connection

    def close(self) -> None:
        super().close()
        self._let_go()

    def _let_go(self) -> None:
        if self._handle is not None:
            self.watchdog.forget(self._handle)
            self._handle = None


class _WatchedTls(_Watched, HTTPSConnection):
    pass


def put_under(watchdog: Watchdog, manager: PoolManager) -> None:
    """Let every connection of this pool manager be watched."""
    known: dict[str, Any] = {"watchdog": watchdog}
    plain = type("WatchedConnection", (_Watched,), known)
    tls = type("WatchedTlsConnection", (_WatchedTls,), known)
    manager.pool_classes_by_scheme = {
        "http": type("WatchedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("WatchedTlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }
