"""Invented locations and technicians, damaged as in life, among neighbours that are not the same.

Nothing in the engine was learned from these.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sync.core.records import Kind
from sync.core.suggest import Entry
from sync.core.suggest.engine import canonical_order, near
from sync.core.suggest.rank import rank
from sync.core.verdicts import Grade
from tests.bench.match.promises import STRONG, Promise, Say

SEEDS = (9_601, 9_602)


def _words(text: str) -> list[str]:
    return text.split()


CITIES = [*_words("""
    Dallas Austin Houston Waco Plano Springfield Portland Salem Dover Bristol Oxford Madrid Barcelona
    Sevilla Valencia Bilbao Leeds Derby Hull Exeter Denver Boulder Aurora Reno Tucson Mesa Omaha
    Lincoln Fargo Tampa Miami Orlando Naples
"""), "San Antonio", "Fort Worth", "St. Louis", "New York", "Los Angeles", "El Paso"]  # fmt: skip
TREES = _words("Elm Oak Maple Cedar Pine Lake Hill Church Market Bridge King Queen Park River")
STREETS = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Boulevard": "Blvd", "Drive": "Dr"}
SHORT = STREETS | {"Building": "Bldg", "Center": "Ctr", "Fort": "Ft", "St.": "Saint"}
TRADES = _words("Warehouse Showroom Factory Workshop Laboratory Clinic Plant Library Store Garage")
STATES = ["TX", "IL", "MO", "OR", "ME", "CA"]
OPPOSITE = {"North": "South", "South": "North", "East": "West", "West": "East"}
CLIENTS = ["Acme Dental", "Northwind Traders", "Clínica Ruiz", "Lakeside Law Group", "Cedar Realty"]
MAIN = ["Main", "Main Office", "HQ", "Headquarters", "Head Office", "Corporate", "Sede Central"]
FIRST = _words("""
    James John Robert Michael William David Daniel Mary Patricia Linda Sarah Karen Nancy Lisa Ana Luis
    Carlos Laura Jorge Elena Marta Pablo Kevin Brian Ryan Eric Megan Amy Juan Joan
""")
LAST = _words("""
    Smith Johnson Brown Jones Garcia Miller Davis Lopez Wilson Taylor Moore Martin Lee Perez White
    Harris Clark Ruiz Gil Navarro Torres Vega Ortiz King Wright Hill Scott Green
