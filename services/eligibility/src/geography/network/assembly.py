"""From ways to edges: cut at junctions, ends and gates; with shapes and lengths."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from geography.model.ellipsoid import lengths
from geography.network.extract import Extract, Plaza
from geography.network.plazas import lines_of_sight
from geography.network.walking_rules import ONE_WAY, PLAZA, STRICT

Long = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Edges with their shapes, sorted by way and place along it. Node numbers point into the node arrays."""

    tail: Long
    head: Long
    way: Long
    bits: Long
    name: list[str]
    length: npt.NDArray[np.float64]
    shape_start: Long
    """One more than edges."""
    shape_lat: Long
    shape_lon: Long
    shape_offset: npt.NDArray[np.float64]
    """Metres from the edge's first point, for every shape point."""
    node_id: Long
    node_lat: Long
    node_lon: Long

    def keep(self, kept: npt.NDArray[np.bool_], bits: Long) -> "Edges":
        """Only some of the edges, with other bits; nodes stay.

        Args:
            kept: whether each edge stays, shape (edges,).
            bits: of those that stay, shape (edges that stay,).
        """
        counts = np.diff(self.shape_start)
        points = np.repeat(kept, counts)
        return replace(
            self,
            tail=self.tail[kept],
            head=self.head[kept],
            way=self.way[kept],
            bits=bits,
            name=[name for name, keep in zip(self.name, kept.tolist(), strict=True) if keep],
            length=self.length[kept],
            shape_start=np.concatenate([[0], np.cumsum(counts[kept])]),
            shape_lat=self.shape_lat[points],
            shape_lon=self.shape_lon[points],
            shape_offset=self.shape_offset[points],
        )


@dataclass
class _Flat:
    """All ways' nodes in one row; `run` changes where the way does, or where a node is missing from the extract."""

    node: Long
    way: Long
    run: Long


