"""Every reason a near miss can give, in one place, with the facts each carries.

The catalogue has one sentence for each code; a fact's name is the placeholder in that sentence.
"""

from sync.core.verdicts import Reason

CODES: dict[str, tuple[str, ...]] = {
    # The names read the same once these are ignored (one code per difference).
    "only-unseen": (),  # case, spaces, invisible characters, Unicode form
    "only-accents": (),
    "only-and": (),  # "&" against "and"
    "only-article": (),  # "The"
    "only-punctuation": (),
    "only-branch": (),  # "- HQ", "(Main Office)"
    "only-legal-form": (),
    "only-abbreviation": (),
    "only-word-break": (),
    "only-repetition": (),  # "Acme - Acme Dental"
    "only-site-words": (),  # "Dallas", "Acme - Dallas Office"
    "only-wording": (),  # several of these together
    # The names are alike.
    "identical": (),
    "acronym": ("short",),
    "word-order": (),
    "begins-with": ("short",),  # one name is the beginning of the other
    "spelling": ("ae", "halo"),  # the two words that look like spellings of one
    "shared-words": ("words",),
    "similar": ("percent",),
    "extra-words": ("words", "side"),  # side: ae or halo
    "other-legal-form": ("ae", "halo"),
    "other-number": ("ae", "halo"),
    # What else speaks for or against it.
    "machines-shared": ("shared", "total"),
    "machines-elsewhere": ("shared", "total", "elsewhere"),
    "machines-split": ("shared", "total"),
    "locations-shared": ("shared", "total"),
    "management-name": ("value",),
    "management-id": ("value",),
    "default-name": (),  # both are the name a site gets when nobody names it
    "only-one-left": (),  # one location and one site are left
    # Machines, by rule.
    "machine-written": (),  # domain, note, separators, apostrophes
    "machine-padding": (),  # zeros in front of a number
    "machine-netbios": ("length",),
    "machine-look-alike": (),  # o and 0; i, l and 1
    "machine-prefix": ("prefix",),
    "machine-slip": (),  # one letter
    "machine-several": ("count",),  # several fit equally well
    # Users.
    "same-local-part": ("domain",),
    "shared-mailbox": ("local",),
    "alias-address": (),  # plus address, or dots
    "address-slip": ("ae", "halo"),
    "address-from-name": ("name",),
    "same-person-name": ("name",),
    "alike-person-name": ("ae", "halo"),  # one is short for the other, or misspelt
    "other-person-name": ("ae", "halo"),  # against it
    # Standing among the rivals.
    "tie": ("count",),
    "better-claim": ("by",),  # another AutoElevate record fits this Halo record better: its name
    "equal-claim": ("by",),  # another AutoElevate record fits it just as well: its name
    "taken": ("by",),
    "inactive": (),
}


def reason(code: str, **facts: str | int) -> Reason:
    """Make a reason; an unknown code or a missing fact is a mistake in the program."""
    if CODES[code] != tuple(facts):
        raise ValueError(f"{code} carries {CODES[code]}, not {tuple(facts)}")
    return Reason(code, tuple(facts.items()))