""")
NICKNAMES = {"Michael": "Mike", "William": "Bill", "Robert": "Bob", "James": "Jim", "Daniel": "Dan"}
ADDRESSES: list[Callable[[str, str], str]] = [
    lambda f, s: f"{f}.{s}", lambda f, s: f[0] + s, lambda f, _: f, lambda f, s: f + s[0],
    lambda f, s: f"{s}.{f}", lambda f, s: f"{f[0]}.{s}",
]  # fmt: skip


@dataclass
class Both:
    """Two lists, and which entry of the right one each of the left is, if any."""

    left: list[Entry] = field(default_factory=list)
    right: list[Entry] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    def ask(self, entry: Entry, answer: str = "") -> None:
        self.left.append(entry)
        if answer:
            self.truth[entry.id] = answer

    def near_misses(self) -> "Both":
        """Leave out what bears an exact name, and what two ask for under one."""
        said = Counter(map(_key, (*self.left, *self.right)))
        left = [entry for entry in self.left if said[_key(entry)] == 1]
        truth = {entry.id: self.truth[entry.id] for entry in left if entry.id in self.truth}
        return Both(left, self.right, truth)


def _key(entry: Entry) -> tuple[str, str]:
    return (entry.parent, entry.email or entry.name)


def _place(rng: random.Random) -> str:
    city, trade = rng.choice(CITIES), rng.choice(TRADES)
    return rng.choice([
        city, city, city, f"{rng.randint(1, 900)} {rng.choice(TREES)} {rng.choice(list(STREETS))}",
        trade, f"{rng.choice(list(OPPOSITE))} {rng.choice([city, trade])}",
        f"{rng.choice(['Site', 'Depot', 'Store', 'Unit'])} {rng.randint(1, 20)}",
        f"Building {rng.choice('ABCD')}", f"{city} {trade}", f"{city}, {rng.choice(STATES)}",
    ])  # fmt: skip


def _slip(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text))
    return rng.choice(
        [text[:at] + text[at + 1 :], text[:at] + rng.choice("aeiours") + text[at + 1 :]]
    )


def _damaged(name: str, client: str, rng: random.Random) -> str:
    words = name.split()
    return rng.choice([
        name.upper(), name + rng.choice([" Office", " Branch", " - Site"]), f"{client} - {name}",
        f"{name} ({client})", _slip(name, rng) if not name[0].isdigit() else name.lower(),
        " ".join(SHORT.get(word, word) for word in words), name.replace(" ", "-"),
        f"{name}, USA", " ".join(reversed(words)), f"{name} {rng.choice(TRADES)}",
        words[-1] if words[-1] in TRADES else name.lower(),
    ])  # fmt: skip


def _neighbour(name: str, rng: random.Random) -> str:
    """Name another place that looks like this one."""
    first, *rest = name.split()
    if first.isdigit():
        return rng.choice(
            [f"{int(first) + 2} {' '.join(rest)}", f"{first} {rng.choice(TREES)} {rest[-1]}"]
        )
    if first in OPPOSITE:
        return " ".join([OPPOSITE[first], *rest])
    if first == "Building":
        return f"Building {rng.choice([c for c in 'ABCD' if c != rest[0]])}"
    if not rest:
        return f"{rng.choice(CITIES)} {first}" if first in TRADES else f"{first} 2"
    *most, last = name.split()
    return {
        last.isdigit(): f"{first} {rng.randint(21, 40)}",
        last in STATES: f"{name[:-2]}{rng.choice([s for s in STATES if s != last])}",
    }.get(True, rng.choice([f"{name} 2", f"{rng.choice(CITIES)} {last}", " ".join(most)]))


def locations(seed: int, clients: int = 1_500) -> Both:
    """Invent clients of one to ten sites, and the locations of their companies."""
    rng, both = random.Random(seed), Both()
    for number in range(clients):
        client, parent = rng.choice(CLIENTS), str(number)
        names = {_place(rng) for _ in range(rng.choice([1, 1, 2, 3, 4, 6, 10]))}
        names |= {rng.choice([*MAIN, client])} if rng.random() < 0.6 else set()
        for at, name in enumerate(sorted(names)):
            fate, ident = rng.random(), f"{number}.{at}"
            holder = "x" if fate < 0.25 else None
            both.right.append(Entry(ident, name, parent, client, taken_by=holder, taken_name=name))
            if holder:
                continue
            if name in {*MAIN, client}:
                other = rng.choice([m for m in (*MAIN, client) if m != name])
                both.ask(Entry(f"l{ident}", other, parent, client), ident)
            elif fate < 0.65:
                both.ask(Entry(f"l{ident}", _damaged(name, client, rng), parent, client), ident)
            elif fate < 0.85:
                both.ask(Entry(f"n{ident}", _neighbour(name, rng), parent, client))
    return both.near_misses()


def _person(
    first: str, last: str, style: Callable[[str, str], str], domain: str
) -> tuple[str, str]:
    return f"{first} {last}", f"{style(first.lower(), last.lower())}@{domain}"


def _elsewhere(
    first: str, last: str, style: Callable[[str, str], str], number: str, rng: random.Random
) -> tuple[str, str]:
    """Give the same person's other name and address."""
    here, old = f"msp{number}.example", f"old{number}.example"
    name, address = _person(first, last, style, here)
    local = address.partition("@")[0]
    called = NICKNAMES.get(first, first)
    return rng.choice([
        (name, f"{local}@{old}"), (name, f"{local}+ae@{here}"), (name, f"{_slip(local, rng)}@{here}"),
        (f"{last}, {first}", f"{local}@{old}"), _person(called, last, style, old),
        _person(first, last, rng.choice(ADDRESSES), rng.choice([here, old])),
    ])  # fmt: skip


