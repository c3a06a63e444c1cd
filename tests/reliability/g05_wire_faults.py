"""G5: whatever goes wrong on the wire, a list is either exactly right or withheld with its cause.

Twenty-seven faults at eight endpoints, at the first, a middle and the last page, over TLS sockets.
A fault that passes by must leave no trace; one that stays must be named; nobody else may hear.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sync.core.pulls import Pull
from sync.core.records import Collection, Side
from sync.sandbox.verbs import (
    HTML,
    Body,
    Cap,
    Drip,
    DropRows,
    DupRows,
    GzipBomb,
    Html200,
    Redirect,
    Reset,
    Stall,
    Status,
    Truncate,
    Verb,
)
from sync.sandbox.wire import Ask, Reply
from sync.sandbox.world import World
from sync.sources import autoelevate, proof
from tests.reliability.benches.bench import EPOCH, replaced
from tests.reliability.benches.socket_bench import SocketBench
from tests.reliability.tally import Tally, Tier

ENDPOINTS = (
    "halo.token", "halo.clients", "halo.sites", "halo.assets", "halo.agents",
    "ae.companies", "ae.locations", "ae.computers",
)  # fmt: skip
PAGE_SIZE = 6
SLOW = 5.0
"""Seconds of real time; nothing here has reason to last longer."""
PUSH_SHARE = 5
"""The push tier tries every so many of the combinations."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`times`: how many attempts at the page it spoils, 0 = all of them."""

    name: str
    verb: Callable[[SocketBench], Verb]
    times: int = 1
    causes: frozenset[str] = frozenset()
    """Right causes where it stays; none = it passes by, and the list must be exactly right."""
    token: frozenset[str] = frozenset()
    """The right causes where the token service is hit, if they are others: it is asked once."""
    key: frozenset[str] = frozenset()
    """Right causes at AutoElevate, whose key cannot be renewed, for a fault that passes by."""
    everywhere: bool = False
    """On every page, not on one."""


@dataclass(frozen=True)
class SwapCertificate(Verb):
    """Break the connection, and show another certificate from then on."""

    show: Callable[[], None]

    def asked(self, _ask: Ask) -> Reply | None:
        self.show()
        return None

    def answered(self, reply: Reply) -> Reply:
        return Reset().answered(reply)


def _always(name: str, verb: Verb, *causes: str, token: str = "") -> Fault:
    return Fault(name, lambda _: verb, 0, frozenset(causes), frozenset(filter(None, [token])))


def _passing(name: str, verb: Verb, times: int = 1) -> Fault:
    return Fault(name, lambda _: verb, times)


def _bad_certificate(kind: str) -> Fault:
    def verb(bench: SocketBench) -> Verb:
        bad = getattr(bench.certificates, kind)
        return SwapCertificate(lambda: [s.show(bad) for s in bench.servers.values()])

    return Fault(kind, verb, 0, frozenset({"tls"}))


FAULTS = (
    Fault(
        "401 once",
        lambda _: Status(401),
        token=frozenset({"invalid-client"}),
        key=frozenset({"unauthorized"}),
    ),
    _passing("429 once", Status(429, headers={"Retry-After": "7"})),
    _passing("500 once", Status(500)),
    _passing("502 once", Status(502, HTML)),
    _passing("503 three times", Status(503), 3),
    _passing("reset once", Reset()),
    _passing("reset in the body once", Reset(after=20)),
    _passing("cut off once", Truncate(30)),
    _passing("cut off in a chunk once", Truncate(30, chunked=True)),
    _passing("stalled once", Stall(0.6)),
    _passing("dripping once", Drip(60)),
    Fault("a web page once", lambda _: Html200(), token=frozenset({"token-address"})),
    _passing("rows lost once", DropRows(2)),
    _passing("rows repeated once", DupRows(2)),
    Fault("pages capped", lambda _: Cap(3), 0, everywhere=True),
    _always("401", Status(401), "unauthorized", token="invalid-client"),
    _always("403", Status(403), "forbidden", token="token-address"),
    _always("404", Status(404), "no-endpoint", token="token-address"),
    _always("429", Status(429), "quota"),
    _always("503", Status(503), "server-error"),
    Fault("redirected", lambda bench: Redirect(bench.trap.url), 0, frozenset({"redirect"})),
    _always("gzip bomb", GzipBomb(8 * 1024 * 1024), "page-too-big", token="token-address"),
    _always("broken JSON", Body(b'{"items": [{"id": 1'), "page-broken", token="token-address"),
    _always("reset", Reset(), "network"),
    _bad_certificate("unknown_issuer"),
    _bad_certificate("other_host"),
    _bad_certificate("old_version"),
)


