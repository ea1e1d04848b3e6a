"""Reader of addresses in OpenStreetMap: `addr:*` on points, buildings and multipolygons.

The front door counts, so a marked entrance of a building goes before the middle of its outline.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geography.model.address_key import address_key, postal_codes_of
from geography.model.house_number import houses_of, number_key
from geography.model.records import Address, AddressOrigin, ReadReport
from geography.model.types import Point
from geography.network import osm_objects
from geography.registers.interpolation import between, interpolation_of, streets_of_relations

_DOORS = ("main", "home", "yes")
"""Values of entrance=* that may be a front door, the surest first. Garages, exits and service doors are none."""


_Streets = dict[tuple[str, int], dict[str, str]]
"""What relations say of houses, by kind and id."""


@dataclass
class _Building:
    """An address on an outline, until its nodes have been placed."""

    tags: dict[str, str]
    source: str
    nodes: "array[int]"


@dataclass
class _Places:
    """Places of nodes in degrees, and what entrances are marked on them."""

    point: dict[int, Point] = field(default_factory=dict)
    door: dict[int, str] = field(default_factory=dict)
    numbered: set[int] = field(default_factory=set)
    tags: dict[int, dict[str, str]] = field(default_factory=dict)
    """Address tags of the numbered nodes."""
    streets: _Streets = field(default_factory=dict)


def read_addresses(path: Path, report: ReadReport) -> Iterator[Address]:
    """Every house number, as often as it is drawn: `pick_address` chooses.

    Raises:
        ExtractUnusable.
    """
    osm_objects.check_is_extract(path)
    streets = streets_of_relations(osm_objects.relations(path, keys=("type",)))
    buildings, lines = _buildings(path, streets), _interpolations(path)
    places = _Places(streets=streets)
    wanted = {node for one in buildings for node in one.nodes} | {node for _, nodes in lines.values() for node in nodes}
    yield from _points(path, wanted, places, report)
    for building in buildings:
        located = _locate(building, places)
        if located is None:
            report.refuse(building.source, "outline lies outside the extract")
        else:
            yield from _addresses(building.tags, located[0], located[1], building.source, report)
    for way, (kind, nodes) in lines.items():
        for tags, point in between(kind, nodes, places.point, places.tags):
            yield from _addresses(tags, point, "interpolated", f"osm:way/{way}", report)


def _interpolations(path: Path) -> dict[int, tuple[str, list[int]]]:
    """Ways that run from number to number. One with a number itself is a house with a range."""
    found = {}
    for way in osm_objects.ways(path, keys=("addr:interpolation",)):
        if "addr:housenumber" not in way.tags:
            found[way.id] = way.tags["addr:interpolation"], [node.ref for node in way.nodes]
    if found:
        osm_objects.check_once_each(osm_objects.ways(path, ids=found.keys()))
    return found


def _buildings(path: Path, streets: _Streets) -> list[_Building]:
    """Ways with a house number, and multipolygons with the nodes of their outer ways."""
    relations: list[tuple[int, dict[str, str], list[int]]] = []
    for relation in osm_objects.relations(path, keys=("addr:housenumber",)):
        outer = [one.ref for one in relation.members if one.type == "w" and one.role in {"outer", ""}]
        relations.append((relation.id, streets.get(("r", relation.id), {}) | _address_tags(relation.tags), outer))
    members = {way for _, _, ways in relations for way in ways}
    nodes_of: dict[int, list[int]] = {}
    houses: set[int] = set()
    osm_objects.check_once_each(osm_objects.relations(path, ids={number for number, _, _ in relations}))
    found = []
    for way in osm_objects.ways(path, keys=("addr:housenumber",)):
        nodes = array("q", [node.ref for node in way.nodes])
        found.append(_Building(streets.get(("w", way.id), {}) | _address_tags(way.tags), f"osm:way/{way.id}", nodes))
        houses.add(way.id)
    for way in osm_objects.ways(path, ids=members | houses):
        if way.id in members:
            nodes_of[way.id] = [node.ref for node in way.nodes]
    for number, tags, ways in relations:
        nodes = array("q", [node for way in ways for node in nodes_of.get(way, ())])
        found.append(_Building(tags, f"osm:relation/{number}", nodes))
    return found


GONE = frozenset(f"{life}:building" for life in ("demolished", "destroyed", "razed", "removed", "was"))
"""https://wiki.openstreetmap.org/wiki/Lifecycle_prefix: such a house is no more, whatever address is still on it."""


