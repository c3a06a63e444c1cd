"""Believable names of customers, branches, people and machines; every one drawn from a seed."""

from random import Random


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WORDS = words(
    """
    Harbor Quarry Pine Bright Copper Northgate Silver Beacon Linden Foxglove Marlow Kestrel
    Orchard Granite Meadow Falcon Willow Summit Riverside Ashford Clearwater Ironbridge
    Hawthorn Sable Juniper Larkspur Cobalt Redwood Thistle Windmill Oakfield Bluebell Compass
    Keystone Lantern Maple Pelican Raven Saffron Tidewater Umber Vantage Whitby Yarrow Zephyr
    Alder Birch Cedar Drift Elm Fernhill Gable Hollybush Inglenook Jasper Kingfisher Lowland
    Moorland Nettle Otter Primrose Quill Rowan Sandpiper Teal Upland Verity Wren Amber Barley
    Cinder Dovecote Ember Flint Gorse Heron Ivory Kite Lichen Mallow Nimbus Opal Pebble
    Rushmore Sorrel Tamar Vesper Walnut
    """
)
SURNAMES = words(
    """
    Smith Jones Taylor Brown Williams Wilson Evans Thomas Roberts Walker Wright Hughes Green
    Hall Wood Clarke Turner Hill Cooper Ward Morris Moore King Baker Harrison Morgan Allen
    James Scott Phillips Watson Davis Parker Bennett Price Griffiths Young Mitchell Kelly Cook
    Carter Bailey Collins Bell Shaw Murphy Miller Cox Marshall Simpson Richardson Anderson
    Ellis Adams Palmer Holmes Mills Rowe Khan Patel Novak Kowalski Rossi Costa Weber Fischer
    Dubois Moreau Larsen
    """
)
ACCENTED = words(
    """
    García Muñoz Peña Núñez Ibáñez Müller Schröder Håkansson Åberg Çelik Žižka Élysée Lefèvre
    Crème Brûlé Björk Strömberg Ángeles Cañada Güell
    """
)
APOSTROPHES = [
    "O'Brien",
    "O'Neill",
    "D'Souza",
    "Tom's",
    "Angie's",
    "Rosie's",
    "Murphy's",
    "L'Avenue",
    "O'Hara",
    "Kate's",
]
TRADES = words(
    """
    Dental Architects Logistics Bakery Motors Plumbing Interiors Accountants Law Garage
    Pharmacy Engineering Catering Landscapes Roofing Electrical Printing Brewery Optics
    Haulage Consulting Nurseries Surveyors Fabrications Veterinary Estates Insurance Packaging
    Recruitment Joinery Textiles Foods Marine Aviation Media Furniture Scaffolding Florists
    Physiotherapy Lettings
    """
)
LONG_TRADES = (
    "Manufacturing",
    "Services",
    "International",
    "Associates",
    "Property Management",
    "Technologies",
    "Construction",
    "Medical Centre",
)
LEGAL = ("Ltd", "Limited", "Inc", "LLC", "plc", "GmbH", "S.L.", "LLP")
CITIES = words(
    """
    Leeds York Bristol Exeter Norwich Dundee Cardiff Swansea Oxford Reading Derby Lincoln
    Chester Durham Stirling Inverness Plymouth Brighton Luton Preston Carlisle Madrid Valencia
    Sevilla Bilbao Dublin Cork Galway Porto Lyon Boston Denver Austin Tulsa Fargo Salem Dayton
    Tampa Reno Boise
    """
)
PURPOSES = ("", "", "", " Office", " Warehouse", " Depot", " Showroom", " Clinic", " Workshop")
FIRST_NAMES = words(
    """
    Alice Ben Carla David Ewa Finn Grace Hugo Irene Jack Karen Luis Maria Nadia Oscar Paula
    Quentin Rosa Sam Tessa Umar Vera Will Xenia Yusuf Zoe Amir Bea Chloe Dan
    """
)
ROLES = words("FRONT RECEPTION ACCOUNTS SALES STORES OFFICE DISPATCH LAB DESIGN BOARDROOM")
COMMON_HOSTS = ("DC01", "SERVER01", "FILESERVER", "RECEPTION", "RECEPTION-PC", "ACCOUNTS-PC")
SERIAL = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SYSTEMS = (
    ("Windows 11 Pro", "10.0.26100"),
    ("Windows 11 Pro", "10.0.22631"),
    ("Windows 10 Pro", "10.0.19045"),
    ("macOS", "15.1"),
)
SERVER_SYSTEM = ("Windows Server 2022 Standard", "10.0.20348")


