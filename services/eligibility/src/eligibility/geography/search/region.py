"""The part of the network that a search may touch, and the shortest distances in it.

A search that is cut off at R metres never needs a node farther than R from its start, and no walk is shorter than the
straight line. So on a network of a state the tiles within R of the start give the same distances as the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from eligibility.geography.search.ellipsoid import radii
from eligibility.geography.search.graph import READINGS, STANDARD_INDEX, TILE, TILE_COLUMNS, Floats, Ints, Network
from eligibility.geography.search.types import Point
from eligibility.geography.search.walking_rules import ONE_WAY

WHOLE_BELOW = 60_000
"""A network with fewer nodes is searched as a whole: cutting costs more than it saves."""
MARGIN = 1.001
"""The tiles are chosen by radii of curvature at the start; a thousandth covers their change over 100 km of latitude."""


@dataclass(frozen=True)
class Region:
    """Arcs among the nodes of one or several contiguous ranges of the network, numbered 0 … n-1 in their order."""

    first: Ints
    """First node of each range in the network."""
    base: Ints
    """Number in the region of the first node of each range; one more than ranges, the last is n."""
    start: Ints
    """CSR row starts, n + 1."""
    to: Ints
    """Region numbers."""
    arc: Ints | None
    """Number of each arc in the network; None: the same."""

    @property
    def size(self) -> int:
        return int(self.base[-1])

    def inside(self, node: int) -> int:
        """Number in the region of a node of the network, or -1."""
        part = int(np.searchsorted(self.first, node, side="right")) - 1
        if part < 0:
            return -1
        number = node - int(self.first[part]) + int(self.base[part])
        return number if number < self.base[part + 1] else -1

    def outside(self, numbers: Ints) -> Ints:
        """Nodes of the network from numbers in the region."""
        part = np.searchsorted(self.base, numbers, side="right") - 1
        return numbers - self.base[part] + self.first[part]


def whole(network: Network) -> Region:
    """All of the network, without copying it."""
    count = network.node_count
    arrays = network.arrays
    return Region(np.array([0]), np.array([0, count]), arrays["arc_start"], arrays["arc_to"], None)


def around(network: Network, point: Point, reach: float, whole_below: int = WHOLE_BELOW) -> Region:
    """Every node within `reach` metres of the point (straight line), and some more."""
    if network.node_count < whole_below:
        return whole(network)
    ranges = _ranges(network, point, reach)
    first = np.array([begin for begin, _ in ranges], dtype=np.int64)
    counts = np.array([end - begin for begin, end in ranges], dtype=np.int64)
    base = np.concatenate([[0], np.cumsum(counts)])
    arrays = network.arrays
    starts = arrays["arc_start"]
    rows = np.concatenate([np.diff(starts[begin : end + 1]) for begin, end in ranges]) if ranges else np.zeros(0, int)
    arcs = np.concatenate([np.arange(starts[begin], starts[end]) for begin, end in ranges] or [np.zeros(0, np.int64)])
    to = arrays["arc_to"][arcs]
    part = np.searchsorted(first, to, side="right") - 1
    local = to - first[part] + base[part]
    kept = (part >= 0) & (local < base[part + 1])
    row_of = np.repeat(np.arange(len(rows)), rows)[kept]
    start = np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=len(rows)))]).astype(np.int32)
    return Region(first, base, start, local[kept].astype(np.int32), arcs[kept])


def _ranges(network: Network, point: Point, reach: float) -> list[tuple[int, int]]:
    """Contiguous ranges of nodes, one for each row of tiles, in ascending order."""
    north, east = radii(point.lat)
    high, wide = np.degrees(reach * MARGIN / north) * 1e7, np.degrees(reach * MARGIN / (east * 0.98)) * 1e7
    lat, lon = point.lat * 1e7 + 900_000_000, point.lon * 1e7 + 1_800_000_000
    keys = network.arrays["tile_key"]
    starts = network.arrays["tile_start"]
    found = []
    for row in range(int((lat - high) // TILE), int((lat + high) // TILE) + 1):
        low = np.searchsorted(keys, row * TILE_COLUMNS + int((lon - wide) // TILE))
        top = np.searchsorted(keys, row * TILE_COLUMNS + int((lon + wide) // TILE), side="right")
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

    def path(self, start: int, node: int) -> list[int]:
        """Nodes of the network from the first after the start to `node`."""
        before, number, numbers = self.before[start], self.region.inside(node), []
        while number < self.region.size:
            numbers.append(number)
            number = int(before[number])
        return [int(one) for one in self.region.outside(np.array(numbers[::-1], dtype=np.int64))]


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
    weights: Floats = network.arrays["arc_weight"][reading]
    if region.arc is not None:
        weights = weights[region.arc]
    if blocked is None:
        return weights
    changed = np.array(weights)
    arcs = np.arange(len(weights)) if region.arc is None else region.arc
    touched = np.flatnonzero(np.isin(arcs, blocked.arcs[reading]))
    for place in touched:
        changed[place] = blocked.detour(reading, int(arcs[place]))[0]
    return changed


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