def _stranger(
    first: str, last: str, style: Callable[[str, str], str], number: str, rng: random.Random
) -> tuple[str, str]:
    """Give another person who looks like this one: by first name, initial, or surname."""
    old = f"old{number}.example"
    known_as = {first, NICKNAMES.get(first)}
    initial = [f for f in FIRST if f[0] == first[0] and f not in known_as]
    surname = rng.choice([s for s in LAST if s != last])
    return rng.choice([
        (f"{first} {surname}", f"{first}@customer.example".lower()),
        _person(first, surname, ADDRESSES[2], old),
        _person(rng.choice(initial or FIRST[:1]), last, ADDRESSES[1], old),
        _person(rng.choice([f for f in FIRST if f[0] != first[0]]), last, ADDRESSES[1],
                f"msp{number}.example"),
        _person(rng.choice([f for f in FIRST if f[0] != first[0]]), last, style, old),
    ])  # fmt: skip


def technicians(seed: int) -> Iterator[Both]:
    """Invent service providers of four to 25 people; one in seven keeps no display names."""
    rng = random.Random(seed)
    for at in range(500):
        both, number, style = Both(), str(at), rng.choice(ADDRESSES)
        named = rng.random() < 0.85
        people = {(rng.choice(FIRST), rng.choice(LAST)) for _ in range(rng.choice([4, 10, 25]))}
        for ident, (first, last) in enumerate(sorted(people)):
            name, address = _person(first, last, style, f"msp{number}.example")
            fate = rng.random()
            holder = "x" if fate < 0.3 else None
            if fate < 0.75 and all(address != e.email for e in both.right):
                both.right.append(Entry(str(ident), name, email=address, taken_by=holder))
                if fate >= 0.3:
                    name, address = _elsewhere(first, last, style, number, rng)
                    entry = Entry(f"u{ident}", name if named else address, email=address)
                    both.ask(entry, str(ident))
            elif fate >= 0.75:
                name, address = _stranger(first, last, style, number, rng)
                both.ask(Entry(f"n{ident}", name if named else address, email=address))
        for shared in ("support", "helpdesk", "tech1"):
            both.right.append(Entry(shared, "Service Desk", email=f"{shared}@msp{number}.example"))
            moved = shared if rng.random() < 0.5 else ""
            entry = Entry(f"s{shared}", "Service Desk", email=f"{shared}@old{number}.example")
            both.ask(entry, moved)
        yield both.near_misses()


@dataclass
class Figures:
    shown: Counter[Grade] = field(default_factory=Counter)
    right: Counter[Grade] = field(default_factory=Counter)
    answers: int = 0

    def add(self, kind: Kind, both: Both) -> None:
        left, right = (
            [entries[row] for row in canonical_order(entries)]
            for entries in (both.left, both.right)
        )
        self.answers += len(both.truth)
        for entry, found in zip(left, rank(left, right, near(kind, left, right)), strict=True):
            if found:
                self.shown[found[0].grade] += 1
                self.right[found[0].grade] += found[0].halo_id == both.truth.get(entry.id)

    def precision(self, grade: Grade) -> float:
        return self.right[grade] / self.shown[grade]

    @property
    def recall(self) -> float:
        return self.right.total() / self.answers


def measured(kind: Kind) -> Figures:
    """Ask for every near miss of the kind, over all seeds."""
    figures = Figures()
    for seed in SEEDS:
        for both in [locations(seed)] if kind is Kind.LOCATION else technicians(seed):
            figures.add(kind, both)
    return figures


def table(say: Say) -> Iterator[Promise]:
    """Print what each grade of both kinds is worth; give what was promised of it."""
    for kind in (Kind.LOCATION, Kind.USER):
        figures = measured(kind)
        say(f"### Invented {kind.value}s\n\n| grade | shown | right |\n|---|--:|--:|")
        for grade in Grade:
            say(f"| {grade.value} | {figures.shown[grade]:,} | {figures.precision(grade):.4f} |")
        say(f"\nRecall {figures.recall:.4f} of {figures.answers:,}.\n")
        strong = figures.precision(Grade.STRONG)
        yield Promise(
            f"invented {kind.value}s: of what is called strong, 99 % is right",
            f"{strong:.4f} of {figures.shown[Grade.STRONG]:,}",
            met=strong >= STRONG,
        )
