"""Builds the walking network: extract -> edges between junctions -> components -> arrays -> file.

The same extract and rules give the same bytes: no clock, no order of a hash, ties by ids.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geography.network.assembly import Edges, cut_into_edges
from geography.network.buildings import add_buildings
from geography.network.extract import read_extract
from geography.network.files import write_network
from geography.network.indexes import arcs, grid, names, tiles
from geography.network.islands import islands, margin_m, parts
from geography.network.osm_objects import ExtractUnusable
from geography.network.walking_rules import CUT_OFF, LENIENT, RULES_VERSION, STANDARD, STRICT

ATTRIBUTION: Final = "© OpenStreetMap-Mitwirkende, ODbL 1.0, https://www.openstreetmap.org/copyright"

__all__ = ["ExtractUnusable", "build"]


def build(extract_path: Path, out_path: Path, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Read an extract and write the network file; returns its header.

    Raises:
        ExtractUnusable, OSError.
    """
    # 1. What OpenStreetMap says.
    extract = read_extract(extract_path, progress)
    progress("buildings")
    add_buildings(extract_path, extract)
    # 2. Edges between junctions; straight lines across plazas; gates that stop walkers cut.
    progress("edges")
    edges = cut_into_edges(extract)
    # 3. In each reading only the largest connected part: from an island there is no way anywhere.
    progress("components")
    all_edges = edges
    edges, kept = _connected(all_edges)
    if not len(edges.tail):
        raise ExtractUnusable(f"{extract_path.name} contains no connected ways for walkers.")
    # 4. Nodes by tiles, edges by way; arcs, grid and names for the searches.
    progress("indexes")
    arrays = _arrays(edges)
    bounds, margin = _bounds(extract.box, arrays), margin_m(edges)
    arrays |= islands(all_edges, ~kept, bounds, margin)
    # 5. Write, with the hashes by which a decision names this network.
    header = {
        "rules": RULES_VERSION,
        "extract": {"file": extract_path.name, "sha256": extract.sha256},
        "date": extract.date,
        "bounds": bounds,
        "margin_m": margin,
        "attribution": ATTRIBUTION,
        "nodes": len(arrays["node_lat"]),
        "edges": len(arrays["edge_way"]),
        "metres": float(arrays["edge_length"].sum()),
    }
    progress("file")
    return write_network(out_path, header, arrays)


def _connected(edges: Edges) -> tuple[Edges, npt.NDArray[np.bool_]]:
    """Take a reading's bit from every edge outside its largest component; drop edges without any. Also returns which
    are kept.

    What loses one bears CUT_OFF: not its own tags, but those of what leads there keep it from the reading. Components
    are weak, largest by nodes.
    """
    bits = edges.bits.copy()
    for bit in (LENIENT, STANDARD, STRICT):
        chosen = (bits & bit) != 0
        inside = _largest(edges.tail[chosen], edges.head[chosen])
        outside = np.flatnonzero(chosen)[~inside]
        bits[outside] = (bits[outside] & ~bit) | CUT_OFF
    kept = (bits & LENIENT) != 0
    return edges.keep(kept, bits[kept]), kept


def _largest(tail: npt.NDArray[np.int64], head: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which edges belong to the component with most nodes."""
    if not len(tail):
        return np.zeros(0, dtype=bool)
    label, begin = parts(tail, head)
    return np.asarray(label[begin] == np.argmax(np.bincount(label)))


def _arrays(edges: Edges) -> dict[str, npt.NDArray[Any]]:
    """Final numbering and everything that is stored."""
    used = np.unique(np.concatenate([edges.tail, edges.head]))
    lat, lon, ids = edges.node_lat[used], edges.node_lon[used], edges.node_id[used]
    order, tile_key, tile_start = tiles(lat, lon, ids)
    number = np.empty(len(edges.node_id), dtype=np.int64)
    number[used[order]] = np.arange(len(order))
    tail, head = number[edges.tail], number[edges.head]
    result: dict[str, npt.NDArray[Any]] = {
        "node_id": ids[order],
        "node_lat": lat[order].astype(np.int32),
        "node_lon": lon[order].astype(np.int32),
        "tile_key": tile_key,
        "tile_start": tile_start,
        "edge_from": tail.astype(np.int32),
        "edge_to": head.astype(np.int32),
        "edge_way": edges.way,
        "edge_bits": edges.bits.astype(np.uint16),
        "edge_length": edges.length,
        "shape_start": edges.shape_start,
        "shape_lat": edges.shape_lat.astype(np.int32),
        "shape_lon": edges.shape_lon.astype(np.int32),
        "shape_offset": edges.shape_offset,
    }
    return result | names(edges.name) | arcs(tail, head, edges.length, edges.bits, len(order)) | grid(edges)


def _bounds(box: tuple[float, float, float, float] | None, arrays: dict[str, npt.NDArray[Any]]) -> list[float]:
    """West, south, east, north: as declared, cut to where there are ways (many declare nothing, some the world)."""
    lon, lat = arrays["shape_lon"] / 1e7, arrays["shape_lat"] / 1e7
    seen = [float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())]
    wider = _with_margin(seen)
    if box is None:
        return wider
    return [max(wider[0], box[0]), max(wider[1], box[1]), min(wider[2], box[2]), min(wider[3], box[3])]


def _with_margin(box: list[float]) -> list[float]:
    """250 m and a little more on each side: a house may stand that far from the last way."""
    return [box[0] - 0.004, box[1] - 0.0025, box[2] + 0.004, box[3] + 0.0025]
