"""Houses along a street: odd numbers left, even numbers right, and the gaps of a grown town."""

import itertools
import random
from dataclasses import dataclass

from local.town.geometry import Point
from local.town.plan import Street

PLOT_M = (24.0, 46.0)
FRONT_GARDEN_M = (9.0, 19.0)
KNOWN_EVERY = 4
"""One plot in so many is built on and known to the map: a few hundred addresses in all."""
CORNER_M = 18.0
"""No house nearer to the street's ends: crossings stay free."""


@dataclass(frozen=True)
class House:
    street: str
    number: str
    door: Point
    middle: Point
    """Behind the door, seen from the street."""


def along(street: Street, line: tuple[Point, ...], luck: random.Random) -> list[House]:
    """The houses of `street`, whose bent centre line is `line`."""
    total = sum(start.distance(end) for start, end in itertools.pairwise(line))
    houses = []
    for side in (1, -1):
        number = 1 if side == 1 else 2
        at = max(CORNER_M, street.built_from_m) + luck.uniform(0, 12)
        while at < min(total - CORNER_M, street.built_until_m):
            if not luck.randrange(KNOWN_EVERY):
                houses.append(_house(street.name, _number(number, luck), line=line, at=at, side=side, luck=luck))
            number += 2
            at += luck.uniform(*PLOT_M)
    return houses


def _number(number: int, luck: random.Random) -> str:
    return f"{number}{luck.choice('ab')}" if luck.random() < 0.06 else str(number)


def _house(street: str, number: str, *, line: tuple[Point, ...], at: float, side: int, luck: random.Random) -> House:
    foot, ahead = _place(line, at)
    setback = luck.uniform(*FRONT_GARDEN_M)

    def beside(metres: float) -> Point:
        return Point(foot.x - ahead.y * metres * side, foot.y + ahead.x * metres * side)

    return House(street, number, door=beside(setback), middle=beside(setback + 5))


def _place(line: tuple[Point, ...], at: float) -> tuple[Point, Point]:
    """The point `at` metres along the line, and the unit vector ahead."""
    for start, end in itertools.pairwise(line):
        piece = start.distance(end)
        if at <= piece:
            return start.towards(end, at), Point((end.x - start.x) / piece, (end.y - start.y) / piece)
        at -= piece
    raise ValueError("beyond the end of the line")
