"""G12: no secret in anything that a run leaves behind, however hard it is thrown back at us.

Seven secrets, in six spellings, are looked for in every artefact of runs that went well and of
runs whose systems, proxy, mail server and monitoring service echo what they were sent.
"""

import base64
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import requests

from sync import failpoint, job
from sync.app.connections import LIVE, connections
from sync.app.heartbeat import Heartbeat
from sync.app.installation import installation
from sync.app.parts import autoelevate_settings, halo_settings
from sync.app.post import transport
from sync.app.redaction import Redactor
from sync.clock import SystemClock
from sync.config import effective
from sync.sandbox.verbs import Html200, Redirect, Verb
from sync.sandbox.wire import Ask, Reply
from sync.sources import words
from sync.sources.http import HttpWire
from sync.sources.ledger import MemoryLedger
from tests.reliability.benches.bench import memory_folder, replaced
from tests.reliability.post.post_office import Manner
from tests.reliability.post.rude_monitor import OK
from tests.reliability.secrets.house import USER, SecretHouse
from tests.reliability.secrets.needles import SPELLINGS, blind_spots, found, pieces
from tests.reliability.tally import Tally, Tier

SEEDS = {"push": 1, "release": 2, "nightly": 4}
RUN = ("run", "-vv")

Arrange = Callable[[SecretHouse], AbstractContextManager[object]]


@dataclass(frozen=True)
class Throw(Verb):
    """Answer with everything that was asked, headers and form included."""

    code: int

    def asked(self, ask: Ask) -> Reply:
        text = f"{ask.headers.get('authorization', '')} {ask.target} {ask.body.decode()}"
        plain = f"{text} {json.dumps(ask.headers)} {json.dumps(ask.form)}"
        body = json.dumps({"error": "thrown", "error_description": plain, "message": plain})
        return Reply(self.code, body.encode(), {"WWW-Authenticate": text})


class ThrowAway(Verb):
    """Redirect to an address that holds the login."""

    def asked(self, ask: Ask) -> Reply:
        login = quote(ask.headers.get("authorization", "") + ask.body.decode())
        return Redirect(f"https://{login[:40]}.example/{login}?a={login}").asked(ask) or Reply(302)


class ThrowPage(Html200):
    """A page that claims success and shows what was asked."""

    def asked(self, ask: Ask) -> Reply:
        return Throw(200).asked(ask)


def _thrown(endpoint: str, *verbs: Verb) -> Arrange:
    return lambda house: house.throwing(endpoint, *verbs)


def _mail_says(stage: str, code: int) -> Arrange:
    """The mail server repeats the login, as it came and decoded."""

    @contextmanager
    def arrange(house: SecretHouse) -> Iterator[None]:
        password = house.secrets["SMTP password"]
        line = base64.b64encode(f"\0{USER}\0{password}".encode()).decode()
        said = f"{code}-AUTH PLAIN {line}\r\n{code} {password} {quote(password)}"
        house.office.begin(1, Manner({stage: said.encode()}))
        yield
        house.office.begin(1, Manner())

    return arrange


@contextmanager
def _monitor_throws(house: SecretHouse) -> Iterator[None]:
    address = f"{house.monitor.url}/{house.secrets['heartbeat address']}"
    house.monitor.answer = (
        f"HTTP/1.1 302 {address}\r\nLocation: {house.trap.url}/{address}\r\n\r\n{address}".encode()
    )
    yield
    house.monitor.answer = OK


@contextmanager
def _monitor_down(house: SecretHouse) -> Iterator[None]:
    house.monitor.answer = b""
    yield
    house.monitor.answer = OK


@contextmanager
def _proxy_throws(house: SecretHouse) -> Iterator[None]:
    house.proxy.refusing = True
    yield
    house.proxy.refusing = False


