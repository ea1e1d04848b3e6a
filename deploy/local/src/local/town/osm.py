"""Writes a map in OpenStreetMap's XML format (version 0.6), as `planet` extracts and JOSM write it."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

from local.town.geometry import Point, position
from local.town.plan import ORIGIN_EASTING_M, ORIGIN_NORTHING_M, Tags

DRAWN_AT = "2026-01-01T00:00:00Z"
"""Part of the format; fixed, so that the same seed gives the same bytes."""
MARGIN_M = 6000.0
"""As an authority must cut its extract: routes cross the border."""


class Map:
    """Nodes and ways as they are added. Two ways through the same point share its node."""

    def __init__(self) -> None:
        self._nodes: dict[int, tuple[Point, Tags]] = {}
        self._at: dict[Point, int] = {}
        self._ways: list[tuple[list[int], Tags]] = []

    def node(self, point: Point, tags: Tags | None = None) -> int:
        """The number of the node at `point`, to a centimetre."""
        place = Point(round(point.x, 2), round(point.y, 2))
        number = self._at.setdefault(place, len(self._at) + 1)
        _, known = self._nodes.get(number, (place, {}))
        self._nodes[number] = (place, {**known, **(tags or {})})
        return number

    def way(self, points: tuple[Point, ...], tags: Tags) -> None:
        """A line through these points; its nodes are added where they are not there yet."""
        self._ways.append(([self.node(point) for point in points], tags))

    def write(self, path: Path) -> None:
        """As OpenStreetMap XML 0.6."""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="schulticket town">']
        lines.append(self._bounds())
        lines += [line for number, (point, tags) in self._nodes.items() for line in _node(number, point, tags)]
        lines += [line for number, way in enumerate(self._ways, start=1) for line in _way(number, *way)]
        path.write_text("\n".join([*lines, "</osm>", ""]), encoding="utf-8")

    def _bounds(self) -> str:
        """What the extract covers: more than the town, so that nobody suspects a shorter way outside of it."""
        east, north = zip(*(point for point, _ in self._nodes.values()), strict=True)
        low = position(ORIGIN_EASTING_M + min(east) - MARGIN_M, ORIGIN_NORTHING_M + min(north) - MARGIN_M)
        high = position(ORIGIN_EASTING_M + max(east) + MARGIN_M, ORIGIN_NORTHING_M + max(north) + MARGIN_M)
        return (
            f' <bounds minlat="{low.latitude:.7f}" minlon="{low.longitude:.7f}"'
            f' maxlat="{high.latitude:.7f}" maxlon="{high.longitude:.7f}"/>'
        )


def _node(number: int, point: Point, tags: Tags) -> list[str]:
    place = position(ORIGIN_EASTING_M + point.x, ORIGIN_NORTHING_M + point.y)
    where = f'lat="{place.latitude:.7f}" lon="{place.longitude:.7f}"'
    start = f' <node id="{number}" version="1" timestamp="{DRAWN_AT}" visible="true" {where}'
    return [f"{start}>", *_tags(tags), " </node>"] if tags else [f"{start}/>"]


def _way(number: int, nodes: list[int], tags: Tags) -> list[str]:
    start = f' <way id="{number}" version="1" timestamp="{DRAWN_AT}" visible="true">'
    return [start, *(f'  <nd ref="{node}"/>' for node in nodes), *_tags(tags), " </way>"]


def _tags(tags: Tags) -> list[str]:
    return [f"  <tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in sorted(tags.items())]
