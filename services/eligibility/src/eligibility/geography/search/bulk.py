"""All homes against all schools of a form: one search for each school, on the network with its arcs reversed.

A school's entrances are nodes of that search, as homes are in the single decision; where home and entrance lie on the
same edge the stretch between them is compared too. The metres are the single decision's to a millionth: the same
lengths are added, in the other direction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eligibility.geography.search import kernel, kernel_snap
from eligibility.geography.search.address_key import street_key
from eligibility.geography.search.block import Blocked
from eligibility.geography.search.ends import End, usable_ends
from eligibility.geography.search.graph import STANDARD_INDEX, Floats, Ints, Network
from eligibility.geography.search.reach import Reach
from eligibility.geography.search.trace import exits
from eligibility.geography.search.types import Entrance, NoWay, UnusablePoint
from eligibility.geography.search.walking_rules import ONE_WAY


@dataclass(frozen=True)
class Homes:
    """Homes on the network, sorted by the first node of their edge. Shape of all but the indexes: (homes,)."""

    number: npt.NDArray[np.int64]
    """Place of each home in what was given; homes without a public way within 250 m are not here."""
    edge: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    offset: Floats
    to_first: Floats
    """Metres to the edge's first node; infinite against a one-way."""
    to_last: Floats
    connector: Floats
    tail_start: npt.NDArray[np.int64]
    """(nodes + 1): homes whose edge begins at a node."""
    head_start: npt.NDArray[np.int64]
    by_head: npt.NDArray[np.int32]
    """Homes by the last node of their edge."""


@dataclass(frozen=True)
class Backwards:
    """The arcs of the standard reading, each from its end to its beginning (CSR). All read-only."""

    start: Ints
    to: Ints
    metres: Floats


@dataclass(frozen=True)
class SchoolWays:
    """What was found for one school: homes (places in what was given) and their metres, same shape."""

    number: str
    homes: Ints
    metres: Floats
    without: NoWay | UnusablePoint | None = None
    """Why nothing could be asked."""


