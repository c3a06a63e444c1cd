"""HaloPSA's authorisation server: who gets a token, for which scopes, and every way to fail."""

import base64
import json
from dataclasses import dataclass
from random import Random

from sync.sandbox.switches import HaloSwitches
from sync.sandbox.wire import Ask, Reply, json_reply
from sync.sandbox.world.estate import new_uuid
from sync.sandbox.world.people import DOMAIN, OUR_AGENT

TENANT = "demomsp"
SCOPES = frozenset(
    {"all", "all:standard", "admin"}
    | {
        f"{verb}:{area}"
        for verb in ("read", "edit")
        for area in (
            "tickets",
            "customers",
            "assets",
            "crm",
            "contracts",
            "items",
            "kb",
            "reporting",
        )
    }
)
SERVER_ERROR = b"<!DOCTYPE html><html><body><h1>Server Error in '/' Application.</h1></body></html>"


@dataclass(frozen=True, slots=True)
class HaloKeys:
    """What an admin would copy out of the application's Details tab."""

    tenant: str
    client_id: str
    client_secret: str

    @classmethod
    def of(cls, seed: int) -> "HaloKeys":
        rng = Random(f"{seed}/halo keys")
        return cls(TENANT, new_uuid(rng), f"{new_uuid(rng)}-{new_uuid(rng)}")


@dataclass(frozen=True, slots=True)
class Grant:
    expires: float
    scopes: frozenset[str]


class TokenDesk:
    """Issues tokens and remembers them until they expire."""

    def __init__(self, keys: HaloKeys, switches: HaloSwitches, seed: int) -> None:
        self.keys = keys
        self.switches = switches
        self._rng = Random(f"{seed}/tokens")
        self._grants: dict[str, Grant] = {}

    def grant(self, ask: Ask) -> Grant | None:
        """The live grant behind a request's bearer token."""
        scheme, _, token = ask.headers.get("authorization", "").partition(" ")
        grant = self._grants.get(token) if scheme.lower() == "bearer" else None
        return grant if grant and grant.expires > ask.at else None

    def revoke_all(self) -> None:
        """Forget every token, as a restart of the server does."""
        self._grants.clear()

    def answer(self, ask: Ask) -> Reply:
        form = ask.form
        if ask.method != "POST" or form.get("grant_type") != "client_credentials":
            return json_reply({"error": "unsupported_grant_type"}, 400)
        if self._wrong_tenant(ask):
            return self._tenant_refusal()
        known = (self.keys.client_id, self.keys.client_secret)
        if (form.get("client_id"), form.get("client_secret")) != known:
            return json_reply(
                {"error": "invalid_client", "error_description": "Invalid client credentials."}, 401
            )
        if self.switches.login != "ok":
            return json_reply(
                {"error": "access_denied", "error_description": "No active agent to log in as."},
                self.switches.login_status,
            )
        asked = frozenset(form.get("scope", "").split())
        if not asked <= SCOPES or not asked <= self.switches.app_scopes:
            return json_reply(
                {"error": "invalid_scope", "error_description": "The scope is not supported."},
                self.switches.invalid_scope_status,
            )
        return self._issue(ask, asked)

    def _wrong_tenant(self, ask: Ask) -> bool:
        where = self.switches.tenant_from
        sent = {"query": ask.query, "form": ask.form}.get(where, {}).get("tenant", "")
        return where != "ignored" and sent.lower() != self.keys.tenant

    def _tenant_refusal(self) -> Reply:
        status = int(self.switches.wrong_tenant)
        if status == 500:
            return Reply(500, SERVER_ERROR, {"Content-Type": "text/html"})
        return json_reply({"error": "invalid_tenant"}, status)

    def _issue(self, ask: Ask, scopes: frozenset[str]) -> Reply:
        token = f"{self._rng.getrandbits(512):0128x}"
        self._grants[token] = Grant(ask.at + self.switches.expires_in, scopes)
        answer: dict[str, object] = {
            "token_type": "Bearer",
            "access_token": token,
            "expires_in": self.switches.expires_in,
        }
        if scopes:
            answer = {"scope": " ".join(sorted(scopes)), **answer}
        if self.switches.refresh_token:
            answer["refresh_token"] = f"{self._rng.getrandbits(256):064x}"
        if self.switches.id_token:
            answer["id_token"] = _jwt({"sub": str(OUR_AGENT), "email": f"halosync@{DOMAIN}"})
        return json_reply(answer)


def _jwt(claims: dict[str, str]) -> str:
    """An unsigned-looking JWT: three parts, the middle one readable."""

    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS256', 'typ': 'JWT'})}.{part(claims)}.{'A' * 43}"
