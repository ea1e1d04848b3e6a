"""A measured way as a small picture: points in millimetres, and a scale bar."""

import math
from collections.abc import Sequence
from typing import Any

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 165.0, 62.0, 6.0
METRES_PER_DEGREE = 111_194.93
"""On a sphere of 6,371,008.8 m: good enough for a picture; the length printed beside it is the measured one."""
NICE_METRES = (10, 20, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
MOST_POINTS = 600


def picture(geometry: dict[str, Any]) -> dict[str, Any] | None:
    """Points of a GeoJSON LineString in a box of WIDTH x HEIGHT, y downwards, and the length of the scale bar.

    None where there is nothing to draw.
    """
    coordinates = thinned(geometry.get("coordinates", ()))
    if len(coordinates) < 2:
        return None
    middle = math.radians(sum(lat for _, lat in coordinates) / len(coordinates))
    plane = [(lon * math.cos(middle) * METRES_PER_DEGREE, lat * METRES_PER_DEGREE) for lon, lat in coordinates]
    west, south = min(x for x, _ in plane), min(y for _, y in plane)
    wide, high = max(x for x, _ in plane) - west, max(y for _, y in plane) - south
    if wide <= 0 and high <= 0:
        return None
    inner_width, inner_height = WIDTH_MM - 2 * MARGIN_MM, HEIGHT_MM - 2 * MARGIN_MM
    millimetres_per_metre = min(inner_width / wide if wide else math.inf, inner_height / high if high else math.inf)
    left = (WIDTH_MM - wide * millimetres_per_metre) / 2
    top = (HEIGHT_MM - high * millimetres_per_metre) / 2
    points = [
        (
            round(left + (x - west) * millimetres_per_metre, 2),
            round(top + (south + high - y) * millimetres_per_metre, 2),
        )
        for x, y in plane
    ]
    bar = max((each for each in NICE_METRES if each * millimetres_per_metre <= 40), default=NICE_METRES[0])
    return {
        "width": WIDTH_MM,
        "height": HEIGHT_MM,
        "points": points,
        "bar_mm": round(bar * millimetres_per_metre, 2),
        "bar_text": f"{bar} m" if bar < 1000 else f"{bar // 1000} km",
    }


def thinned(coordinates: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """At most MOST_POINTS, both ends kept."""
    step = max(1, math.ceil((len(coordinates) - 1) / (MOST_POINTS - 1))) if len(coordinates) > MOST_POINTS else 1
    kept = [(float(each[0]), float(each[1])) for each in coordinates[::step]]
    if coordinates and step > 1 and (len(coordinates) - 1) % step:
        kept.append((float(coordinates[-1][0]), float(coordinates[-1][1])))
    return kept
