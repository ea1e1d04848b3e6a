"""Searches from a home to entrances: the standard walk, and the two readings that bound it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eligibility.geography.search.ellipsoid import radii
from eligibility.geography.search.ends import End
from eligibility.geography.search.graph import LENIENT_INDEX, STRICT_INDEX, Network
from eligibility.geography.search.region import Blocked, Reach, Region, Start, between, search
from eligibility.geography.search.snap import Candidate
from eligibility.geography.search.trace import along, exits
from eligibility.geography.search.types import Entrance, Point

FIRST_REACH, FIRST_MORE_M = 1.3, 200.0
"""A first search goes this many times the straight line, and so many metres on: most walks in Aachen are shorter."""
STRICT_REACH, STRICT_MORE_M = 3.0, 3_000.0
"""A strict way longer than three times the standard one and 3 km is no way that anybody would walk."""
LAST_REACH_M = 200_000.0
"""No way to school is longer; what is not found within it has no connection."""


@dataclass(frozen=True)
class Walk:
    """The shortest standard walk to one school."""

    metres: float
    """Connectors included."""
    entrance: Entrance
    end: End
    node: int | None
    """Node by which the entrance's edge is reached; None: along the home's own edge."""
    reach: Reach


Ends = Sequence[tuple[Entrance, End]]


@dataclass
class Searcher:
    """Searches from one home, reusing the region that was cut out. Lives for one measurement; not shared by threads."""

    network: Network
    home: End
    blocked: Blocked | None = None
    _region: Region | None = field(default=None, init=False)
    _targets: list[Point] = field(default_factory=list, init=False)

    def _between(self, targets: Iterable[Ends], limit: float) -> Region:
        """The region of the last search if it reaches far enough and the targets are the same, else a new one."""
        points = [end.point for ends in targets for _, end in ends]
        if self._region is None or limit > self._region.limit or points != self._targets:
            self._region, self._targets = between(self.network, self.home.point, points, limit), points
        return self._region

    def _start(self, places: Iterable[Candidate]) -> Start:
        """Every way out of the places, their connectors included. A blocked edge is not walked, not even in part."""
        ways = [
            (way.node, place.metres + way.metres)
            for place in places
            if self.blocked is None or place.edge not in self.blocked.edges
            for way in exits(self.network, place)
        ]
        return Start([node for node, _ in ways], [metres for _, metres in ways])

    def standard(self, schools: Mapping[str, Ends], within: float = LAST_REACH_M) -> dict[str, Walk]:
        """The shortest walk to each school's best entrance, from one search that grows until all are found."""
        found: dict[str, Walk] = {}
        straight = max((self.straight(end.point) for ends in schools.values() for _, end in ends), default=0.0)
        first = FIRST_REACH * straight + FIRST_MORE_M
        for limit in (min(first, within), min(3 * first, within), within):
            start = self._start([self.home.chosen])
            reach = search(
                self.network, self._between(schools.values(), limit), [start], limit, paths=True, blocked=self.blocked
            )
            for number, ends in schools.items():
                walk = self._best(reach, ends, limit)
                if walk is not None:
                    found[number] = walk
            if len(found) == len(schools) or limit >= within:
                break
        return found

    def _best(self, reach: Reach, ends: Ends, limit: float) -> Walk | None:
        """The nearest entrance, if it is certain within the limit: what was not reached is farther than that."""
        walks = []
        for entrance, end in ends:
            metres, node = self._arrive(reach, 0, [self.home.chosen], end.chosen)
            walks.append(Walk(metres, entrance, end, node, reach))
        best = min(walks, key=lambda walk: walk.metres, default=None)
        return best if best is not None and best.metres <= limit else None

    def _arrive(
        self, reach: Reach, start: int, places: Sequence[Candidate], target: Candidate
    ) -> tuple[float, int | None]:
        """Metres from a start (made of `places`) to a place, connectors included, and the node of arrival."""
        if self.blocked is not None and target.edge in self.blocked.edges:
            return math.inf, None
        best: tuple[float, int | None] = (math.inf, None)
        for place in places:
            metres = place.metres + along(place, target)
            if metres < best[0]:
                best = metres, None
        for way in exits(self.network, target, arriving=True):
            metres = reach.to(start, way.node) + way.metres
            if metres < best[0]:
                best = metres, way.node
        return best[0] + target.metres, best[1]

    def lenient(self, walks: Mapping[str, Walk], schools: Mapping[str, Ends]) -> dict[str, float]:
        """The lenient reading from the best plausible place; never more than the standard metres."""
        places = self.home.places[LENIENT_INDEX]
        limit = max(walk.metres for walk in walks.values()) + 1.0
        reach = search(
            self.network,
            self._between(schools.values(), limit),
            [self._start(places)],
            limit,
            reading=LENIENT_INDEX,
            blocked=self.blocked,
        )
        result = {}
        for number, walk in walks.items():
            targets = [place for _, end in schools[number] for place in end.places[LENIENT_INDEX]]
            lengths = [self._arrive(reach, 0, places, target)[0] for target in targets]
            result[number] = min([walk.metres, *lengths])
        return result

    def strict(self, walks: Mapping[str, Walk], schools: Mapping[str, Ends]) -> dict[str, float | None]:
        """The strict reading from the worst plausible places to the best entrance; never less than the standard."""
        places = self.home.places[STRICT_INDEX]
        if not places:
            return dict.fromkeys(walks)
        starts = [self._start([place]) for place in places]
        farthest = max(walk.metres for walk in walks.values())
        near = max(farthest, self._region.limit if self._region is not None else 0.0)
        result: dict[str, float | None] = dict.fromkeys(walks)
        for limit in (near, STRICT_REACH * farthest + STRICT_MORE_M):
            region = self._between(schools.values(), limit)
            reach = search(self.network, region, starts, limit, reading=STRICT_INDEX, blocked=self.blocked)
            for number, walk in walks.items():
                worst = min((self._worst(reach, places, end) for _, end in schools[number]), default=math.inf)
                result[number] = max(walk.metres, worst) if worst <= limit else None
            if None not in result.values():
                break
        return result

    def _worst(self, reach: Reach, places: Sequence[Candidate], end: End) -> float:
        """The longest of the walks between plausible places; infinite where one of them has none."""
        return max(
            (
                self._arrive(reach, number, [place], target)[0]
                for number, place in enumerate(places)
                for target in end.places[STRICT_INDEX]
            ),
            default=math.inf,
        )

    def straight(self, point: Point) -> float:
        """Straight metres from the home: never more than any walk, to a thousandth (radii of curvature at the home)."""
        north, east = (math.radians(radius) for radius in radii(self.home.point.lat))
        return math.hypot((point.lat - self.home.point.lat) * north, (point.lon - self.home.point.lon) * east)
