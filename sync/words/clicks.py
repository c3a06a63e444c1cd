"""Which box to tick where: one line for everything the doctor may find wrong or cannot read.

The labels are the portals'; their Spanish forms stand in the catalogue with the English ones in
brackets, since a portal may show either.
"""

from sync.words.saying import N_, Several

PLACES = {
    "halo": N_(
        "Halo: Configuration > Integrations > HaloPSA API > Applications > halosync’s application"
    ),
    "halo-lists": N_("Halo: Configuration > Teams & Agents > Agents > halosync’s agent"),
    "ae-application": N_(
        "Halo: Configuration > Integrations > HaloPSA API > Applications > "
        "AutoElevate’s application"
    ),
    "ae-agent": N_("Halo: Configuration > Teams & Agents > Agents > AutoElevate’s agent"),
    "autoelevate": N_("AutoElevate: Users > the service user > API Keys"),
}
"""Where the clicks of a part begin; told once, above them."""

_API_PAGE = N_(
    "HaloPSA API page: compare Resource Server, Authorisation Server and Tenant with halo.base_url,"
    " halo.auth_url and halo.tenant"
)
_OUR_PERMISSIONS = N_("tab Permissions: tick read:customers and read:assets, nothing else")
_OUR_AGENT = N_(
    "a default team, no restriction by client, Clients Access Level and Assets Access Level "
    "“Read Only”"
)
_TEAM = N_("Teams, Team-Agent Relationship of each team that the ticket type needs: on")
_ROLE = N_("its Role or its tab Permissions, Ticket permissions: Yes")
_CHMOD = N_("chmod 600 {file}")
_ALL = N_("its Role or its tab Permissions: Yes")

CLICKS: dict[str, str | Several] = {
    "config-file": _CHMOD,
    "secret-file": _CHMOD,
    "state": N_("chmod 700 {folder}, or name a folder of your own: state_dir"),
    "disk": N_("make room, or lower min_free_megabytes"),
    "time-zone": N_("set schedule.timezone, for example Europe/Madrid"),
    "start": N_("{hint}"),
    "tenant": _API_PAGE,
    "address": _API_PAGE,
    "token-service": _API_PAGE,
    "secret": N_(
        "tab Details: Authentication Method “Client ID and Secret (Services)”; copy Client ID and "
        "Client Secret again, and wait some seconds after Save"
    ),
    "login-agent": N_(
        "Login Type “Agent”; Agent to log in as: anybody but None, an API-only agent will do"
    ),
    "login-admin": N_("choose another agent under Agent to log in as"),
    "scope": _OUR_PERMISSIONS,
    "wider-scopes": _OUR_PERMISSIONS,
    "list": _OUR_AGENT,
    "list-short": N_("let the login or key see every client and company"),
    "inactive-unknown": N_("Feature Access, Clients Access Level: “Read Only”"),
    "asset-types": N_("name the types that are computers in halo.asset_types; Halo has: {types}"),
    "tickets": N_(
        "tick read:tickets on the tab Permissions of halosync’s application, let its agent read "
        "tickets, and compare the section ticket_evidence with a ticket of AutoElevate’s"
    ),
    "name-field": N_(
        "set halo.asset_name_fields to the fields that hold computer names; field:<name> takes "
        "any asset field"
    ),
    "ae-method": N_("tab Details: “Client ID and Secret (Services)”"),
    "ae-login": N_("Login Type “Agent”; Agent to log in as: not None"),
    "ae-active": N_("is it there, and active?"),
    "ae-scope": N_("tab Permissions: tick {of}"),
    "agent": N_("Agent to log in as, in AutoElevate’s application, names it"),
    "agent-enabled": N_("enable the account"),
    "agent-api-only": N_("tick “Is an API-only Agent”"),
    "team": _TEAM,
    "department": N_(
        "Departments, Department-Agent Relationship: “View All”; “Modify All” where tickets are "
        "not updated"
    ),
    "right:Tx": N_("its Role or its tab Permissions, Feature Access: “Read and Modify”"),
    "right:Ux": N_("its Role or its tab Permissions, Feature Access: “View (Names Only)”"),
    "right:Dx": N_("its Role or its tab Permissions, Feature Access: “Read Only”"),
    "right:l7": N_(
        "its Role or its tab Permissions, Ticket permissions: Yes; No is legitimate, tickets are "
        "then not assigned to whoever answered in AutoElevate"
    ),
    "right": _ROLE,
    "restriction": _ALL,
    "ae-address": N_(
        "let this machine reach it: firewall, autoelevate.proxy, autoelevate.base_url"
    ),
    "ae-key": N_("make a new key with companyView, locationView and computerView"),
    "ae-list": N_("make a key with {scope} that is not limited to some companies"),
    "ae-restriction": N_("make a key that is not limited to some companies"),
    "ae-wider": N_("make a key without auditLogView"),
    "ae-clock": N_("let this machine keep its time by a time server (NTP)"),
    "users": N_("export the technicians from AutoElevate’s Users screen again: {file}"),
    "flags": N_("copy the grid out of the portal again, with its Linked column: {file}"),
    "budget": N_("run at another hour, or raise run_deadline_minutes"),
    "recipients": N_("name them under report.recipients"),
    "mail": N_("compare the section mail of the configuration with your mail server’s settings"),
    "test-mail": N_("ask the mail server’s administrator; its answer stands above"),
}

WAYS = frozenset({"dns", "refused", "network", "proxy", "timeout", "truncated", "tls", "quota",
                  "server-error", "redirect"})  # fmt: skip
"""Causes whose own remedy says more than any box."""
