"""Draws the town: from the plan and a seed to the three files that the importers read."""

import random
from dataclasses import dataclass
from pathlib import Path

from local.town import houses, network, register
from local.town.geometry import Point
from local.town.houses import House
from local.town.osm import Map
from local.town.plan import ESCHENBORN, POSTAL_CODE, TOWN, Plan, School, Street, Tags

GROUNDS_M = 35.0
"""Half the side of a school's grounds."""
MAPPED_AS_BUILDING = 4
"""One address in so many is a building's outline, as OpenStreetMap has both."""


@dataclass(frozen=True)
class TownFiles:
    streets: Path
    schools: Path
    authorities: Path


def draw_town(folder: Path, seed: int = 1) -> TownFiles:
    """Writes Eschenborn into `folder`. The same seed gives the same bytes."""
    luck = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = TownFiles(folder / "Eschenborn.osm", folder / "Schulen.csv", folder / "Schultraeger.csv")
    bend = network.soft_bend((luck.uniform(0, 6), luck.uniform(0, 6), luck.uniform(0, 6), luck.uniform(0, 6)))
    # 1. Streets, joined where they meet and at the schools' gates
    town = Map()
    lines = _lines(ESCHENBORN, bend)
    for street, line in lines:
        town.way(line, {"name": street.name, **street.tags})
    # 2. Houses along them
    schools = [bend(school.middle) for school in ESCHENBORN.schools]
    taken = {(school.street, school.house_number) for school in ESCHENBORN.schools}
    for house in [house for street, line in lines if street.houses for house in houses.along(street, line, luck)]:
        far = all(house.middle.distance(school) > 2 * GROUNDS_M for school in schools)
        if far and (house.street, house.number) not in taken:
            _add_house(town, house, luck)
    # 3. Schools: a path from the street, grounds with an entrance, and the register's row
    for school in ESCHENBORN.schools:
        _add_school(town, school, bend)
    town.write(files.streets)
    register.write_schools(files.schools, list(zip(ESCHENBORN.schools, schools, strict=True)))
    register.write_authorities(files.authorities, bend(Point(4500, 20)))
    return files


def _lines(plan: Plan, bend: network.Bend) -> list[tuple[Street, tuple[Point, ...]]]:
    joined = network.join(
        (street for street in plan.streets if street.name not in plan.apart), [school.gate for school in plan.schools]
    )
    apart = [street for street in plan.streets if street.name in plan.apart]
    return [(street, tuple(bend(point) for point in network.divide(street.points))) for street in [*joined, *apart]]


def _address(street: str, number: str) -> Tags:
    return {
        "addr:street": street,
        "addr:housenumber": number,
        "addr:postcode": POSTAL_CODE,
        "addr:city": TOWN,
        "addr:country": "DE",
    }


def _add_house(town: Map, house: House, luck: random.Random) -> None:
    tags = _address(house.street, house.number)
    if luck.randrange(MAPPED_AS_BUILDING):
        town.node(house.door, tags)
    else:
        town.way(_square(house.middle, 5.0), {**tags, "building": "house"})


def _add_school(town: Map, school: School, bend: network.Bend) -> None:
    upward = 1 if school.middle.y > school.gate.y else -1
    entrance = bend(Point(school.middle.x, school.middle.y - upward * GROUNDS_M))
    middle = bend(school.middle)
    west, east = middle.x - GROUNDS_M, middle.x + GROUNDS_M
    back = middle.y + upward * GROUNDS_M
    corners = (
        entrance,
        Point(east, entrance.y),
        Point(east, back),
        Point(west, back),
        Point(west, entrance.y),
        entrance,
    )
    name = school.name.split("|")[0]
    number = _address(school.street, school.house_number)
    town.way(corners, {"amenity": "school", "name": name, "ref": school.number, **number})
    town.node(entrance, {"barrier": "gate", "entrance": "main", "foot": "yes"})
    town.way((bend(school.gate), entrance), {"highway": "footway", "surface": "paving_stones"})


def _square(middle: Point, half: float) -> tuple[Point, ...]:
    steps = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return tuple(Point(middle.x + x, middle.y + y) for x, y in steps)
