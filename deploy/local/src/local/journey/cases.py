"""Picks three families by a seed: one to be granted, one to be refused, one in doubt. The service measures."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from local.region import Address, Region, School, as_the_crow_flies
from local.town.geometry import Position


@dataclass(frozen=True)
class Way:
    """A way on foot as the service measured it."""

    metres: float
    lenient_m: float
    """With doubtful stretches."""
    strict_m: float | None
    """Without them; None: no way without them."""
    certain: bool
    """No shorter way can run outside the map."""


Measure = Callable[[Position, Position], Way | None]
"""From where to where; None where there is no way."""
Fits = Callable[[Way, float], bool]
"""Whether this way, at this limit in metres, makes the case."""

CLEAR_M = 200.0
"""A clear case is this far from its limit: well outside the band of doubt (50 m) and other readings of the map."""
DETOUR = 1.25
"""Ways on foot are about a quarter longer than the crow flies; only to look first where it is likely."""
RIVALS = 4
"""So many schools, nearest first as the crow flies, are measured to find the nearest on foot."""
TRIES = 400
PLAIN_HOUSE_NUMBER = re.compile(r"[1-9]\d{0,3}[a-z]?")


@dataclass(frozen=True)
class Level:
    """A school form, the class that the child attends, and the limit for it (§ 5 (2) SchfkVO)."""

    form: str
    grade: str
    age: int
    limit_m: float
    track: str | None = None


LEVELS = (
    Level("02", "03", 8, 2000),
    Level("10", "07", 12, 3500),
    Level("15", "06", 11, 3500),
    Level("20", "08", 13, 3500, track="GY9"),
)


@dataclass(frozen=True)
class Case:
    """A child at an address, attending the nearest school of its form. `metres` as measured for the choice."""

    home: Address
    school: School
    level: Level
    metres: float
    dangerous_route: bool = False


@dataclass(frozen=True)
class Cases:
    granted: Case
    refused: Case
    doubtful: Case


class NoSuchCase(Exception):
    """The region has no address for one of the cases."""


def pick(region: Region, measure: Measure, seed: int) -> Cases:
    """The three cases of `seed`, all at schools of the region's main authority.

    Raises:
        NoSuchCase.
    """
    luck = random.Random(seed)
    granted = _first(region, measure, luck, _too_far)
    refused = _first(region, measure, luck, _near)
    # What the distance does not settle goes to a person: here a way that the family holds to be dangerous.
    doubtful = _first(region, measure, luck, _near)
    return Cases(granted, refused, replace(doubtful, dangerous_route=True))


def _too_far(way: Way, limit: float) -> bool:
    return way.certain and way.lenient_m > limit + CLEAR_M


def _near(way: Way, limit: float) -> bool:
    return way.strict_m is not None and way.strict_m < limit - CLEAR_M


def _first(region: Region, measure: Measure, luck: random.Random, fits: Fits) -> Case:
    for home, level in _shuffled(region, luck):
        rivals = _rivals(region, home, level)
        if not rivals or not fits(_guess(home, rivals[0]), level.limit_m):
            continue
        measured = [(way, school) for school in rivals if (way := measure(home.at, school.at)) is not None]
        if not measured:
            continue
        way, school = min(measured, key=lambda pair: pair[0].metres)
        if school.authority == region.authority and fits(way, level.limit_m):
            return Case(home, school, level, way.metres)
    raise NoSuchCase("no address of this region fits; another seed will not help where there are none")


def _guess(home: Address, school: School) -> Way:
    metres = as_the_crow_flies(home.at, school.at) * DETOUR
    return Way(metres, metres, metres, certain=True)


def _shuffled(region: Region, luck: random.Random) -> Iterator[tuple[Address, Level]]:
    homes = [home for home in region.addresses if PLAIN_HOUSE_NUMBER.fullmatch(home.house_number)]
    levels = [level for level in LEVELS if any(school.form == level.form for school in region.schools)]
    for home in luck.sample(homes, min(TRIES, len(homes))):
        yield from ((home, level) for level in luck.sample(levels, len(levels)))


def _rivals(region: Region, home: Address, level: Level) -> list[School]:
    """Public schools of the form, nearest first as the crow flies; at primary schools of one kind (§ 9 SchfkVO)."""
    schools = [school for school in region.schools if school.public and school.form == level.form]
    if level.form == "02":
        schools = [school for school in schools if school.kind == "GMS"]
    return sorted(schools, key=lambda school: as_the_crow_flies(home.at, school.at))[:RIVALS]
