"""Reads what walkers need from an OpenStreetMap extract (.osm, .osm.pbf, .osm.bz2): ways, plazas, gates, nodes.

Three passes, each filtered in C++, so that a state's extract needs neither an hour nor a table of all its nodes.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium

from geography.network import osm_objects
from geography.network.barriers import passing_bits
from geography.network.osm_objects import ExtractUnusable
from geography.network.walking_rules import LENIENT, ONE_WAY, directions, is_area, reading_bits, street_name
from geography.network.walking_values import CERTAIN, WITHOUT_HIGHWAY

WAY_KEYS = ("highway", *WITHOUT_HIGHWAY)
"""Keys of what may be a way for walkers."""
Progress = Callable[[str], None]


@dataclass
class Ring:
    """One outline of a plaza, by node ids; the first is not repeated."""

    nodes: list[int]
    inner: bool


@dataclass
class Plaza:
    """An area that is crossed on foot. `way`: the id of the closed way, or minus the id of the relation."""

    way: int
    bits: int
    name: str
    rings: list[Ring]
    obstacles: list[list[tuple[int, int]]] = field(default_factory=list)
    """Outlines of buildings that reach into it, longitude and latitude in 1e-7 degrees."""


@dataclass
class Extract:
    """What was read. Parallel arrays; `refs` holds the node ids of all ways one after another."""

    sha256: str
    date: str
    """Of the data, ISO 8601, or ""."""
    box: tuple[float, float, float, float] | None
    """West, south, east, north as the file declares them."""
    way_id: "array[int]" = field(default_factory=lambda: array("q"))
    way_bits: "array[int]" = field(default_factory=lambda: array("i"))
    way_name: list[str] = field(default_factory=list)
    way_start: "array[int]" = field(default_factory=lambda: array("q", [0]))
    refs: "array[int]" = field(default_factory=lambda: array("q"))
    plazas: list[Plaza] = field(default_factory=list)
    holed: list[list[tuple[int, bool]]] = field(default_factory=list)
    """Members (way, inner) of multipolygons that are no plaza themselves: their outer way may be one (old maps)."""
    gates: dict[int, int] = field(default_factory=dict)
    """Nodes at which some walkers are stopped, with the bits of those who pass."""
    node_id: "array[int]" = field(default_factory=lambda: array("q"))
    node_lat: "array[int]" = field(default_factory=lambda: array("q"))
    node_lon: "array[int]" = field(default_factory=lambda: array("q"))

    @property
    def day(self) -> str:
        """YYYY-MM-DD, or ""."""
        return self.date[:10]

    def add_way(self, way: int, bits: int, name: str, nodes: Iterable[int]) -> None:
        """Add a way of OpenStreetMap.

        Args:
            bits: what may be done on it.
            nodes: its node ids in order.
        """
        self.way_id.append(way)
        self.way_bits.append(bits)
        self.way_name.append(name)
        self.refs.extend(nodes)
        self.way_start.append(len(self.refs))


def read_extract(path: Path, progress: Progress = lambda _: None) -> Extract:
    """Read a file whole.

    Raises:
        ExtractUnusable.
    """
    extract = _open(path)
    progress("relations")
    members = _relations(path, extract)
    progress("ways")
    outlines = _ways(path, extract, {way for ways in members.values() for way, _ in ways})
    _assemble(extract, members, outlines)
    _holes(extract, outlines)
    progress("nodes")
    _nodes(path, extract)
    if not extract.way_id:
        raise ExtractUnusable(f"{path.name} contains no way that is open to walkers.")
    return extract


def _open(path: Path) -> Extract:
    """Hash, date and box of the file."""
    osm_objects.check_is_extract(path)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    try:
        with osmium.io.Reader(str(path)) as reader:
            header = reader.header()
    except RuntimeError as error:
        raise ExtractUnusable(
            f"{path.name} is not an OpenStreetMap extract ({error}). Give a .osm.pbf or .osm file."
        ) from error
    date = header.get("osmosis_replication_timestamp") or header.get("timestamp") or ""
    return Extract(digest.hexdigest(), date, osm_objects.declared_box(path))


def _relations(path: Path, extract: Extract) -> dict[int, list[tuple[int, bool]]]:
    """Plazas drawn as multipolygons: their member ways (id, inner). Their outlines are put together later."""
    members = {}
    for relation in osm_objects.relations(path, keys=("type",)):
        tags = dict(relation.tags)
        if tags.get("type") != "multipolygon":
            continue
        bits = reading_bits(tags, extract.day)
        ways = [(one.ref, one.role == "inner") for one in relation.members if one.type == "w"]
        if not bits and any(inner for _, inner in ways):
            extract.holed.append(ways)
        if bits:
            members[relation.id] = ways
            extract.plazas.append(Plaza(-relation.id, bits, street_name(tags), []))
    osm_objects.check_once_each(osm_objects.relations(path, ids=members.keys()))
    return members


def _ways(path: Path, extract: Extract, outline_ids: set[int]) -> dict[int, list[int]]:
    """All ways for walkers, and the nodes of those that outline a plaza without being one themselves."""
    for way in osm_objects.ways(path, keys=WAY_KEYS):
        _take_way(way, extract)
    outlines: dict[int, list[int]] = {}
    drawn = {plaza.way for plaza in extract.plazas if plaza.way > 0}
    extract.holed = [ways for ways in extract.holed if any(way in drawn and not inner for way, inner in ways)]
    outline_ids = outline_ids | {way for ways in extract.holed for way, inner in ways if inner}
    for way in osm_objects.ways(path, ids=outline_ids.union(extract.way_id)):
        if way.id in outline_ids:
            outlines[way.id] = [node.ref for node in way.nodes]
    return outlines


def _take_way(way: Any, extract: Extract) -> None:
    """Once where both directions are alike, else once for each direction that is open."""
    tags = dict(way.tags)
    along, against = directions(tags, extract.day)
    nodes = [node.ref for node in way.nodes]
    if not along | against or len(nodes) < 2:
        return
    name = street_name(tags)
    if along == against:
        extract.add_way(way.id, along, name, nodes)
    else:
        if along & LENIENT:
            extract.add_way(way.id, along | ONE_WAY, name, nodes)
        if against & LENIENT:
            extract.add_way(way.id, against | ONE_WAY, name, nodes[::-1])
    if is_area(tags) and nodes[0] == nodes[-1] and len(nodes) > 3:
        extract.plazas.append(Plaza(way.id, along | against, name, [Ring(nodes[:-1], inner=False)]))


def _assemble(extract: Extract, members: dict[int, list[tuple[int, bool]]], outlines: dict[int, list[int]]) -> None:
    """Put the outlines of the multipolygons together; their edges can be walked along."""
    drawn = set(extract.way_id)
    for plaza in extract.plazas:
        if plaza.way > 0:
            continue
        for inner in (False, True):
            parts = [outlines[way] for way, role in members[-plaza.way] if role == inner and way in outlines]
            plaza.rings.extend(Ring(ring, inner) for ring in _rings(parts))
        for way, _ in members[-plaza.way]:
            if way in outlines and way not in drawn:
                drawn.add(way)
                extract.add_way(way, plaza.bits, plaza.name, outlines[way])


def _holes(extract: Extract, outlines: dict[int, list[int]]) -> None:
    """The inner rings of plazas whose tags stand on the outer way."""
    by_way = {plaza.way: plaza for plaza in extract.plazas}
    for ways in extract.holed:
        parts = [outlines[way] for way, inner in ways if inner and way in outlines]
        for plaza in (by_way[way] for way, inner in ways if not inner and way in by_way):
            plaza.rings.extend(Ring(ring, inner=True) for ring in _rings(parts))


def _rings(parts: list[list[int]]) -> list[list[int]]:
    """Closed rings from ways that share end nodes. What does not close is left out."""
    rest = [list(part) for part in parts if len(part) > 1]
    rings = []
    while rest:
        ring = rest.pop(0)
        while ring[0] != ring[-1]:
            follower = next((part for part in rest if ring[-1] in (part[0], part[-1])), None)
            if follower is None:
                break
            rest.remove(follower)
            ring.extend(follower[1:] if follower[0] == ring[-1] else follower[-2::-1])
        if ring[0] == ring[-1] and len(ring) > 3:
            rings.append(ring[:-1])
    return rings


def _nodes(path: Path, extract: Extract) -> None:
    """Places of the nodes that ways use, and which of them stop some walkers."""
    wanted = set(extract.refs)
    wanted.update(node for plaza in extract.plazas for ring in plaza.rings for node in ring.nodes)
    for node in osm_objects.nodes(path, ids=wanted):
        extract.node_id.append(node.id)
        extract.node_lat.append(node.location.y)
        extract.node_lon.append(node.location.x)
        if len(node.tags) and (bits := passing_bits(dict(node.tags))) != CERTAIN:
            extract.gates[node.id] = bits
