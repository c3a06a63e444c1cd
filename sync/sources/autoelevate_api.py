"""AutoElevate's partner API as this project uses it: signed GETs, and what each refusal means."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote

import msgspec

from sync.errors import ConfigError
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Reply, Request, Wire, query_of
from sync.sources.ledger import RequestLedger
from sync.sources.line import AE_PATIENCE, Line
from sync.sources.pace import Spaced
from sync.sources.settings import AutoElevateSettings, checked_address, checked_secret
from sync.sources.signing import signature_header
from sync.sources.words import Secrets, server_words

S = TypeVar("S", bound=msgspec.Struct)
ACKNOWLEDGED = {"X-Acknowledgment": "i-understand-this-is-beta-and-may-change"}
SCOPES = {
    "companies": "companyView",
    "locations": "locationView",
    "computers": "computerView",
    "usage": "computerView",
    "elevation-requests": "requestView",
}
LARGEST_SKEW = timedelta(minutes=5)


class AutoElevateApi:
    def __init__(self, settings: AutoElevateSettings, wire: Wire, ledger: RequestLedger) -> None:
        self._root = root_of(settings.base_url)
        self._key = checked_secret(settings.key, "autoelevate.key")
        self._hmac_key = checked_secret(settings.hmac_key, "autoelevate.hmac_key", empty=True)
        _check_scheme(self._key, self._hmac_key)
        self._secrets = Secrets(self._key, self._hmac_key)
        self._clock = wire.clock
        self._pace = Spaced(
            wire.clock,
            ledger,
            seconds=settings.spacing_seconds,
            per_hour=settings.requests_per_hour,
        )
        self._deadline = wire.deadline
        self.line = Line(wire, self._pace, AE_PATIENCE)
        self.notices: list[str] = []
        """What AutoElevate announces about this version of its API, each once."""

    @property
    def login(self) -> str:
        return "service user's key, signed" if self._hmac_key else "service user's key, bearer"

    def list(self, route: str, parameters: Sequence[tuple[str, str]]) -> Reply:
        """GET one page; anything but a 200 is `Trouble`."""
        return self._accept(self._send(route, parameters), route)

    def read(self, route: str, struct: type[S]) -> S | None:
        """GET one object that we can do without; a key that is no good shows all the same."""
        reply = None
        with self.line.dispensable():
            reply = self._send(route)
        if reply is None:
            return None
        try:
            self._accept(reply, route)
            return msgspec.json.decode(reply.body, type=struct, strict=False)
        except (Trouble, msgspec.MsgspecError, RecursionError):
            return None

    def ask(self, route: str, record_id: str) -> Reply | None:
        try:
            reply = self._send(f"{route}/{quote(record_id, safe='')}", label=f"{route}/{{id}}")
            return self._accept(reply, route) if reply.status == 401 else reply
        except Trouble:
            return None

    def plan(self, route: str, requests: int) -> None:
        """Stretch the run's deadline by the quota waits that so many more requests will cost."""
        self._deadline.extend(self._pace.planned_wait(_path(route), requests))

    def _send(
        self, route: str, parameters: Sequence[tuple[str, str]] = (), *, label: str = ""
    ) -> Reply:
        url = f"{self._root}{_path(route)}{query_of(parameters)}"
        request = Request(url, ACKNOWLEDGED, authorize=self._authorize)
        reply = self.line.ask(request, _path(label or route))
        self._note_notices(reply)
        return reply

    def _authorize(self, method: str, target: str) -> str:
        if not self._hmac_key:
            return f"Bearer {self._key}"
        ts = int(self._clock.now().timestamp() * 1000)
        return signature_header(self._key, self._hmac_key, method, target, ts)

    def _accept(self, reply: Reply, route: str) -> Reply:
        said = server_words(reply.body, self._secrets) if reply.status != 200 else ""
        said = f'; AutoElevate says "{said}"' if said else ""
        where = f"HTTP {reply.status} for {_path(route)}"
        match reply.status:
            case 200:
                return reply
            case 401:
                raise self.line.give_up(self._shut_out(reply, said))
            case 403:
                scope = SCOPES.get(route, "")
                raise Trouble(Cause.FORBIDDEN, f"{where}: the key needs {scope}{said}")
            case 404:
                detail = f"{where}: check autoelevate.base_url"
                raise Trouble(Cause.NO_ENDPOINT, detail)
            case 400 | 406 | 422:
                raise Trouble(Cause.BAD_REQUEST, f"{where}{said}")
        raise Trouble(Cause.ODD_STATUS, f"{where}{said}")

    def _shut_out(self, reply: Reply, said: str) -> Trouble:
        server = reply.server_time
        skew = self._clock.now() - server if server else timedelta(0)
        if self._hmac_key and abs(skew) > LARGEST_SKEW:
            minutes = round(abs(skew).total_seconds() / 60)
            way = "ahead of" if skew > timedelta(0) else "behind"
            return Trouble(
                Cause.CLOCK_SKEW,
                f"this host's clock is {minutes} min {way} AutoElevate's; signatures hold for 5",
            )
        return Trouble(
            Cause.UNAUTHORIZED, f"HTTP 401: key wrong, expired, revoked or of the other kind{said}"
        )

    def _note_notices(self, reply: Reply) -> None:
        for name in ("deprecation", "sunset", "link"):
            value = reply.headers.get(name)
            if value is None or (name == "link" and "successor-version" not in value):
                continue
            plain = "".join(c for c in value if c.isprintable())[:200]
            notice = f"{name.capitalize()}: {self._secrets.strike(plain)}"
            if notice not in self.notices:
                self.notices.append(notice)


def _path(route: str) -> str:
    return f"/api/v1/{route}"


def root_of(base_url: str) -> str:
    """The API's address, whether it was given with `/api`, `/api/v1` or without."""
    address = checked_address(base_url, "autoelevate.base_url")
    return address.removesuffix("/v1").removesuffix("/api")


def _check_scheme(key: str, hmac_key: str) -> None:
    """The prefix tells what a key was made for; each kind fails with the other's header."""
    if key.startswith("aeb_") and hmac_key:
        raise ConfigError(
            "autoelevate.key is a bearer key (aeb_) but hmac_key is set",
            hint="leave hmac_key out, or use the key that begins with aeh_",
        )
    if key.startswith("aeh_") and not hmac_key:
        raise ConfigError(
            "autoelevate.key is a signing key (aeh_) but hmac_key is missing",
            hint="set autoelevate.hmac_key: the secret shown once when the key was made",
        )
