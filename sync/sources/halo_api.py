"""Halo's API as this project uses it: authorised GETs, and what each refusal means."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from sync.core.pulls import Answer
from sync.sources.causes import Cause, Trouble
from sync.sources.halo_assets import AssetType
from sync.sources.halo_rows import envelope
from sync.sources.halo_token import SCOPES, Token
from sync.sources.http import Reply, Request, Wire, query_of
from sync.sources.line import HALO_PATIENCE, Line
from sync.sources.pace import Window
from sync.sources.pages import read_page
from sync.sources.rows import RowFault, RowReader
from sync.sources.settings import HaloSettings, checked_address
from sync.sources.words import Secrets, server_words

S = TypeVar("S", bound=msgspec.Struct)
Parameters = Sequence[tuple[str, str]]


class _OnlyId(msgspec.Struct):
    id: int


class HaloApi:
    def __init__(
        self,
        settings: HaloSettings,
        wire: Wire,
        *,
        scopes: tuple[str, ...] = SCOPES,
        line: Line | None = None,
    ) -> None:
        """`scopes`: what the token is asked for; the doctor probes others, one at a time."""
        self._root = root_of(settings.base_url)
        self._secrets = Secrets()
        self.pace = Window(wire.clock, settings.requests_per_window, settings.window_seconds)
        self.line = line or Line(wire, self.pace, HALO_PATIENCE)
        self.token = Token(settings, self._root, self.line, self._secrets, scopes)
        self.answered = False
        """Whether any request has been let in with our token."""

    def log_in(self, scope: str) -> None:
        """Have a token, and know that it was granted the scope the next list needs."""
        self.token.bearer()
        if scope and self.token.lacks(scope):
            raise self._scope_missing(scope)

    def list(self, path: str, parameters: Parameters, scope: str = "") -> Reply:
        """GET one page; anything but a 200 is `Trouble`."""
        reply = self._get(path, parameters)
        if reply.status == 200:
            return reply
        raise self._refusal(reply, path, scope)

    def read(self, path: str, struct: type[S]) -> S | None:
        """GET one object that we can do without."""
        reply = None
        with self.line.dispensable():
            reply = self._send(path)
        if reply is None or reply.status != 200:
            return None
        try:
            return msgspec.json.decode(reply.body, type=struct, strict=False)
        except (msgspec.MsgspecError, RecursionError):
            return None

    def ask(self, path: str, record_id: str, known: Callable[[bytes], Answer]) -> Answer:
        """Ask for one record; `known` reads the answer of one that is there."""
        try:
            number = int(record_id)
            reply = self._get(f"{path}/{number}")
        except (Trouble, ValueError):
            return Answer.UNKNOWN
        match reply.status:
            case 404:
                return Answer.GONE
            case 403:
                return Answer.HIDDEN
            case 200 if _id_in(reply) == number:
                return known(reply.body)
        return Answer.UNKNOWN

    def asset_types(self) -> dict[int, str]:
        """Every asset type's id and name."""
        reader = RowReader(AssetType)
        reply = self.list("AssetType", (), "read:assets")
        page = read_page(reply.body, envelope("assettypes", reader, bare=True))
        found: dict[int, str] = {}
        for row in page.rows:
            try:
                kind = reader.typed(row)
            except RowFault:
                continue
            found[kind.id] = kind.name or ""
        return found

    def _get(self, path: str, parameters: Parameters = ()) -> Reply:
        """GET, renewing the token once where Halo no longer takes it."""
        reply = self._send(path, parameters)
        if reply.status == 401:
            self.token.renew()
            reply = self._send(path, parameters)
        if reply.status == 401:
            raise self._shut_out(reply)
        self.answered = self.answered or reply.status == 200
        return reply

    def _send(self, path: str, parameters: Parameters = ()) -> Reply:
        url = f"{self._root}/api/{path}{query_of(parameters)}"
        headers = {"Authorization": self.token.bearer()}
        return self.line.ask(Request(url, headers), f"/api/{path}")

    def _shut_out(self, reply: Reply) -> Trouble:
        if self.token.granted is None:
            return self._scope_missing("", "; Halo then refuses the API (HTTP 401)")
        trouble = Trouble(
            Cause.UNAUTHORIZED,
            "Halo issues a token and then refuses it (HTTP 401): the application's secret or "
            "rights were changed" + self._said(reply),
        )
        # A list refused to a token that opens others is that list's trouble alone.
        return trouble if self.answered else self.line.give_up(trouble)

    def _refusal(self, reply: Reply, path: str, scope: str) -> Trouble:
        said = self._said(reply)
        match reply.status:
            case 403 if scope and self.token.granted is None:
                return self._scope_missing(scope, "; Halo refuses the list (HTTP 403)")
            case 403:
                needs = f"; it needs {scope} and the agent's permission" if scope else ""
                return Trouble(Cause.FORBIDDEN, f"HTTP 403 for /api/{path}{needs}{said}")
            case 404:
                return Trouble(Cause.NO_ENDPOINT, f"HTTP 404 for /api/{path}: check halo.base_url")
            case 400 | 406 | 422:
                return Trouble(Cause.BAD_REQUEST, f"HTTP {reply.status} for /api/{path}{said}")
        return Trouble(Cause.ODD_STATUS, f"HTTP {reply.status} for /api/{path}{said}")

    def _scope_missing(self, scope: str, more: str = "") -> Trouble:
        granted = self.token.scope or "none"
        named = scope or "read:customers read:assets"
        return Trouble(Cause.SCOPE_MISSING, f"{named} not granted; granted: {granted}{more}")

    def _said(self, reply: Reply) -> str:
        words = server_words(reply.body, self._secrets)
        return f'; Halo says "{words}"' if words else ""


def root_of(base_url: str) -> str:
    """The instance's address, whether it was given with `/api` or without."""
    address = checked_address(base_url, "halo.base_url")
    return address[:-4] if address.lower().endswith("/api") else address


def _id_in(reply: Reply) -> int | None:
    try:
        return msgspec.json.decode(reply.body, type=_OnlyId, strict=False).id
    except (msgspec.MsgspecError, RecursionError):
        return None
