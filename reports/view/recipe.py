"""Says for one finding where to click and what to paste, as the vendor's guide asks for it.

A company's or location's name is corrected in AutoElevate, because that side may be renamed back
once the link stands. A computer's name comes from the machine itself, so there Halo's is corrected.
"""

from typing import NamedTuple

from reports.view.parts import Prose
from reports.view.prose import prose
from reports.view.visible import is_clean, pasteable
from sync.core.records import Kind
from sync.core.result import Finding
from sync.core.verdicts import Grade, Outcome
from sync.words import N_, Words


class Recipe(NamedTuple):
    steps: tuple[Prose, ...]
    paste: str = ""
    """The exact text of the first step, for the spreadsheet's column."""


RENAME = {
    Kind.COMPANY: N_("AutoElevate › Companies: edit the name to {paste}"),
    Kind.LOCATION: N_("AutoElevate › Locations: edit the name to {paste}"),
    Kind.COMPUTER: N_("Halo › Assets of {client}: change the name of asset {name} to {paste}"),
    Kind.USER: N_("AutoElevate › Users: correct the e-mail to {paste}, or correct it in Halo"),
}
RENAME_IF = {
    Kind.COMPANY: N_(
        "Only if {name} is the same customer: AutoElevate › Companies, edit the name to {paste}"
    ),
    Kind.LOCATION: N_(
        "Only if {name} is the same place: AutoElevate › Locations, edit the name to {paste}"
    ),
    Kind.COMPUTER: N_(
        "Only if asset {name} is this machine: Halo › Assets of {client}, "
        "change its name to {paste}"
    ),
    Kind.USER: N_(
        "Only if {name} is the same person: AutoElevate › Users, correct the e-mail to {paste}"
    ),
}
CLEAN = {
    Kind.COMPANY: N_(
        "Halo’s name has hidden spaces or characters: first rename the client to {paste}"
    ),
    Kind.LOCATION: N_(
        "Halo’s name has hidden spaces or characters: first rename the site to {paste}"
    ),
    Kind.COMPUTER: N_("The machine’s name has hidden spaces or characters: correct it there first"),
    Kind.USER: N_("Halo’s address has hidden spaces or characters: first correct it to {paste}"),
}
LINK = {
    Kind.COMPANY: N_("tick the row, Actions › Link; then rename it back if you like"),
    Kind.LOCATION: N_("tick the row, Actions › Link; then rename it back if you like"),
    Kind.COMPUTER: N_("AutoElevate › Computers: tick the row, Actions › Link"),
    Kind.USER: N_("AutoElevate › Users: tick the row, Actions › Link"),
}
SLIGHT = {
    Kind.COMPANY: N_(
        "AutoElevate › Companies: is “Linked to Ticketing System” True? Then type {command}"
    ),
    Kind.LOCATION: N_(
        "AutoElevate › Locations: is “Linked to Ticketing System” True? Then type {command}"
    ),
    Kind.COMPUTER: N_(
        "AutoElevate › Computers: is “Linked to Ticketing System” True? Then type {command}"
    ),
    Kind.USER: N_("AutoElevate › Users: is “Linked to Ticketing System” True? Then type {command}"),
}
READY = {
    Kind.COMPANY: N_("AutoElevate › Companies: tick the row, Actions › Link"),
    Kind.LOCATION: N_("AutoElevate › Locations: tick the row, Actions › Link"),
    Kind.COMPUTER: N_("AutoElevate › Computers: tick the row, Actions › Link"),
    Kind.USER: N_("AutoElevate › Users: tick the row, Actions › Link"),
}
CONFIRM = N_("when the column “Linked to Ticketing System” shows True, type {command}")
UNKNOWN = {
    Kind.COMPANY: N_(
        "If the customer has another name in Halo, give the AutoElevate company that name; "
        "if it is missing there, create the client {paste}"
    ),
    Kind.LOCATION: N_(
        "If the site has another name in Halo, give the AutoElevate location that name; "
        "if it is missing there, add the site {paste} to {client}"
    ),
    Kind.COMPUTER: N_(
        "If Halo has the machine under another name, rename that asset to {paste}; "
        "if it is missing there, add it to {client}"
    ),
    Kind.USER: N_(
        "Give the technician’s Halo agent the address {paste}, or correct it in AutoElevate"
    ),
}
NEVER = N_("not meant to be linked? Type {never}")
PLACEHOLDER = N_(
    "correct the deployment script, then move the computers to the right company in AutoElevate"
)
SCRIPT = N_("correct the deployment script too, or it makes the same name again")
NAMELESS = {
    Kind.COMPANY: N_("AutoElevate › Companies: give it the name of its Halo client"),
    Kind.LOCATION: N_("AutoElevate › Locations: give it the name of its Halo site"),
    Kind.COMPUTER: N_("restart the AutoElevate agent on the machine, so that it reports its name"),
    Kind.USER: N_("AutoElevate › Users: enter the e-mail address of the Halo agent"),
}
AMBIGUOUS = {
    Kind.COMPANY: N_("Halo: keep this name for one of {targets}; rename or merge the others"),
    Kind.LOCATION: N_("Halo: keep this name for one of {targets}; rename or merge the others"),
    Kind.COMPUTER: N_(
        "Halo: of {targets}, keep this name for the machine in use; rename the others"
    ),
    Kind.USER: N_("Halo: keep this address for one of {targets}; disable or correct the others"),
}
CONTESTED = {
    Kind.COMPANY: N_(
        "AutoElevate › Companies: merge the two if they are one customer; "
        "if not, give each the name of its own Halo client"
    ),
    Kind.LOCATION: N_(
        "AutoElevate › Locations: keep the name for one of the two, rename the other"
    ),
    Kind.COMPUTER: N_(
        "two machines share this name: rename one, or wait until the old one stops checking in"
    ),
    Kind.USER: N_("AutoElevate › Users: keep the address for one of the two"),
}
SHARED = N_("shared on purpose? Add the client to {setting}")
INACTIVE = {
    Kind.COMPANY: N_("Halo: make the client {name} active again, if it is still a customer"),
    Kind.LOCATION: N_("Halo: make the site {name} of {client} active again, if it is still in use"),
    Kind.COMPUTER: N_(
        "Halo: make the asset {name} of {client} active again, if it is still in use"
    ),
    Kind.USER: N_("Halo: enable the agent again, or remove the technician in AutoElevate"),
}
TAKEN = N_("{name} already belongs to another AutoElevate record: are the two the same? Merge them")


