"""Homes on the network, by the rule of the single decision, and how they hang on its core."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geography.model.address_key import street_key
from geography.network.graph import Floats, Network
from geography.network.walking_rules import ONE_WAY, STANDARD
from geography.routing.block import BarredStretches
from geography.routing.core import Core
from geography.routing.kernels import distances, snapping
from geography.routing.snap import TIE_M, twin_of

Numbers = npt.NDArray[np.int32]
_AT_ONCE = 500_000
"""Homes hung in one go: a state's would take a third of a gigabyte besides."""


@dataclass(frozen=True)
class Homes:
    """Homes on the network, sorted by their edge. Shape of all: (homes,)."""

    number: Numbers
    """Place of each home in what was given; homes without a public way within 250 m are not here."""
    edge: Numbers
    offset: Floats
    """Metres from the edge's first node."""
    connector: Floats


@dataclass(frozen=True)
class HomeGroups:
    """Homes by the core nodes over which they leave. A group is the homes between the same two; H homes, G groups."""

    place: Numbers
    """(H): a home's place in `Homes`."""
    number: Numbers
    over_a: Floats
    """(H): metres to the group's first core node, connector included; infinite: not that way."""
    over_b: Floats
    group_start: npt.NDArray[np.int64]
    """(G + 1): first home of each group."""
    group_a: Numbers
    group_b: Numbers
    """(G): the group's core nodes; the number of core nodes stands for none."""
    of_a: npt.NDArray[np.int64]
    """(core nodes + 1): groups whose first node it is."""
    of_b: npt.NDArray[np.int64]
    by_b: Numbers
    """Groups by their second node."""


def place_homes(network: Network, lat: Floats, lon: Floats, streets: Sequence[str]) -> Homes:
    """Where homes meet the network, by the rule of the single decision. lat, lon: degrees, shape (homes,)."""
    arrays = network.arrays
    street, edge_street = _street_numbers(network, streets)
    edge = np.full(len(lat), -1, dtype=np.int32)
    offset, connector = np.zeros(len(lat)), np.zeros(len(lat))
    shape_start = arrays["shape_start"]
    snapping.snap_all(
        np.ascontiguousarray(lat, dtype=np.float64),
        np.ascontiguousarray(lon, dtype=np.float64),
        street,
        arrays["shape_lat"],
        arrays["shape_lon"],
        shape_start,
        arrays["shape_offset"],
        np.repeat(np.arange(len(shape_start) - 1, dtype=np.int32), np.diff(shape_start)),
        arrays["edge_way"],
        edge_street,
        arrays["edge_bits"],
        arrays["edge_length"],
        arrays["grid_key"],
        arrays["grid_segment"],
        edge,
        offset,
        connector,
    )
    west, south, east, north = network.bounds
    edge[~((south <= lat) & (lat <= north) & (west <= lon) & (lon <= east))] = -1
    placed = np.flatnonzero(edge >= 0)
    number = placed[np.argsort(edge[placed], kind="stable")].astype(np.int32)
    return Homes(number, edge[number], offset[number], connector[number])


def _street_numbers(network: Network, streets: Sequence[str]) -> tuple[Numbers, Numbers]:
    """For each home and each edge the number of its street's key; -1: none, or a street that no way bears."""
    count = len(network.arrays["name_start"]) - 1
    keys: dict[str, int] = {}
    of_name = np.array([keys.setdefault(network.street_key(name), len(keys)) for name in range(count)], dtype=np.int32)
    known: dict[str, int] = {"": -1}
    for street in streets:
        if street not in known:
            key = street_key(street)
            known[street] = keys.get(key, -1) if key else -1
    return np.array([known[street] for street in streets], dtype=np.int32), of_name[network.arrays["edge_name"]]


def hang(network: Network, homes: Homes, core: Core, blocked: BarredStretches | None = None) -> HomeGroups:
    """Homes by the core nodes over which they leave, with the metres to them."""
    count, none = len(homes.number), core.count
    end_a, end_b = (np.empty(count, dtype=np.int32) for _ in range(2))
    over_a, over_b = np.empty(count), np.empty(count)
    for begin in range(0, count, _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        ends, metres = _to_ends(network, homes, part, blocked)
        if not distances.hang(
            *ends, *metres, core.near, core.far, core.from_near, core.from_far, homes.connector[part],
            end_a[part], end_b[part], over_a[part], over_b[part], none,
        ):  # fmt: skip
            raise AssertionError("a home hangs on three core nodes: the core and the network do not belong together")
    order = np.lexsort((end_b, end_a)).astype(np.int32)
    order = order[: np.count_nonzero(end_a < none)]  # whoever reaches no node is not asked
    end_a, end_b = end_a[order], end_b[order]
    over_a = over_a[order]  # one after the other: a state's homes take 40 MB an array
    over_b = over_b[order]
    begins = np.flatnonzero((np.diff(end_a, prepend=-1) != 0) | (np.diff(end_b, prepend=-1) != 0))
    group_a, group_b = end_a[begins], end_b[begins]
    by_b = np.argsort(group_b, kind="stable").astype(np.int32)
    nodes = np.arange(none + 1, dtype=np.int32)
    return HomeGroups(
        order, homes.number[order], over_a, over_b, np.append(begins, len(order)), group_a, group_b,
        np.searchsorted(group_a, nodes), np.searchsorted(group_b[by_b], nodes), by_b,
    )  # fmt: skip


def _to_ends(
    network: Network, homes: Homes, part: slice, blocked: BarredStretches | None
) -> tuple[tuple[Numbers, Numbers], tuple[Floats, Floats]]:
    """First and last node of the edges of some homes, and the metres to them; infinite where they cannot go."""
    arrays, edge, offset = network.arrays, homes.edge[part], homes.offset[part]
    # A home on a way that is one-way for walkers leaves it only at the end, unless it stands at the beginning.
    bound = ((arrays["edge_bits"][edge] & ONE_WAY) != 0) & (offset >= TIE_M)
    two_way = [one for one in np.unique(edge[bound]).tolist() if _back(network, one)]
    to_first = np.where(bound & ~np.isin(edge, two_way), np.inf, offset)
    to_last = arrays["edge_length"][edge] - offset
    if blocked is not None:  # homes on barred stretches leave only by an open end
        for place in np.flatnonzero(np.isin(edge, list(blocked.spans))).tolist():
            one, at = int(edge[place]), float(offset[place])
            if blocked.bars(one, at, 0.0):
                to_first[place] = np.inf
            if blocked.bars(one, at, float(arrays["edge_length"][one])):
                to_last[place] = np.inf
    return (arrays["edge_from"][edge], arrays["edge_to"][edge]), (to_first, to_last)


def _back(network: Network, edge: int) -> bool:
    """Whether the other direction of a one-way edge is drawn, and open."""
    twin = twin_of(network, edge)
    return twin >= 0 and bool(network.arrays["edge_bits"][twin] & STANDARD)
