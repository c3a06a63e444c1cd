"""Every point where the real systems' behaviour is unknown or differs: the default comes first."""

from dataclasses import dataclass
from typing import Literal

_SETTINGS = """
    in_section unassigned_access otheragent_access membershiplevel Tx Ux Dx l6 l9 l8 l7 ld le lo
    Fc Ft Fa isapiagent isdisabled scopes grant_type login application"""
DOCTOR_SETTINGS = frozenset(_SETTINGS.split())
"""What `HaloSwitches.broken` may name: each is one line of the vendor's checklist, set wrong."""


@dataclass(frozen=True, slots=True)
class HaloSwitches:
    """HaloPSA; numbers in brackets are those of the list of open uncertainties."""

    # (1) Rate limit
    limit: Literal["300/300", "500/180", "none"] = "300/300"
    limit_body: Literal["json", "text"] = "json"
    retry_after: Literal["none", "seconds", "date"] = "none"
    token_counted: bool = True
    # (2, 3, 5, 6) Paging
    caps: Literal["50/100", "50", "100", "none"] = "50/100"
    """Assets 50 and the rest 100, all 50, all 100, none."""
    offset_from: Literal["capped", "asked"] = "capped"
    flags_omitted: Literal["active", "all"] = "active"
    unpaged: Literal["50", "everything"] = "50"
    pageinate_false: Literal["ignored", "honoured"] = "ignored"
    past_end: Literal["zero", "total"] = "zero"
    # (4) Agents
    agent_envelope: Literal["array", "results", "agents"] = "array"
    agent_paging: Literal["ignored", "honoured"] = "ignored"
    # (7) Dates as a filter
    last_update: Literal["ignored", "filters"] = "ignored"
    # (8, 9) Tokens
    expires_in: int = 3600
    app_scopes: frozenset[str] = frozenset({"read:customers", "read:assets"})
    """What our application may be granted."""
    invalid_scope_status: Literal[400, 401] = 400
    no_scope_status: Literal[401, 403] = 401
    denied_body: Literal["empty", "json", "html"] = "empty"
    wrong_tenant: Literal["500", "400", "401"] = "500"
    tenant_from: Literal["query", "form", "ignored"] = "query"
    login: Literal["ok", "none", "disabled"] = "ok"
    login_status: Literal[400, 401, 500] = 400
    refresh_token: bool = False
    id_token: bool = False
    # (10, 11) What the doctor reads
    view_all_level: Literal[1, 0, 2] = 1
    """The number behind the membership level "View All"."""
    claims: Literal["codes", "names", "absent", "forbidden"] = "codes"
    applications: Literal["forbidden", "readable"] = "forbidden"
    broken: frozenset[str] = frozenset()
    """Names out of `DOCTOR_SETTINGS` that are wrong for AutoElevate's own agent or application."""
    # (14) Access level of our login
    clients_access: Literal[2, 1, 0] = 2
    """Read only, names only, none."""
    assets_access: Literal[1, 0] = 1
    names_only_rows: Literal["brief", "full"] = "brief"
    names_only_inactive: Literal["missing", "present"] = "missing"
    names_only_sites: Literal[200, 403] = 200
    # (15) Scopes
    read_assets_enough: bool = True
    agents_without_scope: Literal["open", "forbidden"] = "open"
    # (16, 17) Order, answers by id
    order: Literal["honoured", "unordered"] = "honoured"
    invisible_by_id: Literal[404, 403, 200] = 404
    # (18) Shapes
    site_client_id: Literal["int", "float"] = "int"
    dates: Literal["bare", "z"] = "bare"
    odd_names: Literal["none", "null", "blank"] = "none"
    """Every 40th client's, site's and asset's name."""
    # (19) Tickets
    ticket_status: Literal[201, 200] = 201
    created_by: Literal["filled", "empty"] = "filled"
    """Whether the list says who made a ticket; its agent stands there all the same."""
    date_filter: Literal["honoured", "ignored"] = "honoured"
    bare_ticket: Literal["refused", "accepted"] = "refused"
    # (20) Our agent's default team
    default_team: bool = True
    without_team: Literal["self", "all"] = "self"

    def __post_init__(self) -> None:
        unknown = self.broken - DOCTOR_SETTINGS
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True)
class AeSwitches:
    """AutoElevate's Partner API."""

    # Keys
    scopes: frozenset[str] = frozenset({"companyView", "locationView", "computerView"})
    key_state: Literal["valid", "expired", "revoked"] = "valid"
    clock_skew_ms: int = 0
    """How far the server's clock is ahead of this machine's."""
    # Paging and rows
    over_take: Literal["refused", "capped"] = "refused"
    order: Literal["stable", "unstable"] = "stable"
    window_by_id: bool = False
    """Whether `/computers/{id}` too forgets machines silent for more than 30 days."""
    null_seen_listed: bool = False
    nulls: bool = False
    """Null wherever the schema allows it, in every seventh record."""
    unknown_mode: bool = False
    extra_fields: bool = False
    # Quotas
    hourly: int | None = 100
    other_consumers: int = 0
    """Requests of other integrations in the same hourly bucket."""
    retry_after: bool = True
    burst: Literal["off", "bare", "retry-after"] = "off"
    alias_own_bucket: bool = False
    # Restricted key
    invisible_by_id: Literal[403, 404] = 403
    computers_beyond_key: bool = False
    """Whether a restricted key lists computers of companies that it does not list."""
    # Answers
    checks: Literal["400-first", "429-first"] = "400-first"
    audit: Literal["open", "forbidden"] = "open"
    diff: Literal["empty", "email"] = "empty"
    deprecated: bool = False
    linking: Literal["exact", "casefold", "trimmed"] = "exact"
    """What AutoElevate's own linking (the hidden truth) takes for the same name."""
