"""How short a way over the border of the map could be: what lies beyond is not known, but the ways within are."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from geography.model.ellipsoid import radii
from geography.model.types import Point
from geography.network.graph import ISLAND_STEP_M, LENIENT_INDEX, Floats, Ints, Network
from geography.network.walking_rules import ONE_WAY
from geography.routing.ends import SHORT, End
from geography.routing.reach import Start, lent
from geography.routing.snap import PLAUSIBLE_M
from geography.routing.trace import exits

REACH_M: Final = 10_000.0
"""How far the ways to an entrance are followed. What is farther on them is at least so far."""
_MOST_ENTRANCES: Final = 500
"""Entrances near the border whose ways are kept, with some hundred numbers each."""
_UNKNOWN: Final = (None, None, None, None)

Inlets = tuple[Floats | None, ...]
"""For each side of the map (west, south, east, north) where ways to an entrance come out of what may be incomplete:
latitude, longitude, metres to the entrance, shape (3, k); None: not known, for the entrance itself may lie there."""


def over_the_border(
    network: Network, home: Point, ends: Iterable[End], lost: Iterable[Point], walked_m: float
) -> float:
    """Metres that no walk over the border of the map to any entrance falls below.

    For each side the more of two: 1. Straight to it and on to the entrance, mirrored there. 2. Where that is less than
    the metres walked: straight to it and on to a way that may come from there, and on the ways to the entrance.

    Args:
        lost: entrances to which the map has no way.
    """
    scale = _scale(home)
    least = min((_beyond(network, home, point, scale) for point in lost), default=math.inf)
    for end in ends:
        straight = _straight(network, home, end.point, scale)
        if min(straight) * SHORT < walked_m:
            straight = tuple(map(max, straight, _by_ways(network, home, end, scale)))
        least = min(least, *straight)
    return least * SHORT


def _beyond(network: Network, home: Point, entrance: Point, scale: tuple[float, float]) -> float:
    """To an entrance without a way: straight over the border, or straight to it where it lies beyond."""
    west, south, east, north = network.bounds
    if south <= entrance.lat <= north and west <= entrance.lon <= east:
        return min(_straight(network, home, entrance, scale))
    return math.hypot((entrance.lat - home.lat) * scale[0], (entrance.lon - home.lon) * scale[1])


def _scale(point: Point) -> tuple[float, float]:
    """Metres of a degree to the north and to the east."""
    north, east = radii(point.lat)
    return math.radians(north), math.radians(east)


def _straight(network: Network, home: Point, entrance: Point, scale: tuple[float, float]) -> tuple[float, ...]:
    """For each side of the map the straight way over it."""
    west, south, east, north = network.bounds
    (high, wide), (lat, lon) = scale, entrance
    up, beside = (lat - home.lat) * high, (lon - home.lon) * wide
    return (
        math.hypot(up, (2 * west - lon - home.lon) * wide), math.hypot((2 * south - lat - home.lat) * high, beside),
        math.hypot(up, (2 * east - lon - home.lon) * wide), math.hypot((2 * north - lat - home.lat) * high, beside),
    )  # fmt: skip


def _by_ways(network: Network, home: Point, end: End, scale: tuple[float, float]) -> list[float]:
    """For each side the least of the straight ways over it to where ways to the entrance come out, and the metres on
    from there; 0 where that is not known."""
    found = []
    for side, (known, edge) in enumerate(zip(_inlets_of(network, end), network.bounds, strict=True)):
        if known is None:
            found.append(0.0)
            continue
        lat, lon, on = known
        to = [lat, lon]
        to[(side + 1) % 2] = 2 * edge - to[(side + 1) % 2]
        over = np.hypot((to[0] - home.lat) * scale[0], (to[1] - home.lon) * scale[1]) + on
        found.append(min(float(over.min(initial=math.inf)), REACH_M))
    return found


def _inlets_of(network: Network, end: End) -> Inlets:
    """Remembered: the same entrances are asked with every home."""
    known: Inlets | None = network.inlets.get(end.point)
    if known is None:
        known = _inlets(network, end)
        if len(network.inlets) >= _MOST_ENTRANCES:
            network.inlets.clear()
        network.inlets[end.point] = known
    return known


def _inlets(network: Network, end: End) -> Inlets:
    """1. Ways of the lenient reading to the entrance. 2. Which of them run through what may be incomplete. 3. Of each,
    the first place: what comes from farther out on it is no shorter."""
    scale = _scale(end.point)
    margin = network.header.get("margin_m")
    if margin is None:  # built before this was looked at
        return _UNKNOWN
    # 1.
    nodes, metres, before = _ways_to(network, end)
    # 2.
    seen = np.zeros(network.node_count, dtype=bool)
    seen[nodes] = True
    arrays = network.arrays
    edges = np.flatnonzero(seen[arrays["edge_from"]] | seen[arrays["edge_to"]])  # all are walked by that reading
    depth = _depths(network, edges, scale)
    # 3.
    beside = max(place.metres for place in end.places[LENIENT_INDEX]) + PLAUSIBLE_M
    if _near_island(network, end.point, beside, scale):
        return _UNKNOWN
    own = np.isin(edges, [place.edge for place in end.places[LENIENT_INDEX]])
    found: list[Floats | None] = []
    for side, away in enumerate(_away(network, end.point, scale)):
        near = depth[side] <= margin
        if away <= margin + beside or (near & own).any():
            found.append(None)
            continue
        inside = np.zeros(network.node_count, dtype=bool)
        inside[arrays["edge_from"][edges[near]]] = inside[arrays["edge_to"][edges[near]]] = True
        first = inside[nodes] & ~((before >= 0) & inside[before])
        lat, lon = (arrays[name][nodes[first]] / 1e7 for name in ("node_lat", "node_lon"))
        found.append(np.stack([lat, lon, metres[first]]))
    return tuple(found)


def _ways_to(network: Network, end: End) -> tuple[Ints, Floats, Ints]:
    """Nodes from which an entrance is reached within REACH_M, the least metres that this can take, and the node after
    each on the way (-1: none).

    Searched from the entrance: a way may be walked against its direction here, and may begin at the upper end of every
    one-way, as far from the entrance as the straight line. That makes ways shorter at most.
    """
    arrays = network.arrays
    out = [
        (way.node, place.metres + way.metres)
        for place in end.places[LENIENT_INDEX]
        for way in (*exits(network, place, None), *exits(network, place, None, arriving=True))
    ]
    upper = np.unique(arrays["edge_from"][arrays["edge_bits"] & ONE_WAY != 0])
    high, wide = (math.radians(radius) * SHORT for radius in radii(end.point.lat))
    lat, lon = (arrays[name][upper] / 1e7 for name in ("node_lat", "node_lon"))
    away = np.hypot((lat - end.point.lat) * high, (lon - end.point.lon) * wide)
    with lent(network) as reach:
        start = Start([*(node for node, _ in out), *upper.tolist()], [*(metres for _, metres in out), *away.tolist()])
        reach.search(network, start, REACH_M, reading=LENIENT_INDEX)
        nodes = reach.touched[: reach.used].astype(np.int64)
        return nodes, reach.metres[nodes], reach.before[nodes].astype(np.int64)


def _depths(network: Network, edges: Ints, scale: tuple[float, float]) -> tuple[Floats, ...]:
    """Metres from each side of the map to the nearest point of each edge."""
    arrays = network.arrays
    start, counts = arrays["shape_start"][edges], arrays["shape_start"][edges + 1] - arrays["shape_start"][edges]
    begins = np.cumsum(counts) - counts
    points = np.repeat(start - begins, counts) + np.arange(int(counts.sum()))
    if not len(points):
        return (np.zeros(0),) * 4
    lat, lon = arrays["shape_lat"][points] / 1e7, arrays["shape_lon"][points] / 1e7
    west, south, east, north = network.bounds
    return (
        (np.minimum.reduceat(lon, begins) - west) * scale[1],
        (np.minimum.reduceat(lat, begins) - south) * scale[0],
        (east - np.maximum.reduceat(lon, begins)) * scale[1],
        (north - np.maximum.reduceat(lat, begins)) * scale[0],
    )


def _away(network: Network, point: Point, scale: tuple[float, float]) -> tuple[float, ...]:
    """Metres from a point to each side of the map."""
    west, south, east, north = network.bounds
    return (
        (point.lon - west) * scale[1], (point.lat - south) * scale[0],
        (east - point.lon) * scale[1], (north - point.lat) * scale[0],
    )  # fmt: skip


def _near_island(network: Network, point: Point, metres: float, scale: tuple[float, float]) -> bool:
    """Whether the entrance may lie on ways that only the map beyond would join to the others."""
    lat, lon = (network.arrays[name] / 1e7 for name in ("island_lat", "island_lon"))
    away = np.hypot((lat - point.lat) * scale[0], (lon - point.lon) * scale[1])
    return bool((away <= metres + ISLAND_STEP_M).any())
