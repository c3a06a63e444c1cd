"""Halo's front door: address, tenant, token, the login behind it, and what the token may do."""

from collections.abc import Generator, Iterator

import msgspec

from sync.doctor.case import Case
from sync.doctor.checks import Check, Facts, Part, Status, stopped
from sync.doctor.listening import Listening
from sync.errors import Exit
from sync.sources.causes import Cause, Trouble
from sync.sources.halo_api import HaloApi, root_of
from sync.sources.halo_token import SCOPES
from sync.sources.http import Reply, Request
from sync.sources.settings import HaloSettings
from sync.sources.words import error_code

WIDER = ("all", "edit:customers", "edit:assets", "edit:tickets")
"""What our application should not be allowed: whoever gets its secret could write."""
DOWN = Exit.SOURCE_DOWN


class AuthInfo(msgspec.Struct):
    """What Halo says of itself to anybody."""

    auth_url: str | None = None
    tenant_id: str | None = None


class _Me(msgspec.Struct):
    id: int | None = None
    name: str | None = None
    isapiagent: bool | None = None
    is_admin: bool | None = None


def log_in(case: Case) -> Generator[Check, None, HaloApi | None]:
    """Yield what the login shows; give the API to go on with, or None where it ends here."""
    try:
        said = ask_authinfo(case)
    except Trouble as trouble:
        yield stopped(Part.HALO, "address", trouble, whole=True)
        return None
    yield _halo("address", Status.OK, facts=(("address", root_of(case.halo.base_url)),))
    wire = Listening(case.to_halo)
    api = HaloApi(case.halo, wire)
    try:
        api.token.renew()
    except Trouble as trouble:
        yield from _refused(case, trouble, wire.last, said)
        yield _halo("halo-rest", Status.UNREADABLE)
        return None
    yield _tenant(case.halo, said)
    yield _halo("secret", Status.OK)
    yield from _who(api)
    yield from _scopes(api)
    yield from _wider(case)
    return api


def ask_authinfo(case: Case) -> AuthInfo:
    """Ask without a token, once and without patience: a wrong address shows at once."""
    reply = case.to_halo.send(Request(f"{root_of(case.halo.base_url)}/api/authinfo"))
    if 300 <= reply.status < 400:
        raise Trouble(Cause.REDIRECT, f"HTTP {reply.status}")
    try:
        return msgspec.json.decode(reply.body, type=AuthInfo) if reply.status == 200 else AuthInfo()
    except (msgspec.MsgspecError, RecursionError):
        return AuthInfo()


def _tenant(settings: HaloSettings, said: AuthInfo) -> Check:
    facts = (("tenant", settings.tenant), ("said", said.tenant_id or ""))
    if not settings.tenant:
        return _halo("tenant", Status.OK, "found" if said.tenant_id else "none", facts=facts)
    if said.tenant_id and said.tenant_id.casefold() != settings.tenant.casefold():
        return _halo("tenant", Status.WARNING, "differs", facts=facts)
    return _halo("tenant", Status.OK, facts=facts)


def _refused(case: Case, trouble: Trouble, last: Reply | None, said: AuthInfo) -> Iterator[Check]:
    """No token: say which box of the application is the likely one."""
    if trouble.cause is Cause.INVALID_SCOPE:
        yield from _one_by_one(case)
        return
    if _about_the_agent(trouble, last):
        yield _halo("login-agent", Status.FAILED, detail=trouble.detail, tonight=DOWN)
        return
    code = {
        Cause.INVALID_CLIENT: "secret",
        Cause.WRONG_TENANT: "tenant",
        Cause.AUTH_HOST: "token-service",
    }.get(trouble.cause, "token-service")
    facts = (("tenant", case.halo.tenant), ("said", said.tenant_id or ""))
    yield _halo(
        code, Status.FAILED, trouble.cause.value, facts=facts, detail=trouble.detail, tonight=DOWN
    )


def _about_the_agent(trouble: Trouble, last: Reply | None) -> bool:
    """Whether a well-formed refusal blames neither client nor tenant.

    NOTE: what Halo answers for a login agent "None" is not known; this is what is left over.
    """
    if trouble.cause not in {Cause.TOKEN_ADDRESS, Cause.INVALID_CLIENT, Cause.WRONG_TENANT}:
        return False
    code = error_code(last.body) if last else ""
    words = f"{code} {trouble.detail.partition('Halo says')[2]}".casefold()
    named = code not in {"", "invalid_client", "invalid_request", "unsupported_grant_type"}
    return named and "tenant" not in words


def _one_by_one(case: Case) -> Iterator[Check]:
    """Ask for each permission alone, to name the one that is missing."""
    for scope in SCOPES:
        trouble = _token_for(case, scope)
        if trouble is None:
            yield _halo("scope", Status.OK, of=scope)
        else:
            why, detail = trouble.cause.value, trouble.detail
            yield _halo("scope", Status.FAILED, why, of=scope, detail=detail, tonight=DOWN)


def _token_for(case: Case, scope: str) -> Trouble | None:
    """Ask for a token with one scope, and forget it; the trouble where there is none."""
    api = HaloApi(case.halo, case.to_halo, scopes=(scope,))
    try:
        api.token.renew()
    except Trouble as trouble:
        return trouble
    lacking = api.token.granted is None or api.token.lacks(scope)
    return Trouble(Cause.SCOPE_MISSING) if lacking else None


def _who(api: HaloApi) -> Iterator[Check]:
    """Name the agent behind the token; one that reads only is enough."""
    me = api.read("Agent/me", _Me)
    if me is None or not me.name:
        yield _halo("login-agent", Status.UNREADABLE)
        return
    facts = (("name", me.name),)
    yield _halo("login-agent", Status.OK, "api-only" if me.isapiagent else "", facts=facts)
    if me.is_admin:
        yield _halo("login-admin", Status.WARNING, facts=facts)


def _scopes(api: HaloApi) -> Iterator[Check]:
    for scope in SCOPES:
        if api.token.granted is None:
            yield _halo("scope", Status.FAILED, "no-scope", of=scope, tonight=Exit.WITHHELD)
        elif api.token.lacks(scope):
            why = Cause.SCOPE_MISSING.value
            yield _halo("scope", Status.FAILED, why, of=scope, tonight=Exit.WITHHELD)
        else:
            yield _halo("scope", Status.OK, of=scope)


def _wider(case: Case) -> Iterator[Check]:
    """Try what we should not be given. A refusal is the good answer."""
    wider = [scope for scope in WIDER if _token_for(case, scope) is None]
    if wider:
        yield _halo("wider-scopes", Status.WARNING, facts=(("scopes", ", ".join(wider)),))
    else:
        yield _halo("wider-scopes", Status.OK)


def _halo(  # noqa: PLR0913 - the fields of a check that this part fills
    code: str,
    status: Status,
    why: str = "",
    *,
    of: str = "",
    facts: Facts = (),
    detail: str = "",
    tonight: Exit = Exit.OK,
) -> Check:
    return Check(Part.HALO, code, status, of, why, facts, detail, tonight)
