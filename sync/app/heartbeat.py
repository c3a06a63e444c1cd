"""Tells a monitoring service that a run started, went well or failed. A dead one only warns.

The one outgoing call besides the sources and the mail: a small POST with the run id and counts,
never a name. Not a source, so not their wire: no retries, no proxy, no redirect, ten seconds.
"""

import http.client
import json
import logging
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from pydantic import SecretStr

from sync.config.model import Heartbeat as Addresses
from sync.errors import Exit
from sync.job import Ending
from sync.outbox import Delivery

log = logging.getLogger("halosync")
TIMEOUT_SECONDS = 10
NOT_TOLD = "the monitoring service was not told: %s"
LIMIT_SECONDS = 20
"""For one call as a whole: a timeout starts anew with every byte of an answer that drips."""


class Heartbeat:
    """The three addresses; each may be absent."""

    def __init__(self, addresses: Addresses | None) -> None:
        self._addresses = addresses or Addresses()

    def start(self, slot: str) -> None:
        _post(self._addresses.start, {"slot": slot})

    def end(self, ending: Ending) -> None:
        """Ok = published, nothing withheld, and the mail accepted by somebody where one was due."""
        accepted = any(r.state is Delivery.ACCEPTED for r in ending.receipts.values())
        due = bool(ending.edition.letters)
        withheld = len(ending.result.withheld)
        well = not withheld and (accepted or not due)
        address = self._addresses.ok if well else self._addresses.fail
        counts = {"run": ending.result.run.id, "open": len(ending.result.findings)}
        _post(address, {**counts, "withheld": withheld, "exit_code": int(ending.exit_code)})

    def failed(self, code: Exit) -> None:
        _post(self._addresses.fail, {"exit_code": int(code)})


def _post(address: SecretStr | None, body: dict[str, object]) -> None:
    if address is None:
        return
    try:
        status = _told(address.get_secret_value(), json.dumps(body).encode())
    except (OSError, http.client.HTTPException, ValueError) as error:
        log.warning(NOT_TOLD, type(error).__name__)
    else:
        if not 200 <= status < 300:
            log.warning(NOT_TOLD, status)


def _told(url: str, body: bytes) -> int:
    """Post once and give the answer's status; its words are of no interest."""
    parts = urlsplit(url)
    way = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = way(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    timer = threading.Timer(LIMIT_SECONDS, _cut, [connection])
    timer.daemon = True
    timer.start()
    headers = {"Content-Type": "application/json", "User-Agent": "halosync"}
    try:
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
    finally:
        timer.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
