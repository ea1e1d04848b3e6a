"""What stands where in Eschenborn: streets, schools, and the cases for which they were laid out.

Metres on the drawing board, x east, y north; the drawing bends everything softly afterwards.

    Westheim ------ main street (9.4 km) ------ Kernstadt ------------------ Ostheim
    (Gesamtschule)   |        island,             (five schools)   Oberdorf    |
                  Rosenhof    no bridge             |              /  road without a footway
                  (private drive)                Mühlengrund      /
                                                 (footpath short cut)
"""

from dataclasses import dataclass, field

from local.town.geometry import Point

TOWN = "Eschenborn"
POSTAL_CODE = "33199"
MUNICIPALITY_KEY = "774099"
"""Regionalschlüssel of the school statistics: Kreis Paderborn is 774; 099 is not given."""
AUTHORITY_NUMBER = "19900"
"""SchultraegerNr in a stretch that the register does not use (18041 to 50295 is empty)."""
ORIGIN_EASTING_M, ORIGIN_NORTHING_M = 491_000.0, 5_737_000.0

Tags = dict[str, str]


@dataclass(frozen=True)
class Street:
    """A named line with what OpenStreetMap says of it, and whether houses stand along it."""

    name: str
    points: tuple[Point, ...]
    tags: Tags
    houses: bool = True
    built_from_m: float = 0.0
    built_until_m: float = float("inf")


@dataclass(frozen=True)
class School:
    """A row of the school register. `gate` is where the school's path leaves the street."""

    number: str
    name: str
    short_name: str
    form: str
    """Schulform key: 02 Grundschule, 10 Realschule, 15 Gesamtschule, 20 Gymnasium, 30 Berufskolleg."""
    kind: str
    """Schulart at primary schools: GMS or RKB; empty elsewhere."""
    street: str
    house_number: str
    gate: Point
    middle: Point


@dataclass(frozen=True)
class Plan:
    streets: tuple[Street, ...]
    schools: tuple[School, ...]
    apart: frozenset[str] = field(default_factory=frozenset)
    """Streets that are joined to nothing."""


RESIDENTIAL: Tags = {"highway": "residential", "sidewalk": "both", "maxspeed": "30", "surface": "asphalt"}
MAIN: Tags = {"highway": "secondary", "sidewalk": "both", "maxspeed": "50", "ref": "L 799"}
HAZARD: Tags = {"highway": "secondary", "sidewalk": "no", "maxspeed": "70", "lit": "no", "verge": "no"}
"""The road without a footway, on which a family may claim danger (§ 6 (2) SchfkVO)."""
FOOTPATH: Tags = {"highway": "footway", "surface": "compacted", "lit": "yes"}
TRACK: Tags = {"highway": "track", "tracktype": "grade2", "foot": "yes"}
PRIVATE: Tags = {"highway": "service", "service": "driveway", "access": "private"}


def _line(*pairs: tuple[float, float]) -> tuple[Point, ...]:
    return tuple(Point(x, y) for x, y in pairs)


def _quarter(columns: dict[float, str], rows: dict[float, str]) -> list[Street]:
    """A quarter of crossing streets; the crossings are points of both."""
    xs, ys = sorted(columns), sorted(rows)
    upright = [Street(name, _line(*((x, y) for y in sorted({*ys, 0.0}))), RESIDENTIAL) for x, name in columns.items()]
    level = [Street(name, _line(*((x, y) for x in xs)), RESIDENTIAL) for y, name in rows.items()]
    return upright + level


