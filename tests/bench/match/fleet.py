"""Invented fleets of machines: names damaged as they are in life, and neighbours without an asset."""

import random
import re
from dataclasses import dataclass, field

ROLES = ["LT", "DT", "WS", "PC", "NB", "LAPTOP", "DESK"]
SERVERS = ["SRV", "DC", "FS", "SQL", "RDS", "APP", "HV"]
PLACES = ["NYC", "DAL", "AUS", "CHI", "MAD", "BCN", "LON", "HQ", "WH", "SHOP", "LAB", "FRONT"]
PEOPLE = ["mary", "john", "ana", "luis", "peter", "susan", "kevin", "laura", "carlos", "emma", "oliver",
          "sofia", "david", "julia", "martin", "helen", "jsmith", "kjones", "mgarcia", "rlopez", "tbrown",
          "awilson", "dmiller", "ptaylor", "reception", "boardroom", "frontdesk", "warehouse"]  # fmt: skip
THINGS = ["PC", "LAPTOP", "MACBOOK", "SURFACE", "DESKTOP", "IMAC", "XPS"]
FIRMS = [
    "ACME",
    "ORBIT",
    "CEDAR",
    "NORTHW",
    "LAKESIDE",
    "BRIGHT",
    "VERTEX",
    "SUMMIT",
    "HARBOR",
    "PIONEER",
]
SERIAL = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass
class Fleet:
    """Machines (id, parent, name), assets likewise, and machine id -> asset id."""

    machines: list[tuple[str, str, str]] = field(default_factory=list)
    assets: list[tuple[str, str, str]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)
    fault: dict[str, str] = field(default_factory=dict)


def _names(rng: random.Random, size: int, firm: str) -> list[str]:
    styles = [
        lambda n: f"{rng.choice(ROLES[:4])}-{n:04}",
        lambda n: f"{firm}-{rng.choice(ROLES)}-{n:03}",
        lambda n: f"{rng.choice(PLACES)}-{rng.choice(ROLES)}{n:02}",
        lambda _: "DESKTOP-" + "".join(rng.choices(SERIAL, k=7)),
        lambda _: "LAPTOP-" + "".join(rng.choices(SERIAL, k=8)),
        lambda _: f"{rng.choice(PEOPLE)}s-{rng.choice(THINGS)}".upper(),
        lambda n: f"{rng.choice(SERVERS)}{n % 9 + 1:02}",
        lambda n: f"{firm}-{rng.choice(PLACES)}-{rng.choice(ROLES)}-{n:03}",
        lambda n: f"{firm}{rng.choice(PLACES)}{rng.choice(ROLES[:4])}{n:02}",
    ]
    chosen = rng.sample(styles, 3)
    names: dict[str, None] = {}
    number = rng.choice([1, 100, 230])
    for _ in range(size * 4):
        if len(names) >= size:
            break
        names[rng.choice(chosen)(number)] = None
        number += rng.choice([0, 1, 1, 1, 2])
    return list(names)


def typo(name: str, rng: random.Random) -> str:
    letters = [at for at, c in enumerate(name) if c.isalpha()]
    at = rng.choice(letters)
    kind = rng.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + rng.choice("AEIOSTRN".replace(name[at], "")) + name[at + 1 :]


def _swap_zero(name: str, rng: random.Random) -> str:
    spots = [at for at, c in enumerate(name) if c in "0O1I"]
    if not spots:
        return name
    at = rng.choice(spots)
    return name[:at] + {"0": "O", "O": "0", "1": "I", "I": "1"}[name[at]] + name[at + 1 :]


FAULTS = {
    "dns": (lambda n, r: n.lower() + r.choice([".acme.local", ".corp.example.com", ".lan"]), 20),
    "separators": (
        lambda n, r: r.choice([n.replace("-", ""), n.replace("-", "_"), n.replace("-", " ")]),
        14,
    ),
    "padding": (lambda n, _: re.sub(r"(?<![0-9A-Z])0+(?=\d)|(?<=[A-Z-])0+(?=\d+$)", "", n), 10),
    "domain": (lambda n, _: "ACME\\" + n, 8),
    "note": (lambda n, r: n + r.choice([" (Mary)", " - old laptop", " (reception)", "$"]), 12),
    "netbios": (lambda n, _: n[:15] if len(n) > 15 else n, 10),
    "prefix": (lambda n, _: n.partition("-")[2] if n.count("-") > 1 else n, 8),
    "zero": (_swap_zero, 5),
    "typo": (typo, 8),
    "case": (lambda n, _: n.lower(), 5),
}


def fleet(size: int, seed: int) -> Fleet:
    """Draw about `size` machines in companies of every size; a tenth have no asset."""
    rng = random.Random(seed)
    world = Fleet()
    company = 0
    while len(world.machines) < size:
        firm = rng.choice(FIRMS)
        names = _names(rng, rng.choice([8, 20, 40, 80, 150, 300]), firm)
        for name in names:
            _place(world, f"c{company}", name, rng)
        company += 1
    rng.shuffle(world.machines)
    rng.shuffle(world.assets)
    return world


def _place(world: Fleet, parent: str, name: str, rng: random.Random) -> None:
    ident = f"m{len(world.machines)}"
    if rng.random() < 0.06:  # an asset without machine
        world.assets.append((f"x{len(world.assets)}", parent, name))
        return
    lacks = rng.random() < 0.1
    machine, asset, kind = name, name, "none"
    if rng.random() < 0.4:
        kind = rng.choices(list(FAULTS), [weight for _, weight in FAULTS.values()])[0]
        damaged = FAULTS[kind][0](name, rng)
        if kind != "netbios" and rng.random() < 0.5:
            asset = damaged
        else:
            machine = damaged
    world.machines.append((ident, parent, machine))
    world.fault[ident] = kind
    if not lacks:
        world.assets.append((f"a{ident}", parent, asset))
        world.truth[ident] = f"a{ident}"
