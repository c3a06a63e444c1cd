"""How two names differ, and why a Halo record is suggested.

The codes and their facts are those of `sync.core.suggest`; each sentence goes on after a colon.
"""

from collections.abc import Iterable

from sync.words.saying import N_, Several

DIFFERENCES = {
    "case": N_("letter case"),
    "outer-spaces": N_("spaces before or after the name"),
    "inner-spaces": N_("spaces inside the name"),
    "invisible": N_("characters that cannot be seen"),
    "unicode-form": N_("two encodings of the same letters"),
}

GRADES = {
    "strong": N_("strong match"),
    "medium": N_("medium match"),
    "weak": N_("weak match"),
}

SIDES = {"ae": "AutoElevate", "halo": "Halo"}

RUNNER_UP = Several(
    "the next, {name}, is {points} point of 100 behind",
    "the next, {name}, is {points} points of 100 behind",
    "points",
)
LEVEL = N_("{name} fits as well")
ALONE = N_("no other comes near")
_SAID_ALREADY = frozenset({"only-one-left", "machine-several"})
"""Reasons that tell of the others themselves."""


def tells_of_others(grade: str, codes: Iterable[str]) -> bool:
    """Whether it is plain already that no other comes near; a strong one stands alone."""
    return grade == "strong" or not _SAID_ALREADY.isdisjoint(codes)


REASONS: dict[str, str | Several] = {
    "only-unseen": N_("only letter case, spaces or characters that cannot be seen differ"),
    "only-accents": N_("only accents differ"),
    "only-and": N_("only “&” against “and” differs"),
    "only-article": N_("only the article in front differs"),
    "only-punctuation": N_("only punctuation differs"),
    "only-branch": N_("only the place or branch differs"),
    "only-legal-form": N_("only the legal form differs"),
    "only-abbreviation": N_("only an abbreviation differs"),
    "only-word-break": N_("only the spaces between the words differ"),
    "only-repetition": N_("only a repeated part differs"),
    "only-site-words": N_("only words that mean a site differ: “Office”, the company’s name"),
    "only-wording": N_("only spelling habits differ: legal form, abbreviation, “&”, punctuation"),
    "identical": N_("the same name"),
    "acronym": N_("{short} is the acronym of the other"),
    "word-order": N_("the same words in another order"),
    "begins-with": N_("one begins with {short}, the whole of the other"),
    "spelling": N_("{ae} and {halo} look like two spellings of one word"),
    "shared-words": N_("both have {words}"),
    "similar": N_("{percent}% of the letters agree"),
    "extra-words": N_("only {side} adds {words}"),
    "other-legal-form": N_("but another legal form: {ae} here, {halo} in Halo"),
    "other-number": N_("but another number: {ae} here, {halo} in Halo"),
    "machines-shared": Several(
        "{shared} of {total} computer name is also with this Halo client",
        "{shared} of {total} computer names are also with this Halo client",
        "total",
    ),
    "machines-elsewhere": N_(
        "but {shared} of {total} computer names are with another client, {elsewhere}"
    ),
    "machines-split": N_(
        "{shared} of {total} computer names are with it, others with another client"
    ),
    "locations-shared": Several(
        "{shared} of {total} location is also a site of this Halo client",
        "{shared} of {total} locations are also sites of this Halo client",
        "total",
    ),
    "management-name": N_("AutoElevate was given the name {value} when the company was created"),
    "management-id": N_("AutoElevate was given Halo’s id {value} when the company was created"),
    "default-name": N_("both only mean the main site"),
    "only-one-left": N_("no other location and no other site is left to match"),
    "machine-written": N_("the same machine name, written with a domain, a note or separators"),
    "machine-padding": N_("only zeros in front of a number differ"),
    "machine-netbios": N_("cut at {length} characters, as Windows does"),
    "machine-look-alike": N_("only look-alikes differ: o and 0, or i, l and 1"),
    "machine-prefix": N_("one lacks the prefix {prefix}"),
    "machine-slip": N_("one letter differs"),
    "machine-several": Several(
        "{count} asset fits equally well", "{count} assets fit equally well", "count"
    ),
    "same-local-part": N_("the same name before the @; in Halo the domain is {domain}"),
    "shared-mailbox": N_("the same name before the @, but several people may share {local}"),
    "alias-address": N_("the same mailbox, written with a plus sign or dots"),
    "address-slip": N_("{ae} and {halo} differ by one letter"),
    "address-from-name": N_("the address is made from the name {name}"),
    "same-person-name": N_("the same name, {name}"),
    "alike-person-name": N_("{ae} and {halo} can be one person’s name"),
    "other-person-name": N_("but the names differ: {ae} here, {halo} in Halo"),
    "tickets": N_(
        "AutoElevate raised tickets for it within the last {days} days, so some company is"
        " linked to it already"
    ),
    "tie": Several(
        "{count} candidate fits equally well", "{count} candidates fit equally well", "count"
    ),
    "better-claim": N_("but {by} fits it better"),
    "equal-claim": N_("but {by} fits it just as well"),
    "taken": N_("but {by} already links to it"),
    "inactive": N_("but it is inactive in Halo"),
}