def _wire_breaks(kind: type[Exception]) -> Arrange:
    """An exception whose text holds the request and every secret there is."""

    def arrange(house: SecretHouse) -> AbstractContextManager[object]:
        def exchange(_self: HttpWire, request: Any) -> NoReturn:
            login = request.authorize("GET", "/") if request.authorize else ""
            held = [request.url, dict(request.headers), request.form, login, house.live()]
            raise kind(f"Max retries exceeded with url: {held} {_spelled(house)}")

        return replaced(HttpWire, "_exchange", exchange)

    return arrange


def _spelled(house: SecretHouse) -> str:
    return " ".join(
        text for s in house.live().values() for text in (s, quote(s, safe=""), s.swapcase())
    )


def _bug(house: SecretHouse) -> AbstractContextManager[object]:
    def judge(*_: object) -> NoReturn:
        raise LookupError(f"{house.live()} {_spelled(house)}")

    return replaced(job, "judge", judge)


SCENES: tuple[tuple[str, Arrange, tuple[str, ...]], ...] = (
    ("a good run", lambda _house: nullcontext(), (*RUN, "--record", "RECORDING")),
    ("401 throwing the header back", _thrown("halo.clients", Throw(401)), RUN),
    ("535 throwing the login back", _mail_says("auth", 535), RUN),
    ("a bug", _bug, RUN),
    ("a good run in JSON", lambda _house: nullcontext(), (*RUN, "--json", "--log-json")),
    ("401 at AutoElevate", _thrown("ae.companies", Throw(401)), (*RUN, "--record", "RECORDING 2")),
    ("500 throwing the body back", _thrown("*", Throw(500)), (*RUN, "--json")),
    ("400 for the token", _thrown("halo.token", Throw(400)), (*RUN, "--record", "RECORDING 3")),
    ("a page for the token", _thrown("halo.token", ThrowPage()), RUN),
    ("200 throwing it back", _thrown("halo.sites", ThrowPage()), RUN),
    ("redirects", _thrown("*", ThrowAway()), RUN),
    ("550 throwing the login back", _mail_says("rcpt", 550), (*RUN, "--json")),
    ("451 throwing the login back", _mail_says("final", 451), RUN),
    ("a page instead of a greeting", _mail_says("greeting", 554), RUN),
    ("monitoring service throwing its address", _monitor_throws, RUN),
    ("monitoring service down", _monitor_down, RUN),
    ("407 throwing the proxy's login back", _proxy_throws, RUN),
    ("an exception with the address", _wire_breaks(requests.ConnectionError), RUN),
    ("another bug, inside the wire", _wire_breaks(LookupError), (*RUN, "--log-json")),
)
SHORT = 4
"""So many scenes make the push tier."""
LOOKING: tuple[tuple[str, ...], ...] = (
    ("doctor", "-vv"), ("doctor", "--json"), ("config", "show"), ("config", "check"),
    ("status",), ("history", "--json"), ("verify",), ("report", "show"), ("backup",),
    ("bundle", "--out", "BUNDLE"), ("bundle", "--out", "BUNDLE 2", "--recording", "RECORDING 2"),
    ("bundle", "--out", "BUNDLE 3", "--recording", "RECORDING 3"),
)  # fmt: skip


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    for number in range(SEEDS[tier]):
        with _house(seed + number) as house:
            _live(house, short=tier == "push")
            _search(tally, house)
    tally.notes["secrets"] = len(house.secrets)
    return tally


def sabotage(seed: int) -> Tally:
    """Strike nothing out, neither from what is printed nor from what servers say."""
    tally = Tally()
    with (
        replaced(Redactor, "clean", lambda _self, text: text),
        replaced(words.Secrets, "strike", lambda _self, text: text),
        _house(seed) as house,
    ):
        _live(house, short=True)
        _search(tally, house)
    return tally


@contextmanager
def _house(seed: int) -> Iterator[SecretHouse]:
    with (
        tempfile.TemporaryDirectory(prefix="halosync-secrets-", dir=memory_folder()) as folder,
        SecretHouse(seed, Path(folder) / "house") as house,
    ):
        yield house


