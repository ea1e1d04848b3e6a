"""The line on the map, the legs and the flags of a found way."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from geography.model.types import Leg, Point
from geography.network.graph import STANDARD_INDEX, Floats, Ints, Network
from geography.network.walking_rules import FLAG_OF_BIT, ONE_WAY
from geography.routing.block import BarredStretches
from geography.routing.snap import TIE_M, Candidate


@dataclass(frozen=True)
class Trace:
    """The way between two places on the network: its points and the edges walked, whole or in part."""

    lat: Floats
    lon: Floats
    edges: Ints
    metres: Floats
    """Metres walked on each of the edges."""


class Exit(NamedTuple):
    """A node by which a place on an edge is left or reached."""

    metres: float
    node: int
    last: bool
    """Whether it is the last node of the edge: a loop has the same node at both ends."""
    edge: int
    """The edge walked: the place's own, or that of the other direction."""


def exits(network: Network, place: Candidate, blocked: BarredStretches | None, arriving: bool = False) -> list[Exit]:
    """The nodes by which the place is left (or reached, where `arriving`), metres between. One-way edges have one (both
    for who stands at the wrong end: nobody walks there), and of a barred edge only the end that is open."""
    first, last = int(network.arrays["edge_from"][place.edge]), int(network.arrays["edge_to"][place.edge])
    against = place.against if place.bits & ONE_WAY else place.edge
    by_first, by_last = (place.edge, against) if arriving else (against, place.edge)
    both = Exit(place.offset, first, False, by_first), Exit(place.edge_length - place.offset, last, True, by_last)
    found = [one for one in both if one.edge >= 0]
    found += [one._replace(edge=place.edge) for one in both if one.edge < 0 and one.metres < TIE_M]
    if blocked is None or place.edge not in blocked.spans:
        return found
    ends = {False: 0.0, True: place.edge_length}
    return [one for one in found if not blocked.bars(place.edge, place.offset, ends[one.last])]


def along(home: Candidate, target: Candidate, blocked: BarredStretches | None) -> float:
    """Metres between two places of the same edge along it; infinite on different edges, against a one-way, or where
    it is barred."""
    if home.edge != target.edge:
        return float("inf")
    if blocked is not None and blocked.bars(home.edge, home.offset, target.offset):
        return float("inf")
    metres = target.offset - home.offset
    return float("inf") if metres <= -TIE_M and home.bits & ONE_WAY and home.against < 0 else abs(metres)


def direct(network: Network, home: Candidate, target: Candidate) -> Trace:
    """The way along one edge."""
    onward = target.offset >= home.offset
    begin, end, step = (home.segment + 1, target.segment + 1, 1) if onward else (home.segment, target.segment, -1)
    points = np.arange(begin, end, step)
    lat, lon = _points(network, points, home.place, target.place)
    edge = home.edge if onward or home.against < 0 else home.against
    return Trace(lat, lon, np.array([edge]), np.array([abs(target.offset - home.offset)]))


def by_nodes(  # noqa: PLR0917 (one way, from one end to the other)
    network: Network,
    nodes: Ints,
    home: Candidate,
    target: Candidate,
    blocked: BarredStretches | None,
    reading: int = STANDARD_INDEX,
) -> Trace:
    """The way that leaves the home's edge, runs through nodes and reaches the target's edge at the last of them.

    Args:
        reading: index of the reading (STANDARD_INDEX …).
    """
    edges = _edges(network, nodes, blocked, reading)
    arrays = network.arrays
    out = min(one for one in exits(network, home, blocked) if one.node == nodes[0])
    into = min(one for one in exits(network, target, blocked, arriving=True) if one.node == nodes[-1])
    begin, stop = (arrays["shape_start"][home.edge], arrays["shape_start"][home.edge + 1])
    head = np.arange(home.segment + 1, stop) if out.last else np.arange(home.segment, begin - 1, -1)
    begin, stop = (arrays["shape_start"][target.edge], arrays["shape_start"][target.edge + 1])
    tail = np.arange(stop - 2, target.segment, -1) if into.last else np.arange(begin + 1, target.segment + 1)
    points = np.concatenate([head, _inner_points(network, edges, nodes), tail]).astype(np.int64)
    lat, lon = _points(network, points, home.place, target.place)
    walked = np.concatenate([[out.edge], edges, [into.edge]])
    metres = np.concatenate([[out.metres], arrays["edge_length"][edges], [into.metres]])
    return Trace(lat, lon, walked, metres)


