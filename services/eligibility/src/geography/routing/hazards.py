"""An authority's hazards: stretches of road or areas that a child of some level cannot be asked to walk.

They are kept by their shape (ways in OpenStreetMap get split and renumbered), compiled to barred stretches of edges,
and give a second distance by the same search: the shortest walk that avoids them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geography.model.ellipsoid import radii
from geography.model.hazard_list import Hazard
from geography.model.types import Entrance, Measurement, NoWay, Point, WithoutHazards
from geography.network.graph import Floats, Network
from geography.routing.block import BarredStretches, Span, block
from geography.routing.measure import measure
from geography.routing.snap import segments_in

NEAR_M = 12.0
"""A road drawn by hand lies at most so far from the same road in OpenStreetMap."""
PARALLEL = 0.7
"""Cosine of the angle (45 degrees) within which a way runs along the stretch; what crosses it is not barred."""
STEP_M = 2.0
"""Shapes are compared at points this far apart: a barred stretch is right to a metre at each end."""


@dataclass(frozen=True)
class Hazards:
    """Hazards compiled for one network; kept for all measurements."""

    listed: tuple[Hazard, ...]
    blocked: BarredStretches


def compile_hazards(network: Network, listed: Iterable[Hazard]) -> Hazards:
    """Bar what the hazards cover. Costs one pass over the network."""
    hazards = tuple(listed)
    spans: dict[int, Span] = {}
    for hazard in hazards:
        for edge, (begin, end) in _spans(network, hazard).items():
            known = spans.get(edge, (begin, end))
            spans[edge] = min(begin, known[0]), max(end, known[1])
    return Hazards(hazards, block(network, spans))


def avoid_hazards(
    network: Network,
    found: Measurement,
    home: Point,
    entrances: Sequence[Entrance],
    *,
    street: str | None,
    hazards: Hazards,
) -> Measurement:
    """The measurement with the second distance, by the same search with the hazards barred."""
    try:
        safe = measure(network, home, entrances, street, hazards.blocked)
    except NoWay:
        return replace(found, without_hazards=WithoutHazards(None, None, _met(found, hazards)))
    same = safe.metres <= found.metres
    met = () if same else _met(found, hazards)
    return replace(found, without_hazards=WithoutHazards(safe.metres, safe.geometry, met))


def _met(found: Measurement, hazards: Hazards) -> tuple[Mapping[str, Any], ...]:
    lon, lat = np.array(found.geometry["coordinates"], dtype=np.float64).T
    return tuple(hazard.as_json() for hazard in hazards.listed if _covered(hazard, *_sampled(lat, lon)[:3]).any())


def _spans(network: Network, hazard: Hazard) -> dict[int, Span]:
    """Edge -> barred stretch in metres from its first node (the hull, where a way is touched twice)."""
    arrays = network.arrays
    lon, lat = np.array(hazard.line, dtype=np.float64).T
    north, east = radii(float(lat.mean()))
    high, wide = np.degrees(NEAR_M / north), np.degrees(NEAR_M / east)
    segments = segments_in(network, (lon.min() - wide, lat.min() - high, lon.max() + wide, lat.max() + high))
    edges = np.searchsorted(arrays["shape_start"], segments, side="right") - 1
    if hazard.ways:
        meant = np.isin(arrays["edge_way"][edges], hazard.ways)
        # Where a way was given another number since, its shape still tells which one is meant.
        segments, edges = (segments[meant], edges[meant]) if meant.any() else (segments, edges)
    spans: dict[int, Span] = {}
    for segment, edge in zip(segments.tolist(), edges.tolist(), strict=True):
        ends = slice(segment, segment + 2)
        y, x, heading, share = _sampled(arrays["shape_lat"][ends] / 1e7, arrays["shape_lon"][ends] / 1e7)
        inside = share[_covered(hazard, y, x, heading)]
        if len(inside):
            begin, end = (float(value) for value in arrays["shape_offset"][ends])
            half, length = STEP_M / 2, end - begin
            low, high_ = begin + inside.min() * length - half, begin + inside.max() * length + half
            known = spans.get(edge, (low, high_))
            whole = float(arrays["edge_length"][edge])
            spans[edge] = max(0.0, min(low, known[0])), min(whole, max(high_, known[1]))
    return spans


def _sampled(lat: Floats, lon: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Points along a line not over STEP_M apart: latitude, longitude, heading (k, 2; east, north), share of the line's
    segment."""
    north, east = (np.radians(radius) for radius in radii(float(lat.mean())))
    parts = []
    for a in range(len(lat) - 1):
        dy, dx = (lat[a + 1] - lat[a]) * north, (lon[a + 1] - lon[a]) * east
        length = float(np.hypot(dx, dy))
        count = max(1, int(np.ceil(length / STEP_M)))
        share = (np.arange(count) + 0.5) / count
        heading = np.tile([dx / length, dy / length] if length else [0.0, 0.0], (count, 1))
        parts.append((lat[a] + share * (lat[a + 1] - lat[a]), lon[a] + share * (lon[a + 1] - lon[a]), heading, share))
    y, x, headings, shares = (np.concatenate(part) for part in zip(*parts, strict=True))
    return y, x, headings, shares


def _covered(hazard: Hazard, lat: Floats, lon: Floats, heading: Floats) -> Any:
    """Which points lie in the area, or along the stretch. Shape (points,), bool."""
    shape = np.array(hazard.line, dtype=np.float64)
    north, east = (np.radians(radius) for radius in radii(float(shape[:, 1].mean())))
    x0, y0 = (shape[:, 0] - shape[0, 0]) * east, (shape[:, 1] - shape[0, 1]) * north
    px, py = (lon - shape[0, 0]) * east, (lat - shape[0, 1]) * north
    inside = np.zeros(len(px), dtype=bool)
    if hazard.kind == "area":
        x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
        for a in range(len(x0)):
            spans = (y0[a] > py) != (y1[a] > py)
            rise = y1[a] - y0[a]
            inside ^= spans & (px < x0[a] + (py - y0[a]) * (x1[a] - x0[a]) / (rise if rise else 1.0))
        return inside
    for a in range(len(x0) - 1):
        dx, dy = x0[a + 1] - x0[a], y0[a + 1] - y0[a]
        length = float(np.hypot(dx, dy))
        if not length:
            continue
        share = np.clip(((px - x0[a]) * dx + (py - y0[a]) * dy) / length**2, 0.0, 1.0)
        away = np.hypot(px - x0[a] - share * dx, py - y0[a] - share * dy)
        along = np.abs(heading[:, 0] * dx + heading[:, 1] * dy) / length
        beside = (share > 0) & (share < 1)
        inside |= (away <= NEAR_M) & (along >= PARALLEL) & beside
    return inside
