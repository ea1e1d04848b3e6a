"""Part of distance.py, a process of its own: all school searches of a state made of copies of a city.

Standard input: a pickle of the network's file, the number of copies, the city's homes and its schools' ends. Standard
output: one JSON object. Memory is the process's largest resident set, libraries, network and homes included.
"""

import json
import pickle
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from geography import Network, load
from geography.network.graph import STANDARD_INDEX
from geography.routing.bulk import Search
from geography.routing.ends import End
from geography.routing.homes import Homes

LIMIT_M = 6000.0


def main() -> None:
    file, copies, homes, ends = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(state(Path(file), copies, homes, ends)))


def state(file: Path, copies: int, homes: Homes, ends: list[list[End]]) -> dict[str, float]:
    network = load(file)
    started = time.perf_counter()
    many, tiled = _copied(network, copies), _copied_homes(network, homes, copies)
    copied = [[_moved(network, end, copy) for end in one] for copy in range(copies) for one in ends]
    made = time.perf_counter()
    wall, cpu, pairs = time.perf_counter(), time.process_time(), 0
    search = Search(many, tiled, [end for one in copied for end in one], LIMIT_M)
    core = time.perf_counter() - wall
    for one in copied:
        pairs += len(search.around(one)[0])
    return {
        "state_copying_seconds": made - started,
        "state_nodes": many.node_count,
        "state_homes": len(tiled.number),
        "state_schools": len(copied),
        "state_pairs_millions": pairs / 1e6,
        "state_core_seconds": core,
        "state_seconds": time.perf_counter() - wall,
        "state_cpu_seconds": time.process_time() - cpu,
        "state_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


Numbers = npt.NDArray[np.signedinteger]


def _copied(network: Network, copies: int) -> Network:
    """Copies of the city's arcs beside each other. Only what the bulk reads; the readings share one array."""
    arrays, nodes, edges = network.arrays, network.node_count, len(network.arrays["edge_way"])
    weight = np.tile(arrays["arc_weight"][STANDARD_INDEX], copies)
    made = {
        "arc_start": _starts(arrays["arc_start"], copies),
        "arc_to": _shifted(arrays["arc_to"], nodes, copies),
        "arc_weight": np.broadcast_to(weight, (3, len(weight))),
        "edge_from": _shifted(arrays["edge_from"], nodes, copies),
        "edge_to": _shifted(arrays["edge_to"], nodes, copies),
        "edge_length": np.tile(arrays["edge_length"], copies),
        "edge_bits": np.tile(arrays["edge_bits"], copies),
        "node_lat": np.broadcast_to(np.int32(0), nodes * copies),
    }
    assert len(made["edge_from"]) == edges * copies
    return Network(network.header, made)


def _copied_homes(network: Network, homes: Homes, copies: int) -> Homes:
    return Homes(
        _shifted(homes.number, len(homes.number), copies),
        _shifted(homes.edge, len(network.arrays["edge_way"]), copies),
        np.tile(homes.offset, copies),
        np.tile(homes.connector, copies),
    )


def _moved(network: Network, end: End, copy: int) -> End:
    """An entrance's end in one of the copies."""
    edge = end.chosen.edge + copy * len(network.arrays["edge_way"])
    return replace(end, chosen=replace(end.chosen, edge=edge))


def _shifted(values: Numbers, step: int, copies: int) -> Numbers:
    shift = np.repeat(np.arange(copies) * step, len(values)).astype(values.dtype)
    return np.tile(values, copies) + shift


def _starts(values: Numbers, copies: int) -> Numbers:
    return np.append(_shifted(values[:-1], int(values[-1]), copies), int(values[-1]) * copies).astype(values.dtype)


if __name__ == "__main__":
    main()
