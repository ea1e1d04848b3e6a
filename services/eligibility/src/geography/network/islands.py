"""What a map may lack at its border: how deep, and which ways only the map beyond would join to the others."""

from typing import Final

import numpy as np
import numpy.typing as npt

from geography.model.ellipsoid import radii
from geography.network.assembly import Edges
from geography.network.graph import ISLAND_STEP_M

MARGIN_M: Final = 1_000.0
"""A way that was cut at the border has lost its nodes beyond, and may go on straight from any node that is left. Of
Aachen's ways the longest stretch between two nodes is 545 m; where a map has a longer one than this, that counts."""


def margin_m(edges: Edges) -> float:
    """Nearer than this to its border a map may lack ways."""
    return max(MARGIN_M, float(np.diff(edges.shape_offset, prepend=0.0).max(initial=0.0)))


def islands(
    edges: Edges, apart: npt.NDArray[np.bool_], bounds: list[float], margin: float
) -> dict[str, npt.NDArray[np.int32]]:
    """Points of the ways that hang together with no others (`apart`) and come within the margin of the border, in 1e-7
    degrees: a larger map may join them to the network, and then they lead to the doors beside them.

    Args:
        apart: whether each edge hangs together with no others, shape (edges,).
        bounds: west, south, east and north of the extract, in degrees.
        margin: metres.
    """
    lone = edges.keep(apart, edges.bits[apart])
    if not len(lone.tail):
        return {"island_lat": np.zeros(0, np.int32), "island_lon": np.zeros(0, np.int32)}
    edge = np.repeat(np.arange(len(lone.tail)), np.diff(lone.shape_start))
    near = np.zeros(len(lone.tail), dtype=bool)
    near[edge[_within(lone, bounds, margin)]] = True
    label, begin = parts(lone.tail, lone.head)
    joined = np.isin(label[begin], label[begin[near]])
    return _points(lone, joined[edge])


def parts(
    tail: npt.NDArray[np.int64], head: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The part of each node that edges connect, whatever their direction, and the node at which each edge begins.

    Weak parts: a search for strong ones did not return (docs/sources/routing.md, 3).

    Args:
        tail, head: the node at which each edge begins, and ends, shape (edges,).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes, numbers = np.unique(np.concatenate([tail, head]), return_inverse=True)
    a, b = numbers[: len(tail)], numbers[len(tail) :]
    pairs = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)])[:, a != b], axis=1)
    graph = coo_array((np.ones(pairs.shape[1], dtype=np.int8), (pairs[0], pairs[1])), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph.tocsr(), directed=False)
    return label.astype(np.int64), a


def _within(edges: Edges, bounds: list[float], margin: float) -> npt.NDArray[np.bool_]:
    """Which points of the shapes are so near to the border."""
    lat, lon = edges.shape_lat / 1e7, edges.shape_lon / 1e7
    west, south, east, north = bounds
    high, wide = (np.degrees(margin / radius) for radius in radii(max(abs(south), abs(north))))
    north_or_south = (lat - south <= high) | (north - lat <= high)
    return np.asarray(north_or_south | (lon - west <= wide) | (east - lon <= wide))


def _points(edges: Edges, kept: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.int32]]:
    """The points of the shapes that are kept, and between two of one edge as many as it takes."""
    step = np.diff(edges.shape_offset, append=0.0)
    parts_of = np.where(step > ISLAND_STEP_M, np.ceil(step / ISLAND_STEP_M), 1).astype(
        np.int64
    )  # negative where an edge ends
    chosen = np.flatnonzero(kept)
    counts = parts_of[chosen]
    share = (np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)) / np.repeat(counts, counts)
    at = np.repeat(chosen, counts)
    on = np.minimum(at + 1, len(step) - 1)
    found = {}
    for name, values in (("island_lat", edges.shape_lat), ("island_lon", edges.shape_lon)):
        found[name] = np.round(values[at] + share * (values[on] - values[at])).astype(np.int32)
    return found
