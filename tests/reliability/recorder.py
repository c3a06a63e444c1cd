"""Writes down the shape of every request that a goal lets halosync send: for G21.

A shape is method, place and, of a token request, scope: what was asked, not how often what.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from sync.sources.http import Request

_asked: Counter[str] = Counter()
_ID = re.compile(r"/(\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)", re.IGNORECASE)


TICKETS = re.compile(r"tickets", re.IGNORECASE)
WANTED = " where tickets are evidence"


def note(
    request: Request,
    systems: Mapping[str, str],
    secrets: Iterable[str] = (),
    *,
    tickets: bool = False,
) -> None:
    """Count one request on its way out. `systems`: authority as configured -> which system.

    `tickets`: whether this configuration takes them as evidence, so that they may be asked for.
    """
    parts = urlsplit(request.url)
    system = systems.get(f"{parts.scheme}://{parts.netloc}", f"unknown host {parts.netloc}")
    shape = f"{request.method} {system} {_ID.sub('/{id}', parts.path)}"
    if request.form is not None:
        shape += f" scope={request.form.get('scope', '')}"
    if tickets and TICKETS.search(shape):
        shape += WANTED
    if any(secret in request.url for secret in secrets):
        shape += " with a secret in its address"
    _asked[shape] += 1


def taken() -> Counter[str]:
    return Counter(_asked)


def forget() -> None:
    _asked.clear()
