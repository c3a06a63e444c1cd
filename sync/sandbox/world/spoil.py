"""How one name goes wrong: each way takes the right text and gives the wrong one, or nothing."""

import unicodedata
from collections.abc import Callable
from random import Random

NBSP = "\u00a0"
FULL_FORMS = {"Ltd": "Limited", "Limited": "Ltd", "LLC": "L.L.C.", "S.L.": "SL", "plc": "PLC"}
SHORT_FORMS = {
    "Manufacturing": "Mfg",
    "Services": "Svcs",
    "International": "Intl",
    "Associates": "Assoc.",
    "Management": "Mgmt",
    "Technologies": "Tech",
    "Construction": "Constr.",
    "Engineering": "Eng.",
    "Accountants": "Accts",
    "Warehouse": "Whse",
    "Office": "Ofc",
}
VARIABLES = ("%companyname%", "{{client.name}}", "@CF_COMPANY@", "__CompanyName__")
SITE_VARIABLES = ("%sitename%", "%locationname%", "{{site.name}}", "@CF_SITE@")

Spoiler = Callable[[str, Random], str | None]


def ampersand(name: str, _rng: Random) -> str | None:
    return name.replace("&", "and") if "&" in name else None


def cut_at_ampersand(name: str, _rng: Random) -> str | None:
    """What is left when a shell reads the installer's command line."""
    return name.partition(" & ")[0] if " & " in name else None


def legal_form(name: str, rng: Random) -> str | None:
    """`Contoso, Inc.` becomes `Contoso Inc` or loses its legal form."""
    head, _, last = name.rpartition(" ")
    if "," in name:
        return rng.choice((name.replace(",", "").removesuffix("."), name.partition(",")[0]))
    if last in FULL_FORMS:
        return rng.choice((f"{head} {FULL_FORMS[last]}", head))
    return None


def double_space(name: str, _rng: Random) -> str | None:
    return name.replace(" ", "  ", 1) if " " in name else None


def trailing_space(name: str, _rng: Random) -> str | None:
    return f"{name} "


def no_break_space(name: str, _rng: Random) -> str | None:
    return name.replace(" ", NBSP, 1) if " " in name else None


def letter_case(name: str, rng: Random) -> str | None:
    other = rng.choice((name.upper(), name.lower()))
    return other if other != name else None


def decomposed(name: str, _rng: Random) -> str | None:
    """Looks the same, but each accent is a character of its own."""
    other = unicodedata.normalize("NFD", name)
    return other if other != name else None


def accents_lost(name: str, _rng: Random) -> str | None:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain if plain != name else None


def curly_quote(name: str, _rng: Random) -> str | None:
    return name.replace("'", "\u2019") if "'" in name else None


def quote_lost(name: str, _rng: Random) -> str | None:
    return name.replace("'", "") if "'" in name else None


def abbreviation(name: str, _rng: Random) -> str | None:
    short = " ".join(SHORT_FORMS.get(word, word) for word in name.split(" "))
    return short if short != name else None


def markup(name: str, _rng: Random) -> str | None:
    """A customer who knows what a browser does with this."""
    head, space, rest = name.partition(" ")
    return f"<b>{head}</b>{space}{rest}"


def variable(_name: str, rng: Random) -> str | None:
    """The deployment script's variable was never filled in."""
    return rng.choice(VARIABLES)


def site_variable(_name: str, rng: Random) -> str | None:
    return rng.choice(SITE_VARIABLES)


def main_office(name: str, _rng: Random) -> str | None:
    """The installer's default."""
    return "Main Office" if name != "Main Office" else None


def domain_name(name: str, _rng: Random) -> str | None:
    return f"{name.lower()}.corp.example" if "." not in name else None


def padding(name: str, _rng: Random) -> str | None:
    """`LT-0231` here, `LT-231` there."""
    head = name.rstrip("0123456789")
    number = name[len(head) :]
    if not number or head == name or not number.lstrip("0"):
        return None
    return f"{head}{number.lstrip('0')}" if number.startswith("0") else f"{head}0{number}"


def look_alike(name: str, _rng: Random) -> str | None:
    return name[::-1].replace("0", "O", 1)[::-1] if "0" in name else None


def hyphen_lost(name: str, _rng: Random) -> str | None:
    return name.replace("-", "") if "-" in name else None


def lower_case(name: str, _rng: Random) -> str | None:
    return name.lower() if name.lower() != name else None


COMPANY_FIRST: tuple[Spoiler, ...] = (ampersand, legal_form, markup, trailing_space, variable)
COMPANY_THEN: tuple[Spoiler, ...] = (
    double_space,
    no_break_space,
    letter_case,
    decomposed,
    accents_lost,
    curly_quote,
    quote_lost,
    abbreviation,
    cut_at_ampersand,
)
LOCATION: tuple[Spoiler, ...] = (
    main_office,
    site_variable,
    trailing_space,
    letter_case,
    double_space,
    abbreviation,
    main_office,
)
COMPUTER: tuple[Spoiler, ...] = (
    domain_name,
    padding,
    look_alike,
    hyphen_lost,
    lower_case,
    hyphen_lost,
    padding,
)