class Namer:
    """Draws company names and never gives out two that a reader could confuse."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._taken: set[str] = set()
        self._drawn = 0

    def company(self) -> str:
        """The patterns take turns, so that every kind of name exists in the smallest world."""
        for _ in range(40):
            name = self._pattern(self._drawn)
            if self._take(name):
                self._drawn += 1
                return name
        while not self._take(name := f"{self._pattern(self._drawn)} ({self.city()} {self._drawn})"):
            self._drawn += 1
        self._drawn += 1
        return name

    def claim(self, name: str) -> None:
        """Never draw this name, somebody bears it already."""
        self._take(name)

    def _take(self, name: str) -> bool:
        """Claim a name by its letters without the legal form."""
        core = " ".join(w for w in name.replace(",", "").split() if w not in LEGAL)
        key = "".join(filter(str.isalnum, core.casefold()))
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def _pattern(self, turn: int) -> str:
        pick = self.rng.choice
        legal = pick(LEGAL)
        patterns = (
            f"{pick(SURNAMES)} & {pick(('Sons', 'Daughters', 'Partners'))} {legal}",
            f"{pick(WORDS)} {pick(TRADES)}, {pick(('Inc.', 'LLC', 'S.L.'))}",
            f"{pick(APOSTROPHES)} {pick(TRADES)}",
            f"{pick(WORDS)} {pick(LONG_TRADES)} {legal}",
            f"{pick(ACCENTED)} {pick(TRADES)} {legal}",
            f"{pick(SURNAMES)} & {pick(SURNAMES)} {pick(TRADES)}",
            f"{pick(WORDS)} {pick(TRADES)} {pick(('Group', 'Partners', 'Co-operative'))}",
            f"{pick(WORDS)} {pick(TRADES)} {legal}",
            f"{pick(CITIES)} {pick(TRADES)} {legal}",
        )
        return patterns[turn % len(patterns)]

    def city(self) -> str:
        return self.rng.choice(CITIES)

    def person(self) -> str:
        return f"{self.rng.choice(FIRST_NAMES)} {self.rng.choice(SURNAMES)}"

    def serial(self) -> str:
        return "".join(self.rng.choices(SERIAL, k=7))


def initials(name: str) -> str:
    """Two to four letters that an engineer would prefix machine names with."""
    words = "".join(c if c.isalnum() else " " for c in name).split()
    letters = "".join(w[0] for w in words if w.isascii()).upper()
    return (letters if len(letters) > 1 else name[:3].upper())[:4]


def host(namer: Namer, prefix: str, style: int, number: int) -> tuple[str, int]:
    """A machine's name in its company's style, and its asset type."""
    pick = namer.rng.choice
    if number % 12 == 5:
        return f"{prefix}-{pick(('SRV', 'DC', 'SQL', 'FS'))}{number:02d}", 103
    match style:
        case 0:
            return f"{prefix}-LT-{number:04d}", 102
        case 1:
            return f"{prefix}-{pick(ROLES)}-{number:02d}", 101
        case 2:
            return f"DESKTOP-{namer.serial()}", 101
        case 3:
            return f"{prefix}-WS{number:03d}", 101
    return f"{pick(FIRST_NAMES)[0]}{pick(SURNAMES)}-{number:02d}".upper(), 102
