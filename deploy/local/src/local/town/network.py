"""Streets that meet share a point: joins the plan's lines, divides them, and bends everything softly."""

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from local.town.geometry import Point
from local.town.plan import Street

MEETS_WITHIN_M = 0.5
DIVIDE_EVERY_M = 110.0

Bend = Callable[[Point], Point]


def join(streets: Iterable[Street], others: Iterable[Point] = ()) -> list[Street]:
    """The streets, with every point of another street, or of `others`, that lies on them inserted."""
    streets = list(streets)
    corners = sorted({point for street in streets for point in street.points} | set(others))
    return [replace(street, points=_with_corners(street.points, corners)) for street in streets]


def _with_corners(points: tuple[Point, ...], corners: list[Point]) -> tuple[Point, ...]:
    line = [points[0]]
    for start, end in itertools.pairwise(points):
        between = [corner for corner in corners if _lies_between(corner, start, end)]
        line += [*sorted(between, key=start.distance), end]
    return tuple(line)


def _lies_between(point: Point, start: Point, end: Point) -> bool:
    detour = start.distance(point) + point.distance(end) - start.distance(end)
    return detour < MEETS_WITHIN_M**2 / 100 and min(start.distance(point), point.distance(end)) > MEETS_WITHIN_M


def divide(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The line with further points, so that none of its pieces is longer than `DIVIDE_EVERY_M`."""
    line = [points[0]]
    for start, end in itertools.pairwise(points):
        pieces = math.ceil(start.distance(end) / DIVIDE_EVERY_M)
        line += [start.towards(end, start.distance(end) * piece / pieces) for piece in range(1, pieces)]
        line.append(end)
    return tuple(line)


def soft_bend(phases: tuple[float, float, float, float]) -> Bend:
    """Bends the drawing board by some metres over kilometres: nothing is ruler-straight, and all stays joined."""
    first, second, third, fourth = phases

    def bend(point: Point) -> Point:
        return Point(
            point.x + 18 * math.sin(point.y / 260 + first) + 9 * math.sin(point.y / 90 + second),
            point.y + 70 * math.sin(point.x / 1400 + third) + 12 * math.sin(point.x / 310 + fourth),
        )

    return bend


def length(points: tuple[Point, ...]) -> float:
    """Of the line through these points, in metres."""
    return sum(start.distance(end) for start, end in itertools.pairwise(points))
