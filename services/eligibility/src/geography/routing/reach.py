"""Exact shortest distances from a place, up to a limit: the arrays that a search writes, lent from a pool."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geography.model.ellipsoid import radii
from geography.model.types import Point
from geography.network.graph import STANDARD_INDEX, Floats, Ints, Network
from geography.routing.block import BarredStretches
from geography.routing.kernels import paths

MOST_AIMS = 6
"""With more targets than this their ellipses would fill the circle round the start anyway."""
MOST_LENT = 4
"""Arrays kept for later searches; a state's take some 40 bytes a node."""
SURELY = 0.9999
"""Straight lines in the plane, over the ellipsoid's: what is left of the plane's error when its scales are the smallest
in reach (north at the southernmost, east at the northernmost latitude)."""
_NO_ARCS, _NO_METRES = np.zeros(0, dtype=np.int64), np.zeros(0)
_NO_AIMS = np.zeros((0, 2))
for _empty in (_NO_ARCS, _NO_METRES):
    _empty.flags.writeable = False


@dataclass(frozen=True)
class Start:
    """A place off the nodes from which a search begins: nodes of the network and the metres to them."""

    nodes: Sequence[int]
    metres: Sequence[float]


class Reach:
    """One search's distances; the next search with the same arrays overwrites them. Not shared by threads."""

    def __init__(self, network: Network) -> None:
        count = network.node_count
        self.metres: Floats = np.full(count, math.inf)
        self.before: npt.NDArray[np.int32] = np.full(count, -1, dtype=np.int32)
        self.touched: npt.NDArray[np.int32] = np.zeros(count, dtype=np.int32)
        self.used = 0
        self.state = np.zeros(count, dtype=np.uint8)
        self.heap = (np.empty(count + 1), np.empty(count + 1, dtype=np.int32), np.empty(count, dtype=np.int32))

    def search(
        self,
        network: Network,
        start: Start,
        limit: float,
        *,
        targets: Sequence[int] = (),
        aims: Sequence[Point] = (),
        reading: int = STANDARD_INDEX,
        blocked: BarredStretches | None = None,
    ) -> None:
        """Distances up to `limit` metres.

        Args:
            reading: index of the reading (STANDARD_INDEX …).
            targets: nodes at which it may end when all are certain.
            aims: points to which every walk asked about leads on; nodes from which none is within the limit are left
                out.
        """
        arrays = network.arrays
        directed = 0 < len(aims) <= MOST_AIMS
        self.used = paths.shortest(
            arrays["arc_start"],
            arrays["arc_to"],
            arrays["arc_weight"][reading],
            blocked.arcs[reading] if blocked is not None else _NO_ARCS,
            blocked.weights[reading] if blocked is not None else _NO_METRES,
            arrays["node_lat"],
            arrays["node_lon"],
            np.array(start.nodes, dtype=np.int64),
            np.array(start.metres, dtype=np.float64),
            np.array(targets, dtype=np.int64),
            np.array([(one.lat * 1e7, one.lon * 1e7) for one in aims]) if directed else _NO_AIMS,
            _scale(aims, limit) if directed else _NO_AIMS[:, 0],
            float(limit),
            self.metres,
            self.before,
            self.state,
            self.touched,
            self.used,
            *self.heap,
        )

    def to(self, node: int) -> float:
        """Metres to a node; infinite where it was not reached."""
        return float(self.metres[node])

    def path(self, node: int) -> Ints:
        """Nodes from the first after the start to `node`."""
        nodes, before = [], self.before.item
        while node >= 0:
            nodes.append(node)
            node = before(node)
        return np.array(nodes[::-1], dtype=np.int64)


def _scale(aims: Sequence[Point], limit: float) -> Floats:
    """Metres per 1e-7 degree to the north and to the east, nowhere in reach of the aims less than these."""
    away = limit / 111_000
    north = radii(max(min(one.lat for one in aims) - away, 0.0))[0]
    east = radii(min(max(one.lat for one in aims) + away, 89.0))[1]
    return np.radians(np.array([north, east]) * 1e-7) * SURELY


@contextmanager
def lent(network: Network) -> Iterator[Reach]:
    """Arrays from the network's pool, given back at the end."""
    try:
        reach = network.reaches.pop()
    except IndexError:
        reach = Reach(network)
    try:
        yield reach
    finally:
        if len(network.reaches) < MOST_LENT:
            network.reaches.append(reach)