def cut_into_edges(extract: Extract) -> Edges:
    """Edges between junctions. Nodes that the extract does not hold (ways cut at its border) end an edge."""
    ids = np.frombuffer(extract.node_id, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    lat = np.frombuffer(extract.node_lat, dtype=np.int64)[order]
    lon = np.frombuffer(extract.node_lon, dtype=np.int64)[order]
    flat = _flatten(extract, ids)
    gates = np.searchsorted(ids, np.array(sorted(extract.gates), dtype=np.int64))
    junction = _junctions(flat, len(ids), gates)
    sights = _sights(extract, ids, lat, lon, junction)
    junction[[point for _, pair in sights for point in pair]] = True
    first, last = _spans(flat, junction)
    way = np.frombuffer(extract.way_id, dtype=np.int64)[flat.way]
    tail, head, copies = _gates(flat, way, (first, last), gates, len(ids))
    return _edges(extract, flat, (ids, lat, lon), (first, last, tail, head), copies=copies, sights=sights)


def _flatten(extract: Extract, ids: Long) -> _Flat:
    refs = np.frombuffer(extract.refs, dtype=np.int64)
    starts: Long = np.frombuffer(extract.way_start, dtype=np.int64)
    counts: Long = starts[1:] - starts[:-1]
    way = np.repeat(np.arange(len(extract.way_id)), counts)
    place = np.minimum(np.searchsorted(ids, refs), max(len(ids) - 1, 0))
    known = ids[place] == refs if len(ids) else np.zeros(len(refs), dtype=bool)
    run = np.cumsum(np.r_[True, (np.diff(way) != 0) | ~known[:-1]]) if len(refs) else np.zeros(0, dtype=np.int64)
    return _Flat(place[known], way[known], run[known])


def _junctions(flat: _Flat, count: int, gates: Long) -> npt.NDArray[np.bool_]:
    """Nodes used twice, at an end, or with a gate."""
    junction = np.bincount(flat.node, minlength=count) > 1
    change = np.r_[True, np.diff(flat.run) != 0] if len(flat.run) else np.zeros(0, dtype=bool)
    ends = change | np.r_[change[1:], True] if len(change) else change
    junction[flat.node[ends]] = True
    junction[gates] = True
    return junction


def _sights(
    extract: Extract, ids: Long, lat: Long, lon: Long, junction: npt.NDArray[np.bool_]
) -> list[tuple[Plaza, tuple[int, int]]]:
    """Straight ways across plazas between points where other ways meet them."""
    found = []
    for plaza in sorted(extract.plazas, key=lambda one: one.way):
        rings: dict[bool, list[list[int]]] = {False: [], True: []}
        for ring in plaza.rings:
            places = np.searchsorted(ids, ring.nodes)
            if len(ring.nodes) > 2 and places.max(initial=0) < len(ids) and bool((ids[places] == ring.nodes).all()):
                rings[ring.inner].append(places.tolist())
        if rings[False]:
            points = {point for ring in (*rings[False], *rings[True]) for point in ring}
            entries = {point for point in points if junction[point]}
            lines = lines_of_sight(rings[False], rings[True], lon, lat, entries, obstacles=plaza.obstacles)
            found += [(plaza, pair) for pair in lines]
    return found


def _spans(flat: _Flat, junction: npt.NDArray[np.bool_]) -> tuple[Long, Long]:
    """First and last position in the row of every edge."""
    at = np.flatnonzero(junction[flat.node])
    same = flat.run[at[:-1]] == flat.run[at[1:]]
    return at[:-1][same], at[1:][same]


def _gates(flat: _Flat, way: Long, spans: tuple[Long, Long], gates: Long, count: int) -> tuple[Long, Long, Long]:
    """Ends of the edges, each edge at a gate with a node of its own, so that one passes there by the gate's edge only.
    The two directions of a stretch (drawn twice where they differ) have the same: one turns round on it without a gate.

    Returns tails, heads, and for every copied node the node it copies; copies are numbered from `count`.

    Args:
        way: the id of the way at each place of the row.
    """
    first, last = spans
    gate = np.zeros(count, dtype=bool)
    gate[gates] = True
    tail, head = flat.node[first].copy(), flat.node[last].copy()
    at_tail, at_head = np.flatnonzero(gate[tail]), np.flatnonzero(gate[head])
    stretch = np.stack([  # the gate, the way, and the node that follows on it
        np.concatenate([tail[at_tail], head[at_head]]),
        way[np.concatenate([first[at_tail], last[at_head]])],
        flat.node[np.concatenate([first[at_tail] + 1, last[at_head] - 1])],
    ])  # fmt: skip
    stretches, number = np.unique(stretch, axis=1, return_inverse=True)
    tail[at_tail], head[at_head] = count + number[: len(at_tail)], count + number[len(at_tail) :]
    return tail, head, stretches[0]


def _edges(
    extract: Extract,
    flat: _Flat,
    nodes: tuple[Long, Long, Long],
    spans: tuple[Long, Long, Long, Long],
    *,
    copies: Long,
    sights: list[tuple[Plaza, tuple[int, int]]],
) -> Edges:
    """Put together the edges of ways, the passages of gates and the lines across plazas."""
    ids, lat, lon = nodes
    first, last, tail, head = spans
    count, gates = len(ids), len(copies)
    gate_bits = np.array([extract.gates[node] for node in ids[copies].tolist()], dtype=np.int64)
    pairs = np.array([pair for _, pair in sights], dtype=np.int64).reshape(-1, 2)
    sizes = np.concatenate([last - first + 1, np.full(gates + len(sights), 2)])
    points = np.concatenate(
        [_positions(flat, first, last), np.repeat(copies, 2), pairs.ravel()],
    )
    way_of = flat.way[first]
    way_ids = np.frombuffer(extract.way_id, dtype=np.int64)
    way_bits = np.frombuffer(extract.way_bits, dtype=np.int32).astype(np.int64)
    plaza_bits = [(plaza.bits | PLAZA) & ~STRICT & ~ONE_WAY for plaza, _ in sights]
    found = _measured(
        tail=np.concatenate([tail, count + np.arange(gates), pairs[:, 0]]),
        head=np.concatenate([head, copies, pairs[:, 1]]),
        way=np.concatenate([way_ids[way_of], np.zeros(gates, np.int64), [plaza.way for plaza, _ in sights]]).astype(
            np.int64
        ),
        bits=np.concatenate([way_bits[way_of], gate_bits, plaza_bits]).astype(np.int64),
        name=[*(extract.way_name[way] for way in way_of.tolist()), *[""] * gates, *(plaza.name for plaza, _ in sights)],
        sizes=sizes,
        shape=(lat[points], lon[points]),
        nodes=(np.r_[ids, ids[copies]], np.r_[lat, lat[copies]], np.r_[lon, lon[copies]]),
    )
    return _sorted(found)


def _positions(flat: _Flat, first: Long, last: Long) -> Long:
    """Nodes of all edges' shapes, one after another."""
    sizes = last - first + 1
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(flat.node[np.repeat(first, sizes) + within])


def _measured(
    *,
    sizes: Long,
    shape: tuple[Long, Long],
    nodes: tuple[Long, Long, Long],
    **parts: Any,
) -> Edges:
    """Lengths on the ellipsoid, summed along each edge."""
    lat, lon = shape
    start = np.concatenate([[0], np.cumsum(sizes)])
    step = np.zeros(len(lat))
    step[1:] = lengths(lat[:-1] / 1e7, lon[:-1] / 1e7, lat[1:] / 1e7, lon[1:] / 1e7)
    step[start[:-1]] = 0.0
    offset = np.concatenate([np.zeros(0), *(np.cumsum(step[a:b]) for a, b in pairwise(start.tolist()))])
    total = offset[start[1:] - 1]
    return Edges(
        length=total, shape_start=start, shape_lat=lat, shape_lon=lon, shape_offset=offset,
        node_id=nodes[0], node_lat=nodes[1], node_lon=nodes[2], **parts,
    )  # fmt: skip


def _sorted(edges: Edges) -> Edges:
    """By way id, then by place along the way (the order in which they were cut), whatever the order of the file."""
    order = np.argsort(edges.way, kind="stable")
    sizes = np.diff(edges.shape_start)[order]
    start = np.concatenate([[0], np.cumsum(sizes)])
    within = np.arange(int(sizes.sum())) - np.repeat(start[:-1], sizes)
    points = np.repeat(edges.shape_start[:-1][order], sizes) + within
    return replace(
        edges,
        tail=edges.tail[order],
        head=edges.head[order],
        way=edges.way[order],
        bits=edges.bits[order],
        name=[edges.name[place] for place in order.tolist()],
        length=edges.length[order],
        shape_start=start,
        shape_lat=edges.shape_lat[points],
        shape_lon=edges.shape_lon[points],
        shape_offset=edges.shape_offset[points],
    )
