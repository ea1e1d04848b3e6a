"""The part of the network that a search may touch, and the shortest distances in it.

A search that is cut off at R metres never needs a node farther than R from its start, and no walk is shorter than the
straight line. So on a network of a state the tiles within R of the start give the same distances as the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from eligibility.geography.search.ellipsoid import radii
from eligibility.geography.search.graph import READINGS, STANDARD_INDEX, TILE, TILE_COLUMNS, Floats, Ints, Network
from eligibility.geography.search.types import Point
from eligibility.geography.search.walking_rules import ONE_WAY

MARGIN = 1.001
"""Straight lines are taken in a plane at the start; a thousandth covers its error over 100 km of latitude."""
WHOLE_BELOW = 60_000
"""A network with fewer nodes is looked through as a whole, a larger one by its tiles within reach."""
MOST_ELLIPSES = 4
"""With more targets than this the ellipses would fill the circle round the start anyway."""


@dataclass(frozen=True)
class Region:
    """Some nodes of the network, numbered 0 … n-1 in its order, and the arcs among them."""

    nodes: Ints
    start: Ints
    """CSR row starts, n + 1."""
    to: Ints
    """Region numbers."""
    arc: Ints
    """Number of each arc in the network."""
    number: Ints
    """Region numbers of the nodes from `base` on, -1 outside."""
    base: int
    limit: float
    """Distances up to this many metres are those of the whole network."""

    @property
    def size(self) -> int:
        return len(self.nodes)

    def inside(self, node: int) -> int:
        """Number in the region of a node of the network, or -1."""
        place = node - self.base
        return int(self.number[place]) if 0 <= place < len(self.number) else -1


def between(network: Network, home: Point, targets: Sequence[Point], limit: float) -> Region:
    """Every node that a walk of at most `limit` metres from the home to one of the targets can touch.

    A walk through a node is at least as long as the straight lines to it and on from it: an ellipse round both ends.
    """
    arrays = network.arrays
    count = network.node_count
    ranges = [(0, count)] if count <= WHOLE_BELOW else _ranges(network, home, limit)
    base, top = (ranges[0][0], ranges[-1][1]) if ranges else (0, 0)
    lat, lon = round(home.lat * 1e7), round(home.lon * 1e7)
    # Single precision is a millimetre off at 20 km: the margin covers it.
    north, east = (np.float32(np.radians(radius) / 1e7) for radius in radii(home.lat))
    parts = [np.zeros(0, dtype=np.int64)]
    for begin, end in ranges:
        y = (arrays["node_lat"][begin:end] - lat) * north
        x = (arrays["node_lon"][begin:end] - lon) * east
        far = np.sqrt(x * x + y * y)
        if len(targets) <= MOST_ELLIPSES:
            far += np.minimum.reduce([_gap(x, y, target, (lat, lon), (north, east)) for target in targets])
        parts.append(np.flatnonzero(far <= limit * MARGIN) + begin)
    return _arcs(network, np.concatenate(parts), base, top, limit)


def _gap(x: Any, y: Any, target: Point, home: tuple[int, int], scale: tuple[Any, Any]) -> Any:
    """Straight metres from points (metres from the home) to a target."""
    dy = y - (round(target.lat * 1e7) - home[0]) * scale[0]
    dx = x - (round(target.lon * 1e7) - home[1]) * scale[1]
    return np.sqrt(dx * dx + dy * dy)


def _arcs(network: Network, nodes: Ints, base: int, top: int, limit: float) -> Region:
    """The arcs among some nodes, which lie between `base` and `top`."""
    arrays = network.arrays
    number = np.full(top - base + 1, -1, dtype=np.int32)
    number[nodes - base] = np.arange(len(nodes), dtype=np.int32)
    begin = arrays["arc_start"][nodes]
    counts = arrays["arc_start"][nodes + 1] - begin
    ends = np.cumsum(counts, dtype=np.int32)
    arc = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int32) + np.repeat(begin - (ends - counts), counts)
    place = arrays["arc_to"][arc]
    if base > 0 or top < network.node_count:
        place = np.where((place >= base) & (place < top), place - base, top - base)
    to = number[place]
    kept = to >= 0
    sums = np.concatenate([[0], np.cumsum(kept)])
    start = sums[np.concatenate([[0], ends])].astype(np.int32)
    return Region(nodes, start, to[kept], arc[kept], number, base, limit)


def _ranges(network: Network, point: Point, reach: float) -> list[tuple[int, int]]:
    """Contiguous ranges of nodes within reach, one for each row of tiles, in ascending order."""
    north, east = radii(point.lat)
    high, wide = np.degrees(reach * MARGIN / north) * 1e7, np.degrees(reach * MARGIN / (east * 0.98)) * 1e7
    lat, lon = point.lat * 1e7 + 900_000_000, point.lon * 1e7 + 1_800_000_000
    keys = network.arrays["tile_key"]
    starts = network.arrays["tile_start"]
    found = []
    first, last = max(0, int((lon - wide) // TILE)), min(TILE_COLUMNS - 1, int((lon + wide) // TILE))
    for row in range(int((lat - high) // TILE), int((lat + high) // TILE) + 1):
        low = np.searchsorted(keys, row * TILE_COLUMNS + first)
        top = np.searchsorted(keys, row * TILE_COLUMNS + last, side="right")
        if starts[low] < starts[top]:
            found.append((int(starts[low]), int(starts[top])))
    return found


@dataclass(frozen=True)
class Start:
    """A place off the nodes from which a search begins: nodes of the network and the metres to them."""

    nodes: Sequence[int]
    metres: Sequence[float]


@dataclass(frozen=True)
class Reach:
    """Distances in metres from each start (k, n + k) and, where asked, the node before (same shape, -9999: none)."""

    region: Region
    distance: Floats
    before: Ints
    blocked: "Blocked | None"

    def to(self, start: int, node: int) -> float:
        """Metres from a start to a node of the network; infinite where it was not reached."""
        number = self.region.inside(node)
        return float(self.distance[start, number]) if number >= 0 else float("inf")

    def path(self, start: int, node: int) -> Ints:
        """Nodes of the network from the first after the start to `node`."""
        before, number, numbers = self.before[start], self.region.inside(node), []
        while number < self.region.size:
            numbers.append(number)
            number = int(before[number])
        return self.region.nodes[numbers[::-1]]


def search(
    network: Network,
    region: Region,
    starts: Sequence[Start],
    limit: float,
    *,
    reading: int = STANDARD_INDEX,
    paths: bool = False,
    blocked: "Blocked | None" = None,
) -> Reach:
    """Exact shortest distances from each start, up to `limit` metres. `blocked`: what may not be used."""
    weights = _weights(network, region, reading, blocked)
    size = region.size
    nodes = [[region.inside(node) for node in one.nodes] for one in starts]
    rows = [_row(numbers, one.metres) for numbers, one in zip(nodes, starts, strict=True)]
    to = np.concatenate([region.to, *(numbers for numbers, _ in rows)]).astype(np.int32, copy=False)
    data = np.concatenate([weights, *(metres for _, metres in rows)])
    ends = np.cumsum([len(numbers) for numbers, _ in rows]) + len(region.to)
    start = np.concatenate([region.start, ends]).astype(np.int32, copy=False)
    total = size + len(starts)
    graph = csr_array((data, to, start), shape=(total, total))
    indices = np.arange(size, total)
    if paths:
        distance, before = dijkstra(graph, indices=indices, return_predecessors=True, limit=limit)
        return Reach(region, distance, before, blocked)
    return Reach(region, dijkstra(graph, indices=indices, limit=limit), np.zeros((0, 0), dtype=np.int32), blocked)


def _row(numbers: Sequence[int], metres: Sequence[float]) -> tuple[Ints, Floats]:
    """One arc for each node, the shortest where several lead to it (a sum of parallel arcs was off by 446 m)."""
    best: dict[int, float] = {}
    for number, length in zip(numbers, metres, strict=True):
        if number >= 0 and length < best.get(number, float("inf")):
            best[number] = length
    order = sorted(best)
    return np.array(order, dtype=np.int32), np.array([best[number] for number in order])


def _weights(network: Network, region: Region, reading: int, blocked: "Blocked | None") -> Floats:
    """Metres of the region's arcs; infinite where the reading or a block forbids them."""
    weights: Floats = network.arrays["arc_weight"][reading][region.arc]
    if blocked is not None:
        for place in np.flatnonzero(np.isin(region.arc, blocked.arcs[reading])):
            weights[place] = blocked.detour(reading, int(region.arc[place]))[0]
    return weights


