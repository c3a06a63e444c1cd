"""What `halosync init` finds out by itself, so that nobody is asked for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync.doctor.autoelevate import key_checks
from sync.doctor.case import Case
from sync.doctor.checks import Check, Status
from sync.doctor.halo_login import ask_authinfo, log_in
from sync.doctor.sizes import Sizes
from sync.sources.causes import Trouble
from sync.sources.halo_api import HaloApi, root_of
from sync.sources.halo_token import same_house
from sync.sources.settings import HaloSettings, is_loopback

COMPUTERS = re.compile(
    r"work ?station|desktop|laptop|notebook|server|computer|\bpc\b|thin ?client|virtual machine"
    r"|\bvm\b|ordenador|portátil|servidor|equipo|sobremesa|estación de trabajo",
    re.IGNORECASE,
)
"""Asset types whose name says that they run AutoElevate's agent."""
NOT_COMPUTERS = re.compile(r"licen|software|switch|monitor|printer|warrant|rack", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    checks: tuple[Check, ...]
    tenant: str = ""
    auth_url: str = ""
    """Empty where it is the customary one."""
    asset_types: Mapping[int, str] | None = None

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.status is Status.FAILED)


def discover_halo(case: Case) -> Found:
    """Log in, and learn tenant, authorisation address and asset types on the way."""
    checks: list[Check] = []
    login = log_in(case)
    try:
        while True:
            checks.append(next(login))
    except StopIteration as done:
        api: HaloApi | None = done.value
    if api is None:
        return Found(tuple(checks))
    said = ask_authinfo(case)
    tenant = case.halo.tenant or said.tenant_id or ""
    auth_url = case.halo.auth_url or _uncustomary(case.halo, said.auth_url or "")
    return Found(tuple(checks), tenant, auth_url, _types(api))


def discover_autoelevate(case: Case) -> Found:
    return Found(tuple(key_checks(case, Sizes({}))))


def likely_computers(types: Mapping[int, str]) -> tuple[str, ...]:
    """The types that are probably computers, for the admin to confirm."""
    return tuple(
        name
        for _, name in sorted(types.items())
        if COMPUTERS.search(name) and not NOT_COMPUTERS.search(name)
    )


def _types(api: HaloApi) -> Mapping[int, str] | None:
    try:
        return api.asset_types()
    except Trouble:
        return None


def _uncustomary(settings: HaloSettings, auth_url: str) -> str:
    """An authorisation address that a run would not guess, from a host that may be trusted."""
    root = urlsplit(root_of(settings.base_url))
    parts = urlsplit(auth_url.rstrip("/"))
    trusted = parts.hostname and same_house(root.hostname or "", parts.hostname)
    safe = parts.scheme == "https" or is_loopback(parts.hostname or "")
    if (
        not auth_url
        or not trusted
        or not safe
        or (parts.netloc, parts.path) == (root.netloc, "/auth")
    ):
        return ""
    return auth_url.rstrip("/")
