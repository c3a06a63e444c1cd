"""How far a list can be believed, why not, and what to do about it."""

from sync.words.saying import N_, Several

STATES = {
    "complete": N_("complete"),
    "complete-resolved": N_("complete, changed while reading"),
    "partial": N_("incomplete"),
    "forbidden": N_("not permitted"),
    "suspect": N_("not believed"),
    "stale": N_("too old"),
    "unreachable": N_("not reachable"),
    "off": N_("not set up"),
}

ANSWERS = {
    "present": N_("still there"),
    "silent": N_("silent for more than 30 days"),
    "gone": N_("deleted, or hidden from this login"),
    "hidden": N_("hidden from this login"),
    "left-out": N_("still there, but no longer what this list holds"),
    "unknown": N_("no clear answer"),
}

CAUSES: dict[str, str | Several] = {
    "dns": N_("The host name could not be resolved."),
    "refused": N_("Nothing accepts connections at that address."),
    "network": N_("The connection broke, or no route leads there."),
    "proxy": N_("The configured proxy does not answer or refuses."),
    "timeout": N_("The answer did not come in time, or not completely."),
    "truncated": N_("The answer broke off before its end, every time."),
    "tls": N_("The server’s certificate or its TLS version is not acceptable."),
    "redirect": N_("The server sends us to another address, which is never followed."),
    "server-error": N_("The server answers with a fault of its own (5xx)."),
    "quota": N_("The request quota is spent and did not free in time."),
    "unauthorized": N_("The secret, key or token is not accepted (401)."),
    "clock-skew": N_("This host’s clock is too far from the server’s."),
    "invalid-client": N_("Halo does not know this client id and secret."),
    "invalid-scope": N_("Halo’s application lacks a requested permission."),
    "wrong-tenant": N_("The token address failed; most likely the tenant is wrong."),
    "token-address": N_("There is no usable token service at the authorisation address."),
    "auth-host": N_("Halo names a foreign host for the secret; it was not sent."),
    "not-recorded": N_("The recording holds no answer to this request."),
    "forbidden": N_("The login may not read this list (403)."),
    "scope-missing": N_("The token was not granted the needed permission."),
    "file-forbidden": N_("This account may not read the file."),
    "file-unsafe": N_("The file is not a regular file of ours, or anyone may change it."),
    "bad-request": N_("The server refuses the request itself (400, 406, 422)."),
    "no-endpoint": N_("The server has no such list (404)."),
    "odd-status": N_("The server answered with a status that nobody documents."),
    "page-broken": N_("An answer is not well-formed JSON."),
    "page-encoding": N_("An answer is not UTF-8."),
    "page-shape": N_("An answer holds no list where one was asked for."),
    "page-too-big": N_("An answer is larger than any real page."),
    "pages-too-many": N_("The list goes on beyond any plausible length."),
    "paging-ignored": N_("Every page is the first page again."),
    "total-bad": N_("The declared total is missing or is no number."),
    "changed-while-reading": N_(
        "The declared total moved during both pulls; everything else agreed."
    ),
    "rows-repeated": N_("Rows came twice, so others may have been missed."),
    "rows-missing": N_("Fewer or more rows came than the server declared."),
    "pulls-differ": N_("Two pulls in a row did not give the same records."),
    "rows-rejected": N_("More than one row in a hundred was unusable."),
    "asset-type-unknown": N_("A configured asset type does not exist in Halo."),
    "empty-contradicted": N_("The list is empty while the same system counts active agents."),
    "agents-hidden": N_("The login sees no agent, or only itself."),
    "file-absent": N_("The file is not there."),
    "file-old": N_("The file is older than allowed."),
    "file-growing": N_("The file is still being written."),
    "file-cut": N_("The file may be cut off: its last line has no end."),
    "file-encoding": N_("The file is not in the expected encoding."),
    "file-headers": N_("The file’s headers are not the expected ones."),
    "file-width": N_("A row is wider or narrower than the header."),
    "file-broken": N_("The file is not a readable CSV or XLSX file."),
    "file-too-big": N_("The file is larger than any real export."),
}

