"""The inner loops, compiled by numba: exact shortest paths, directed at the targets.

Compiled once and kept beside this file; without the interpreter's lock, so that two measurements run at once. scipy
walks the whole network for each search (5 ms at the size of a city); these stop where nothing can be better.
"""

import math
from typing import Any

import numpy as np

from geography.routing.kernels.compiled import njit

WANTED = 1
"""A node at which a search may end."""


@njit(cache=True, nogil=True)
def _up(  # noqa: PLR0917
    keys: Any, nodes: Any, places: Any, place: int, key: float, node: int
) -> None:
    """Put a node into a heap of four branches, from a free place upwards.

    Args:
        places: where each node stands.
    """
    while place > 0:
        parent = (place - 1) >> 2
        if keys[parent] <= key:
            break
        keys[place], nodes[place] = keys[parent], nodes[parent]
        places[nodes[place]] = place
        place = parent
    keys[place], nodes[place] = key, node
    places[node] = place


@njit(cache=True, nogil=True)
def _drop_first(keys: Any, nodes: Any, places: Any, last: int) -> None:
    """Take the smallest from a heap whose last entry is at `last`."""
    key, node = keys[last], nodes[last]
    place = 0
    while True:
        child = 4 * place + 1
        if child >= last:
            break
        least = child
        for other in range(child + 1, min(child + 4, last)):
            if keys[other] < keys[least]:
                least = other
        if keys[least] >= key:
            break
        keys[place], nodes[place] = keys[least], nodes[least]
        places[nodes[place]] = place
        place = least
    keys[place], nodes[place] = key, node
    places[node] = place


@njit(cache=True, nogil=True)
def _at_least(lat: Any, lon: Any, node: int, aims: Any, scale: Any) -> float:
    """Metres that are surely still to go to the nearest aim; 0 without aims."""
    least = math.inf
    for place in range(len(aims)):
        north = (lat[node] - aims[place, 0]) * scale[0]
        east = (lon[node] - aims[place, 1]) * scale[1]
        least = min(least, north * north + east * east)
    return math.sqrt(least) if len(aims) else 0.0


# One function, longer than the house allows: cut at its heap entries and weights, 830 searches in a city take 501 ms
# instead of 229.
@njit(cache=True, nogil=True)
def shortest(  # noqa: PLR0912, PLR0917 (one loop, compiled as one)
    start: Any, to: Any, weight: Any, changed: Any, changed_weight: Any, lat: Any, lon: Any,
    sources: Any, source_metres: Any, targets: Any, aims: Any, scale: Any, limit: float,
    metres: Any, before: Any, state: Any, touched: Any, used: int, keys: Any, nodes: Any, places: Any,
) -> int:  # fmt: skip
    """Distances from the sources (nodes and the metres to them) into `metres`, up to `limit`; returns how many nodes.

    Ends when all `targets` are certain (none given: when the limit is reached). `aims` (k, 2), `scale` (2): see
    `_at_least`; a lower bound that obeys the triangle inequality, so that what is taken from the heap is final.
    `touched[:used]` are the nodes of the last search.

    Args:
        changed: sorted arcs that weigh `changed_weight` here.
    """
    for place in range(used):
        metres[touched[place]] = math.inf
        state[touched[place]] = 0
    count, size, missing = 0, 0, 0
    for place in range(len(targets)):
        if state[targets[place]] == 0:
            state[targets[place]] = WANTED
            missing += 1
    for place in range(len(sources)):
        node = sources[place]
        key = source_metres[place] + _at_least(lat, lon, node, aims, scale)
        if source_metres[place] < metres[node] and key <= limit:
            if metres[node] == math.inf:
                touched[count] = node
                count += 1
                places[node] = size
                size += 1
            metres[node], before[node] = source_metres[place], -1
            _up(keys, nodes, places, places[node], key, node)
    low = changed[0] if len(changed) else 1
    high = changed[-1] if len(changed) else 0
    while size > 0:
        node = nodes[0]
        size -= 1
        _drop_first(keys, nodes, places, size)
        length, places[node] = metres[node], -1
        if state[node] & WANTED:
            missing -= 1
            if missing == 0:
                break
        for arc in range(start[node], start[node + 1]):
            step = weight[arc]
            if low <= arc <= high:
                place = int(np.searchsorted(changed, arc))
                if changed[place] == arc:
                    step = changed_weight[place]
            sum_, follower = length + step, to[arc]
            if sum_ < metres[follower] and sum_ <= limit:
                key = sum_ + _at_least(lat, lon, follower, aims, scale)
                # What was taken from the heap is final; only rounding could call it nearer.
                if key <= limit and (metres[follower] == math.inf or places[follower] >= 0):
                    if metres[follower] == math.inf:
                        touched[count] = follower
                        count += 1
                        places[follower] = size
                        size += 1
                    metres[follower], before[follower] = sum_, node
                    _up(keys, nodes, places, places[follower], key, follower)
    for place in range(len(targets)):
        state[targets[place]] = 0
    return count
