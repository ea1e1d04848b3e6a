"""All homes against all schools of a form: one search for each school, on the core of the network, its arcs reversed.

A school's entrances are where that search begins, as homes are in the single decision; where home and entrance lie on
the same edge the stretch between them is compared too. The metres are the single decision's to a millionth: the same
lengths are added, in another order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geography.model.types import Entrance, NoWay, UnusablePoint
from geography.network.graph import Floats, Network
from geography.network.walking_rules import ONE_WAY
from geography.routing.block import BarredStretches
from geography.routing.core import core_of
from geography.routing.ends import End, usable_ends
from geography.routing.homes import HomeGroups, Homes, Numbers, hang
from geography.routing.kernels import distances
from geography.routing.snap import TIE_M
from geography.routing.trace import exits


@dataclass(frozen=True)
class SchoolWays:
    """What was found for one school: homes (places in what was given) and their metres, same shape."""

    number: str
    homes: Numbers
    metres: Floats
    without: NoWay | UnusablePoint | None = None
    """Why nothing could be asked."""


def ways_to_schools(
    network: Network,
    homes: Homes,
    schools: Mapping[str, Sequence[Entrance]],
    limit_m: float,
    blocked: BarredStretches | None = None,
) -> Iterator[SchoolWays]:
    """For each school, in the order given, every home within `limit_m` metres (connectors included).

    1. Find where all entrances meet the network. 2. Make the core, in which the ends of their edges stay, and hang the
    homes on it. 3. For each school search from its entrances, and gather the homes of the nodes reached.
    """
    # 1.
    found = {number: usable_ends(network, entrances) for number, entrances in schools.items()}
    usable = {number: [end for _, end in ends] for number, ends in found.items() if isinstance(ends, list)}
    # 2.
    search = Search(network, homes, [end for ends in usable.values() for end in ends], limit_m, blocked)
    # 3.
    for number, ends in found.items():
        if isinstance(ends, NoWay | UnusablePoint):
            yield SchoolWays(number, np.zeros(0, dtype=np.int32), np.zeros(0), ends)
        else:
            yield SchoolWays(number, *search.around(usable[number]))


class Search:
    """The searches of one bulk run, with the arrays that each of them writes anew. Not shared by threads."""

    def __init__(
        self,
        network: Network,
        homes: Homes,
        ends: Sequence[End],
        limit_m: float,
        blocked: BarredStretches | None = None,
    ) -> None:
        """`ends`: of all searches to come."""
        edges = [end.chosen.edge for end in ends]
        kept = {int(network.arrays[name][edge]) for name in ("edge_from", "edge_to") for edge in edges}
        self._network, self._homes, self._blocked, self._limit = network, homes, blocked, float(limit_m)
        core = core_of(network, kept, blocked)
        self._hung: HomeGroups = hang(network, homes, core, blocked)
        self._arcs, self._number, count = (core.start, core.to, core.metres), core.number, core.count
        del core  # where the other nodes hang is not asked any more
        self._metres = np.full(count + 1, np.inf)  # the last stays infinite: the node that there is not
        self._touched, self._before, self._after = (np.empty(count, dtype=np.int32) for _ in range(3))
        self._rings = np.full(int(self._limit / distances.BUCKET_M) + 1, -1, dtype=np.int32)
        self._used = 0
        self._apart = np.zeros(len(self._hung.group_a), dtype=np.bool_)
        # what is told may be one longer than the homes: the loop writes a home before it knows that it is too far
        self._found = np.empty(len(self._hung.number) + 1, dtype=np.int32)
        self._found_metres = np.empty(len(self._found))

    def around(self, ends: Sequence[End]) -> tuple[Numbers, Floats]:
        """Homes within the limit of the nearest of some entrances, and their metres."""
        ways = [
            (way.node, way.metres + end.chosen.metres)
            for end in ends
            for way in exits(self._network, end.chosen, self._blocked, arriving=True)
        ]
        hung, groups = self._hung, self._groups_on(ends)
        self._used = distances.spread(
            *self._arcs, self._number[[node for node, _ in ways]],
            np.array([length for _, length in ways], dtype=np.float64), self._limit, self._metres, self._touched,
            self._used, self._rings, self._before, self._after,
        )  # fmt: skip
        self._apart[groups] = True
        count = distances.gather(
            self._touched, self._used, self._metres, hung.of_a, hung.of_b, hung.by_b, hung.group_a, hung.group_b,
            hung.group_start, hung.over_a, hung.over_b, hung.number, self._apart, self._limit,
            self._found, self._found_metres,
        )  # fmt: skip
        self._apart[groups] = False
        homes, metres = self._neighbours(groups, self._own_stretches(ends))
        return np.concatenate([self._found[:count], homes]), np.concatenate([self._found_metres[:count], metres])

    def _groups_on(self, ends: Sequence[End]) -> list[int]:
        """Groups of homes that may lie on the entrances' own edges: between no other nodes than theirs."""
        arrays, hung, found = self._network.arrays, self._hung, set[int]()
        for edge in {end.chosen.edge for end in ends}:
            nodes = {int(self._number[arrays[name][edge]]) for name in ("edge_from", "edge_to")}
            for node in nodes:
                at_first = range(int(hung.of_a[node]), int(hung.of_a[node + 1]))
                others = {*nodes, len(hung.of_a) - 1}
                found.update(group for group in at_first if int(hung.group_b[group]) in others)
        return sorted(found)

    def _neighbours(self, groups: Sequence[int], own: dict[int, float]) -> tuple[Numbers, Floats]:
        """Homes on the entrances' own edges: over the nodes as all others, or along the edge. `own` is used up."""
        hung, told = self._hung, dict[int, float]()
        for group in groups:
            here, there = self._metres[hung.group_a[group]], self._metres[hung.group_b[group]]
            for at in range(int(hung.group_start[group]), int(hung.group_start[group + 1])):
                length = min(float(here + hung.over_a[at]), float(there + hung.over_b[at]))
                told[int(hung.number[at])] = min(length, own.pop(int(hung.place[at]), np.inf))
        told |= {int(self._homes.number[place]): length for place, length in own.items()}  # those without a node
        within = {number: length for number, length in told.items() if length <= self._limit}
        return np.array(list(within), dtype=np.int32), np.array(list(within.values()), dtype=np.float64)

    def _own_stretches(self, ends: Sequence[End]) -> dict[int, float]:
        """Homes on an entrance's own edge (places in `Homes`), with the metres along it, connectors included."""
        homes, lengths = self._homes, dict[int, float]()
        for end in ends:
            place = end.chosen
            first, last = np.searchsorted(homes.edge, np.array([place.edge, place.edge + 1], dtype=np.int32)).tolist()
            for home in range(first, last):
                offset = float(homes.offset[home])
                ahead = place.offset - offset
                if ahead <= -TIE_M and place.bits & ONE_WAY and place.against < 0:
                    continue
                if self._blocked is None or not self._blocked.bars(place.edge, offset, place.offset):
                    length = abs(ahead) + float(homes.connector[home]) + place.metres
                    lengths[home] = min(length, lengths.get(home, np.inf))
        return lengths
