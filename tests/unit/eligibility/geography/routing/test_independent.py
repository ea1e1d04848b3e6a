"""On the identical network an engine that shares no code (networkit, C++) finds the same lengths."""

import random

import networkit
import numpy as np
import pytest
from geography import Network
from geography.network.graph import STANDARD_INDEX
from geography.routing.reach import Start, lent
from support.town import Town


def compare(network: Network, count: int) -> None:
    """Every edge as it was cut, parallel ones and loops too: the engine chooses for itself."""
    arrays = network.arrays
    graph = networkit.Graph(network.node_count, weighted=True, directed=True)
    is_open = np.flatnonzero(arrays["edge_bits"] & (1 << STANDARD_INDEX))
    for edge in is_open.tolist():
        a, b, metres = int(arrays["edge_from"][edge]), int(arrays["edge_to"][edge]), float(arrays["edge_length"][edge])
        graph.addEdge(a, b, metres)
        if not arrays["edge_bits"][edge] & 8:
            graph.addEdge(b, a, metres)
    dice = random.Random(3)
    for _ in range(count):
        start = dice.randrange(network.node_count)
        search = networkit.distance.Dijkstra(graph, start, storePaths=False)
        search.run()
        theirs = np.array(search.getDistances())
        theirs[theirs > 1e300] = np.inf
        with lent(network) as reach:
            reach.search(network, Start([start], [0.0]), 1e9)
            np.testing.assert_allclose(reach.metres, theirs, atol=1e-6, rtol=0)


def test_the_drawn_town_agrees(grid: Town) -> None:
    grid.way(31, "a e", oneway_foot="yes").way(32, "a b").way(33, "i e", oneway_foot="-1")
    compare(grid.network(), 9)


@pytest.mark.real_data
def test_aachen_agrees(aachen: Network) -> None:
    compare(aachen, 12)
