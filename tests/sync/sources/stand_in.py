"""A tiny web server whose answers a test writes down, and a clock that waits in no time."""

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sync.sources.http import Deadline, HttpWire
from sync.sources.settings import AutoElevateSettings, HaloSettings, WireSettings

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HALO_ID = "11111111-2222-3333-4444-555555555555"
HALO_SECRET = "s3cret-aaaa-bbbb"


class FakeClock:
    """Waiting moves time on; nothing else does."""

    def __init__(self, start: datetime = NOON) -> None:
        self.start = start
        self.elapsed = 0.0
        self.waits: list[float] = []
        self.stop: Exception | None = None

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return 1000.0 + self.elapsed

    def wait(self, seconds: float) -> None:
        self.check()
        self.waits.append(seconds)
        self.elapsed += seconds

    def check(self) -> None:
        if self.stop:
            raise self.stop


class Ask:
    """One request as the server saw it."""

    def __init__(self, method: str, target: str, headers: Any, body: bytes) -> None:
        self.method = method
        self.target = target
        self.path = urlsplit(target).path
        self.query = dict(parse_qsl(urlsplit(target).query))
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body
        self.form = dict(parse_qsl(body.decode("latin-1")))


def says(body: Any, status: int = 200, **headers: str) -> "tuple[int, dict[str, str], bytes]":
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, raw


Answer = Callable[[Ask], Any]


class StandIn:
    """`routes[path]` answers; a list of answers is used up one by one, the last one stays."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.routes: dict[str, Any] = {}
        self.asks: list[Ask] = []
        self.clock = clock or FakeClock()
        self.url = ""

    def answer(self, ask: Ask) -> Any:
        self.asks.append(ask)
        found = self.routes.get(ask.path, says({"message": "not found"}, 404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return found(ask) if callable(found) else found

    def asked(self, path: str) -> list[Ask]:
        return [ask for ask in self.asks if ask.path == path]


@contextmanager
def serving(stand_in: StandIn):
    """Serve on a loopback port for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            ask = Ask(self.command, self.path, self.headers, self.rfile.read(length))
            answer = stand_in.answer(ask)
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response_only(status)
            if "Date" not in headers:
                self.send_header("Date", stand_in.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT"))
            for name, value in headers.items():
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name http.server looks for

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def wire(clock: FakeClock, seconds: float = 36_000, **limits: Any):
    with HttpWire(WireSettings(**limits), clock, Deadline(clock, seconds)) as real:
        yield real


def halo_settings(url: str, **changes: Any) -> HaloSettings:
    known: dict[str, Any] = {
        "base_url": url,
        "client_id": HALO_ID,
        "client_secret": HALO_SECRET,
        "tenant": "acme",
        "auth_url": f"{url}/auth",
    }
    return HaloSettings(**known | changes)


def ae_settings(url: str, **changes: Any) -> AutoElevateSettings:
    known: dict[str, Any] = {"base_url": url, "key": "aeb_0123456789abcdef"}
    return AutoElevateSettings(**known | changes)


def token(scope: str | None = "read:customers read:assets", **more: Any) -> Any:
    return says(
        {"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600, **more}
        | ({"scope": scope} if scope else {})
    )


def halo_list(key: str, rows: list[dict[str, Any]], *, cap: int = 100) -> Answer:
    """A well-behaved Halo list: pages of the capped size, total 0 past the end."""

    def answer(ask: Ask) -> Any:
        size = min(cap, int(ask.query["page_size"]))
        first = (int(ask.query["page_no"]) - 1) * size
        page = rows[first : first + size]
        return says({"record_count": len(rows) if page else 0, key: page, "columns": []})

    return answer


def halo_world(stand_in: StandIn, **lists: list[dict[str, Any]]) -> None:
    """Answers for all of Halo: token, four lists (one of each by default), identity."""
    rows: dict[str, list[dict[str, Any]]] = {
        "clients": [{"id": 12, "name": "Acme", "inactive": False}],
        "sites": [{"id": 20, "name": "Main", "client_id": 12.0, "inactive": False}],
        "assets": [
            {
                "id": 1001,
                "client_id": 12,
                "site_id": 20,
                "key_field": "LT-1",
                "inventory_number": "A1",
                "inactive": False,
                "assettype_id": 3,
                "assettype_name": "Laptop",
            }
        ],
        "agents": [
            {
                "id": 5,
                "name": "Sam",
                "email": "sam@msp.example",
                "isdisabled": False,
                "isapiagent": False,
            }
        ],
    } | lists
    stand_in.routes |= {
        "/auth/token": token(),
        "/api/Client": halo_list("clients", rows["clients"]),
        "/api/Site": halo_list("sites", rows["sites"]),
        "/api/Asset": halo_list("assets", rows["assets"], cap=50),
        "/api/Agent": says(rows["agents"]),
        "/api/Agent/me": says({"id": 5, "name": "halosync"}),
        "/api/InstanceInfo": says({"dbid": 7, "app_name": "Acme PSA", "app_version": "2.1"}),
    }


def ae_list(rows: list[dict[str, Any]]) -> Answer:
    """A well-behaved AutoElevate list: total 0 once `skip` passes the end."""

    def answer(ask: Ask) -> Any:
        skip, take = int(ask.query["skip"]), int(ask.query["take"])
        page = rows[skip : skip + take]
        return says({"items": page, "totalCount": len(rows) if skip < len(rows) or not rows else 0})

    return answer


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


BORN = millis(datetime(2024, 8, 5, tzinfo=UTC))


def company(number: int, **changes: Any) -> dict[str, Any]:
    known = {
        "id": f"6F9619FF-8B86-4D01-B42D-{number:012d}",
        "name": f"Company {number}",
        "initials": None,
        "managementSystemCompanyId": f"Company {number}",
        "createdAt": BORN,
        "updatedAt": BORN,
    }
    return known | changes


def location(number: int, **changes: Any) -> dict[str, Any]:
    known = {
        "id": f"0f8fad5b-d9cb-469f-a165-{number:012d}",
        "name": "Main Office",
        "companyId": company(1)["id"],
        "companyName": None,
        "createdAt": BORN,
        "updatedAt": BORN,
    }
    return known | changes


def computer(number: int, **changes: Any) -> dict[str, Any]:
    known = {
        "id": f"16fd2706-8baf-433b-82eb-{number:012d}",
        "machineName": f"LT-{number:04d}",
        "operatingSystem": {"name": None, "version": None},
        "locationId": location(1)["id"],
        "companyId": company(1)["id"],
        "elevationMode": "live",
        "lastCheckedInAt": millis(NOON),
        "createdAt": BORN,
        "updatedAt": BORN,
    }
    return known | changes


def ae_world(stand_in: StandIn, **lists: list[dict[str, Any]]) -> None:
    """Answers for all of AutoElevate: one record of each kind by default."""
    rows = {
        "companies": [company(1)],
        "locations": [location(1)],
        "computers": [computer(1)],
    } | lists
    stand_in.routes |= {f"/api/v1/{name}": ae_list(listed) for name, listed in rows.items()}
    stand_in.routes["/api/v1/usage"] = says(
        {
            "partnerId": "2C1D43B8-E6D7-476E-9E9D-C9C5A8D2F6A1",
            "partnerName": "Example MSP",
            "blockerEnabled": False,
            "justInTimeAdminLoginEnabled": False,
            "totalActiveAgents": 1,
        }
    )
