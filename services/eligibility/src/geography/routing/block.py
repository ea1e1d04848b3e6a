"""Stretches of ways that may not be used (hazards): what remains of the arcs they stood for."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from geography.network.graph import READINGS, Floats, Ints, Network
from geography.network.walking_rules import ONE_WAY
from geography.routing.snap import twin_of

Span = tuple[float, float]
"""Metres from the first node of an edge: begin and end of the stretch."""


@dataclass(frozen=True)
class BarredStretches:
    """Stretches that may not be walked. Whoever passes an edge whole needs another; who lives on it may leave it by the
    open end."""

    spans: Mapping[int, Span]
    """Edge -> the stretch of it that is barred."""
    arcs: tuple[Ints, ...]
    """For each reading the arcs whose shortest edge is barred, ascending."""
    weights: tuple[Floats, ...]
    """For each reading the metres of the shortest parallel edge that is open, or infinity."""
    edges: tuple[Ints, ...]
    """For each reading the numbers of those parallel edges, or -1."""

    def bars(self, edge: int, begin: float, end: float) -> bool:
        """Whether a stretch of an edge, in metres from its first node, touches what is barred.

        Args:
            begin, end: metres from the first node of the edge.
        """
        span = self.spans.get(edge)
        return span is not None and min(begin, end) < span[1] and max(begin, end) > span[0]

    def edge_instead(self, reading: int, arc: int) -> int | None:
        """The edge that an arc stands for under this block, -1 for none; None: as without the block.

        Args:
            reading: index of the reading (STANDARD_INDEX …).
            arc: index into the arcs of the network.
        """
        place = int(np.searchsorted(self.arcs[reading], arc))
        found = place < len(self.arcs[reading]) and int(self.arcs[reading][place]) == arc
        return int(self.edges[reading][place]) if found else None


def block(network: Network, barred: Ints | Mapping[int, Span]) -> BarredStretches:
    """Prepare edges, or stretches of edges, to be avoided. Costs one pass over the network; keep it for all
    measurements.

    Args:
        barred: edges, or of each edge the stretch, in metres from its first node.
    """
    lengths = network.arrays["edge_length"]
    asked = barred if isinstance(barred, Mapping) else {int(edge): (0.0, float(lengths[edge])) for edge in barred}
    spans = dict(asked)
    for edge, (begin, end) in asked.items():  # in both directions, where they are drawn apart
        if (twin := twin_of(network, edge)) >= 0:
            low, high = spans.get(twin, (inf, -inf))
            length = float(lengths[edge])
            spans[twin] = min(low, length - end), max(high, length - begin)
    edges = np.array(sorted(spans), dtype=np.int64)
    parts = [_parallel(network, reading, edges) for reading in range(len(READINGS))]
    arcs, weights, instead = zip(*parts, strict=True)
    return BarredStretches(spans, arcs, weights, instead)


def _parallel(network: Network, reading: int, edges: Ints) -> tuple[Ints, Floats, Ints]:
    """Arcs whose edge is barred, and for each the shortest open parallel edge, ties by the edge's number."""
    arrays = network.arrays
    arcs = np.flatnonzero(np.isin(arrays["arc_edge"][reading], edges)).astype(np.int64)
    tails = np.searchsorted(arrays["arc_start"], arcs, side="right") - 1
    place_of = {(int(a), int(arrays["arc_to"][arc])): i for i, (a, arc) in enumerate(zip(tails, arcs, strict=True))}
    is_open = (arrays["edge_bits"] & (1 << reading)) != 0
    near = np.isin(arrays["edge_from"], tails) & np.isin(arrays["edge_to"], arrays["arc_to"][arcs])
    near |= np.isin(arrays["edge_to"], tails) & np.isin(arrays["edge_from"], arrays["arc_to"][arcs])
    weights, instead = np.full(len(arcs), np.inf), np.full(len(arcs), -1, dtype=np.int64)
    for edge in np.setdiff1d(np.flatnonzero(is_open & near), edges).tolist():
        a, b = int(arrays["edge_from"][edge]), int(arrays["edge_to"][edge])
        for pair in [(a, b)] if arrays["edge_bits"][edge] & ONE_WAY else [(a, b), (b, a)]:
            place = place_of.get(pair)
            if place is not None and arrays["edge_length"][edge] < weights[place]:
                weights[place], instead[place] = arrays["edge_length"][edge], edge
    for values in (arcs, weights):
        values.flags.writeable = False
    return arcs, weights, instead
