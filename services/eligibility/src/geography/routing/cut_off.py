"""The way out of a part of the network that is cut off: over which gates and stretches does one leave it."""

import heapq
from collections.abc import Iterable
from math import isfinite

from geography.network.graph import Network
from geography.network.walking_rules import CUT_OFF

MOST_NODES = 5_000
"""Searched at most; a part as large as that is named by its own stretches."""


def way_out(network: Network, edges: Iterable[int], reading: int, stronger: int) -> list[int]:
    """The doubtful edges on the shortest way from some edges to where the stronger reading walks too, in walking order;
    empty: there is none. Few searches need it, and the parts are small: no compiled loop."""
    arrays = network.arrays
    start, to = arrays["arc_start"], arrays["arc_to"]
    weight, by = arrays["arc_weight"][reading], arrays["arc_edge"][reading]
    begin = {int(arrays[name][edge]) for edge in edges for name in ("edge_from", "edge_to")}
    heap: list[tuple[float, int, int, int]] = [(0.0, node, -1, -1) for node in sorted(begin)]
    came: dict[int, tuple[int, int]] = {}
    while heap and len(came) < MOST_NODES:
        metres, node, before, edge = heapq.heappop(heap)
        if node in came:
            continue
        came[node] = before, edge
        around = range(int(start[node]), int(start[node + 1]))
        if any(isfinite(arrays["arc_weight"][stronger][arc]) for arc in around):
            return [each for each in _back(came, node) if not arrays["edge_bits"][each] & (1 << stronger | CUT_OFF)]
        for arc in around:
            if isfinite(weight[arc]) and int(to[arc]) not in came:
                heapq.heappush(heap, (metres + float(weight[arc]), int(to[arc]), node, int(by[arc])))
    return []


def _back(came: dict[int, tuple[int, int]], node: int) -> list[int]:
    edges = []
    while (step := came[node])[1] >= 0:
        node, edge = step
        edges.append(edge)
    return edges[::-1]
