"""Indexes of the network file: tiles of nodes, arcs for the searches, grid of segments, names."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geography.network.assembly import Edges
from geography.network.graph import CELL, GRID_COLUMNS, READINGS, TILE, TILE_COLUMNS
from geography.network.walking_rules import ONE_WAY

Long = npt.NDArray[np.int64]
Arrays = dict[str, npt.NDArray[Any]]


def tiles(lat: Long, lon: Long, ids: Long) -> tuple[Long, Long, Long]:
    """Order of the nodes by tile and id; keys of the tiles; first node of each, and the count at the end."""
    key = (lat + 900_000_000) // TILE * TILE_COLUMNS + (lon + 1_800_000_000) // TILE
    order = np.lexsort((np.arange(len(ids)), ids, key))
    found, first = np.unique(key[order], return_index=True)
    return order, found.astype(np.int64), np.append(first, len(ids)).astype(np.int64)


def arcs(tail: Long, head: Long, length: npt.NDArray[np.float64], bits: Long, count: int) -> Arrays:
    """CSR of directed arcs with one entry per pair of nodes; for each reading the shortest edge, ties by its number.

    Parallel edges must not be summed (a matrix from coordinates does: 446 m off), loops lead nowhere. A pair that a
    reading forbids weighs infinity, so that all readings share one structure.
    """
    edge = np.arange(len(tail))
    back = (bits & ONE_WAY) == 0
    a, b, number = (np.concatenate(pair) for pair in ((tail, head[back]), (head, tail[back]), (edge, edge[back])))
    apart = a != b
    a, b, number = a[apart], b[apart], number[apart]
    pair, place = np.unique(a * count + b, return_inverse=True)
    weight = np.full((len(READINGS), len(pair)), np.inf)
    chosen = np.full((len(READINGS), len(pair)), -1, dtype=np.int32)
    for reading in range(len(READINGS)):
        is_open = np.flatnonzero(bits[number] & (1 << reading))
        order = is_open[np.lexsort((number[is_open], length[number[is_open]], place[is_open]))]
        first = order[np.r_[True, np.diff(place[order]) != 0]] if len(order) else order
        weight[reading, place[first]] = length[number[first]]
        chosen[reading, place[first]] = number[first]
    start = np.searchsorted(pair // count, np.arange(count + 1))
    return {
        "arc_start": start.astype(np.int32),
        "arc_to": (pair % count).astype(np.int32),
        "arc_weight": weight,
        "arc_edge": chosen,
    }


def grid(edges: Edges) -> Arrays:
    """Every segment in every cell that its box touches: rows from the south pole, columns from 180 degrees west."""
    last = np.zeros(len(edges.shape_lat), dtype=bool)
    last[edges.shape_start[1:] - 1] = True
    step = np.diff(edges.shape_offset, append=0.0)
    segment = np.flatnonzero(~last & (step > 0))
    row = np.stack([edges.shape_lat[segment], edges.shape_lat[segment + 1]]) + 900_000_000
    column = np.stack([edges.shape_lon[segment], edges.shape_lon[segment + 1]]) + 1_800_000_000
    rows, columns = row // CELL, column // CELL
    low, left = rows.min(axis=0), columns.min(axis=0)
    high, wide = rows.max(axis=0) - low + 1, columns.max(axis=0) - left + 1
    cells = high * wide
    within = np.arange(int(cells.sum())) - np.repeat(np.cumsum(cells) - cells, cells)
    width = np.repeat(wide, cells)
    key = (np.repeat(low, cells) + within // width) * GRID_COLUMNS + np.repeat(left, cells) + within % width
    registered = np.repeat(segment, cells)
    order = np.lexsort((registered, key))
    return {"grid_key": key[order].astype(np.int64), "grid_segment": registered[order].astype(np.int32)}


def names(of_edge: list[str]) -> Arrays:
    """Street names once each, as one run of UTF-8; "" is the first."""
    distinct = sorted({"", *of_edge})
    number = {name: place for place, name in enumerate(distinct)}
    encoded = [name.encode() for name in distinct]
    return {
        "edge_name": np.array([number[name] for name in of_edge], dtype=np.int32),
        "name_start": np.concatenate([[0], np.cumsum([len(name) for name in encoded])]).astype(np.int64),
        "name_bytes": np.frombuffer(b"".join(encoded), dtype=np.uint8).copy(),
    }
