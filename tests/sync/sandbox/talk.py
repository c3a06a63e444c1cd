"""How the sandbox's tests talk to its servers: plain http.client, one connection a question."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from sync.sandbox.serve import Sandbox

EPOCH = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ACKNOWLEDGED = {"X-Acknowledgment": "i-understand-this-is-beta-and-may-change"}
OUR_SCOPES = "read:customers read:assets"
PAGED = "pageinate=true&order=id&includeactive=true&includeinactive=true"


class HandClock:
    """A clock that moves when a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return EPOCH

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def check(self) -> None:
        pass


@dataclass
class Answer:
    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(port: int, target: str, headers: dict[str, str], *, body: bytes | None = None) -> Answer:
    wire = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wire.request("GET" if body is None else "POST", target, body, headers)
        reply = wire.getresponse()
        return Answer(reply.status, reply.headers, reply.read())
    finally:
        wire.close()


class HaloTalk:
    """A client with a token, or with whatever the token server said instead."""

    def __init__(self, sandbox: Sandbox, *, scope: str = OUR_SCOPES) -> None:
        self.sandbox = sandbox
        self.token = ""
        self.login(scope)

    def login(self, scope: str = OUR_SCOPES, **changed: str) -> Answer:
        keys = self.sandbox.halo.keys
        form = {
            "grant_type": "client_credentials",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "scope": scope,
            "tenant": keys.tenant,
        } | changed
        tenant = form.pop("tenant") if "in_form" not in form else ""
        form.pop("in_form", "")
        said = self.post(f"/auth/token?tenant={tenant}", urlencode(form).encode())
        self.token = said.json["access_token"] if said.status == 200 else ""
        return said

    def post(self, target: str, body: bytes) -> Answer:
        kind = "application/x-www-form-urlencoded" if "token" in target else "application/json"
        return ask(
            self.sandbox.halo_server.port,
            target,
            {"Content-Type": kind, "Authorization": f"Bearer {self.token}"},
            body=body,
        )

    def get(self, resource: str) -> Answer:
        bearer = {"Authorization": f"Bearer {self.token}"}
        return ask(self.sandbox.halo_server.port, f"/api/{resource}", bearer)

    def walk(self, resource: str, key: str, size: int = 100) -> list[dict[str, Any]]:
        """Every row, page after page until an empty one."""
        rows: list[dict[str, Any]] = []
        for page in range(1, 1000):
            part = self.get(f"{resource}?{PAGED}&page_size={size}&page_no={page}").json[key]
            if not part:
                return rows
            rows += part
        raise AssertionError("the list never ends")


class AeTalk:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def get(self, path: str, *, bare: bool = False, **headers: str) -> Answer:
        """Ask with the bearer key and the acknowledgment; `bare` sends only what is given."""
        sent = {"Authorization": f"Bearer {self.sandbox.autoelevate.keys.bearer_key}"}
        sent |= ACKNOWLEDGED
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        target = path if path.startswith("/") else f"/api/v1/{path}"
        return ask(self.sandbox.autoelevate_server.port, target, named if bare else sent | named)

    def walk(self, route: str, take: int = 200) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while part := self.get(f"{route}?take={take}&skip={len(rows)}").json["items"]:
            rows += part
        return rows


def real_ms() -> int:
    return int(time.time() * 1000)
