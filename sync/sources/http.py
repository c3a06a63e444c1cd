"""One exchange with a server, and the only importer of `requests`.

No retries, redirects, cookies or settings from the environment happen here or behind our back;
what an answer means and whether to ask again is decided in `sync.sources.line`.
"""

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol, Self
from urllib.parse import urlencode, urlsplit

import requests
import urllib3.exceptions as lower
from requests.adapters import HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context

from sync import __version__
from sync.clock import Clock
from sync.errors import ConfigError, DeadlinePassed
from sync.sources.causes import Cause, Trouble
from sync.sources.settings import WireSettings
from sync.sources.sockets import Watchdog, put_under

KEPT_HEADERS = ("date", "retry-after", "deprecation", "sunset", "link", "location")

Authorize = Callable[[str, str], str]
"""(method, request target as sent) -> the Authorization header's value."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question for a server. A GET, or with `form` the one POST we ever send: for a token."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    authorize: Authorize | None = field(default=None, repr=False)

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"

    @property
    def target(self) -> str:
        """Path and query, without the host."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Lower-case names, only those of `KEPT_HEADERS`."""
    body: bytes = field(repr=False)
    at: datetime
    """The server's own time where it said it, else ours."""

    @property
    def server_time(self) -> datetime | None:
        return http_date(self.headers.get("date", ""))


class Deadline:
    """When the run must be over. Shared by the sources of a run; quota waits may extend it."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._at = clock.monotonic() + seconds

    def left(self) -> float:
        return self._at - self._clock.monotonic()

    def extend(self, seconds: float) -> None:
        self._at += max(0.0, seconds)

    def check(self) -> None:
        if self.left() <= 0:
            raise DeadlinePassed(
                "the run reached its deadline and was given up; nothing was published",
                hint="look for a slow or stalled system; run_deadline_minutes sets the limit",
            )


class Wire(Protocol):
    """Carries one request and brings its answer, or raises `Trouble`."""

    @property
    def clock(self) -> Clock: ...

    @property
    def deadline(self) -> Deadline: ...

    def send(self, request: Request) -> Reply: ...


class HttpWire:
    """The real wire: `HttpWire(WireSettings(ca_file=..., proxy=...), clock, Deadline(clock, s))`.

    One per source, used by one thread at a time; close it at the end of the run.
    """

    def __init__(self, settings: WireSettings, clock: Clock, deadline: Deadline) -> None:
        self.clock = clock
        self.deadline = deadline
        self._settings = settings
        self._watchdog = Watchdog()
        self._session = _session(settings, self._watchdog)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def send(self, request: Request) -> Reply:
        self.clock.check()
        self.deadline.check()
        seconds = min(self._settings.request_seconds, self.deadline.left())
        with self._watchdog.within(seconds):
            try:
                reply = self._exchange(request)
                if self._watchdog.fired:
                    # A header cut off in the middle looks like its end: no error, and no answer.
                    raise TimeoutError
            except (requests.RequestException, lower.HTTPError, OSError) as error:
                # The library's texts hold the address with its query: only our words leave here.
                cause = Cause.TIMEOUT if self._watchdog.fired else _cause(error)
                host = urlsplit(request.url).hostname
                raise Trouble(cause, f"{host}: {cause.meaning}", self.clock.now()) from None
        return reply

    def _exchange(self, request: Request) -> Reply:
        prepared = self._session.prepare_request(
            requests.Request(request.method, request.url, dict(request.headers), data=request.form)
        )
        if request.authorize is not None:
            value = request.authorize(request.method, prepared.path_url)
            prepared.headers["Authorization"] = value
        with self._session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            verify=self._session.verify,
            proxies=self._session.proxies,
            timeout=(self._settings.connect_seconds, self._settings.read_seconds),
        ) as answer:
            body = self._body(answer)
            kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        at = http_date(kept.get("date", "")) or self.clock.now()
        return Reply(answer.status_code, kept, body, at)

    def _body(self, answer: requests.Response) -> bytes:
        """Read what was sent, counting decoded bytes: a small gzip may hold a large bomb."""
        most, pieces, size = self._settings.page_bytes, [], 0
        for piece in answer.raw.stream(65536, decode_content=True):
            size += len(piece)
            if size > most:
                detail = f"more than {most // 1024 // 1024} MiB decoded"
                raise Trouble(Cause.PAGE_TOO_BIG, detail, self.clock.now())
            pieces.append(piece)
        return b"".join(pieces)


class _Adapter(HTTPAdapter):
    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_tls(), **kwargs)
        put_under(self._watchdog, self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, ssl_context=_tls(), **kwargs)
        if new:
            put_under(self._watchdog, manager)
        return manager


def _tls() -> ssl.SSLContext:
    """TLS 1.2 or later; no default paths, so SSL_CERT_FILE and its like change nothing."""
    return create_urllib3_context(ssl_minimum_version=ssl.TLSVersion.TLSv1_2)


def _session(settings: WireSettings, watchdog: Watchdog) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = settings.ca_file or True
    if settings.ca_file:
        _check_ca(settings.ca_file)
    if settings.proxy:
        session.proxies = {"http": settings.proxy, "https": settings.proxy}
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = requests.structures.CaseInsensitiveDict(
        {
            "User-Agent": f"halosync/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
        }
    )
    session.mount("https://", _Adapter(watchdog))
    session.mount("http://", _Adapter(watchdog))
    return session


def _check_ca(path: str) -> None:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        raise ConfigError(
            f"the CA file {path} cannot be used: {error.strerror or 'no certificate in it'}",
            hint="ca_file names a PEM file with the certificate authority of the server",
        ) from None


def _cause(error: BaseException) -> Cause:
    """Name what went wrong by the innermost error that tells us something."""
    chain = list(_chain(error))
    for kinds, cause in _CAUSES:
        if any(isinstance(link, kinds) for link in chain):
            return cause
    # Headers came through `requests`, which wraps its errors; a body is read below it.
    in_body = isinstance(error, lower.ProtocolError)
    return Cause.TRUNCATED if in_body else Cause.NETWORK


_CAUSES: tuple[tuple[tuple[type[BaseException], ...], Cause], ...] = (
    (
        (lower.ProxyError, requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL),
        Cause.PROXY,
    ),
    ((lower.NameResolutionError,), Cause.DNS),
    ((ConnectionRefusedError,), Cause.REFUSED),
    ((ssl.SSLEOFError, ConnectionResetError, BrokenPipeError), Cause.NETWORK),
    ((lower.IncompleteRead, lower.InvalidChunkLength, lower.DecodeError), Cause.TRUNCATED),
    ((requests.exceptions.ContentDecodingError,), Cause.TRUNCATED),
    ((ssl.SSLError, lower.SSLError, requests.exceptions.SSLError), Cause.TLS),
    ((TimeoutError, lower.TimeoutError, requests.Timeout), Cause.TIMEOUT),
)


def _chain(error: BaseException) -> Any:
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        link = queue.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            queue += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]


def query_of(parameters: Iterable[tuple[str, str]]) -> str:
    """Give a query as it stands in an address, with its question mark; empty without parameters."""
    told = "&".join(map(_parameter, parameters))
    return f"?{told}" if told else ""


@lru_cache(maxsize=1024)
def _parameter(pair: tuple[str, str]) -> str:
    """Encode once what is the same for each of a list's thousand pages."""
    return urlencode([pair])


def http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