@dataclass(frozen=True)
class Blocked:
    """Edges that may not be used, with what remains of the arcs they stood for: a parallel edge, or nothing."""

    edges: frozenset[int]
    arcs: tuple[Ints, ...]
    """For each reading the arcs whose shortest edge is blocked."""
    remaining: tuple[dict[int, tuple[float, int]], ...]
    """For each reading: arc -> length and number of its shortest edge that is not blocked."""

    def detour(self, reading: int, arc: int) -> tuple[float, int]:
        return self.remaining[reading].get(arc, (float("inf"), -1))


def block(network: Network, edges: Ints) -> Blocked:
    """Prepare a set of edges to be avoided (hazards). Costs one pass over the network; keep it for all measurements."""
    arrays = network.arrays
    found, remaining = [], []
    for reading in range(len(READINGS)):
        arcs = np.flatnonzero(np.isin(arrays["arc_edge"][reading], edges))
        found.append(arcs)
        remaining.append(_remaining(network, reading, arcs, edges))
    return Blocked(frozenset(int(edge) for edge in edges), tuple(found), tuple(remaining))


def _remaining(network: Network, reading: int, arcs: Ints, edges: Ints) -> dict[int, tuple[float, int]]:
    """The shortest open parallel edge of each arc, ties by the edge's number."""
    arrays = network.arrays
    tails = np.searchsorted(arrays["arc_start"], arcs, side="right") - 1
    arc_of = {(int(a), int(arrays["arc_to"][arc])): int(arc) for a, arc in zip(tails, arcs, strict=True)}
    is_open = (arrays["edge_bits"] & (1 << reading)) != 0
    near = np.isin(arrays["edge_from"], tails) | np.isin(arrays["edge_to"], tails)
    best: dict[int, tuple[float, int]] = {}
    for edge in np.setdiff1d(np.flatnonzero(is_open & near), edges):
        a, b = int(arrays["edge_from"][edge]), int(arrays["edge_to"][edge])
        both = [(a, b)] if arrays["edge_bits"][edge] & ONE_WAY else [(a, b), (b, a)]
        for pair in both:
            arc = arc_of.get(pair)
            if arc is not None:
                best[arc] = min(best.get(arc, (float("inf"), -1)), (float(arrays["edge_length"][edge]), int(edge)))
    return best
