"""What stands on one side only or probably in the wrong place, in words: a look, no fault."""

from collections.abc import Sequence

from reports.view.parts import PlaceGroup, PlaceRow
from reports.view.visible import visible
from sync.core.result import Oddity
from sync.words import N_, Several, Words

TITLES = {
    "wrong-client": N_("Named after one client, with the computers of another"),
    "wrong-company": N_("Probably filed under the wrong company"),
    "duplicate-company": N_("Probably the same company twice"),
    "client-without-company": N_("Halo clients without a company in AutoElevate"),
}
MEANT = {
    "wrong-client": N_(
        "Nearly all computers’ only assets belong to another client than the one of the company’s "
        "name: tickets may go to the wrong customer. Nothing was moved."
    ),
    "wrong-company": N_(
        "The only asset of the computer’s name belongs to another client. Nothing was moved."
    ),
    "duplicate-company": N_(
        "Their names read the same, or point to the same client. AutoElevate can merge companies."
    ),
    "client-without-company": N_("No company has this name or a similar one."),
}
COUNTED: dict[str, str | Several] = {
    "wrong-client": Several(
        "{n} company has the name of one Halo client and its computers at another.",
        "{n} companies have the name of one Halo client and their computers at another.",
    ),
    "wrong-company": Several(
        "{n} computer is probably filed under the wrong company.",
        "{n} computers are probably filed under the wrong company.",
    ),
    "duplicate-company": Several(
        "{n} company is probably there twice in AutoElevate.",
        "{n} companies are probably there twice in AutoElevate.",
    ),
    "client-without-company": Several(
        "{n} Halo client has no company in AutoElevate.",
        "{n} Halo clients have no company in AutoElevate.",
    ),
}
ASSETS = Several("{n} asset", "{n} assets")


def places(oddities: Sequence[Oddity], words: Words) -> tuple[PlaceGroup, ...]:
    groups = []
    for code, title in TITLES.items():
        found = [o for o in oddities if o.code == code]
        if found:
            rows = tuple(_row(oddity, words) for oddity in found)
            groups.append(PlaceGroup(words.gettext(title), words.gettext(MEANT[code]), rows))
    return tuple(groups)


def sentences(oddities: Sequence[Oddity], words: Words) -> list[str]:
    """One line for each sort that there is, with its number."""
    counts = {code: sum(o.code == code for o in oddities) for code in TITLES}
    return [str(words.of(COUNTED, code, n=n)) for code, n in counts.items() if n]


def _row(oddity: Oddity, words: Words) -> PlaceRow:
    other = ", ".join(visible(name) for name in oddity.elsewhere)
    if oddity.code == "client-without-company":
        other = str(words.say(ASSETS, n=oddity.computers))
    return PlaceRow(visible(oddity.name), visible(oddity.where), other, oddity)
