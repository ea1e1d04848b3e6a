"""The core of a network gives every node the metres of the whole network."""

import math
from itertools import pairwise

import numpy as np
from geography import Network
from geography.routing.core import Core, core_of
from geography.routing.kernels import distances
from hypothesis import given, settings
from hypothesis import strategies as st

LIMIT = 500.0
Walks = tuple[int, dict[tuple[int, int], float], list[int]]


@st.composite
def walks(draw: st.DrawFn) -> Walks:
    """Nodes, open arcs with metres, and starts: trees with chains, closed to rings here and there, some one-way."""
    count = draw(st.integers(2, 30))
    metres = st.floats(0.1, 120.0)
    arcs: dict[tuple[int, int], float] = {}

    def connect(a: int, b: int) -> None:
        if a != b:
            there, back = draw(st.sampled_from([(True, True)] * 6 + [(True, False), (False, True)]))
            length = draw(metres)
            arcs.update({(a, b): length} if there else {})
            arcs.update({(b, a): length if draw(st.booleans()) else draw(metres)} if back else {})

    for node in range(1, count):
        connect(node, draw(st.sampled_from([node - 1, draw(st.integers(0, node - 1))])))
    for _ in range(draw(st.integers(0, 6))):
        connect(draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1)))
    return count, arcs, draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True))


def network(count: int, arcs: dict[tuple[int, int], float]) -> Network:
    ordered = sorted(arcs)
    start = np.searchsorted(np.array([a for a, _ in ordered]), np.arange(count + 1)).astype(np.int32)
    weight = np.array([arcs[pair] for pair in ordered])
    names = {
        "arc_start": start,
        "arc_to": np.array([b for _, b in ordered], dtype=np.int32),
        "arc_weight": np.broadcast_to(weight, (3, len(weight))),
        "node_lat": np.zeros(count, dtype=np.int32),
    }
    return Network({}, names)


def plain(count: int, arcs: dict[tuple[int, int], float], starts: list[int]) -> list[float]:
    """Metres from each node to the nearest start, by relaxing until nothing changes."""
    metres = [0.0 if node in starts else math.inf for node in range(count)]
    for _ in range(count):
        for (a, b), length in arcs.items():
            metres[a] = min(metres[a], length + metres[b])
    return metres


def over_core(core: Core, starts: list[int]) -> np.ndarray:
    count = core.count
    metres, touched, before, after = np.full(count + 1, np.inf), *(np.empty(count, dtype=np.int32) for _ in range(3))
    rings = np.full(int(LIMIT / distances.BUCKET_M) + 1, -1, dtype=np.int32)
    for _ in range(2):  # the second search finds the arrays as the first left them
        distances.spread(
            core.start, core.to, core.metres, core.number[starts], np.zeros(len(starts)), LIMIT, metres, touched,
            int(np.isfinite(metres).sum()), rings, before, after,
        )  # fmt: skip
        assert (rings == -1).all(), "every ring was emptied"
    return np.minimum(metres[core.near] + core.from_near, metres[core.far] + core.from_far)


@settings(max_examples=150, deadline=None)
@given(walks())
def test_each_node_has_the_metres_of_the_whole_network(drawn: Walks) -> None:
    count, arcs, starts = drawn
    core = core_of(network(count, arcs), starts)
    found = over_core(core, starts)
    for here, there in zip(plain(count, arcs, starts), found.tolist(), strict=True):
        if here <= LIMIT or there <= LIMIT:
            assert math.isclose(here, there, rel_tol=1e-12, abs_tol=1e-9)


def test_a_street_without_a_choice_is_one_arc_and_dead_ends_are_none() -> None:
    arcs = {pair: 10.0 for a, b in [*pairwise(range(6)), (5, 0), (3, 6), (6, 7)] for pair in ((a, b), (b, a))}
    core = core_of(network(8, arcs), [0, 2])
    assert np.flatnonzero(core.number >= 0).tolist() == [0, 2]
    assert sorted(core.metres.tolist()) == [20.0, 20.0, 40.0, 40.0]
    assert core.near[7] in (0, 1)
    assert {core.from_near[7], core.from_far[7]} == {30.0, 50.0}
