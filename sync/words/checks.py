"""What the doctor says: each check's name and what was found; `clicks` says what to do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sync.words.causes import CAUSES, REMEDIES
from sync.words.clicks import CLICKS, WAYS
from sync.words.outcomes import COLLECTIONS, KINDS_MANY
from sync.words.saying import N_, Fact, Saying, Several

if TYPE_CHECKING:
    from sync.words import Words

STATUSES = {
    "ok": N_("ok"),
    "warning": N_("warning"),
    "failed": N_("FAILED"),
    "unreadable": N_("by hand"),
}

PARTS = {
    "host": N_("This machine"),
    "halo": N_("Halo: halosync’s own application"),
    "halo-lists": N_("Halo: the lists"),
    "ae-application": N_("Halo: AutoElevate’s application"),
    "ae-agent": N_("Halo: AutoElevate’s agent"),
    "autoelevate": N_("AutoElevate: the key"),
    "files": N_("Files"),
    "budget": N_("Tonight’s requests"),
    "mail": N_("Mail"),
}

TITLES: dict[str, str | Several] = {
    "config-file": N_("Configuration file"),
    "secret-file": N_("Secret file {of}"),
    "state": N_("State folder"),
    "disk": N_("Disk space"),
    "time-zone": N_("Time zone"),
    "start": N_("Start"),
    "address": N_("Address"),
    "tenant": N_("Tenant"),
    "secret": N_("Client ID and Secret (Services)"),
    "token-service": N_("Authorisation Server"),
    "login-agent": N_("Login Type “Agent”, Agent to log in as"),
    "login-admin": N_("Rights of the login"),
    "halo-rest": N_("Everything else in Halo"),
    "scope": N_("Permission {of}"),
    "wider-scopes": N_("No wider permissions"),
    "list": N_("{of}"),
    "list-short": N_("Length of {of}"),
    "inactive-unknown": N_("Inactive records in {of}"),
    "asset-types": N_("Asset types"),
    "tickets": N_("Tickets as evidence"),
    "name-field": N_("Asset name field {of}"),
    "ae-method": N_("Authentication Method"),
    "ae-login": N_("Login Type “Agent”, Agent to log in as"),
    "ae-active": N_("Application active"),
    "ae-scope": N_("Permission {of}"),
    "agent": N_("The agent"),
    "agent-enabled": N_("Agent enabled"),
    "agent-api-only": N_("Is an API-only Agent"),
    "team:in_section": N_("Can be assigned to"),
    "team:unassigned_access": N_("Can view Unassigned Tickets for this Team"),
    "team:otheragent_access": N_("Can view Tickets assigned to other Agents in this Team"),
    "department": N_("Membership Level"),
    "right:Tx": N_("Tickets Access Level"),
    "right:Ux": N_("Clients Access Level"),
    "right:Dx": N_("Assets Access Level"),
    "right:l6": N_("Can add new Tickets"),
    "right:l9": N_("Can view Unassigned Tickets"),
    "right:l8": N_("Can view Tickets that are assigned to other Agents"),
    "right:l7": N_("Can re-assign Tickets"),
    "right:ld": N_("Can assign to Agents in Teams the Agent is not a member of"),
    "right:le": N_("Can edit Tickets which are not assigned to them"),
    "right:lo": N_("Can always update Ticket Statuses and re-assign Tickets outside of actions"),
    "restriction:Fc": N_("Allow use of all Clients"),
    "restriction:Ft": N_("Allow use of all Ticket Types"),
    "restriction:Fa": N_("Allow use of all Asset Types"),
    "ae-address": N_("Address"),
    "ae-key": N_("API key"),
    "ae-clock": N_("Clock"),
    "ae-list": N_("{of}"),
    "ae-restriction": N_("All companies visible"),
    "ae-requests": N_("Elevation requests"),
    "ae-wider": N_("No wider permissions"),
    "users": N_("Technicians’ file"),
    "flags": N_("“Linked” column: {of}"),
    "budget:halo": N_("HaloPSA"),
    "budget:autoelevate": N_("AutoElevate"),
    "recipients": N_("Recipients"),
    "mail": N_("Mail server"),
    "test-mail": N_("Test mail"),
}

TONIGHT = {
    "0": N_("would be published and delivered"),
    "1": N_("would fail"),
    "3": N_("would be published, with at least one list withheld"),
    "4": N_("would be published, but no mail accepted"),
    "5": N_("would wait for somebody to acknowledge a shrunken list"),
    "6": N_("would miss a whole system"),
    "78": N_("would not start"),
}
SUMMARY = N_("ok: {ok}; warnings: {warning}; failed: {failed}; to look at by hand: {unreadable}")
VERDICT = N_("Tonight’s run {would} (exit code {code}).")
TEST_SUBJECT = N_("halosync: test mail")
TEST_TEXT = N_(
    "This is a test mail of halosync doctor. Reports will arrive like this one; nothing is wrong."
)

_UNREAD = N_("this login cannot read it")

MEANINGS: dict[str, str | Several] = {
    "config-file/ok": N_("{file}; only its owner can read it"),
    "config-file/read": N_("others on this machine can read {file}"),
    "config-file/written": N_("others on this machine can change {file}"),
    "secret-file/ok": N_("only its owner can read it"),
    "secret-file/read": N_("others on this machine can read {file}"),
    "secret-file/written": N_("others on this machine can change {file}"),
    "state/ok": N_("{folder}"),
    "state/new": N_("{folder}; the first run makes it"),
    "state/open": N_("others on this machine can look into {folder}"),
    "state/not-writable": N_("this account may not write to {folder}"),
    "disk/ok": N_("{free} MB free"),
    "disk/warning": N_("only {free} MB free; a run wants at least {least}"),
    "disk/failed": N_("{free} MB free; a run wants {least} and will not start"),
    "time-zone/ok": N_("{zone}; next scheduled run {next}"),
    "time-zone/unset": N_("not set, so the schedule is read as {zone}; next run {next}"),
    "start/failed": N_("a run would refuse to start here"),
    "address/ok": N_("{address} answers"),
    "tenant/ok": N_("{tenant}"),
    "tenant/found": N_("{said}, as Halo itself says"),
    "tenant/none": N_("none; right for a server of your own"),
    "tenant/differs": N_("{tenant} works, but Halo calls itself {said}"),
    "tenant/wrong-tenant": N_("“{tenant}” is refused; Halo calls itself “{said}”"),
    "secret/ok": N_("accepted"),
    "login-agent/ok": N_("logged in as {name}"),
    "login-agent/api-only": N_("logged in as {name}, an API-only agent"),
    "login-agent/failed": N_("Halo knows the secret but logs nobody in"),
    "login-agent/unreadable": N_("Halo does not say who is logged in"),
    "login-admin/warning": N_("{name} is an administrator; an agent that may only read is enough"),
    "halo-rest/unreadable": N_("waits until the login works"),
    "scope/ok": N_("granted"),
    "scope/no-scope": N_("the token names no permission at all"),
    "wider-scopes/ok": N_("it can read and not write"),
    "wider-scopes/warning": N_("the application is also allowed {scopes}; halosync never needs it"),
    "list/ok": Several("{n} record", "{n} records"),
    "list/empty": N_("readable but empty: this login sees none"),
    "list/alone": N_("this login sees no agent but itself"),
    "list-short/shrunk": N_("{count} now, {other} on the last good night; the brake would hold it"),
    "list-short/short": N_(
        "{count}, while AutoElevate has {other}; does the login see all of them?"
    ),
    "inactive-unknown/warning": N_("Halo does not say which are inactive, so all count as active"),
    "asset-types/ok": N_("the configured types exist"),
    "asset-types/all": N_("all are compared, monitors and licences too; Halo has: {types}"),
    "name-field/ok": N_("filled in {filled} of {sampled} looked at"),
    "name-field/empty": N_("empty in all {sampled} looked at"),
    "name-field/partly": N_(
        "filled in {filled} of {sampled} looked at; {odd} are numbers or GUIDs such as {example}"
    ),
    "name-field/numbers": N_("{odd} of {filled} are numbers or GUIDs such as {example}, not names"),
    "ae-method/ok": N_("{value}"),
    "ae-method/failed": N_("it is {value}"),
    "ae-login/ok": N_("{name}"),
    "ae-login/failed": N_("nobody; AutoElevate cannot log in and raises no tickets"),
    "ae-active/ok": N_("{name}"),
    "ae-active/failed": N_("{name} is inactive; AutoElevate cannot log in and raises no tickets"),
    "ae-scope/ok": N_("granted"),
    "ae-scope/failed": N_("not granted to AutoElevate"),
    "agent/ok": N_("{name} (id {id})"),
    "agent/not-found": N_("no agent has the id, e-mail or name {asked}"),
    "agent/unnamed": N_("say which agent AutoElevate logs in as: halosync doctor --agent NAME"),
    "agent/closed": N_("this login may not look into {name} (id {id})"),
    "agent-enabled/ok": N_("yes"),
    "agent-enabled/failed": N_("disabled; AutoElevate cannot log in and raises no tickets"),
    "agent-api-only/ok": N_("yes; it takes no licence"),
    "agent-api-only/warning": N_("no; it works, but takes a licence"),
    "team/ok": N_("on for {on}"),
    "team/warning": N_("off for {off}"),
    "team/no-team": N_("the agent is in no team; right only if the ticket type needs none"),
    "department/ok": N_("{levels} (0 is the lowest, 3 the head of the department)"),
    "department/low": N_("{levels}: the lowest level; is it “View All”?"),
    "department/none": N_("the agent is in no department"),
    "right/ok": N_("{sources}"),
    "right/chosen": N_(
        "{sources}. Legitimate: tickets are then not assigned to whoever answered in AutoElevate"
    ),
    "right/warning": N_("not enough: {sources}"),
    "restriction/ok": N_("Yes"),
    "restriction/warning": N_("No; only {n} of them are allowed, and tickets of the others fail"),
    "ae-address/ok": N_("{address} answers"),
    "ae-key/bearer": N_("accepted; a bearer key"),
    "ae-key/signed": N_("accepted; requests are signed (HMAC)"),
    "ae-clock/ok": N_("agrees with AutoElevate’s within {seconds} s"),
    "ae-clock/ahead": N_("{seconds} s ahead of AutoElevate’s"),
    "ae-clock/behind": N_("{seconds} s behind AutoElevate’s"),
    "ae-list/ok": Several("{n} record, with {scope}", "{n} records, with {scope}"),
    "ae-list/empty": N_("readable but empty: this key sees none"),
    "ae-list/forbidden": N_("the key lacks {scope}"),
    "ae-restriction/ok": N_("the lists agree with AutoElevate’s own count of {agents} agents"),
    "ae-restriction/strange": N_(
        "{strange} computers belong to companies that this key does not list"
    ),
    "ae-restriction/fewer": N_("{listed} computers listed, but AutoElevate counts {agents} agents"),
    "ae-requests/ok": N_("readable; the report can say what an unlinked company costs"),
    "ae-requests/none": N_("not readable (requestView); the report does without"),
    "ae-wider/ok": N_("audit logs stay closed"),
    "ae-wider/warning": N_("the key also opens the audit logs; halosync never needs them"),
    "users/ok": Several(
        "{n} technician, {days} days old (at most {most})",
        "{n} technicians, {days} days old (at most {most})",
    ),
    "users/list": Several(
        "{n} technician, from the configuration", "{n} technicians, from the configuration"
    ),
    "users/off": N_("none, so technicians are not judged"),
    "users/ageing": N_("{days} days old; after {most} it is no longer believed"),
    "flags/ok": Several(
        "{n} row, {days} days old (at most {most})", "{n} rows, {days} days old (at most {most})"
    ),
    "flags/ageing": N_("{days} days old; after {most} it is no longer believed"),
    "flags/unread": N_("{unread} rows say neither True nor False, or have no name"),
    "tickets/ok": N_(
        "{n} tickets of the last {days} days read; {clients} clients had some from AutoElevate"
    ),
    "tickets/none": N_("readable, but no ticket came: this login may see none"),
    "tickets/nobody": N_("{n} tickets read, and none of them is from “{named}”"),
    "tickets/invalid-scope": N_("the application is not allowed read:tickets"),
    "tickets/scope-missing": N_("the token was not granted read:tickets"),
    "budget/ok": N_("about {requests} requests, {minutes} min of pauses"),
    "budget/waits": N_("about {requests} requests; their hourly quota makes it {minutes} min"),
    "budget/too-long": N_(
        "about {requests} requests take {minutes} min, and a run may take {limit}"
    ),
    "recipients/warning": N_("nobody is named, so nothing is mailed"),
    "mail/none": N_("not configured; reports stay in their folder"),
    "mail/smtp": N_("{where} lets us in"),
    "mail/graph": N_("{where} lets us in"),
    "mail/folder": N_("into the folder {where}"),
    "mail/failed": N_("{where} does not answer, or refuses us"),
    "test-mail/ok": N_("{where} accepted it"),
    "test-mail/failed": N_("{where} did not take it"),
}


def title(words: "Words", code: str, of: str) -> str:
    """What is being looked at."""
    found = TITLES.get(f"{code}:{of}") or TITLES.get(code)
    return str(words.say(found, of=_named(words, of))) if found else f"{code} {of}".strip()


def meaning(  # noqa: PLR0913, PLR0917 - the fields of a check
    words: "Words", code: str, status: str, why: str, of: str, facts: Mapping[str, Fact]
) -> Saying:
    """What was found."""
    told = {**facts, "of": _named(words, of)}
    for key in (f"{code}/{why}", f"{code}/{status}"):
        if key in MEANINGS and (key.endswith(why or status) or why not in CAUSES):
            return words.say(MEANINGS[key], **told)
    if why in CAUSES:
        return words.say(CAUSES[why])
    return words.say(_UNREAD) if status == "unreadable" else Saying(why or status)


def click(words: "Words", code: str, of: str, why: str, facts: Mapping[str, Fact]) -> Saying:
    """What to do about it, or which box to look at, inside the place that the part names."""
    found = CLICKS.get(f"{code}:{of}") or CLICKS.get(code)
    if found is None or _about_the_way(code, why):
        return words.say(REMEDIES.get(why, ""))
    return words.say(found, **facts, of=_named(words, of))


def _about_the_way(code: str, why: str) -> bool:
    """Where the way there is broken or a file is wrong, the cause's own remedy says more."""
    return why in WAYS or (code in {"users", "flags"} and why in REMEDIES)


def _named(words: "Words", of: str) -> str:
    if of in KINDS_MANY:
        return words.kinds(of)
    return words.collection(of) if of in COLLECTIONS else of
