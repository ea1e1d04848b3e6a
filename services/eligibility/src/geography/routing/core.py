"""The core of the network, for many searches: half the nodes, the same metres.

In most places a walker has no choice. Dead ends lead only back, and a node between two others only on. The core keeps
the junctions, and each other node knows the one or two of them over which every way leads to it, and how far they are.
Drawn together are only lengths that every walk along there adds up, so nothing is rounded; sums may differ in the
fifteenth digit, because they are added in another order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geography.network.graph import STANDARD_INDEX, Floats, Ints, Network
from geography.routing.block import BarredStretches
from geography.routing.kernels import contraction


@dataclass(frozen=True)
class Core:
    """Arcs of the standard reading from their end to their beginning (CSR of the core's nodes), and where all N nodes
    of the network hang on it."""

    start: Ints
    to: Ints
    metres: Floats
    number: npt.NDArray[np.int32]
    """(N): a node's number in the core, -1 for others."""
    near: npt.NDArray[np.int32]
    """(N): one core node over which the ways to a node lead (itself, for a core node); -1: none."""
    far: npt.NDArray[np.int32]
    """(N): the other one, or -1."""
    from_near: Floats
    from_far: Floats

    @property
    def count(self) -> int:
        """Number of core nodes."""
        return len(self.start) - 1


def core_of(network: Network, kept: Iterable[int], blocked: BarredStretches | None = None) -> Core:
    """The core of the network.

    Costs two passes over the network, some 0.2 seconds a million nodes.

    Args:
        kept: nodes that stay in it whatever their place (ends of entrances' edges).
    """
    arrays, count = network.arrays, network.node_count
    keep = np.zeros(count, dtype=np.bool_)
    keep[list(kept)] = True
    metres = arrays["arc_weight"][STANDARD_INDEX]
    if blocked is not None:
        metres = np.array(metres)
        metres[blocked.arcs[STANDARD_INDEX]] = blocked.weights[STANDARD_INDEX]
        barred = list(blocked.spans)  # a home there may have one open end: both stay in the core
        keep[arrays["edge_from"][barred]] = keep[arrays["edge_to"][barred]] = True
    out = contraction.reversed_arcs(arrays["arc_start"], arrays["arc_to"], metres)
    start, to, there = contraction.neighbours(*out, arrays["arc_start"], arrays["arc_to"], metres)
    del out
    degree, dead_ends = _without_dead_ends(start, to, there, keep)
    is_core = keep | ((degree >= 0) & (degree != 2))
    number = np.cumsum(is_core, dtype=np.int32)
    number -= 1
    number[~is_core] = -1
    near, far = number.copy(), np.full(count, -1, dtype=np.int32)
    from_near, from_far = np.full(count, np.inf), np.full(count, np.inf)
    from_near[is_core] = 0.0
    core_start, most = np.zeros(int(is_core.sum()) + 1, dtype=np.int64), int(degree[is_core].sum())
    core_to, core_metres = np.empty(most, dtype=np.int32), np.empty(most)
    arcs = contraction.chains(
        start, to, there, degree, number, near, far, from_near, from_far, core_start, core_to, core_metres
    )
    contraction.hang_dead_ends(*dead_ends, near, far, from_near, from_far)
    return Core(core_start, core_to[:arcs], core_metres[:arcs], number, near, far, from_near, from_far)


def _without_dead_ends(
    start: Ints, to: Ints, there: Floats, keep: npt.NDArray[np.bool_]
) -> tuple[Ints, tuple[Ints, Ints, Floats]]:
    """How many neighbours each node has left (-1: taken off); those taken off, their roots and the metres from them."""
    count = len(keep)
    degree, parent, order = (np.full(count, -1, dtype=np.int32) for _ in range(3))
    length = np.zeros(count)
    nodes = order[: contraction.peel(start, to, there, keep, degree, parent, length, order)].copy()
    return degree, (nodes, parent[nodes], length[nodes])