_CONNECTION = N_(
    "Check address, DNS, firewall and proxy from this host; halosync doctor tries each."
)
_SECRET = N_(
    "Has the secret expired or been revoked? Make a new one and enter it in the configuration."
)
_RIGHTS = N_("Give the login the missing right; halosync doctor names the box to tick.")
_LATER = N_("Usually over by the next run. If it stays, tell the system’s support.")
_EXPORT = N_("Export the file again and put it in place under another name first, then rename it.")
_COLUMNS = N_("Compare the export’s headers with the column names in the configuration.")

REMEDIES: dict[str, str] = {
    "dns": _CONNECTION,
    "refused": _CONNECTION,
    "network": _CONNECTION,
    "proxy": _CONNECTION,
    "timeout": _LATER,
    "truncated": _LATER,
    "server-error": _LATER,
    "tls": N_("If your company inspects TLS, name its certificate file: ca_file."),
    "redirect": N_("Enter the address the server really answers at."),
    "quota": N_("Another integration may share the quota; run at another hour."),
    "unauthorized": _SECRET,
    "invalid-client": _SECRET,
    "clock-skew": N_("Set this host’s clock by a time server."),
    "invalid-scope": _RIGHTS,
    "forbidden": _RIGHTS,
    "scope-missing": _RIGHTS,
    "agents-hidden": _RIGHTS,
    "wrong-tenant": N_("Compare halo.tenant and halo.auth_url with Halo’s API page."),
    "token-address": N_("Compare halo.auth_url with Halo’s API page."),
    "auth-host": N_("If that host is yours, enter it as halo.auth_url."),
    "file-forbidden": N_("Let the account that runs halosync read the file."),
    "file-unsafe": N_("Make the file owned by this account and writable by nobody else."),
    "no-endpoint": N_("Compare base_url with the address in the browser."),
    "rows-rejected": N_("See the reasons beside the counts; the fields’ form may have changed."),
    "rows-missing": _LATER,
    "rows-repeated": _LATER,
    "pulls-differ": _LATER,
    "changed-while-reading": _LATER,
    "asset-type-unknown": N_("Correct halo.asset_types; halosync doctor lists the existing types."),
    "file-absent": _EXPORT,
    "file-old": N_("Export the file again; the setting users.max_age_days limits its age."),
    "file-growing": _EXPORT,
    "file-cut": N_(
        "Export the file again. If its last line is whole, end it with a line break, or set"
        " final_line_break: false in users (or flags)."
    ),
    "file-encoding": N_(
        "Save the export as UTF-8, or name its encoding: users.encoding (or flags.encoding)."
    ),
    "file-headers": _COLUMNS,
    "file-width": _EXPORT,
    "file-broken": _EXPORT,
}

DOUBTS: dict[str, str | Several] = {
    "emptied": N_("{collection}: the list came back empty; the last one held {before}."),
    "first-empty": N_(
        "{collection}: the very first list is empty, while its counterpart is not."
        " If that is right, accept it."
    ),
    "shrunk": N_("{collection}: {missing} of {before} are missing; tonight’s list holds {now}."),
    "shrunk-many": N_("{collection}: {missing} of {before} are missing at once."),
    "below-week": N_("{collection}: {now} listed, against {before} within the last week."),
    "parent-emptied": N_("{collection}: {parent} lost all {before} of its records at once."),
    "not-visible": N_("{collection}: {missing} still exist, but this login cannot see them."),
    "shrunk-a-little": N_(
        "{collection}: {missing} of {before} are missing. Too few to stop for, but worth a look."
    ),
    "asked-anew": N_(
        "{collection}: your settings ask for other records than last time,"
        " so this list is compared with no earlier one."
    ),
    "by-id-contradicted": N_(
        "{collection}: records that are listed were not found when asked for by id."
        " Nothing of this list counts as deleted tonight."
    ),
    "empty-contradicted": N_("{collection}: empty, while the same system counts active agents."),
    "agents-hidden": N_("{collection}: the login sees no agent, or only itself."),
}