def recipe(finding: Finding, words: Words) -> Recipe:
    """Choose the steps for the finding's outcome."""
    if finding.outcome is Outcome.READY:
        return Recipe(_steps(finding, words, READY[finding.kind], CONFIRM))
    if finding.outcome is Outcome.AMBIGUOUS:
        return Recipe(_steps(finding, words, AMBIGUOUS[finding.kind], READY[finding.kind]))
    if finding.outcome is Outcome.CONTESTED:
        last = (SHARED,) if finding.kind is Kind.COMPANY else ()
        return Recipe(_steps(finding, words, CONTESTED[finding.kind], *last))
    if finding.outcome is Outcome.INACTIVE:
        never = () if finding.kind is Kind.COMPUTER else (NEVER,)
        return Recipe(_steps(finding, words, INACTIVE[finding.kind], *never))
    return _unlinked(finding, words)


def _unlinked(finding: Finding, words: Words) -> Recipe:  # noqa: PLR0911 - one way out per case
    kind = finding.kind
    if finding.why in {"no-name", "no-email"}:
        return Recipe(_steps(finding, words, NAMELESS[kind], LINK[kind]))
    if finding.why == "unexpanded-variable":
        return _placeholder(finding, words)
    if finding.accepted:
        return _rename(finding, words, finding.accepted.name, RENAME[kind])
    if finding.targets:
        return _rename(finding, words, finding.targets[0].name, RENAME[kind])
    if not finding.suggestions:
        paste = pasteable(finding.email if kind is Kind.USER else finding.name)
        never = () if kind is Kind.COMPUTER else (NEVER,)
        return Recipe(_steps(finding, words, UNKNOWN[kind], *never, paste=paste), paste)
    best = finding.suggestions[0]
    if best.taken_by:
        return Recipe(_steps(finding, words, TAKEN, NEVER, name=best.name))
    sure = best.grade is not Grade.WEAK
    return _rename(finding, words, best.name, (RENAME if sure else RENAME_IF)[kind])


def _placeholder(finding: Finding, words: Words) -> Recipe:
    """Rename to what is surely meant, if anything is; the script would make the name again."""
    best = next(iter(finding.suggestions), None)
    if best is None or best.taken_by or best.grade is not Grade.STRONG:
        return Recipe(_steps(finding, words, PLACEHOLDER, NEVER))
    meant = _rename(finding, words, best.name, RENAME[finding.kind])
    return Recipe((*meant.steps, *_steps(finding, words, SCRIPT)), meant.paste)


def _rename(finding: Finding, words: Words, target: str, first: str) -> Recipe:
    """Make the two names equal; a Halo name that hides something is cleaned first."""
    kind = finding.kind
    source = finding.name if kind is Kind.COMPUTER else target
    paste = pasteable(source)
    before = (SLIGHT[kind],) if finding.slight else ()
    clean = () if is_clean(source) else (CLEAN[kind],)
    steps = (*before, *clean, first, LINK[kind])
    return Recipe(_steps(finding, words, *steps, paste=paste, name=target), paste)


def _steps(
    finding: Finding, words: Words, *sentences: str, paste: str = "", name: str = ""
) -> tuple[Prose, ...]:
    facts = {
        "paste": paste,
        "name": name or (finding.targets[0].name if finding.targets else finding.name),
        "client": finding.client,
        "command": _confirm(finding),
        "never": f"halosync decide ignore {finding.kind} {finding.ae_id} --reason TEXT",
        "setting": "linking.allow_many_to_one",
    }
    targets = [f"#{target.id}" for target in finding.targets]
    return tuple(
        _capital(prose(words.say(sentence, **facts), words, targets=targets))
        for sentence in sentences
    )


def _confirm(finding: Finding) -> str:
    halo_id = finding.targets[0].id if finding.targets else "HALO-ID"
    return f"halosync decide confirm {finding.kind} {finding.ae_id} {halo_id} --reason TEXT"


def _capital(sentence: Prose) -> Prose:
    """A step starts with a capital wherever it comes to stand."""
    first = sentence[0]
    if first.role or not first.text:
        return sentence
    return (first._replace(text=first.text[0].upper() + first.text[1:]), *sentence[1:])
