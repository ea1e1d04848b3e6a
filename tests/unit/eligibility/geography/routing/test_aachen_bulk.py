"""In the real city: the bulk, the single decision and another engine give the same millimetres for the same pairs."""

import random
from pathlib import Path

import networkit
import numpy as np
import pytest
from geography import (
    Address,
    Entrance,
    Measurement,
    Network,
    ReadReport,
    School,
    entrances_from_osm,
    measure_many,
    read_addresses,
    read_schools,
)
from geography.network.walking_rules import ONE_WAY, STANDARD
from geography.routing.bulk import ways_to_schools
from geography.routing.ends import find_end
from geography.routing.homes import place_homes
from geography.routing.snap import Candidate

pytestmark = pytest.mark.real_data
LIMIT = 6_000.0
Schools = dict[str, list[Entrance]]
Bulk = dict[tuple[int, str], float]


@pytest.fixture(scope="module")
def homes(aachen_extract: Path) -> list[Address]:
    found = sorted(read_addresses(aachen_extract, ReadReport()), key=lambda each: (each.source, each.house_number))
    return random.Random(5).sample(found, 24)


@pytest.fixture(scope="module")
def schools(aachen: Network, aachen_extract: Path, real_data: Path) -> Schools:
    """All schools of the city, with OpenStreetMap's entrances, else the register's point."""
    west, south, east, north = aachen.bounds

    def inside(school: School) -> bool:
        return school.point is not None and south < school.point.lat < north and west < school.point.lon < east

    register = [each for each in read_schools(real_data / "nrw" / "Schulen.csv", ReadReport()) if inside(each)]
    found: dict[str, list[Entrance]] = {}
    for number, entrance in entrances_from_osm(aachen_extract, register):
        found.setdefault(number, []).append(entrance)
    points = {each.number: each.point for each in register if each.point is not None}
    return {number: found.get(number) or [Entrance(point, "school_point")] for number, point in points.items()}


@pytest.fixture(scope="module")
def bulk(aachen: Network, homes: list[Address], schools: Schools) -> Bulk:
    lat, lon = np.array([each.point for each in homes]).T
    placed = place_homes(aachen, lat, lon, [each.street for each in homes])
    return {
        (int(home), ways.number): float(metres)
        for ways in ways_to_schools(aachen, placed, schools, LIMIT)
        for home, metres in zip(ways.homes, ways.metres, strict=True)
    }


def test_the_bulk_gives_the_single_decisions_millimetres(
    aachen: Network, homes: list[Address], schools: Schools, bulk: Bulk
) -> None:
    told = 0
    for number, home in enumerate(homes):
        for school, found in measure_many(aachen, home.point, schools, home.street).items():
            near = found.metres if isinstance(found, Measurement) and found.metres <= LIMIT else None
            assert ((number, school) in bulk) == (near is not None)
            if near is not None:
                assert bulk[number, school] == pytest.approx(near, abs=1e-6)
                told += 1
    assert told == len(bulk) > 1_000


def graph_of(aachen: Network) -> networkit.Graph:
    """The ways of the standard reading, as the other engine has them."""
    arrays = aachen.arrays
    graph = networkit.Graph(aachen.node_count, weighted=True, directed=True)
    for edge in np.flatnonzero(arrays["edge_bits"] & STANDARD).tolist():
        a, b, metres = int(arrays["edge_from"][edge]), int(arrays["edge_to"][edge]), float(arrays["edge_length"][edge])
        graph.addEdge(a, b, metres)
        if not arrays["edge_bits"][edge] & ONE_WAY:
            graph.addEdge(b, a, metres)
    return graph


def test_another_engine_gives_the_bulks_millimetres(
    aachen: Network, homes: list[Address], schools: Schools, bulk: Bulk
) -> None:
    arrays, told, graph = aachen.arrays, 0, graph_of(aachen)

    def exits(place: Candidate) -> list[tuple[int, float]]:
        return [(int(arrays["edge_from"][place.edge]), place.offset),
                (int(arrays["edge_to"][place.edge]), place.edge_length - place.offset)]  # fmt: skip

    ends = {number: [find_end(aachen, each.point, None) for each in given] for number, given in schools.items()}
    for number, home in enumerate(homes[:30]):
        end = find_end(aachen, home.point, home.street)
        if end is None or end.chosen.bits & ONE_WAY:
            continue
        trees = []
        for node, out in exits(end.chosen):
            search = networkit.distance.Dijkstra(graph, node, storePaths=False)
            search.run()
            trees.append((out, search.getDistances()))
        for school, places in ends.items():
            lengths = [
                end.chosen.metres + out + tree[node] + into + place.chosen.metres
                for place in places
                if place is not None and not place.chosen.bits & ONE_WAY
                for out, tree in trees
                for node, into in exits(place.chosen)
            ]
            lengths += [
                end.chosen.metres + abs(end.chosen.offset - place.chosen.offset) + place.chosen.metres
                for place in places
                if place is not None and place.chosen.edge == end.chosen.edge
            ]
            best = min(lengths, default=float("inf"))
            assert ((number, school) in bulk) == (best <= LIMIT)
            if best <= LIMIT:
                assert bulk[number, school] == pytest.approx(best, abs=1e-6)
                told += 1
    assert told > 1_200
