"""Where millions of addresses meet the network: the numbers of `snap.choose` for the standard reading, compiled.

It must give what `find_end` gives for one address, to the last bit of which edge and which place: a test compares them.
"""

import math
from typing import Any

import numpy as np

from geography.model.ellipsoid import AXIS, FLATTENING
from geography.network.graph import CELL, GRID_COLUMNS
from geography.network.walking_rules import STANDARD
from geography.routing.kernels.compiled import njit
from geography.routing.snap import CANDIDATE_M, FARTHEST_M, TIE_M

_E2 = FLATTENING * (2 - FLATTENING)
_MOST_EDGES = 4096


@njit(cache=True, nogil=True)
def _radii(lat: float) -> tuple[float, float]:
    phi = math.radians(lat)
    w2 = 1 - _E2 * math.sin(phi) ** 2
    return AXIS * (1 - _E2) / (w2 * math.sqrt(w2)), AXIS / math.sqrt(w2) * math.cos(phi)


@njit(cache=True, nogil=True)
def _length(lat0: float, lon0: float, lat1: float, lon1: float) -> float:
    north, east = _radii((lat0 + lat1) / 2)
    return math.hypot(north * math.radians(lat1 - lat0), east * math.radians(lon1 - lon0))


@njit(cache=True, nogil=True)
def _near(  # noqa: PLR0917
    lat: float, lon: float, radius: float, shape_lat: Any, shape_lon: Any, edge_of: Any, grid_key: Any,
    grid_segment: Any, slot: Any, edges: Any, rounded: Any, segments: Any, shares: Any, metres: Any,
) -> int:  # fmt: skip
    """Edges in the cells of a square round a point, each with its nearest segment; returns how many."""
    north, east = _radii(lat)
    high, wide = math.degrees(radius / north) * 1e7, math.degrees(radius / east) * 1e7
    y, x = lat * 1e7 + 900_000_000, lon * 1e7 + 1_800_000_000
    first, last = int((x - wide) // CELL), int((x + wide) // CELL)
    dlat, dlon, count = math.radians(north), math.radians(east), 0
    for row in range(int((y - high) // CELL), int((y + high) // CELL) + 1):
        begin = np.searchsorted(grid_key, row * GRID_COLUMNS + first)
        end = np.searchsorted(grid_key, row * GRID_COLUMNS + last, side="right")
        for entry in range(begin, end):
            segment = grid_segment[entry]
            lat0, lon0 = shape_lat[segment] / 1e7, shape_lon[segment] / 1e7
            lat1, lon1 = shape_lat[segment + 1] / 1e7, shape_lon[segment + 1] / 1e7
            x0, y0 = (lon0 - lon) * dlon, (lat0 - lat) * dlat
            dx, dy = (lon1 - lon0) * dlon, (lat1 - lat0) * dlat
            square = dx * dx + dy * dy
            share = min(max(-(x0 * dx + y0 * dy) / (square if square > 0 else 1.0), 0.0), 1.0)
            far = math.hypot(x0 + share * dx, y0 + share * dy)
            step, edge = np.rint(far / TIE_M), edge_of[segment]
            place = slot[edge]
            if place >= count or edges[place] != edge:
                if count == _MOST_EDGES:
                    continue
                place = slot[edge] = count
                edges[place], rounded[place], segments[place] = edge, math.inf, segment
                count += 1
            if step < rounded[place] or (step == rounded[place] and segment < segments[place]):
                rounded[place], segments[place], shares[place], metres[place] = step, segment, share, far
    return count


@njit(cache=True, nogil=True)
def _is_better(  # noqa: PLR0917
    named: bool, step: float, way: int, edge: int, best_named: bool, best_step: float, best_way: int, best_edge: int
) -> bool:
    """The street of the address comes first, then the nearer edge, the lower way, the lower edge."""
    if named != best_named:
        return named
    if step != best_step:
        return step < best_step
    if way != best_way:
        return way < best_way
    return edge < best_edge


@njit(cache=True, nogil=True)
def snap_all(  # noqa: PLR0917
    lat: Any, lon: Any, street: Any, shape_lat: Any, shape_lon: Any, shape_start: Any, shape_offset: Any,
    edge_of: Any, edge_way: Any, edge_street: Any, edge_bits: Any, edge_length: Any, grid_key: Any, grid_segment: Any,
    edge: Any, offset: Any, connector: Any,
) -> None:  # fmt: skip
    """For each address the edge (-1: none within 250 m), the offset on it and the connector, metres.

    `street` and `edge_street` are numbers of street keys; -1 is no street.
    """
    slot = np.zeros(len(edge_way), np.int32)
    edges, segments = np.zeros(_MOST_EDGES, np.int64), np.zeros(_MOST_EDGES, np.int64)
    rounded, shares, metres = np.zeros(_MOST_EDGES), np.zeros(_MOST_EDGES), np.zeros(_MOST_EDGES)
    for number in range(len(lat)):
        y, x = lat[number], lon[number]
        edge[number] = -1
        for radius in (CANDIDATE_M, FARTHEST_M):
            count = _near(
                y, x, radius, shape_lat, shape_lon, edge_of, grid_key, grid_segment, slot, edges, rounded, segments,
                shares, metres,
            )  # fmt: skip
            best_named, best_step, best_way, best_edge = False, math.inf, 0, 0
            for place in range(count):
                one = edges[place]
                if not edge_bits[one] & STANDARD or metres[place] > radius:
                    continue
                segment, share = segments[place], shares[place]
                lat0, lon0 = shape_lat[segment] / 1e7, shape_lon[segment] / 1e7
                at_lat = lat0 + share * (shape_lat[segment + 1] / 1e7 - lat0)
                at_lon = lon0 + share * (shape_lon[segment + 1] / 1e7 - lon0)
                far = _length(y, x, at_lat, at_lon)
                named = street[number] >= 0 and edge_street[one] == street[number] and far <= CANDIDATE_M
                step, way = np.rint(far / TIE_M), edge_way[one]
                if _is_better(named, step, way, one, best_named, best_step, best_way, best_edge):
                    best_named, best_step, best_way, best_edge = named, step, way, one
                    before = shape_offset[segment] if segment > shape_start[one] else 0.0
                    edge[number], connector[number] = one, far
                    offset[number] = min(before + _length(lat0, lon0, at_lat, at_lon), edge_length[one])
            if edge[number] >= 0:
                break
