"""Parts of distance.py: all houses against all schools, a state of copies, and a state's addresses."""

import json
import pickle
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from eligibility.store import Store
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.places.importer import PlaceImporter
from geography import Entrance, Network, ReadReport, load, read_addresses, read_schools
from geography.model.ellipsoid import utm32_from_degrees
from geography.network.graph import STANDARD_INDEX
from geography.registers.gebref import read_gebref
from geography.routing.bulk import ways_to_schools
from geography.routing.ends import End, usable_ends
from geography.routing.homes import Homes, place_homes
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shared.database import Database
from shared.database.migration import upgrade

LIMIT_M = 6000.0


def city(network: Network, osm: Path, schools: Path) -> tuple[Homes, dict[str, list[Entrance]]]:
    houses = list(read_addresses(osm, ReadReport()))
    west, south, east, north = network.bounds
    near = {
        one.number: [Entrance(one.point)]
        for one in read_schools(schools, ReadReport())
        if one.point is not None and south <= one.point.lat <= north and west <= one.point.lon <= east
    }
    lat, lon = np.array([one.point.lat for one in houses]), np.array([one.point.lon for one in houses])
    place_homes(network, lat[:10], lon[:10], [one.street for one in houses[:10]])
    started = time.process_time()
    homes = place_homes(network, lat, lon, [one.street for one in houses])
    print(f"{'snapped a second (cpu)':36} {len(houses) / (time.process_time() - started):12.0f}")
    return homes, near


def bulk(network: Network, osm: Path, schools: Path) -> dict[str, float]:
    """Pairs a second, and the bare searches."""
    homes, near = city(network, osm, schools)
    for _ in ways_to_schools(network, homes, dict(list(near.items())[:2]), LIMIT_M):
        pass  # compiled code loaded
    wall, cpu = time.perf_counter(), time.process_time()
    pairs = sum(len(ways.homes) for ways in ways_to_schools(network, homes, near, LIMIT_M))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    graph = csr_array(
        (np.array(network.arrays["arc_weight"][STANDARD_INDEX]), network.arrays["arc_to"], network.arrays["arc_start"])
    ).T.tocsr()
    graph.data[~np.isfinite(graph.data)] = 1e9
    starts = [int(network.arrays["edge_from"][ends[0].chosen.edge]) for ends in _ends(network, near)]
    floor = time.process_time()
    for start in starts:
        dijkstra(graph, indices=start, limit=LIMIT_M)
    floor = time.process_time() - floor
    return {
        "bulk_pairs": pairs,
        "bulk_pairs_per_second_millions": pairs / wall / 1e6,
        "bulk_pairs_per_cpu_second_millions": pairs / cpu / 1e6,
        "bulk_ms_per_school_cpu": 1000 * cpu / len(near),
        "bulk_floor_scipy_ms_per_school_cpu": 1000 * floor / len(near),
    }


def _ends(network: Network, near: dict[str, list[Entrance]]) -> Iterator[list[End]]:
    for entrances in near.values():
        ends = usable_ends(network, entrances)
        if isinstance(ends, list):
            yield [end for _, end in ends]


def state(file: Path, osm: Path, schools: Path, copies: int) -> dict[str, float]:
    """All searches of a state, in a process that holds nothing else: its memory is the search's."""
    if not copies:
        return {}
    network = load(file)
    homes, near = city(network, osm, schools)
    content = pickle.dumps((str(file), copies, homes, list(_ends(network, near))))
    script = Path(__file__).with_name("distance_state.py")
    answer = subprocess.run([sys.executable, script], input=content, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def addresses(osm: Path, folder: Path, count: int) -> dict[str, float]:
    """Read and import a made-up state's house coordinates, and search in them as people type."""
    if not count:
        return {}
    file, figures = folder / "gebref.txt", dict[str, float]()
    write_gebref(file, osm, count)
    started = time.perf_counter()
    report = ReadReport()
    for _ in read_gebref(file, report):
        pass
    figures["gebref_read_lines_per_second"] = report.taken / (time.perf_counter() - started)
    url = f"sqlite:///{folder / 'state.db'}"
    upgrade(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    started = time.perf_counter()
    PlaceImporter(database).replace_addresses(read_gebref(file, ReadReport()), "gebref")
    figures["gebref_import_rows_per_second"] = count / (time.perf_counter() - started)
    search = StoredAddresses(database)
    started = time.perf_counter()
    search.find_now("Kirchstr 1", 8)
    figures["address_index_s"] = time.perf_counter() - started
    some = sa.text(f"SELECT street, city, house_number FROM address WHERE abs(random()) % {max(1, count // 600)} = 0")
    rows = database.read_now(lambda store: store.session.execute(some).mappings().all())[:300]
    dice, times = random.Random(5), []
    for row in rows:
        place = dice.randrange(max(1, len(row["street"]) - 2))
        typo = row["street"][:place] + row["street"][place + 1 :]
        started = time.perf_counter()
        search.find_now(f"{typo} {row['house_number']} {row['city']}"[: dice.choice((60, 18))], 8)
        times.append(time.perf_counter() - started)
    database.close()
    figures["address_rows"] = count
    figures["address_search_p50_ms"] = 1000 * statistics.median(times)
    figures["address_search_p99_ms"] = 1000 * statistics.quantiles(times, n=100)[98]
    return figures


def write_gebref(file: Path, osm: Path, count: int) -> None:
    """House coordinates in the new layout: the city's houses again and again, in towns of other names."""
    houses = [one for one in read_addresses(osm, ReadReport()) if one.house_number[:1].isdigit()]
    syllables = ("ahl", "beck", "dor", "esch", "feld", "grün", "hag", "isel", "kirch", "lipp", "nord", "wald")
    dice, written = random.Random(1), 0
    with file.open("w", encoding="utf-8") as out:
        while written < count:
            town = "".join(dice.choice(syllables) for _ in range(3)).capitalize()
            for one in houses[: count - written]:
                digits = "".join(letter for letter in one.house_number if letter.isdigit())[:4]
                east, north = utm32_from_degrees(*one.point)
                out.write(
                    f"N;DENW{written:012d};A;05;NRW;7;D;74;P;032;{town};0000;;12741;{one.street};{digits};;32;"
                    f"{east:.3f};{north:.3f};2026-01-01\n".replace(".", ",")
                )
                written += 1
