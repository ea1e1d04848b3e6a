"""Entrances of school grounds as OpenStreetMap shows them: a seed, until the authority has drawn its own.

Only 11 of 57 school outlines in Aachen share a node with a way, so most schools keep the register's point.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from geography.model.records import School
from geography.model.types import Entrance, Point
from geography.network import osm_objects
from geography.network.walking_rules import STANDARD, reading_bits

_GATES = frozenset({"gate", "entrance", "lift_gate", "swing_gate", "sliding_gate"})


def entrances_from_osm(path: Path, schools: Iterable[School]) -> Iterator[tuple[str, Entrance]]:
    """Pairs of school number and entrance, for schools whose point lies inside one outline of `amenity=school`.

    An entrance is a node of the outline that a public way shares, or a gate or door.

    Raises:
        ExtractUnusable.
    """
    osm_objects.check_is_extract(path)
    outlines = _outlines(path)
    wanted = {node for ring in outlines.values() for node in ring}
    public = _public_nodes(path, wanted)
    points, gates = _places(path, wanted)
    rings = {way: [points[node] for node in nodes if node in points] for way, nodes in outlines.items()}
    for school in schools:
        way = _around(school.point, rings) if school.point is not None else None
        if way is None:
            continue
        for node in sorted(set(outlines[way])):
            if node in points and (node in public or node in gates):
                yield school.number, Entrance(points[node], "openstreetmap", f"osm:node/{node}")


def _outlines(path: Path) -> dict[int, list[int]]:
    found = {}
    for way in osm_objects.ways(path, keys=("amenity",)):
        nodes = [node.ref for node in way.nodes] if way.tags["amenity"] == "school" else []
        if len(nodes) > 3 and nodes[0] == nodes[-1]:
            found[way.id] = nodes[:-1]
    osm_objects.check_once_each(osm_objects.ways(path, ids=found.keys()))
    return found


def _public_nodes(path: Path, wanted: set[int]) -> set[int]:
    found: set[int] = set()
    for way in osm_objects.ways(path, keys=("highway",)):
        if reading_bits(dict(way.tags)) & STANDARD:
            found.update(node.ref for node in way.nodes if node.ref in wanted)
    return found


def _places(path: Path, wanted: set[int]) -> tuple[dict[int, Point], set[int]]:
    points: dict[int, Point] = {}
    gates: set[int] = set()
    for node in osm_objects.nodes(path, ids=wanted):
        points[node.id] = Point(node.location.lat, node.location.lon)
        if node.tags.get("barrier") in _GATES or "entrance" in node.tags:
            gates.add(node.id)
    return points, gates


def _around(point: Point, rings: dict[int, list[Point]]) -> int | None:
    """The smallest way id whose ring holds the point (even-odd rule)."""
    for way in sorted(rings):
        ring, inside = rings[way], False
        for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            if (a.lat > point.lat) != (b.lat > point.lat):
                cut = a.lon + (point.lat - a.lat) * (b.lon - a.lon) / (b.lat - a.lat)
                inside ^= cut > point.lon
        if inside:
            return way
    return None
