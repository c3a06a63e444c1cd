"""Names of the four kinds and of what is said of each record.

Claims stay inside what can be known: a record *will not link by name*; whether it *is* linked,
AutoElevate's interface does not tell.
"""

from sync.words.saying import N_, Several

OUTCOMES = {
    "linked": N_("links by name"),
    "renamed": N_("renamed since it linked"),
    "ready": N_("ready to be linked"),
    "unlinked": N_("will not link by name"),
    "ambiguous": N_("more than one match"),
    "contested": N_("claimed more than once"),
    "inactive": N_("inactive in Halo"),
    "blocked": N_("waits for its company"),
    "ignored": N_("ignored by decision"),
    "withheld": N_("not judged tonight"),
}

KINDS = {
    "company": N_("company"),
    "location": N_("location"),
    "computer": N_("computer"),
    "user": N_("technician"),
}
KINDS_MANY = {
    "company": N_("Companies"),
    "location": N_("Locations"),
    "computer": N_("Computers"),
    "user": N_("Technicians"),
}
COUNTED: dict[str, str | Several] = {
    "company": Several("{n} company", "{n} companies"),
    "location": Several("{n} location", "{n} locations"),
    "computer": Several("{n} computer", "{n} computers"),
    "user": Several("{n} technician", "{n} technicians"),
}
TARGETS = {
    "company": N_("Halo client"),
    "location": N_("Halo site"),
    "computer": N_("Halo asset"),
    "user": N_("Halo agent"),
}
COLLECTIONS = {
    "halo.clients": N_("Halo clients"),
    "halo.sites": N_("Halo sites"),
    "halo.assets": N_("Halo assets"),
    "halo.agents": N_("Halo agents"),
    "ae.companies": N_("AutoElevate companies"),
    "ae.locations": N_("AutoElevate locations"),
    "ae.computers": N_("AutoElevate computers"),
    "ae.users": N_("AutoElevate technicians"),
}

CONSEQUENCES = {
    "company": N_("Its computers raise no tickets, unless it was linked by hand before."),
    "location": N_("Tickets from its computers arrive without their site."),
    "computer": N_("Its tickets arrive without their asset."),
    "user": N_("Time entries for this technician’s answers carry no owner."),
}

EXPLAINED: dict[str, str | Several] = {
    "unlinked/company": N_("No active Halo client has exactly this name."),
    "unlinked/location": N_("{client} has no site of exactly this name in Halo."),
    "unlinked/computer": N_("{client} has no asset of exactly this name in Halo."),
    "unlinked/user": N_("No active Halo agent has this e-mail address."),
    "ready/company": N_(
        "The names are the same now, but AutoElevate links on its own "
        "only when a company is created."
    ),
    "ready/location": N_(
        "The names are the same now, but AutoElevate links on its own "
        "only when a location is created."
    ),
    "ready/computer": N_("The names are the same now; somebody has to link it once."),
    "ready/user": N_(
        "The addresses are the same now, but AutoElevate links on its own "
        "only when a user is created."
    ),
    "ambiguous/company": N_("{n} active Halo clients have exactly this name."),
    "ambiguous/location": N_("{client} has {n} sites of exactly this name in Halo."),
    "ambiguous/computer": N_("{client} has {n} assets of exactly this name in Halo."),
    "ambiguous/user": N_("{n} active Halo agents share this e-mail address."),
    "contested/company": N_("Another AutoElevate company claims the same Halo client."),
    "contested/location": N_("Another location of this company claims the same Halo site."),
    "contested/computer": N_("Another computer of this company claims the same Halo asset."),
    "contested/user": N_("Another AutoElevate user claims the same Halo agent."),
    "inactive/company": N_("The only Halo client of this name is inactive."),
    "inactive/location": N_("The only site of this name is inactive in Halo."),
    "inactive/computer": N_("The only asset of this name is inactive in Halo."),
    "inactive/user": N_("The only Halo agent with this e-mail address is disabled."),
}

WHYS: dict[str, str | Several] = {
    "no-name": N_("AutoElevate holds no name for it, so nothing can match."),
    "no-email": N_("AutoElevate holds no e-mail address, so nothing can match."),
    "unexpanded-variable": N_(
        "The name is a placeholder that a deployment script did not fill in."
    ),
    "company-not-linked": N_("Its company does not link by name yet."),
    "company-not-visible": N_("Its company is not visible to this AutoElevate key."),
    "other-domain": N_("The address is outside your own mail domains."),
    "decision": N_("Somebody decided to ignore it."),
    "company-gone": N_("It is in no list tonight, and the company it was in is gone."),
    "parent-emptied": N_("Its company’s records cannot be believed tonight."),
    "flag-true": N_(
        "AutoElevate’s list shows it as linked, but not with what;"
        " tell it with `halosync decide confirm`."
    ),
    "moved": N_("Halo has it under another client now: moved, or merged?"),
}
