"""Logs in to Halo: finds the token service, asks for a token, renews it early, names refusals."""

from urllib.parse import quote, urlsplit

import msgspec

from sync.errors import ConfigError
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Reply, Request
from sync.sources.line import Line
from sync.sources.settings import HaloSettings, checked_address, checked_secret, is_loopback
from sync.sources.words import Secrets, error_code, server_words

SCOPES = ("read:customers", "read:assets")
EARLY_SECONDS, EARLY_SHARE = 120.0, 0.1


class _Granted(msgspec.Struct):
    access_token: str
    scope: str | None = None
    expires_in: float | None = None


class _AuthInfo(msgspec.Struct):
    auth_url: str | None = None
    tenant_id: str | None = None


_GRANTED = msgspec.json.Decoder(_Granted, strict=False)
_AUTH_INFO = msgspec.json.Decoder(_AuthInfo)


class Token:
    """The bearer token of this run. It lives in memory only."""

    def __init__(
        self,
        settings: HaloSettings,
        root: str,
        line: Line,
        secrets: Secrets,
        scopes: tuple[str, ...] = SCOPES,
    ) -> None:
        self._scopes = scopes
        self._id = checked_secret(settings.client_id, "halo.client_id")
        self._secret = checked_secret(settings.client_secret, "halo.client_secret")
        self._settings = settings
        self._root = root
        self._line = line
        self._secrets = secrets
        self._service: tuple[str, str] | None = None
        self._value = ""
        self._fresh_until: float | None = None
        self.granted: frozenset[str] | None = None
        """None = not logged in yet, or the answer named no scope."""
        secrets.add(self._secret, self._id)

    @property
    def scope(self) -> str:
        """What was granted, in a stable order."""
        return " ".join(sorted(self.granted or ()))

    def lacks(self, needed: str) -> bool:
        """Whether the token was issued without a scope this list needs."""
        return self.granted is not None and not grants(self.granted, needed)

    def bearer(self) -> str:
        now = self._line.clock.monotonic()
        if not self._value or (self._fresh_until is not None and now >= self._fresh_until):
            self.renew()
        return f"Bearer {self._value}"

    def renew(self) -> None:
        """Ask for a new token; `Trouble` names why there is none."""
        auth_url, tenant = self._service = self._service or self._find_service()
        started = self._line.clock.monotonic()
        # NOTE: a wrong tenant is answered with a 500 and a web page.
        try:
            reply = self._line.ask(self._request(auth_url, tenant), "token", may_be_500=True)
        except Trouble as trouble:
            if trouble.cause is not Cause.PAGE_TOO_BIG:
                raise
            raise self._line.give_up(Trouble(Cause.TOKEN_ADDRESS, trouble.detail)) from None
        if reply.status != 200:
            raise self._line.give_up(self._refusal(reply))
        try:
            answer = _GRANTED.decode(reply.body)
            self._value = checked_secret(answer.access_token, "token")
        except (msgspec.MsgspecError, RecursionError, ConfigError):
            host = urlsplit(auth_url).hostname
            raise self._line.give_up(
                Trouble(Cause.TOKEN_ADDRESS, f"{host} answered, but with no token")
            ) from None
        self._secrets.add(self._value)
        self.granted = frozenset(answer.scope.split()) if answer.scope else None
        self._fresh_until = _fresh_until(started, answer.expires_in)

    def _request(self, auth_url: str, tenant: str) -> Request:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._id,
            "client_secret": self._secret,
            "scope": " ".join(self._scopes),
        }
        url = auth_url if auth_url.endswith("/token") else f"{auth_url}/token"
        if tenant:
            # Hosted instances read it from the query, some clients send it as a field: both.
            form["tenant"] = tenant
            url += f"?tenant={quote(tenant, safe='')}"
        return Request(url, form=form)

    def _refusal(self, reply: Reply) -> Trouble:
        code, said = error_code(reply.body), server_words(reply.body, self._secrets)
        words = f'; Halo says "{said}"' if said else ""
        if code == "invalid_scope":
            wanted = " and ".join(self._scopes)
            detail = f"the application must be allowed {wanted} (HTTP {reply.status})"
            return Trouble(Cause.INVALID_SCOPE, detail)
        if code == "invalid_client" or reply.status == 401:
            detail = f"client id or secret not accepted (HTTP {reply.status}){words}"
            return Trouble(Cause.INVALID_CLIENT, detail)
        if reply.status == 500 or "tenant" in f"{code} {said}".lower():
            return Trouble(Cause.WRONG_TENANT, self._tenant_words(reply.status))
        detail = f"the token service answered HTTP {reply.status}{words}"
        return Trouble(Cause.TOKEN_ADDRESS, detail)

    def _tenant_words(self, status: int) -> str:
        tenant = (self._service or ("", ""))[1]
        named = f"tenant {tenant!r}" if tenant else "no tenant"
        return f"the token service answered HTTP {status} for {named}"

    def _find_service(self) -> tuple[str, str]:
        """Give auth URL and tenant: as configured, else as Halo says, else as is customary."""
        configured, tenant = self._settings.auth_url, self._settings.tenant
        said = _AuthInfo()
        if not (configured and tenant):
            said = self._ask_halo()
        if configured:
            return checked_address(configured, "halo.auth_url"), tenant or said.tenant_id or ""
        parts = urlsplit(self._root)
        customary = f"{parts.scheme}://{parts.netloc}/auth"
        found = self._trusted(said.auth_url) if said.auth_url else customary
        return found, tenant or said.tenant_id or ""

    def _ask_halo(self) -> _AuthInfo:
        reply = self._line.ask(Request(f"{self._root}/api/authinfo"), "authinfo")
        try:
            return _AUTH_INFO.decode(reply.body) if reply.status == 200 else _AuthInfo()
        except (msgspec.MsgspecError, RecursionError):
            return _AuthInfo()

    def _trusted(self, auth_url: str) -> str:
        """Refuse to carry the secret to a host that is not the instance's own."""
        ours = urlsplit(self._root).hostname or ""
        try:
            address = checked_address(auth_url, "auth_url")
        except ConfigError:
            address = ""
        theirs = (urlsplit(address).hostname or "") if address else ""
        if same_house(ours, theirs) or theirs in self._settings.auth_hosts:
            return address
        raise self._line.give_up(
            Trouble(
                Cause.AUTH_HOST,
                f"Halo names {theirs[:100] or 'an unusable address'} as its token service; "
                "if that is right, set halo.auth_url or halo.auth_hosts",
            )
        )


def _fresh_until(started: float, expires_in: float | None) -> float | None:
    if expires_in is None or not 0 < expires_in < 10**9:
        return None
    return started + expires_in - min(EARLY_SECONDS, EARLY_SHARE * expires_in)


def same_house(ours: str, theirs: str) -> bool:
    """The same host, or a sibling below the same parent domain (`acme.` and `auth.example.com`)."""
    if not theirs or is_loopback(ours) or is_loopback(theirs):
        return bool(theirs) and is_loopback(ours) and is_loopback(theirs)
    parent = ours.partition(".")[2]
    return theirs == ours or ("." in parent and theirs.endswith(f".{parent}"))


def grants(granted: frozenset[str], needed: str) -> bool:
    """`all` includes everything, `edit:x` reading x."""
    verb, _, what = needed.partition(":")
    enough = {"all", "all:standard", "admin", needed, f"edit:{what}" if verb == "read" else needed}
    return bool(granted & enough)