def place_homes(network: Network, lat: Floats, lon: Floats, streets: Sequence[str]) -> Homes:
    """Where homes meet the network, by the rule of the single decision. lat, lon: degrees, shape (homes,)."""
    arrays = network.arrays
    street, edge_street = _street_numbers(network, streets)
    edge = np.full(len(lat), -1, dtype=np.int32)
    offset, connector = np.zeros(len(lat)), np.zeros(len(lat))
    shape_start = arrays["shape_start"]
    kernel_snap.snap_all(
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
    return sorted_homes(network, edge, offset, connector)


def _street_numbers(network: Network, streets: Sequence[str]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
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


def sorted_homes(network: Network, edge: npt.NDArray[np.int32], offset: Floats, connector: Floats) -> Homes:
    """Indexes for the searches; `edge` -1 is left out."""
    arrays, count = network.arrays, network.node_count
    placed = np.flatnonzero(edge >= 0)
    number = placed[np.argsort(arrays["edge_from"][edge[placed]], kind="stable")]
    edge, offset = edge[number], offset[number]
    first, last = arrays["edge_from"][edge], arrays["edge_to"][edge]
    # A home on a way that is one-way for walkers leaves it only at the end.
    to_first = np.where((arrays["edge_bits"][edge] & ONE_WAY) != 0, np.inf, offset)
    by_head = np.argsort(last, kind="stable").astype(np.int32)
    nodes = np.arange(count + 1)
    return Homes(
        number, edge, first, last, offset, to_first, arrays["edge_length"][edge] - offset, connector[number],
        np.searchsorted(first, nodes), np.searchsorted(last[by_head], nodes), by_head,
    )  # fmt: skip


def backwards(network: Network, blocked: Blocked | None = None) -> Backwards:
    """The reversed arcs. Costs one pass over the network."""
    arrays = network.arrays
    metres = np.array(arrays["arc_weight"][STANDARD_INDEX])
    if blocked is not None:
        metres[blocked.arcs[STANDARD_INDEX]] = blocked.weights[STANDARD_INDEX]
    is_open = np.flatnonzero(np.isfinite(metres))
    begin = np.searchsorted(arrays["arc_start"], is_open, side="right") - 1
    order = is_open[np.argsort(arrays["arc_to"][is_open], kind="stable")]
    count = network.node_count
    tails = np.empty(len(metres), dtype=np.int32)
    tails[is_open] = begin
    start = np.searchsorted(arrays["arc_to"][order], np.arange(count + 1)).astype(np.int32)
    result = Backwards(start, tails[order], metres[order])
    for values in (result.start, result.to, result.metres):
        values.flags.writeable = False
    return result


def ways_to_schools(
    network: Network,
    homes: Homes,
    schools: Mapping[str, Sequence[Entrance]],
    limit_m: float,
    blocked: Blocked | None = None,
) -> Iterator[SchoolWays]:
    """For each school, in the order given, every home within `limit_m` metres (connectors included)."""
    back, search = backwards(network, blocked), None
    for number, entrances in schools.items():
        ends = usable_ends(network, entrances)
        if isinstance(ends, NoWay | UnusablePoint):
            yield SchoolWays(number, np.zeros(0, dtype=np.int64), np.zeros(0), ends)
            continue
        search = search or Gatherer(network, back, homes)
        yield SchoolWays(number, *search.around([end for _, end in ends], limit_m, blocked))


class Gatherer:
    """The searches of one bulk run, with their arrays."""

    def __init__(self, network: Network, back: Backwards, homes: Homes) -> None:
        self._network, self._back, self._homes = network, back, homes
        self._reach = Reach(network)
        self._found = np.empty(len(homes.number), dtype=np.int32)
        self._metres = np.empty(len(homes.number))

    def around(self, ends: Sequence[End], limit_m: float, blocked: Blocked | None = None) -> tuple[Ints, Floats]:
        """Homes within `limit_m` of the nearest of some entrances, and their metres."""
        ways = [
            (way.node, way.metres + end.chosen.metres)
            for end in ends
            for way in exits(self._network, end.chosen, blocked, arriving=True)
        ]
        found, metres = self.search([node for node, _ in ways], [length for _, length in ways], limit_m)
        return self._with_own_edge(ends, found, metres, limit_m, blocked)

    def search(self, nodes: Sequence[int], lengths: Sequence[float], limit_m: float) -> tuple[Ints, Floats]:
        """Homes reached over nodes: their numbers among the sorted homes, and metres. Views of arrays used again."""
        reach, homes, back = self._reach, self._homes, self._back
        arrays = self._network.arrays
        none = np.zeros((0, 2))
        reach.used = kernel.shortest(
            back.start, back.to, back.metres, *_nothing_changed(), arrays["node_lat"], arrays["node_lon"],
            np.array(nodes, dtype=np.int64), np.array(lengths, dtype=np.float64), np.zeros(0, dtype=np.int64),
            none, none[:, 0], float(limit_m), reach.metres, reach.before, reach.state,
            reach.touched, reach.used, *reach.heap,
        )  # fmt: skip
        count = kernel.gather(
            reach.touched, reach.used, reach.metres, homes.tail_start, homes.head_start, homes.by_head, homes.first,
            homes.last, homes.to_first, homes.to_last, homes.connector, float(limit_m), self._found, self._metres,
        )  # fmt: skip
        return self._found[:count], self._metres[:count]

    def _with_own_edge(
        self, ends: Sequence[End], found: Ints, metres: Floats, limit_m: float, blocked: Blocked | None
    ) -> tuple[Ints, Floats]:
        """Compare with the stretch along the entrance's own edge; back to the numbers of the homes given."""
        homes, lengths = self._homes, dict[int, float]()
        for end in ends:
            place, node = end.chosen, int(self._network.arrays["edge_from"][end.chosen.edge])
            for home in range(int(homes.tail_start[node]), int(homes.tail_start[node + 1])):
                ahead = place.offset - float(homes.offset[home])
                if homes.edge[home] != place.edge or (ahead < 0 and place.bits & ONE_WAY):
                    continue
                if blocked is None or not blocked.bars(place.edge, float(homes.offset[home]), place.offset):
                    length = abs(ahead) + float(homes.connector[home]) + place.metres
                    lengths[home] = min(length, lengths.get(home, limit_m))
        if blocked is not None:
            found, metres = self._leave_barred(found, metres, blocked)
        if not lengths:
            return homes.number[found], metres.copy()
        own = np.array(sorted(lengths))
        _, at, into = np.intersect1d(own, found, return_indices=True)
        metres = metres.copy()
        metres[into] = np.minimum(metres[into], [lengths[int(home)] for home in own[at]])
        more = [home for home in np.delete(own, at).tolist() if lengths[home] < limit_m]
        numbers = np.concatenate([homes.number[found], homes.number[np.array(more, dtype=np.int64)]])
        return numbers, np.concatenate([metres, [lengths[home] for home in more]])

    def _leave_barred(self, found: Ints, metres: Floats, blocked: Blocked) -> tuple[Ints, Floats]:
        """Homes on barred stretches leave only by an open end."""
        homes, kept = self._homes, np.ones(len(found), dtype=bool)
        metres = metres.copy()
        for place in np.flatnonzero(np.isin(homes.edge[found], list(blocked.spans))).tolist():
            home = int(found[place])
            edge, offset = int(homes.edge[home]), float(homes.offset[home])
            whole = float(self._network.arrays["edge_length"][edge])
            over_first = self._reach.to(int(homes.first[home])) + float(homes.to_first[home])
            over_last = self._reach.to(int(homes.last[home])) + float(homes.to_last[home])
            ways = [
                length for length, end in ((over_first, 0.0), (over_last, whole)) if not blocked.bars(edge, offset, end)
            ]
            metres[place] = min(ways, default=np.inf) + float(homes.connector[home])
            kept[place] = np.isfinite(metres[place])
        return found[kept], metres[kept]


def _nothing_changed() -> tuple[Ints, Floats]:
    arcs, metres = np.zeros(0, dtype=np.int64), np.zeros(0)
    arcs.flags.writeable = metres.flags.writeable = False
    return arcs, metres
