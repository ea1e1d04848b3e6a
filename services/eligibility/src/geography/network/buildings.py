"""Buildings on plazas that are not drawn as their inner rings: nobody walks straight through them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import osmium

from geography.network.extract import Extract, Plaza, Ring

NO_OBSTACLE: Final = frozenset({"no", "roof", "canopy", "carport", "bridge"})
"""Values of `building` under which one walks. https://wiki.openstreetmap.org/wiki/Key:building"""
MARGIN: Final = 10_000
"""1e-7 degrees, some 100 m: a building whose first corner is farther from a plaza's box does not reach into it."""
CELL: Final = 20_000
Place = tuple[int, int]
"""Longitude and latitude in 1e-7 degrees."""
Box = tuple[int, int, int, int]
"""West, south, east, north."""
Near = list[tuple[Plaza, Box]]


def add_buildings(path: Path, extract: Extract) -> None:
    """Make what stands on a plaza an inner ring of it, and what reaches into it an obstacle."""
    where = _places(extract)
    by_cell: dict[Place, list[tuple[Plaza, Box]]] = {}
    for plaza in extract.plazas:
        box = _box([where[node] for ring in plaza.rings for node in ring.nodes if node in where])
        if box is None:
            continue
        for cell in _cells(box):
            by_cell.setdefault(cell, []).append((plaza, box))
    for way, near in _near(path, by_cell) if by_cell else ():
        corners = [(node.ref, (node.x, node.y)) for node in way.nodes if node.location.valid()]
        if len(corners) < 4 or len(corners) < len(way.nodes) or corners[0] != corners[-1]:
            continue
        around = _box([place for _, place in corners])
        for plaza, box in near:
            if plaza.way != way.id and _overlap(box, around):
                _put(extract, plaza, corners[:-1], where)


def _put(extract: Extract, plaza: Plaza, corners: Sequence[tuple[int, Place]], where: dict[int, Place]) -> None:
    rings = [[where[node] for node in ring.nodes] for ring in plaza.rings if all(node in where for node in ring.nodes)]
    places = [place for _, place in corners]
    on_the_plaza = [_inside(place, rings) for place in places]
    nodes = [node for node, _ in corners]
    if any(set(nodes) == set(ring.nodes) for ring in plaza.rings):
        return
    if all(on_the_plaza):
        for node, place in corners:
            if node not in where:
                where[node] = place
                extract.node_id.append(node)
                extract.node_lon.append(place[0])
                extract.node_lat.append(place[1])
        plaza.rings.append(Ring(nodes, inner=True))
    elif not all(_inside(place, [places]) or place in places for ring in rings for place in ring):
        plaza.obstacles.append(places)  # one that holds the whole plaza is the house that the plaza is in


def _near(path: Path, by_cell: Mapping[Place, Near]) -> Iterator[tuple[Any, Near]]:
    """Buildings whose first corner lies in one of the cells, with the cell's plazas; places are looked up in C++."""
    objects = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    objects = objects.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    for way in objects.with_filter(osmium.filter.KeyFilter("building")):
        if not isinstance(way, osmium.osm.Way):
            continue
        first = way.nodes[0] if len(way.nodes) else None
        if first is None or not first.location.valid():
            continue
        x, y = first.x, first.y
        near = [(plaza, box) for plaza, box in by_cell.get((x // CELL, y // CELL), ()) if _overlap(box, _around(x, y))]
        if near and way.tags["building"] not in NO_OBSTACLE and way.tags.get("layer", "0") == "0":
            yield way, near


def _places(extract: Extract) -> dict[int, Place]:
    """Where the nodes of the plazas lie."""
    wanted = {node for plaza in extract.plazas for ring in plaza.rings for node in ring.nodes}
    rows = zip(extract.node_id, extract.node_lon, extract.node_lat, strict=True)
    return {node: (lon, lat) for node, lon, lat in rows if node in wanted}


def _box(places: Sequence[Place]) -> Box | None:
    if not places:
        return None
    lon, lat = zip(*places, strict=True)
    return min(lon), min(lat), max(lon), max(lat)


def _cells(box: Box) -> Iterator[Place]:
    west, south, east, north = box
    for column in range((west - MARGIN) // CELL, (east + MARGIN) // CELL + 1):
        for row in range((south - MARGIN) // CELL, (north + MARGIN) // CELL + 1):
            yield column, row


def _around(x: int, y: int) -> Box:
    return x - MARGIN, y - MARGIN, x + MARGIN, y + MARGIN


def _overlap(one: Box, other: Box | None) -> bool:
    return other is not None and all(one[at] <= other[at + 2] and other[at] <= one[at + 2] for at in (0, 1))


def _inside(place: Place, rings: Sequence[Sequence[Place]]) -> bool:
    """Even-odd rule over all rings."""
    px, py = place
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            if (ay > py) != (by > py) and ax + (py - ay) * (bx - ax) / (by - ay) > px:
                inside = not inside
    return inside
