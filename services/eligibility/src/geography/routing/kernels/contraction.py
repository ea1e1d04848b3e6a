"""The core of a network, compiled: dead ends taken off, and stretches without a choice drawn together (see core.py)."""

import math
from typing import Any

import numpy as np

from geography.routing.kernels.compiled import njit


@njit(cache=True, nogil=True)
def reversed_arcs(start: Any, to: Any, metres: Any) -> tuple[Any, Any, Any]:
    """The open arcs, each from its end to its beginning, by ascending nodes. CSR as given; closed: infinite metres."""
    count = len(start) - 1
    new_start = np.zeros(count + 1, np.int64)
    for arc in range(len(to)):
        if metres[arc] < math.inf:
            new_start[to[arc] + 1] += 1
    for node in range(count):
        new_start[node + 1] += new_start[node]
    free = new_start[:-1].copy()
    new_to = np.empty(new_start[count], np.int32)
    new_metres = np.empty(new_start[count])
    for node in range(count):
        for arc in range(start[node], start[node + 1]):
            if metres[arc] < math.inf:
                place = free[to[arc]]
                new_to[place], new_metres[place] = node, metres[arc]
                free[to[arc]] = place + 1
    return new_start, new_to, new_metres


@njit(cache=True, nogil=True)
def neighbours(  # noqa: PLR0917
    out_start: Any, out_to: Any, out_metres: Any, in_start: Any, in_to: Any, in_metres: Any
) -> tuple[Any, Any, Any]:
    """For each node its distinct neighbours, ascending, with the metres there (infinite: only from there).

    Both lists of arcs (CSR) ascending by node, as the network and `reversed_arcs` write them.
    """
    count = len(out_start) - 1
    start = np.zeros(count + 1, np.int64)
    to, there = np.empty(0, np.int32), np.empty(0)
    for counted in (False, True):  # how many there are, then which: half the memory of room for all
        size = 0
        for node in range(count):
            first, i, j, last = size, out_start[node], in_start[node], -1
            while i < out_start[node + 1] or j < in_start[node + 1]:
                if j == in_start[node + 1] or (i < out_start[node + 1] and out_to[i] <= in_to[j]):
                    other, ahead, is_open = out_to[i], out_metres[i], out_metres[i] < math.inf
                    i += 1
                else:
                    other, ahead, is_open = in_to[j], math.inf, in_metres[j] < math.inf
                    j += 1
                if other == node or not is_open:
                    continue
                again = size > first and other == last
                last, size = other, size if again else size + 1
                if counted and again:
                    there[size - 1] = min(there[size - 1], ahead)
                elif counted:
                    to[size - 1], there[size - 1] = other, ahead
            start[node + 1] = size
        if not counted:
            to, there = np.empty(size, np.int32), np.empty(size)
    return start, to, there


@njit(cache=True, nogil=True)
def peel(  # noqa: PLR0917
    start: Any, to: Any, there: Any, keep: Any, degree: Any, parent: Any, length: Any, order: Any
) -> int:  # fmt: skip
    """Take off dead ends, the outermost first. Writes what remains of `degree` (-1: taken off), and in `order` those
    taken off, each with the `parent` it hung on and the `length` from there. Returns how many."""
    done, size = 0, 0
    for node in range(len(keep)):
        degree[node] = start[node + 1] - start[node]
        if degree[node] == 1 and not keep[node]:
            order[size] = node
            size += 1
    while done < size:
        node = order[done]
        done += 1
        for place in range(start[node], start[node + 1]):
            other = to[place]
            if degree[other] < 0:
                continue
            own = start[other] + np.searchsorted(to[start[other] : start[other + 1]], node)
            parent[node], length[node] = other, there[own]
            degree[other] -= 1
            if degree[other] == 1 and not keep[other]:
                order[size] = other
                size += 1
        degree[node] = -1
    return size


@njit(cache=True, nogil=True)
def chains(  # noqa: PLR0917
    start: Any, to: Any, there: Any, degree: Any, number: Any, near: Any, far: Any, from_near: Any, from_far: Any,
    core_start: Any, core_to: Any, core_metres: Any,
) -> int:  # fmt: skip
    """Walk from each core node (`number` >= 0) along each chain to the next core node: an arc of the core. The nodes
    between learn how far they are from both ends. Returns the number of arcs."""
    size, core = 0, 0
    for node in range(len(number)):
        if number[node] < 0:
            continue
        for place in range(start[node], start[node + 1]):
            before, here, length = node, to[place], there[place]
            if degree[here] < 0:
                continue
            while number[here] < 0:
                if near[here] < 0:
                    near[here], from_near[here] = core, length
                else:
                    far[here], from_far[here] = core, length
                for onward in range(start[here], start[here + 1]):
                    if to[onward] != before and degree[to[onward]] >= 0:
                        before, here, length = here, to[onward], length + there[onward]
                        break
            if here != node and length < math.inf:
                core_to[size], core_metres[size] = number[here], length
                size += 1
        core += 1
        core_start[core] = size
    return size


@njit(cache=True, nogil=True)
def hang_dead_ends(  # noqa: PLR0917
    nodes: Any, parent: Any, length: Any, near: Any, far: Any, from_near: Any, from_far: Any
) -> None:  # fmt: skip
    """What was taken off hangs on the ends of its root's chain, farther by the way to it. Outermost first, one entry a
    node of the dead ends."""
    for place in range(len(nodes) - 1, -1, -1):
        node, root, more = nodes[place], parent[place], length[place]
        if root >= 0:
            near[node], far[node] = near[root], far[root]
            from_near[node], from_far[node] = from_near[root] + more, from_far[root] + more