def run(tier: Tier, seed: int) -> Tally:
    return _tried(FAULTS, seed, PUSH_SHARE if tier == "push" else 1)


def sabotage(seed: int) -> Tally:
    """Believe every list that was read to its end, whatever rows it lost or repeated."""
    with replaced(proof, "flaw", lambda _tally: None):
        return _tried([fault for fault in FAULTS if fault.name.startswith("rows ")], seed, 1)


def _tried(faults: Sequence[Fault], seed: int, every: int) -> Tally:
    """Try every so many of the combinations of these faults, endpoints and pages."""
    tally = Tally()
    with _bench(seed) as bench:
        right = {name: _digests(bench.pull(name)) for name in bench.servers}
        trials = [
            (fault, endpoint, page)
            for fault in faults
            for endpoint in ENDPOINTS
            for page in _pages(bench, endpoint)
        ]
        trials = trials[Random(seed).randrange(every) :: every]
        slowest = 0.0
        for fault, endpoint, page in trials:
            started = time.monotonic()
            wrong = _trial(bench, fault, endpoint, page, right)
            slowest = max(slowest, time.monotonic() - started)
            tally.broken(*(f"{fault.name} at {endpoint} page {page}: {what}" for what in wrong))
            tally.trials += 1
        if bench.trap.visits:
            tally.broken(f"{bench.trap.visits} connections to a foreign host")
        if slowest > SLOW:
            tally.broken(f"one pull took {slowest:.1f} s")
    tally.notes["slowest"] = f"{slowest:.2f}s"
    return tally


class _bench(SocketBench):  # noqa: N801 - reads as the function it stands for
    """A world whose lists have at least three pages each, AutoElevate's too."""

    def __init__(self, seed: int) -> None:
        super().__init__(World.create(seed, 16, 40, EPOCH), PAGE_SIZE)
        self._take = replaced(autoelevate, "TAKE", PAGE_SIZE)

    def __enter__(self):
        self._take.__enter__()
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._take.__exit__(None, None, None)


def _digests(pulls: dict[Collection, Pull]) -> dict[Collection, str]:
    for pull in pulls.values():
        if not pull.manifest.state.trusted or pull.manifest.pages < 3:
            raise AssertionError(f"not even without a fault: {pull.manifest}")
    return {collection: pull.manifest.digest for collection, pull in pulls.items()}


def _pages(bench: SocketBench, endpoint: str) -> tuple[int, ...]:
    last = max(seen.page for seen in bench.requests.to(endpoint))
    return tuple(sorted({1, (1 + last) // 2, last}))


def _trial(
    bench: SocketBench,
    fault: Fault,
    endpoint: str,
    page: int,
    right: dict[str, dict[Collection, str]],
) -> list[str]:
    bench.good_again()
    verb = fault.verb(bench)
    for attempt in range(1, fault.times + 1) if fault.times else (None,):
        bench.faults.on(endpoint, verb, page=None if fault.everywhere else page, attempt=attempt)
    system = "halo" if endpoint.startswith("halo") else "autoelevate"
    try:
        pulls = bench.pull(system)
    except Exception as error:  # noqa: BLE001 - this is what the goal counts
        return [f"uncaught {type(error).__name__}: {error}"]
    return list(_wrong(fault, endpoint, pulls, right[system]))


def _wrong(
    fault: Fault, endpoint: str, pulls: dict[Collection, Pull], right: dict[Collection, str]
) -> Iterator[str]:
    at_token = endpoint == "halo.token"
    causes = (fault.token if at_token else frozenset()) or fault.causes
    for collection, digest in right.items():
        manifest = pulls[collection].manifest
        if manifest.state.trusted:
            if manifest.digest != digest:
                yield f"{collection} is believed and is not what the system holds"
            if causes and (at_token or collection.value == endpoint):
                yield f"{collection} is believed in spite of it"
        elif manifest.cause in fault.key and collection.side is Side.AE:
            continue
        elif not causes:
            yield f"{collection} is withheld ({manifest.cause}) for a fault that passed by"
        elif manifest.cause not in causes:
            yield f"{collection}: the cause is {manifest.cause}, not {' or '.join(sorted(causes))}"