def _address_tags(tags: Any) -> dict[str, str]:
    """None of a house that is gone, unless another stands there by now."""
    if any(tag.k in GONE for tag in tags) and "building" not in tags:
        return {}
    return {tag.k: tag.v for tag in tags if tag.k.startswith("addr:")}


def _points(path: Path, wanted: set[int], places: _Places, report: ReadReport) -> Iterator[Address]:
    """Addresses on points; on the way the places of all nodes that outlines need."""
    for node in osm_objects.nodes(path, keys=("addr:housenumber",)):
        places.numbered.add(node.id)
        origin: AddressOrigin = "entrance" if node.tags.get("entrance") in _DOORS else "node"
        point = Point(node.location.lat, node.location.lon)
        places.tags[node.id] = tags = places.streets.get(("n", node.id), {}) | _address_tags(node.tags)
        yield from _addresses(tags, point, origin, f"osm:node/{node.id}", report)
    for node in osm_objects.nodes(path, ids=wanted | places.numbered):
        places.point[node.id] = Point(node.location.lat, node.location.lon)
        if node.tags.get("entrance") in _DOORS:
            places.door[node.id] = node.tags["entrance"]


def _locate(building: _Building, places: _Places) -> tuple[Point, AddressOrigin] | None:
    """The only door of the surest kind, else the middle. A door with a number of its own is another house's."""
    nodes = [node for node in building.nodes if node in places.point]
    if not nodes or len(nodes) < len(building.nodes):
        return None
    doors = {node for node in nodes if node in places.door and node not in places.numbered}
    for kind in _DOORS:
        of_kind = sorted(node for node in doors if places.door[node] == kind)
        if len(of_kind) == 1:
            return places.point[of_kind[0]], "entrance"
        if of_kind:
            break
    return _middle([places.point[node] for node in nodes]), "building"


def _middle(ring: list[Point]) -> Point:
    """Centre of gravity of the area; of the points where there is none. Degrees serve as a plane: houses are small."""
    first = ring[0]
    area = lat = lon = 0.0
    for a, b in zip(ring, [*ring[1:], first], strict=True):
        ay, ax, by, bx = a.lat - first.lat, a.lon - first.lon, b.lat - first.lat, b.lon - first.lon
        cross = ax * by - bx * ay
        area += cross
        lat += (ay + by) * cross
        lon += (ax + bx) * cross
    if abs(area) < 1e-14:  # a millionth of a square metre or so: a line
        return Point(sum(one.lat for one in ring) / len(ring), sum(one.lon for one in ring) / len(ring))
    return Point(first.lat + lat / (3 * area), first.lon + lon / (3 * area))


def _addresses(
    tags: dict[str, str], point: Point, origin: AddressOrigin, source: str, report: ReadReport
) -> Iterator[Address]:
    """One address for each number of a list such as `5;7`, each that is counted in a range, and each postal code."""
    street = tags.get("addr:street") or tags.get("addr:place") or ""
    codes, city = postal_codes_of(tags.get("addr:postcode", "")) or ("",), tags.get("addr:city", "")
    if not street:
        report.refuse(source, "house number without a street")
        return
    for number, counted in _numbers(tags):
        if not any(letter.isdecimal() for letter in number):
            report.refuse(source, "house number without a digit")
            continue
        city_key = address_key(street, number, "", city)
        for place, code in enumerate(codes):
            key = address_key(street, number, code)
            if not key and not city_key:
                report.refuse(source, "neither postal code nor city")
                break
            report.taken += 1
            named = source if not place else f"{source}/{code}"
            yield Address(
                key, city_key, street, number, code.upper(), city, point, "range" if counted else origin, named
            )


def _numbers(tags: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """The numbers with whether they were counted in a range; the range itself is a number too, for who writes it so."""
    for part in re.split(r"[;,]", tags.get("addr:housenumber", "")):
        if part.strip() and not re.fullmatch(r"\s*[a-zA-Z]\s*", part):
            yield part.strip(), False
    written = {number_key(part) for part in re.split(r"[;,]", tags.get("addr:housenumber", ""))}
    for house, counted in houses_of(tags.get("addr:housenumber", ""), interpolation_of(tags)):
        if number_key(house) not in written:
            yield house, counted
