"""Names damaged the way installers, scripts and typists damage them, with the truth kept.

Knows nothing of the product: it has its own short tables, so the engine is not tested on its own
idea of what goes wrong.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Fault = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class NameSet:
    """Left names to place, right names to place them in, and the right answers."""

    name: str
    left: list[tuple[str, str]]
    right: list[tuple[str, str]]
    truth: dict[str, set[str]]
    """Left id -> right ids; a left id without an entry has no counterpart."""
    fault: dict[str, str]


TAILS = ["Ltd", "Limited", "Inc", "Inc.", "LLC", "Corp.", "Corporation", "Co.", "Company", "GmbH",
         "AG", "S.A.", "SA", "PLC", "plc", "S.L.", "Pty Ltd", "B.V.", "AB", "LLP"]  # fmt: skip
TAIL = re.compile(
    r"[,\s]+(ltd|limited|inc|incorporated|llc|corp|corporation|co|company|gmbh|ag|s\.?a|plc|s\.?l"
    r"|b\.?v|n\.?v|ab|asa|llp|tbk|berhad|kg|se|oyj|publ|\(publ\))\.?$",
    re.IGNORECASE,
)
SHORT = {"international": "Intl", "services": "Svcs", "manufacturing": "Mfg", "association": "Assoc",
         "management": "Mgmt", "department": "Dept", "university": "Univ", "center": "Ctr",
         "technologies": "Tech", "technology": "Tech", "group": "Grp", "national": "Natl",
         "development": "Dev", "engineering": "Eng", "systems": "Sys", "brothers": "Bros",
         "insurance": "Ins", "industries": "Ind", "saint": "St", "district": "Dist",
         "community": "Comm", "pharmaceuticals": "Pharma", "holdings": "Hldgs"}  # fmt: skip
NEAR_KEYS = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "n": "bm", "s": "ad", "t": "ry", "r": "et"}
OFFICES = [
    " - HQ",
    " (HQ)",
    " - Main",
    " - Head Office",
    " (Managed)",
    " - Corporate",
    " - Main Office",
]


def typo(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    kind = rng.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + rng.choice(NEAR_KEYS.get(name[at].lower(), "xqz")) + name[at + 1 :]


def two_typos(name: str, rng: random.Random) -> str:
    return typo(typo(name, rng), rng)


def ampersand(name: str, rng: random.Random) -> str:
    if "&" in name:
        return rng.choice(
            [name.replace("&", "and"), name.replace("&", ""), name.partition("&")[0].strip(),
             name.replace("&", "&amp;"), re.sub(r"\s*&\s*", "&", name)]
        )  # fmt: skip
    if re.search(r"\band\b", name, re.IGNORECASE):
        return re.sub(r"\band\b", rng.choice(["&", "+", "n"]), name, flags=re.IGNORECASE)
    return name


def quotes(name: str, rng: random.Random) -> str:
    if re.search(r"['’`]", name):
        return re.sub(r"['’`]", rng.choice(["", " ", "’", "''"]), name)
    return f'"{name}"' if rng.random() < 0.3 else name


def legal_form(name: str, rng: random.Random) -> str:
    bare = TAIL.sub("", name)
    if bare == name:
        return name + rng.choice([" ", ", "]) + rng.choice(TAILS)
    if rng.random() < 0.6:
        return bare
    return bare + rng.choice([" ", ", "]) + rng.choice(TAILS[:9])


def punctuation(name: str, rng: random.Random) -> str:
    return rng.choice(
        [re.sub(r"[^\w\s]", "", name), re.sub(r"[^\w\s]", " ", name), name.replace(" ", "-", 1),
         name.replace(" ", "_"), name.replace("-", " ")]
    )  # fmt: skip


def abbreviation(name: str, rng: random.Random) -> str:
    words = name.split()
    for at, word in enumerate(words):
        short = SHORT.get(word.lower().strip(".,"))
        if short:
            words[at] = short + rng.choice(["", "."])
    return " ".join(words)


def vowels_dropped(name: str, rng: random.Random) -> str:
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 6 and word.isalpha()]
    if not long:
        return name
    at = rng.choice(long)
    words[at] = words[at][0] + re.sub("[aeiouAEIOU]", "", words[at][1:])[:5]
    return " ".join(words)


def dropped_tail(name: str, _rng: random.Random) -> str:
    bare = TAIL.sub("", name).split()
    return " ".join(bare[:-1]) if len(bare) > 2 else name


def dropped_word(name: str, rng: random.Random) -> str:
    words = name.split()
    if len(words) < 3:
        return name
    del words[rng.randrange(1, len(words))]
    return " ".join(words)


def cut_off(name: str, rng: random.Random) -> str:
    return name[: rng.choice([15, 20, 24, 30])].rstrip() if len(name) > 17 else name


def run_together(name: str, rng: random.Random) -> str:
    words = TAIL.sub("", name).split()
    if len(words) < 2:
        return name
    if rng.random() < 0.5:
        return "".join(word[:1].upper() + word[1:] for word in words)
    at = rng.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]])


def acronym(name: str, _rng: random.Random) -> str:
    words = [
        w for w in re.findall(r"\w+", TAIL.sub("", name)) if w.lower() not in {"and", "of", "the"}
    ]
    return "".join(word[0].upper() for word in words) if 3 <= len(words) <= 6 else name


def accents(name: str, rng: random.Random) -> str:
    pairs = {"ü": "ue", "ö": "oe", "ä": "ae", "é": "e", "è": "e", "á": "a", "ó": "o", "í": "i",
             "ñ": "n", "ç": "c", "ø": "o", "å": "a", "ł": "l", "ã": "a", "ê": "e"}  # fmt: skip
    style = rng.randrange(3)
    for letter, plain in pairs.items():
        name = name.replace(letter, plain if style == 0 else plain[0] if style == 1 else "?")
    return name


def office(name: str, rng: random.Random) -> str:
    return name + rng.choice(OFFICES)


def article(name: str, rng: random.Random) -> str:
    return name[4:] if name.lower().startswith("the ") else "The " + name


def added_word(name: str, rng: random.Random) -> str:
    return TAIL.sub("", name) + rng.choice(
        [" Group", " Services", " UK", " Holdings", " & Partners", " USA"]
    )


def word_order(name: str, rng: random.Random) -> str:
    words = TAIL.sub("", name).split()
    if len(words) < 2:
        return name
    return (
        " ".join([*words[1:], words[0]])
        if rng.random() < 0.5
        else f"{words[-1]}, {' '.join(words[:-1])}"
    )


def mojibake(name: str, _rng: random.Random) -> str:
    return name.encode("utf-8").decode("cp1252", errors="replace")


FAULTS: dict[str, tuple[Fault, int]] = {
    "typo": (typo, 12),
    "two-typos": (two_typos, 3),
    "ampersand": (ampersand, 12),
    "quotes": (quotes, 5),
    "legal-form": (legal_form, 22),
    "punctuation": (punctuation, 8),
    "abbreviation": (abbreviation, 8),
    "vowels-dropped": (vowels_dropped, 2),
    "dropped-tail": (dropped_tail, 6),
    "dropped-word": (dropped_word, 4),
    "cut-off": (cut_off, 4),
    "run-together": (run_together, 6),
    "acronym": (acronym, 3),
    "accents": (accents, 3),
    "office": (office, 5),
    "article": (article, 3),
    "added-word": (added_word, 4),
    "mojibake": (mojibake, 1),
    "word-order": (word_order, 3),
}
HELD_OUT = "word-order"
"""A fault the weights were never tuned on; measured apart."""


def loose(name: str) -> str:
    """Two names of the raw material that share this may be one organisation listed twice."""
    return re.sub(r"[\W_]+", "", TAIL.sub("", TAIL.sub("", name)).casefold())


def damage(
    name: str, rng: random.Random, *, without: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Damage a name by one fault, now and then by two; give the name and the fault's name."""
    kinds = [kind for kind in FAULTS if kind not in without]
    for _ in range(20):
        kind = rng.choices(kinds, [FAULTS[k][1] for k in kinds])[0]
        damaged = FAULTS[kind][0](name, rng)
        if damaged == name:
            continue
        if rng.random() < 0.15:
            damaged = legal_form(damaged, rng)
        if rng.random() < 0.1:
            damaged = rng.choice([damaged.upper(), damaged.lower(), f" {damaged}"])
        if damaged.strip().casefold() != name.strip().casefold() and len(loose(damaged)) > 1:
            return damaged, kind
    return name + " Ltd", "legal-form"


