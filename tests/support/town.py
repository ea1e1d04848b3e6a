"""A small town drawn on a grid of metres near Paderborn, written as OpenStreetMap XML and built by the real builder."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from geography import Entrance, Measurement, Network, Point, build, load, measure

Place = Callable[[float, float], Point]
"""Metres east and north of the origin -> the point there."""
ORIGIN = Point(51.7, 8.7)
LAT_PER_M, LON_PER_M = 1 / 111_250, 1 / 69_100


def at(x: float, y: float) -> Point:
    """A point x metres east and y metres north of the town's origin (roughly: to a thousandth)."""
    return Point(round(ORIGIN.lat + y * LAT_PER_M, 7), round(ORIGIN.lon + x * LON_PER_M, 7))


WITH_UNDERSCORE = frozenset(
    {"public_transport", "man_made", "opening_hours", "winter_road", "start_date", "opening_date", "end_date"}
)


def tag_key(name: str) -> str:
    """`foot_conditional` -> `foot:conditional`, but for the keys that have an underscore themselves."""
    return name if name in WITH_UNDERSCORE else name.replace("_", ":")


@dataclass
class Town:
    """Nodes by name, ways by id."""

    folder: Path
    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[str, dict[str, str]] = field(default_factory=dict)
    ways: dict[int, tuple[list[str], dict[str, str]]] = field(default_factory=dict)
    relations: dict[int, tuple[list[tuple[int, str]], dict[str, str]]] = field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north in metres."""

    def node(self, name: str, x: float, y: float, **tags: str) -> "Town":
        self.nodes[name] = (x, y)
        self.node_tags[name] = tags
        return self

    def way(self, number: int, nodes: str, **tags: str) -> "Town":
        """`nodes`: names separated by spaces. Default: a residential street; "" for no tag. `_` in a key stands for a colon."""
        self.ways[number] = (
            nodes.split(),
            {"highway": "residential", **{tag_key(k): v for k, v in tags.items()}},
        )
        return self

    def relation(self, number: int, members: list[tuple[int, str]], **tags: str) -> "Town":
        self.relations[number] = (members, tags)
        return self

    def write(self, name: str = "town.osm") -> Path:
        ids = {name: number for number, name in enumerate(self.nodes, 1)}
        lines = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6' generator='test'>"]
        if self.bounds is not None:
            low, high = at(*self.bounds[:2]), at(*self.bounds[2:])
            lines.append(f"<bounds minlat='{low.lat}' minlon='{low.lon}' maxlat='{high.lat}' maxlon='{high.lon}'/>")
        for node, (x, y) in self.nodes.items():
            point = at(x, y)
            lines.append(f"<node id='{ids[node]}' version='1' lat='{point.lat:.7f}' lon='{point.lon:.7f}'>")
            lines += [f"<tag k={quoteattr(tag_key(k))} v={quoteattr(v)}/>" for k, v in self.node_tags[node].items()]
            lines.append("</node>")
        for number, (nodes, tags) in self.ways.items():
            lines.append(f"<way id='{number}' version='1'>")
            lines += [f"<nd ref='{ids[node]}'/>" for node in nodes]
            lines += [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items() if v]
            lines.append("</way>")
        for number, (members, tags) in self.relations.items():
            lines.append(f"<relation id='{number}' version='1'>")
            lines += [f"<member type='way' ref='{way}' role='{role}'/>" for way, role in members]
            lines += [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
            lines.append("</relation>")
        path = self.folder / name
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path

    def network(self) -> Network:
        target = self.folder / "town.network"
        build(self.write(), target)
        return load(target)

    def walk(self, home: tuple[float, float], school: tuple[float, float], street: str | None = None) -> Measurement:
        return measure(self.network(), at(*home), [Entrance(at(*school))], street)