SURROUNDINGS = [
    Street("Waldweg", _line((6400, 1800), (6300, 3200), (6600, 4800)), TRACK, houses=False),
    Street("Heideweg", _line((4300, -1500), (4200, -3000), (4500, -4800)), TRACK, houses=False),
    Street("Alter Postweg", _line((0, 0), (-1500, -200), (-3000, 0)), TRACK, houses=False),
    Street("Grenzweg", _line((9400, 0), (11000, 300), (12500, 0)), TRACK, houses=False),
]
"""Tracks into the country: an extract that ends at the last house would leave open what lies beyond it."""
WESTHEIM = _quarter(
    {200: "Weidenweg", 600: "Erlenweg", 1000: "Birkenweg", 1400: "Ahornweg"},
    {-300: "Westheimer Ring", 300: "Am Feldrain", 600: "Lerchenstraße"},
)
KERNSTADT = _quarter(
    {
        3600: "Mühlenstraße",
        3950: "Gerberstraße",
        4300: "Schulstraße",
        4650: "Lindenstraße",
        5000: "Bahnhofstraße",
        5350: "Gartenstraße",
    },
    {-600: "Am Mühlbach", -300: "Brunnenstraße", 300: "Marktstraße", 600: "Bergstraße"},
)
OSTHEIM = _quarter(
    {8100: "Eichenweg", 8500: "Buchenweg", 8900: "Ulmenweg", 9300: "Kastanienweg"},
    {-300: "Ostheimer Ring", 300: "Sonnenhang"},
)
BETWEEN = [
    Street("Hauptstraße", _line((0, 0), (9400, 0)), MAIN, built_from_m=150, built_until_m=9350),
    Street("Oberdorfer Straße", _line((5700, 0), (5950, 700), (6400, 1500)), HAZARD, houses=False),
    Street("Oberdorf", _line((6400, 1500), (6700, 1650), (7000, 1500)), RESIDENTIAL),
    Street("Kirchstieg", _line((6400, 1500), (6400, 1800), (6700, 1950), (6700, 1650)), RESIDENTIAL),
    Street("Talweg", _line((7000, 1500), (7300, 900), (7800, 0)), TRACK, houses=False),
    Street("Grundweg", _line((3600, -600), (3250, -1100), (3700, -1600), (4300, -1500)), RESIDENTIAL, built_from_m=900),
    Street("Mühlengrund", _line((4300, -1500), (4700, -1500), (4900, -1350)), RESIDENTIAL),
    Street("Mühlenpfad", _line((4650, -600), (4620, -1050), (4700, -1500)), FOOTPATH, houses=False),
    Street("Rosenhofweg", _line((1700, 0), (1750, -500), (2000, -900), (2300, -1000)), RESIDENTIAL, built_from_m=400),
    Street("Gutszufahrt", _line((2700, 0), (2650, -600), (2300, -1000)), PRIVATE, houses=False),
    Street("Werderinsel", _line((2300, 1000), (2500, 1060), (2700, 1000)), RESIDENTIAL),
    Street("Kollegstraße", _line((6900, 0), (6900, -350)), RESIDENTIAL),
    Street("Am Sportfeld", _line((800, 600), (800, 850)), RESIDENTIAL),
]

SCHOOLS = (
    School(
        "990013",
        "Städt. Gem. Grundschule|Am Markt|- Primarstufe -",
        "GG Am Markt",
        "02",
        "GMS",
        "Marktstraße",
        "14",
        Point(4470, 300),
        Point(4470, 370),
    ),
    School(
        "990025",
        "Städt. Kath. Grundschule|St. Anna|- Primarstufe -",
        "KG St. Anna",
        "02",
        "RKB",
        "Brunnenstraße",
        "40",
        Point(5180, -300),
        Point(5180, -230),
    ),
    School(
        "990037",
        "Städt. Realschule|An der Mühle|- Sekundarstufe I -",
        "RS An der Mühle",
        "10",
        "",
        "Am Mühlbach",
        "9",
        Point(3770, -600),
        Point(3770, -680),
    ),
    School(
        "990049",
        "Annette-Kolb-Gymnasium|Städt. Gymnasium|- Sekundarstufen I und II -",
        "Gym Annette Kolb",
        "20",
        "",
        "Bergstraße",
        "22",
        Point(4820, 600),
        Point(4820, 690),
    ),
    School(
        "990050",
        "Städt. Gesamtschule Westheim|- Sekundarstufen I und II -|",
        "GE Westheim",
        "15",
        "",
        "Am Sportfeld",
        "3",
        Point(800, 850),
        Point(800, 930),
    ),
    School(
        "990062",
        "Berufskolleg Eschenborn|für Technik und Wirtschaft|- Sekundarstufe II -",
        "BK Technik und Wirtschaft",
        "30",
        "",
        "Kollegstraße",
        "1",
        Point(6900, -350),
        Point(6900, -430),
    ),
)

ESCHENBORN = Plan(
    streets=(*BETWEEN, *SURROUNDINGS, *WESTHEIM, *KERNSTADT, *OSTHEIM),
    schools=SCHOOLS,
    apart=frozenset({"Werderinsel"}),
)
