"""Tells a monitoring service that a run started, went well or failed. A dead one only warns.

The one outgoing call besides the sources and the mail: a small POST with the run id and counts,
never a name. Not a source, so not their wire: no retries, no proxy, no redirect, ten seconds.
"""

import http.client
import json
import logging
import urllib.error
import urllib.request
from typing import Any

from pydantic import SecretStr

from sync.config.model import Heartbeat as Addresses
from sync.errors import Exit
from sync.job import Ending
from sync.outbox import Delivery

log = logging.getLogger("halosync")
TIMEOUT_SECONDS = 10


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Never follow: the address is a secret and stays where it was configured for."""


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


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
    request = urllib.request.Request(  # noqa: S310 - the configuration allows https and loopback
        address.get_secret_value(),
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "halosync"},
        method="POST",
    )
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1024)
    except (OSError, http.client.HTTPException, ValueError) as error:
        code = getattr(error, "code", None)
        log.warning("the monitoring service was not told: %s", code or type(error).__name__)
        if isinstance(error, urllib.error.HTTPError):
            error.close()
