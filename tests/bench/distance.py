"""What one measured way to school costs at the size of a city, beside the bare searches of which it is made.

    SCHULTICKET_DATA=… .venv/bin/python tests/bench/distance.py [--pairs 400] [--osm FILE] [--schools FILE]

Pairs of a house and a school are drawn with a fixed seed, 0.3 to 6 km apart in a straight line. A decision is one call of
`measure`: both ends snapped, standard, lenient and strict reading, geometry, legs, flags. The floor is scipy's Dijkstra
alone on the whole network, with the same starts and reach: one search with predecessors, one lenient, one for each strict
start. The nearest school has the floor of one search.

The bulk is all houses against all schools; its floor is scipy's Dijkstra alone, once for each school. A state is 200
copies of the city's arcs and houses, as docs/sources/routing.md measured it (without snapping them anew); `--copies 0` leaves it out.
The address search is asked on a state's streets made of the city's; `gebref` reads a made-up file of a million lines.
Processor time is given beside the clock, because others use this machine. Nothing here is a test. The last line is one
JSON object.
"""

import argparse
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import distance_bulk
import numpy as np
from geography import (
    Entrance,
    Measurement,
    Network,
    NoWay,
    Point,
    ReadReport,
    build,
    load,
    measure,
    nearest,
    read_addresses,
    read_schools,
)
from geography.model.ellipsoid import length
from geography.network.graph import LENIENT_INDEX, STANDARD_INDEX, STRICT_INDEX
from geography.routing.ends import find_end
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Item = TypeVar("Item")
Pair = tuple[Point, str, Point]


def main() -> None:
    data = Path(os.environ.get("SCHULTICKET_DATA", ""))
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pairs", type=int, default=400)
    arguments.add_argument("--osm", type=Path, default=data / "aachen" / "network.osm.pbf")
    arguments.add_argument("--schools", type=Path, default=data / "nrw" / "Schulen.csv")
    arguments.add_argument("--copies", type=int, default=200, help="copies of the city that make a state")
    arguments.add_argument("--houses", type=int, default=4_500_000, help="house coordinates of the made-up state")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "city.network"
        figures: dict[str, float] = {}
        figures["build_s"] = seconds(lambda: build(options.osm, target))
        figures["file_mb"] = target.stat().st_size / 1e6
        figures["load_ms"] = 1000 * seconds(lambda: load(target))
        network = load(target)
        pairs, primary = drawn(network, options.osm, options.schools, options.pairs)
        figures |= decisions(network, pairs)
        figures |= nearest_school(network, pairs, primary)
        figures |= distance_bulk.bulk(network, options.osm, options.schools)
        figures |= distance_bulk.state(target, options.osm, options.schools, options.copies)
        figures |= distance_bulk.addresses(options.osm, Path(folder), options.houses)
    figures["nodes"], figures["pairs"] = network.node_count, len(pairs)
    figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name, value in figures.items():
        print(f"{name:36} {value:12.3f}")
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def drawn(network: Network, osm: Path, schools: Path, count: int) -> tuple[list[Pair], dict[str, list[Entrance]]]:
    """Houses with their street, and schools; the primary schools with their entrances."""
    west, south, east, north = network.bounds
    houses = list(read_addresses(osm, ReadReport()))
    near = [
        school
        for school in read_schools(schools, ReadReport())
        if school.point is not None and south <= school.point.lat <= north and west <= school.point.lon <= east
    ]
    dice, pairs = random.Random(7), list[tuple[Point, str, Point]]()
    while len(pairs) < count:
        house, school = dice.choice(houses), dice.choice(near)
        assert school.point is not None
        if 300 <= length(*house.point, *school.point) <= 6000 and has_way(network, house.point, school.point):
            pairs.append((house.point, house.street, school.point))
    return pairs, {school.number: [Entrance(school.point)] for school in near if school.form == "G" and school.point}


def has_way(network: Network, home: Point, school: Point) -> bool:
    try:
        measure(network, home, [Entrance(school)])
    except NoWay:
        return False
    return True


def decisions(network: Network, pairs: Sequence[Pair]) -> dict[str, float]:
    """Single decisions with everything, and their floor."""
    results: list[Measurement] = []
    wall, cpu = timed(lambda pair: results.append(measure(network, pair[0], [Entrance(pair[2])], pair[1])), pairs)
    results = results[-len(pairs) :]
    graphs = [
        csr_array(
            (np.array(network.arrays["arc_weight"][reading]), network.arrays["arc_to"], network.arrays["arc_start"])
        )
        for reading in (LENIENT_INDEX, STANDARD_INDEX, STRICT_INDEX)
    ]
    work = [(starts(network, pair), result.metres) for pair, result in zip(pairs, results, strict=True)]
    floor, floor_cpu = timed(lambda one: bare(graphs, *one), work)
    spread = [one.strict_m - one.lenient_m for one in results if one.strict_m is not None]
    return {
        **percentiles("decision", wall),
        "decision_cpu_p50_ms": 1000 * statistics.median(cpu),
        **percentiles("decision_floor", floor),
        "decision_floor_cpu_p50_ms": 1000 * statistics.median(floor_cpu),
        "way_p50_m": statistics.median(one.metres for one in results),
        "interval_p50_m": statistics.median(spread),
        "interval_p90_m": statistics.quantiles(spread, n=10)[8],
    }


def starts(network: Network, pair: Pair) -> tuple[int, list[int]]:
    """A node beside the home, and one for each place from which the strict reading starts."""
    home = find_end(network, pair[0], pair[1])
    assert home is not None
    first = network.arrays["edge_from"]
    return int(first[home.chosen.edge]), [int(first[place.edge]) for place in home.places[STRICT_INDEX]]


def bare(graphs: Sequence[csr_array], starts: tuple[int, list[int]], metres: float) -> None:
    dijkstra(graphs[STANDARD_INDEX], indices=starts[0], limit=metres, return_predecessors=True)
    dijkstra(graphs[LENIENT_INDEX], indices=starts[0], limit=metres)
    if starts[1]:
        dijkstra(graphs[STRICT_INDEX], indices=starts[1], limit=metres)


def nearest_school(network: Network, pairs: Sequence[Pair], schools: dict[str, list[Entrance]]) -> dict[str, float]:
    """The nearest primary school of all in the city."""
    homes = [(home, street) for home, street, _ in pairs]
    wall, _ = timed(lambda one: nearest(network, one[0], schools, one[1]), homes)
    return percentiles("nearest_school", wall) | {"primary_schools": len(schools)}


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def timed(work: Callable[[Item], object], items: Sequence[Item]) -> tuple[list[float], list[float]]:
    """Seconds by the clock and of the processor for each item, after a round that warms up."""
    for item in items[:20]:
        work(item)
    wall, cpu = [], []
    for item in items:
        started, used = time.perf_counter(), time.thread_time()
        work(item)
        wall.append(time.perf_counter() - started)
        cpu.append(time.thread_time() - used)
    return wall, cpu


def percentiles(name: str, times: Sequence[float]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": 1000 * statistics.median(times),
        f"{name}_p99_ms": 1000 * statistics.quantiles(times, n=100)[98],
    }


if __name__ == "__main__":
    main()