def _number(pool: list[str], size: int, strangers: int, rng: random.Random) -> set[int]:
    """Number some right names, and make some strangers their siblings: `Depot 12`, `Depot 14`."""
    numbered = rng.sample(range(size), size // 20)
    for at in numbered:
        pool[at] = f"{TAIL.sub('', pool[at])} {rng.randrange(1, 200)}"
    siblings = list(range(size, size + strangers))[: size // 40]
    for at, brother in zip(siblings, numbered, strict=False):
        stem, _, number = pool[brother].rpartition(" ")
        pool[at] = f"{stem} {int(number) + rng.choice([1, 2, 10, 100])}"
    return set(siblings)


def generate(
    names: Sequence[str],
    size: int,
    seed: int,
    *,
    unmatched: float = 0.2,
    without: frozenset[str] = frozenset(),
) -> NameSet:
    """Draw `size` right names; damage them into left names, plus a share that has no answer."""
    rng = random.Random(seed)
    pool = list({loose(name): name for name in sorted(names) if len(loose(name)) > 2}.values())
    rng.shuffle(pool)
    strangers = int(size * unmatched)
    siblings = _number(pool, size, strangers, rng)
    right = [(f"t{at}", name) for at, name in enumerate(pool[:size])]
    left: list[tuple[str, str]] = []
    truth: dict[str, set[str]] = {}
    fault: dict[str, str] = {}
    for at, name in enumerate(pool[: size + strangers]):
        damaged, kind = (name, "sibling") if at in siblings else damage(name, rng, without=without)
        left.append((f"q{at}", damaged))
        fault[f"q{at}"] = kind
        if at < size:
            truth[f"q{at}"] = {f"t{at}"}
    rng.shuffle(left)
    rng.shuffle(right)
    return NameSet(f"generated-{size}-{seed}", left, right, truth, fault)
