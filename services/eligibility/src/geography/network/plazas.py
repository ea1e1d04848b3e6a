"""Straight ways across plazas: who crosses an open square walks neither round it nor through what stands in it.

The shortest way in a polygon bends only at its inward corners: lines of sight among entries and such corners suffice.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

MOST_POINTS = 120
"""Entries and corners of one plaza; beyond it (a car park drawn with every kerb) only the outline is walked."""

Coordinates = npt.NDArray[np.int64]


def lines_of_sight(
    outlines: Sequence[Sequence[int]],
    holes: Sequence[Sequence[int]],
    x: Coordinates,
    y: Coordinates,
    entries: set[int],
    *,
    obstacles: Sequence[Sequence[tuple[int, int]]] = (),
) -> list[tuple[int, int]]:
    """Pairs of points that see each other across the plaza, in a fixed order, without the sides themselves.

    outlines, holes: rings of numbers of points; x, y: integer coordinates of all points, x eastward;
    entries: points where other ways meet a ring; obstacles: outlines of buildings that reach into the plaza.
    """
    rings = [*outlines, *holes]
    inside = {point for ring in rings for point in ring}
    points = sorted((entries & inside) | _bends(outlines, holes, x, y))
    if len(points) > MOST_POINTS or len(entries & inside) < 2:
        return []
    starts, ends = _sides(rings)
    outline = {frozenset(pair) for pair in zip(starts.tolist(), ends.tolist(), strict=True)}
    sides = (x[starts], y[starts], x[ends], y[ends])
    beside = _neighbours(rings)
    at = {point: (int(x[point]), int(y[point])) for point in inside}
    walls = _walls(obstacles)

    def useful(a: int, b: int) -> bool:
        """A shortest way touches a corner only as a stretched string would: both sides beyond the line."""
        bends = (point for point in (a, b) if point not in entries)
        return all(_side(at[a], at[b], at[beside[c][0]]) * _side(at[a], at[b], at[beside[c][1]]) >= 0 for c in bends)

    return [
        (a, b)
        for a, b in combinations(points, 2)
        if frozenset((a, b)) not in outline
        and useful(a, b)
        and _visible(at[a], at[b], sides)
        and not (obstacles and _through(at[a], at[b], walls))
    ]


def _bends(
    outlines: Sequence[Sequence[int]], holes: Sequence[Sequence[int]], x: Coordinates, y: Coordinates
) -> set[int]:
    """Corners at which a shortest way across the plaza can bend."""
    bends = {point for ring in outlines for point in _corners(ring, x, y, inward=True)}
    return bends | {point for ring in holes for point in _corners(ring, x, y, inward=False)}


def _sides(rings: Sequence[Sequence[int]]) -> tuple[Coordinates, Coordinates]:
    """Points at which the sides of all rings begin and end."""
    starts = np.array([point for ring in rings for point in ring])
    return starts, np.array([point for ring in rings for point in (*ring[1:], ring[0])])


def _neighbours(rings: Sequence[Sequence[int]]) -> dict[int, tuple[int, int]]:
    """For each point of a ring the one before it and the one after it."""
    return {
        b: (a, c) for ring in rings for a, b, c in zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True)
    }


def _side(a: tuple[int, int], b: tuple[int, int], point: tuple[int, int]) -> int:
    """Twice the signed area: positive to the left of the line from a to b."""
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


def _corners(ring: Sequence[int], x: Coordinates, y: Coordinates, inward: bool) -> list[int]:
    """Corners that point into the ring, or out of it: ways bend at inward ones of outlines, outward ones of holes."""
    at = np.array(ring)
    before, after = np.roll(at, 1), np.roll(at, -1)
    turn = (x[at] - x[before]) * (y[after] - y[at]) - (y[at] - y[before]) * (x[after] - x[at])
    area = int((x[at] * y[after] - x[after] * y[at]).sum())
    side = -1 if inward else 1
    return [int(point) for point in at[turn * (1 if area > 0 else -1) * side > 0]]


def _walls(rings: Sequence[Sequence[tuple[int, int]]]) -> tuple[Coordinates, ...]:
    """All walls of the buildings: where they begin (x, y) and end."""
    begin = np.array([place for ring in rings for place in ring], dtype=np.int64).reshape(-1, 2)
    end = np.array([place for ring in rings for place in (*ring[1:], ring[0])], dtype=np.int64).reshape(-1, 2)
    return begin[:, 0], begin[:, 1], end[:, 0], end[:, 1]


def _through(a: tuple[int, int], b: tuple[int, int], walls: tuple[Coordinates, ...]) -> bool:
    """Whether a straight line crosses a wall, or runs within the house."""
    return _crosses(a, b, walls) or any(
        _inside(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), walls) for share in (0.25, 0.5, 0.75)
    )


def _visible(a: tuple[int, int], b: tuple[int, int], sides: tuple[Coordinates, ...]) -> bool:
    """Whether the straight line crosses no side and runs inside."""
    if a == b or _crosses(a, b, sides):
        return False
    dx, dy = b[0] - a[0], b[1] - a[1]
    return all(_inside(a[0] + share * dx, a[1] + share * dy, sides) for share in (0.25, 0.5, 0.75))


def _crosses(a: tuple[int, int], b: tuple[int, int], sides: tuple[Coordinates, ...]) -> bool:
    """Whether the straight line crosses a side; touching is no crossing."""
    x0, y0, x1, y1 = sides
    dx, dy = b[0] - a[0], b[1] - a[1]
    from_a = dx * (y0 - a[1]) - dy * (x0 - a[0])
    to_b = dx * (y1 - a[1]) - dy * (x1 - a[0])
    of_a = (x1 - x0) * (a[1] - y0) - (y1 - y0) * (a[0] - x0)
    of_b = (x1 - x0) * (b[1] - y0) - (y1 - y0) * (b[0] - x0)
    return bool(np.any((np.sign(from_a) * np.sign(to_b) < 0) & (np.sign(of_a) * np.sign(of_b) < 0)))


def _inside(px: float, py: float, sides: tuple[Coordinates, ...]) -> bool:
    """Even-odd rule over all rings."""
    x0, y0, x1, y1 = sides
    spans = (y0 > py) != (y1 > py)
    cut = x0 + (py - y0) * (x1 - x0) / np.where(spans, y1 - y0, 1)
    return bool(np.count_nonzero(spans & (cut > px)) % 2)
