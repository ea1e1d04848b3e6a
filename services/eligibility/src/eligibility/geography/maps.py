"""A measured way as GeoJSON and as SVG. Both bear the attribution that the map's licence demands."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from eligibility.geography.search.hazard_list import Hazard

WIDTH, HEIGHT, MARGIN = 640.0, 400.0, 24.0
"""Of the picture, in its own units."""
_NORTH_M = 111_194.93
"""Metres per degree of latitude on a sphere: for drawing only, lengths are printed as measured."""
_NICE: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
Line = Sequence[Sequence[float]]


def collection(way: Mapping[str, Any], hazards: Sequence[Hazard] = ()) -> dict[str, Any]:
    """GeoJSON FeatureCollection of a measurement as `Measurement.as_json` gives it, with a member `attribution`.

    Features by `role`: way (with metres, legs, both readings and flags), connector_from, connector_to, door, entrance,
    without_hazards, hazard.
    """
    points = way["geometry"]["coordinates"]
    home, entrance = points[0], points[-1]
    snap = way["snap"]
    features = [
        _feature("way", way["geometry"], **{name: way[name] for name in ("metres", "legs", "interval", "flags")}),
        _line("connector_from", [home, [snap["from"]["lon"], snap["from"]["lat"]]], metres=way["connector_from_m"]),
        _line("connector_to", [[snap["to"]["lon"], snap["to"]["lat"]], entrance], metres=way["connector_to_m"]),
        _feature("door", {"type": "Point", "coordinates": home}),
        _feature("entrance", {"type": "Point", "coordinates": entrance}, origin=way["entrance"]["origin"]),
    ]  # fmt: skip
    safe = way.get("without_hazards")
    if safe and safe["geometry"]:
        features.append(_feature("without_hazards", safe["geometry"], metres=safe["metres"], met=safe["met"]))
    features += [hazard_feature(each) for each in hazards]
    return {
        "type": "FeatureCollection",
        "features": features,
        "attribution": way["network"]["attribution"],
        "network": way["network"],
    }


def hazard_feature(hazard: Hazard) -> dict[str, Any]:
    ring = [list(point) for point in hazard.line]
    if hazard.kind == "area":
        geometry: dict[str, Any] = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    else:
        geometry = {"type": "LineString", "coordinates": ring}
    return {**_feature("hazard", geometry, **hazard.as_json(), ways=list(hazard.ways)), "id": hazard.id}


def _feature(role: str, geometry: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": dict(geometry), "properties": {"role": role, **properties}}


def _line(role: str, points: Line, **properties: Any) -> dict[str, Any]:
    return _feature(role, {"type": "LineString", "coordinates": [list(point) for point in points]}, **properties)


def svg(way: Mapping[str, Any], hazards: Sequence[Hazard] = ()) -> str:
    """The way as a picture with a scale bar, a text for who cannot see it, and the attribution."""
    points = way["geometry"]["coordinates"]
    safe = (way.get("without_hazards") or {}).get("geometry")
    detour = safe["coordinates"] if safe and way["without_hazards"]["met"] else []
    plane = _Plane([*points, *detour])
    parts = [
        _path(plane, [*each.line, each.line[0]] if each.kind == "area" else each.line, "hazard") for each in hazards
    ]
    if detour:
        parts.append(_path(plane, detour, "safe"))
    parts.append(_path(plane, points, "way"))
    for name, point in (("door", points[0]), ("entrance", points[-1])):
        x, y = plane.place(point)
        parts.append(f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>')
    bar, text = plane.bar()
    title = f"{way['metres']:.0f} m: " + ", ".join(
        f"{leg['street'] or '–'} {leg['metres']:.0f} m" for leg in way["legs"]
    )
    bottom = HEIGHT - 8
    parts += [
        f'<path class="bar" d="M{MARGIN},{bottom - 14} h{bar:.1f}"/><text x="{MARGIN}" y="{bottom}">{text}</text>',
        f'<text x="{WIDTH - 8}" y="{bottom}" text-anchor="end">{escape(str(way["network"]["attribution"]))}</text>',
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"><title>{escape(title)}'
        "</title><style>path{fill:none;stroke-linejoin:round}.way{stroke:#003b6f;stroke-width:3}"
        ".safe{stroke:#287a2c;stroke-width:3;stroke-dasharray:8 5}.hazard{stroke:#b3261e;stroke-width:7;opacity:.5}"
        ".bar{stroke:#000;stroke-width:2}.door{fill:#fff;stroke:#003b6f;stroke-width:3}.entrance{fill:#003b6f}"
        f"text{{font:11px sans-serif}}</style>{''.join(parts)}</svg>\n"
    )


def _path(plane: "_Plane", points: Line, name: str) -> str:
    places = " L".join(f"{x:.1f},{y:.1f}" for x, y in map(plane.place, points))
    return f'<path class="{name}" d="M{places}"/>'


class _Plane:
    """Degrees to the picture's units, north up, the same scale both ways."""

    def __init__(self, points: Line) -> None:
        self._lat0, self._lon0 = points[0][1], points[0][0]
        self._east = _NORTH_M * math.cos(math.radians(self._lat0))
        metres = [self._metres(point) for point in points]
        self._west, self._top = min(x for x, _ in metres), max(y for _, y in metres)
        wide = max(max(x for x, _ in metres) - self._west, 1.0)
        high = max(self._top - min(y for _, y in metres), 1.0)
        self._scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN - 30) / high)

    def _metres(self, point: Sequence[float]) -> tuple[float, float]:
        return (point[0] - self._lon0) * self._east, (point[1] - self._lat0) * _NORTH_M

    def place(self, point: Sequence[float]) -> tuple[float, float]:
        x, y = self._metres(point)
        return MARGIN + (x - self._west) * self._scale, MARGIN + (self._top - y) * self._scale

    def bar(self) -> tuple[float, str]:
        """Length of the scale bar and its text."""
        metres = max((each for each in _NICE if each * self._scale <= WIDTH / 4), default=_NICE[0])
        return metres * self._scale, f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
