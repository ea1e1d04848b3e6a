"""The walking network in memory: flat arrays, nodes in tiles from south-west to north-east.

Shapes: N nodes, E edges, S shape points, A arcs. Coordinates are OpenStreetMap's integers, 1e-7 degrees;
lengths are metres.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geography.model.address_key import street_key

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

READINGS: Final = ("lenient", "standard", "strict")
"""Order of the last axis of `arc_weight` and `arc_edge`; bit of a reading is `1 << index`."""
LENIENT_INDEX, STANDARD_INDEX, STRICT_INDEX = 0, 1, 2
TILE: Final = 200_000
"""Side of a tile of nodes in 1e-7 degrees: 0.02 degrees, about 2.2 km by 1.4 km."""
CELL: Final = 10_000
"""Side of a cell of the segment grid: 0.001 degrees, about 111 m by 70 m."""
GRID_COLUMNS: Final = 360_000
"""Cells in a row of the segment grid round the earth."""
TILE_COLUMNS: Final = 18_000
ISLAND_STEP_M: Final = 50.0
"""Ways that hang together with no others are kept as points (`island_lat`, `island_lon`) at most so far apart."""


@dataclass(frozen=True)
class Network:
    """A built network. Holds only arrays (memory-mapped when loaded) and may be used by several threads at once."""

    header: Mapping[str, Any]
    """`extract`, `rules`, `graph` (hashes and versions), `bounds`, `date`, `attribution`, counts."""
    arrays: Mapping[str, npt.NDArray[Any]]
    snapped: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Snaps of school entrances, which are asked again and again. Never of homes."""

    inlets: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Where ways to school entrances may come from over the border, see `routing/border`."""

    reaches: list[Any] = field(default_factory=list, compare=False, repr=False)
    """Arrays of searches, lent out and taken back."""

    streets: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    street_keys: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    """Names by number, as they are asked for: a snap compares some twenty."""

    @property
    def attribution(self) -> str:
        """Whom to name as the source of the map."""
        return str(self.header["attribution"])

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What is stored with each measurement, so that it can be repeated."""
        return {key: self.header[key] for key in ("graph", "rules", "extract", "date", "bounds", "attribution")}

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south, east, north = self.header["bounds"]
        return west, south, east, north

    @cached_property
    def node_count(self) -> int:
        """Number of nodes of the graph."""
        return len(self.arrays["node_lat"])

    def street_name(self, name: int) -> str:
        """A street's name by its number, or ""."""
        known = self.streets.get(name)
        if known is None:
            start, end = self.arrays["name_start"][name : name + 2]
            known = self.streets[name] = bytes(self.arrays["name_bytes"][start:end]).decode()
        return known

    def street_key(self, name: int) -> str:
        """The name as addresses are compared by: `luetticherstr`."""
        known = self.street_keys.get(name)
        if known is None:
            known = self.street_keys[name] = street_key(self.street_name(name))
        return known