def _live(house: SecretHouse, *, short: bool) -> None:
    """Let everything happen that leaves something behind."""
    with _database_while_open(house):
        for name, arrange, typed in SCENES[: SHORT if short else None]:
            with arrange(house):
                house.type(name, *_placed(house, typed))
    for typed in LOOKING[: -2 if short else None]:
        house.type(" ".join(typed), *_placed(house, typed))
    _mistaken(house)


def _placed(house: SecretHouse, typed: tuple[str, ...]) -> list[str]:
    places = ("RECORDING", "BUNDLE")
    return [str(house.state / word) if word.startswith(places) else word for word in typed]


@contextmanager
def _database_while_open(house: SecretHouse) -> Iterator[None]:
    """Read along, as another program may: then the log beside the database stays, and is kept."""
    database = house.state / "halosync.sqlite3"
    readers: list[sqlite3.Connection] = []

    def read_along() -> None:
        readers.append(sqlite3.connect(database))
        readers[-1].execute("SELECT count(*) FROM run").fetchone()

    def keep() -> None:
        log = database.with_name(database.name + "-wal")
        house.said[f"{log.name} {len(house.said)}"] = log.read_bytes()

    failpoint.arm("begin:after-commit", read_along)
    failpoint.arm("mark:after-commit", keep)
    yield
    failpoint.disarm()
    for reader in readers:
        reader.close()


def _mistaken(house: SecretHouse) -> None:
    """Secrets in wrong places of the configuration: the complaint must not quote them."""
    right = house.config.read_text()
    for number, (old, new) in enumerate((
        ("client_secret:", "client_secrets:"), ("base_url:", "base_url: [1], key2:"),
        ("proxy:", "ca_file:"), ("password:", "folder:"), ("key:", "spacing_seconds:"),
        ("start:", "start: ftp:"), ("{", "{{"),
    )):  # fmt: skip
        house.config.write_text(right.replace(old, new, 1))
        house.type(f"mistake {number}", "config", "check")
        house.type(f"mistake {number} in JSON", "config", "check", "--json")
    house.config.write_text(right)


# Looking


def _search(tally: Tally, house: SecretHouse) -> None:
    tally.broken(*blind_spots(house.secrets))
    artefacts = 0
    for name, content in _artefacts(house):
        for piece, inside in pieces(name, content):
            artefacts += not piece.endswith("/base64")  # that is a guess, not a thing
            tally.broken(*(f"{what} in {piece}" for what in found(house.secrets, inside)))
    tally.trials += artefacts * len(house.secrets) * len(SPELLINGS)
    tally.notes["artefacts"] = artefacts + int(str(tally.notes.get("artefacts", 0)))
    if not any("-wal" in name and said for name, said in house.said.items()):
        tally.broken("no run got as far as a database with a log beside it")
    if not list((house.state / "logs").glob("crash-*")):
        tally.broken("no crash file was written, so none was searched")


def _artefacts(house: SecretHouse) -> Iterator[tuple[str, bytes]]:
    for path in sorted(house.state.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(house.state)), path.read_bytes()
    yield from house.said.items()
    yield from house.mails().items()
    for number, ping in enumerate(house.monitor.told):
        yield f"ping {number}", ping.partition(b"\n")[2]
    yield "logs of libraries", "\n".join(house.foreign.lines).encode()
    yield from ((name, text.encode()) for name, text in _spoken(house))


def _spoken(house: SecretHouse) -> Iterator[tuple[str, str]]:
    """What objects say of themselves, as a debugger or an assertion would print them."""
    here = installation(str(house.config), Redactor())
    config, clock = here.config, SystemClock()
    with connections(config, clock, MemoryLedger(), LIVE) as way:
        for thing in (
            here, config, effective(here.loaded), config.model_dump(), config.model_dump_json(),
            halo_settings(config), autoelevate_settings(config), way, transport(config),
            Heartbeat(config.heartbeat), here.redactor,
        ):  # fmt: skip
            yield f"repr of {type(thing).__name__}", f"{thing!r} {thing}"
