"""Does a ticket look copied? By where and when scanners met it on one day. Pure.

A code in a wallet can be photographed; no list tells. What tells is one ticket in two places at once, or before more
scanners than a child's ways explain. It is a reason to look at the person, never a verdict.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

KM_A_DEGREE = 111.2
CELL_DEGREES = 0.1
"""Places come as cells of 0.1 degrees, 11 by 7 km in NRW: enough for two towns, too coarse for a home or a school."""
MINUTE = 1 / 60


@dataclass(frozen=True)
class CopyRules:
    """An operator's choice (ISSUANCE_COPY_KMH, ISSUANCE_COPY_SCANNERS)."""

    kmh: float = 150.0
    """Nobody gets from place to place faster (docs/sources/reliability.md)."""
    scanners: int = 5
    """As many scanners on one day: there and back, with a change each, is four. Our own figure."""


@dataclass(frozen=True)
class Meeting:
    """One scanner, one minute."""

    scanner: str
    at: datetime
    cell: tuple[float, float] | None
    """South-west corner, latitude and longitude in degrees; None where the scanner told no place."""


def suspicion(meetings: Sequence[Meeting], rules: CopyRules) -> str | None:
    """`too_fast`, `many_scanners` or None, of the meetings of one ticket on one day.

    One scanner at two places is a wrong position, not a copy: only what another one met counts.
    """
    placed = [one for one in meetings if one.cell is not None]
    pairs = ((one, other) for one, other in combinations(placed, 2) if one.scanner != other.scanner)
    if any(_kmh(one, other) > rules.kmh for one, other in pairs):
        return "too_fast"
    return "many_scanners" if len({one.scanner for one in meetings}) >= rules.scanners else None


def _kmh(one: Meeting, other: Meeting) -> float:
    """The least speed that explains both: from edge to edge of the cells, in a minute more than the clock says."""
    if one.cell is None or other.cell is None:
        return 0
    (north, east), (other_north, other_east) = one.cell, other.cell
    width = math.cos(math.radians((north + other_north) / 2))
    gaps = (max(0.0, abs(a - b) - CELL_DEGREES) * KM_A_DEGREE for a, b in ((north, other_north), (east, other_east)))
    up, across = gaps
    hours = abs((one.at - other.at).total_seconds()) / 3600 + MINUTE
    return math.hypot(up, across * width) / hours


def cell_of(text: str) -> tuple[float, float]:
    """`51.2,6.7`."""
    north, _, east = text.partition(",")
    return float(north), float(east)
