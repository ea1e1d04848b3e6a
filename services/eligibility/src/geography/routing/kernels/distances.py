"""The inner loops of the bulk, compiled: distances in the core, and the homes that hang on it (core.py, homes.py)."""

import math
from typing import Any

from geography.routing.kernels.compiled import njit

BUCKET_M = 12.0
"""Nodes are taken in rings of so many metres; within a ring a node may be taken again when it turns out nearer. What is
found is exact whatever the width."""


@njit(cache=True, nogil=True)
def hang(  # noqa: PLR0917
    first: Any, last: Any, to_first: Any, to_last: Any, near: Any, far: Any, from_near: Any, from_far: Any,
    connector: Any, end_a: Any, end_b: Any, over_a: Any, over_b: Any, none: int,
) -> bool:  # fmt: skip
    """For each home the one or two core nodes over which it leaves (`none`: no such), and the metres so far.

    False where there would be a third, which cannot be: all nodes of a chain and its dead ends hang on the same two.
    """
    for home in range(len(first)):
        a, b, over_one, over_other = none, none, math.inf, math.inf
        for way in range(4):
            node, length = (first[home], to_first[home]) if way < 2 else (last[home], to_last[home])
            core, length = (near[node], from_near[node] + length) if way % 2 else (far[node], from_far[node] + length)
            if core < 0 or length == math.inf:
                continue
            if a == none or a == core:  # noqa: PLR1714, SIM109 (numba knows no tuple of two types)
                a, over_one = core, min(over_one, length)
            elif b == none or b == core:  # noqa: PLR1714, SIM109
                b, over_other = core, min(over_other, length)
            else:
                return False
        if a > b:
            a, b, over_one, over_other = b, a, over_other, over_one
        end_a[home], end_b[home] = a, b
        over_a[home], over_b[home] = over_one + connector[home], over_other + connector[home]
    return True


@njit(cache=True, nogil=True)
def spread(  # noqa: PLR0917
    start: Any, to: Any, weight: Any, sources: Any, source_metres: Any, limit: float, metres: Any, touched: Any,
    used: int, rings: Any, before: Any, after: Any,
) -> int:  # fmt: skip
    """Shortest metres from the sources up to `limit`; returns how many nodes were touched. Exact.

    `touched[:used]` are the nodes of the last search. A node stands in one ring at most; `before` is then a node or -1
    - ring.

    Args:
        rings: for each ring the first of its nodes, -1: none; the others are linked by `before` and `after`.
    """
    for place in range(used):
        metres[touched[place]] = math.inf
    count, nowhere = 0, -1 - len(rings)
    for place in range(len(sources)):
        node, length = sources[place], source_metres[place]
        if length < metres[node] and length <= limit:
            if metres[node] == math.inf:
                touched[count], before[node] = node, nowhere
                count += 1
            metres[node] = length
            _move(node, int(length / BUCKET_M), nowhere, rings, before, after)
    for ring in range(int(limit / BUCKET_M) + 1):
        while rings[ring] >= 0:
            node = rings[ring]
            rings[ring] = after[node]
            if after[node] >= 0:
                before[after[node]] = -1 - ring
            before[node], length = nowhere, metres[node]
            for arc in range(start[node], start[node + 1]):
                sum_, follower = length + weight[arc], to[arc]
                if sum_ < metres[follower] and sum_ <= limit:
                    if metres[follower] == math.inf:
                        touched[count], before[follower] = follower, nowhere
                        count += 1
                    metres[follower] = sum_
                    _move(follower, int(sum_ / BUCKET_M), nowhere, rings, before, after)
    return count


@njit(cache=True, nogil=True, inline="always")
def _move(node: int, ring: int, nowhere: int, rings: Any, before: Any, after: Any) -> None:  # noqa: PLR0917
    """Take a node out of the ring in which it stands, if any, and put it in front of another."""
    ahead = before[node]
    if ahead != nowhere:
        behind = after[node]
        if ahead >= 0:
            after[ahead] = behind
        else:
            rings[-1 - ahead] = behind
        if behind >= 0:
            before[behind] = ahead
    first = rings[ring]
    before[node], after[node] = -1 - ring, first
    if first >= 0:
        before[first] = node
    rings[ring] = node


@njit(cache=True, nogil=True)
def gather(  # noqa: PLR0917
    touched: Any, used: int, metres: Any, of_a: Any, of_b: Any, by_b: Any, group_a: Any, group_b: Any,
    group_start: Any, over_a: Any, over_b: Any, number: Any, apart: Any, limit: float, found: Any,
    found_metres: Any,
) -> int:  # fmt: skip
    """Homes within the limit of the nodes reached, with their metres; returns how many.

    A group is the homes between the same two core nodes; each is told at its first node, or at the second where the
    first was not reached. `metres` has a last entry, infinite, for the node that there is not. Groups marked in
    `apart` are left out.

    Args:
        used: how many entries of `touched` count.
    """
    count = 0
    for place in range(used):
        node = touched[place]
        for group in range(of_a[node], of_a[node + 1]):
            if apart[group]:
                continue
            here, there = metres[node], metres[group_b[group]]
            for home in range(group_start[group], group_start[group + 1]):
                length = min(here + over_a[home], there + over_b[home])
                found[count], found_metres[count] = number[home], length
                count += length <= limit
        for entry in range(of_b[node], of_b[node + 1]):
            group = by_b[entry]
            if apart[group] or metres[group_a[group]] < math.inf:
                continue
            for home in range(group_start[group], group_start[group + 1]):
                length = metres[node] + over_b[home]
                found[count], found_metres[count] = number[home], length
                count += length <= limit
    return count