def _edges(network: Network, nodes: Ints, blocked: BarredStretches | None, reading: int) -> Ints:
    """Edges between consecutive nodes: the arc's shortest, or what a block has left of it."""
    arrays = network.arrays
    begin = arrays["arc_start"][nodes[:-1]]
    counts = arrays["arc_start"][nodes[:-1] + 1] - begin
    ends = np.cumsum(counts)
    arcs = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(begin - (ends - counts), counts)
    arcs = arcs[arrays["arc_to"][arcs] == np.repeat(nodes[1:], counts)]
    edges: Ints = arrays["arc_edge"][reading, arcs].astype(np.int64)
    if blocked is not None:
        for place in np.flatnonzero(np.isin(arcs, blocked.arcs[reading])).tolist():
            instead = blocked.edge_instead(reading, int(arcs[place]))
            edges[place] = edges[place] if instead is None else instead
    return edges


def _inner_points(network: Network, edges: Ints, nodes: Ints) -> Ints:
    """Shape points of whole edges in walking order, each edge without its first point."""
    if not len(edges):
        return edges
    arrays = network.arrays
    start, stop = arrays["shape_start"][edges], arrays["shape_start"][edges + 1]
    forward = arrays["edge_from"][edges] == nodes[:-1]
    counts = stop - start - 1
    first = np.where(forward, start + 1, stop - 2)
    step = np.where(forward, 1, -1)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    points: Ints = np.repeat(first, counts) + np.repeat(step, counts) * within
    return points


def _points(network: Network, points: Ints, first: Point, last: Point) -> tuple[Floats, Floats]:
    arrays = network.arrays
    lat = np.concatenate([[first.lat], arrays["shape_lat"][points] / 1e7, [last.lat]])
    lon = np.concatenate([[first.lon], arrays["shape_lon"][points] / 1e7, [last.lon]])
    return lat, lon


def line(trace: Trace, home: Point, entrance: Point) -> dict[str, Any]:
    """GeoJSON LineString, lon lat, from the given point to the given point; repeated points once."""
    lon = np.concatenate([[home.lon], trace.lon, [entrance.lon]])
    lat = np.concatenate([[home.lat], trace.lat, [entrance.lat]])
    new = np.concatenate([[True], (lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1])])
    points = np.column_stack([lon[new], lat[new]]).tolist()
    if len(points) == 1:
        points.append(points[0])
    return {"type": "LineString", "coordinates": points}


def legs(network: Network, trace: Trace) -> tuple[Leg, ...]:
    """Consecutive edges of the same street as one leg. Their sum and both connectors are the metres."""
    names: list[int] = []
    metres: list[float] = []
    for name, part in zip(network.arrays["edge_name"][trace.edges].tolist(), trace.metres.tolist(), strict=True):
        if names and names[-1] == name:
            metres[-1] += part
        elif part > 0:
            names.append(name)
            metres.append(part)
    return tuple(Leg(network.street_name(name), part) for name, part in zip(names, metres, strict=True))


def ways(network: Network, trace: Trace) -> tuple[int, ...]:
    """OpenStreetMap ids in walking order, repeated ones once."""
    found = network.arrays["edge_way"][_walked(trace)]
    return tuple(found[np.concatenate([[True], found[1:] != found[:-1]])].tolist()) if len(found) else ()


def flags(network: Network, trace: Trace) -> set[str]:
    """What the way uses, as keys of FLAG_TEXTS."""
    bits = int(np.bitwise_or.reduce(network.arrays["edge_bits"][_walked(trace)]))
    return {flag for bit, flag in FLAG_OF_BIT.items() if bits & bit}


def _walked(trace: Trace) -> Ints:
    return trace.edges[trace.metres > 0]
