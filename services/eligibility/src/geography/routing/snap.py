"""Where a point meets the network: candidates within 80 m, the street's own name before the nearest, ties by way id."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geography.model.address_key import street_key
from geography.model.ellipsoid import length, radii
from geography.model.types import Point
from geography.network.graph import CELL, GRID_COLUMNS, READINGS, Floats, Ints, Network
from geography.network.walking_rules import ONE_WAY

CANDIDATE_M = 80.0
"""Within this distance the edge that bears the address's street name is preferred (docs/sources/routing.md, 6)."""
FARTHEST_M = 250.0
"""Longest connector; beyond it there is no way."""
PLAUSIBLE_M = 10.0
"""An edge at most this much farther than the nearest may just as well be the one where the door is (section 5d)."""
MOST_PLAUSIBLE = 4
TIE_M = 1e-3
"""Two edges whose distance differs by less than a millimetre are equally near: the smaller way id wins."""


@dataclass(frozen=True)
class Candidate:
    """One edge near a point, with its nearest place."""

    edge: int
    way: int
    name: int
    """Number of the street's name in the network."""
    bits: int
    segment: int
    """Index of the shape point at which the nearest segment begins."""
    place: Point
    metres: float
    """From the point to the place."""
    offset: float
    """From the first node of the edge to the place, metres along the edge."""
    edge_length: float
    spot: tuple[int, ...]
    """The same for edges that are left here alike: those that meet at the node here, or that run here between the same
    two (both directions of a stretch, a street that is a plaza's edge too)."""
    twin: int = -1
    """The edge of the other direction, where the two differ and are drawn apart; -1: none."""
    against: int = -1
    """The same, where the reading walks it."""


