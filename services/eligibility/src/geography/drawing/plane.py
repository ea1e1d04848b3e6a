"""Degrees to the units of a picture: north up, the same scale both ways. Only for drawing, never for lengths."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

WIDTH, MARGIN = 660.0, 24.0
"""Of the map in the picture's units; four of them are a millimetre in the notice (165 mm wide)."""
LEAST_HEIGHT, MOST_HEIGHT = 240.0, 300.0
BAR_HEIGHT = 20.0
"""Below the way stands the scale bar."""
MOST_POINTS = 600
"""Points of a line that are drawn."""
_NORTH_M = 111_194.93
"""Metres per degree of latitude on a sphere."""
_NICE: Final = (10, 20, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
Line = Sequence[Sequence[float]]


class Plane:
    """Fits points (longitude, latitude) into the map, in its middle. `height`: of the map, as the way needs it."""

    def __init__(self, points: Line) -> None:
        self._lon0, self._lat0 = points[0][0], points[0][1]
        self._east = _NORTH_M * math.cos(math.radians(self._lat0))
        metres = [self._metres(point) for point in points]
        west, east = min(x for x, _ in metres), max(x for x, _ in metres)
        south, north = min(y for _, y in metres), max(y for _, y in metres)
        by_width = (WIDTH - 2 * MARGIN) / max(east - west, 1.0)
        wanted = (north - south) * by_width + 2 * MARGIN + BAR_HEIGHT
        self.height = min(max(wanted, LEAST_HEIGHT), MOST_HEIGHT)
        room = self.height - 2 * MARGIN - BAR_HEIGHT
        self._scale = min(by_width, room / max(north - south, 1.0))
        self._left = (WIDTH - (east - west) * self._scale) / 2 - west * self._scale
        self._top = MARGIN + (room - (north - south) * self._scale) / 2 + north * self._scale

    def _metres(self, point: Sequence[float]) -> tuple[float, float]:
        return (point[0] - self._lon0) * self._east, (point[1] - self._lat0) * _NORTH_M

    def place(self, point: Sequence[float]) -> tuple[float, float]:
        """Where a point (longitude, latitude) lies in the picture: x to the right, y downwards."""
        x, y = self._metres(point)
        return self._left + x * self._scale, self._top - y * self._scale

    def path(self, points: Line) -> str:
        """The `d` of an SVG path."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(self.place, thin_line(points)))

    def at(self, points: Line, metres: float) -> tuple[float, float]:
        """The place so many metres along a line."""
        left = metres
        for a, b in pairwise(points):
            (x0, y0), (x1, y1) = self._metres(a), self._metres(b)
            step = math.hypot(x1 - x0, y1 - y0)
            if step >= left > 0:
                share = left / step
                return self.place((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            left -= step
        return self.place(points[-1])

    def bar(self) -> tuple[float, str]:
        """Length of the scale bar and its text."""
        metres = max((each for each in _NICE if each * self._scale <= WIDTH / 4), default=_NICE[0])
        return metres * self._scale, f"{metres} m" if metres < 1000 else f"{metres // 1000} km"


def thin_line(points: Line) -> Line:
    """At most MOST_POINTS, both ends kept."""
    if len(points) <= MOST_POINTS:
        return points
    step = math.ceil((len(points) - 1) / (MOST_POINTS - 2))
    return [*points[:-1:step], points[-1]]