def candidates(network: Network, point: Point, radius: float, street: str | None = None) -> list[Candidate]:
    """Edges within `radius` metres that may be where the point meets the network, nearest first, ties by way id.

    Those nearly as near as the nearest of any reading, and those within 80 m that bear the street's name.
    """
    segments = _segments_near(network, point, radius)
    lat0, lon0, lat1, lon1 = _ends(network, segments)
    north, east = (np.radians(radius_m) for radius_m in radii(point.lat))
    x0, y0 = (lon0 - point.lon) * east, (lat0 - point.lat) * north
    dx, dy = (lon1 - lon0) * east, (lat1 - lat0) * north
    square = dx * dx + dy * dy
    share = np.clip(-(x0 * dx + y0 * dy) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    metres = np.hypot(x0 + share * dx, y0 + share * dy)
    edges = np.searchsorted(network.arrays["shape_start"], segments, side="right") - 1
    order = np.lexsort((segments, np.round(metres / TIE_M), edges))
    first = order[np.r_[True, np.diff(edges[order]) != 0]] if len(order) else order
    first = first[metres[first] <= radius]
    first = first[_interesting(network, edges[first], metres[first], street_key(street or ""))]
    found = [
        _candidate(network, int(edges[i]), int(segments[i]), point, (lat0[i], lon0[i], lat1[i], lon1[i], share[i]))
        for i in first
    ]
    return sorted(found, key=lambda one: (round(one.metres / TIE_M), one.way, one.edge))


def _interesting(network: Network, edges: Ints, metres: Floats, street: str) -> npt.NDArray[np.bool_]:
    """Which edges can be chosen or plausible in any reading."""
    bits = network.arrays["edge_bits"][edges]
    result = np.zeros(len(edges), dtype=bool)
    for reading in range(len(READINGS)):
        of_reading = (bits & (1 << reading)) != 0
        if of_reading.any():
            result |= of_reading & (metres <= metres[of_reading].min() + PLAUSIBLE_M + TIE_M)
    if street:
        names = network.arrays["edge_name"][edges]
        wanted = [name for name in np.unique(names).tolist() if network.street_key(name) == street]
        result |= np.isin(names, wanted) & (metres <= CANDIDATE_M + TIE_M)
    return result


def _candidate(network: Network, edge: int, segment: int, point: Point, line: tuple[float, ...]) -> Candidate:
    """The place on the segment, its connector and its offset, measured on the ellipsoid."""
    lat0, lon0, lat1, lon1, share = (float(value) for value in line)
    place = Point(lat0 + share * (lat1 - lat0), lon0 + share * (lon1 - lon0))
    arrays = network.arrays
    begin = int(arrays["shape_start"][edge])
    before = arrays["shape_offset"][segment] if segment > begin else 0.0
    edge_length = float(arrays["edge_length"][edge])
    offset = min(float(before) + length(lat0, lon0, *place), edge_length)
    nodes = int(arrays["edge_from"][edge]), int(arrays["edge_to"][edge])
    at_node = (nodes[offset > edge_length - offset],)
    between = (*sorted(nodes), round(place.lat * 1e7), round(place.lon * 1e7))
    return Candidate(
        edge,
        int(arrays["edge_way"][edge]),
        int(arrays["edge_name"][edge]),
        int(arrays["edge_bits"][edge]),
        segment,
        place,
        length(*point, *place),
        offset,
        edge_length,
        at_node if min(offset, edge_length - offset) < TIE_M else between,
        twin_of(network, edge),
    )


def twin_of(network: Network, edge: int) -> int:
    """The edge that runs the other way on the same stretch of the same way; -1: none, or one edge for both."""
    arrays = network.arrays
    if not arrays["edge_bits"][edge] & ONE_WAY:
        return -1
    first, last = np.searchsorted(arrays["edge_way"], arrays["edge_way"][edge] + np.array([0, 1])).tolist()
    tail, head, metres = (arrays[name][edge] for name in ("edge_from", "edge_to", "edge_length"))
    for other in range(first, last):
        back = arrays["edge_from"][other] == head and arrays["edge_to"][other] == tail and other != edge
        if back and arrays["edge_bits"][other] & ONE_WAY and abs(arrays["edge_length"][other] - metres) < TIE_M:
            return other
    return -1


def read_by(network: Network, place: Candidate, bit: int) -> Candidate:
    """The place as a reading has it: with the other direction where that is open in it.

    Args:
        bit: of the reading (LENIENT, STANDARD, STRICT).
    """
    if place.twin >= 0 and network.arrays["edge_bits"][place.twin] & bit:
        return replace(place, against=place.twin)
    return place


def _ends(network: Network, segments: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    lat, lon = network.arrays["shape_lat"], network.arrays["shape_lon"]
    return lat[segments] / 1e7, lon[segments] / 1e7, lat[segments + 1] / 1e7, lon[segments + 1] / 1e7


def _segments_near(network: Network, point: Point, radius: float) -> Ints:
    """Segments registered in the cells that the square of side 2 x radius touches."""
    north, east = radii(point.lat)
    high, wide = np.degrees(radius / north), np.degrees(radius / east)
    return segments_in(network, (point.lon - wide, point.lat - high, point.lon + wide, point.lat + high))


def segments_in(network: Network, box: tuple[float, float, float, float]) -> Ints:
    """Segments registered in the cells that a box touches, ascending.

    Args:
        box: west, south, east, north in degrees.
    """
    west, south, east, north = (
        value * 1e7 + shift for value, shift in zip(box, (1_800_000_000, 900_000_000) * 2, strict=True)
    )
    rows = np.arange(int(south // CELL), int(north // CELL) + 1, dtype=np.int64)
    keys = network.arrays["grid_key"]
    starts = np.searchsorted(keys, rows * GRID_COLUMNS + int(west // CELL))
    stops = np.searchsorted(keys, rows * GRID_COLUMNS + int(east // CELL), side="right")
    parts = [network.arrays["grid_segment"][start:stop] for start, stop in zip(starts, stops, strict=True)]
    return np.unique(np.concatenate(parts)).astype(np.int64)


def choose(network: Network, found: list[Candidate], bit: int, street: str | None) -> tuple[Candidate, bool] | None:
    """The one place of a reading, and whether the street's name decided. None: nothing of this reading is near.

    `found` is sorted as `candidates` sorts it; within 80 m an edge with the street's name comes before the nearest.

    Args:
        bit: of the reading (LENIENT, STANDARD, STRICT).
    """
    open_ones = [one for one in found if one.bits & bit]
    wanted = street_key(street) if street else ""
    for one in open_ones if wanted else []:
        if one.metres <= CANDIDATE_M and network.street_key(one.name) == wanted:
            return one, True
    return (open_ones[0], False) if open_ones else None


def plausible(found: list[Candidate], bit: int, *chosen: Candidate) -> list[Candidate]:
    """Places where the door may as well be: the chosen ones, and at most four that are nearly as near as the nearest.

    Chosen by the standard reading and by this one: a street that is not open to the former may still be the address's.

    Args:
        bit: of the reading (LENIENT, STANDARD, STRICT).
    """
    open_ones = [one for one in found if one.bits & bit]
    if not open_ones:
        return []
    limit = open_ones[0].metres + PLAUSIBLE_M
    # Of two directions the first that is open stands for both, whichever was chosen.
    mine = [[one for one in open_ones if one.edge in {each.edge, each.twin}][:1] for each in chosen]
    apart: dict[tuple[int, ...], Candidate] = {one.spot: one for each in mine for one in each}
    most = max(MOST_PLAUSIBLE, len(apart))
    for one in open_ones:
        if one.metres <= limit and len(apart) < most:
            # Edges that meet at the nearest junction have the same place: one of them stands for all. The two sides of
            # a gate do not meet, though they are at the same place.
            apart.setdefault(one.spot, one)
    return list(apart.values())
