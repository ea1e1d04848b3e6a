"""Searches from a home to entrances: the standard walk, and the two readings that bound it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eligibility.geography.search.block import Blocked
from eligibility.geography.search.ellipsoid import radii
from eligibility.geography.search.ends import End
from eligibility.geography.search.graph import LENIENT_INDEX, STANDARD_INDEX, STRICT_INDEX, Ints, Network
from eligibility.geography.search.reach import Reach, Start
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
    nodes: Ints | None
    """From the first node to the one by which the entrance's edge is reached; None: along the home's own edge."""


Ends = Sequence[tuple[Entrance, End]]


@dataclass(frozen=True)
class Searcher:
    """Searches from one home, with the arrays lent for it. Lives for one measurement; not shared by threads."""

    network: Network
    home: End
    reach: Reach
    blocked: Blocked | None = None

    def _search(self, places: Iterable[Candidate], schools: Iterable[Ends], limit: float, reading: int) -> None:
        """From every way out of the places, their connectors included, to all places of the schools' entrances."""
        out = [
            (way.node, place.metres + way.metres)
            for place in places
            for way in exits(self.network, place, self.blocked)
        ]
        ends = [end for school in schools for _, end in school]
        into = {
            way.node
            for end in ends
            for place in end.places[reading]
            for way in exits(self.network, place, self.blocked, arriving=True)
        }
        self.reach.search(
            self.network,
            Start([node for node, _ in out], [metres for _, metres in out]),
            limit,
            targets=sorted(into),
            aims=[end.point for end in ends],
            reading=reading,
            blocked=self.blocked,
        )

    def standard(self, schools: Mapping[str, Ends], within: float = LAST_REACH_M) -> dict[str, Walk]:
        """The shortest walk to each school's best entrance, from one search that grows until all are found."""
        found: dict[str, Walk] = {}
        straight = max((self.straight(end.point) for ends in schools.values() for _, end in ends), default=0.0)
        first = FIRST_REACH * straight + FIRST_MORE_M
        for limit in (min(first, within), min(3 * first, within), within):
            self._search([self.home.chosen], schools.values(), limit, STANDARD_INDEX)
            for number, ends in schools.items():
                walk = self._best(ends, limit)
                if walk is not None:
                    found[number] = walk
            if len(found) == len(schools) or limit >= within:
                break
        return found

    def _best(self, ends: Ends, limit: float) -> Walk | None:
        """The nearest entrance, if it is certain within the limit: what was not reached is farther than that."""
        best: tuple[float, Entrance, End, int | None] | None = None
        for entrance, end in ends:
            metres, node = self._arrive([self.home.chosen], end.chosen)
            if best is None or metres < best[0]:
                best = metres, entrance, end, node
        if best is None or best[0] > limit:
            return None
        metres, entrance, end, node = best
        return Walk(metres, entrance, end, None if node is None else self.reach.path(node))

    def _arrive(self, places: Sequence[Candidate], target: Candidate) -> tuple[float, int | None]:
        """Metres from the start (made of `places`) to a place, connectors included, and the node of arrival."""
        best: tuple[float, int | None] = (math.inf, None)
        for place in places:
            metres = place.metres + along(place, target, self.blocked)
            if metres < best[0]:
                best = metres, None
        for way in exits(self.network, target, self.blocked, arriving=True):
            metres = self.reach.to(way.node) + way.metres
            if metres < best[0]:
                best = metres, way.node
        return best[0] + target.metres, best[1]

    def lenient(self, walks: Mapping[str, Walk], schools: Mapping[str, Ends]) -> dict[str, float]:
        """The lenient reading from the best plausible place; never more than the standard metres."""
        places = self.home.places[LENIENT_INDEX]
        limit = max(walk.metres for walk in walks.values()) + 1.0
        self._search(places, [schools[number] for number in walks], limit, LENIENT_INDEX)
        result = {}
        for number, walk in walks.items():
            targets = [place for _, end in schools[number] for place in end.places[LENIENT_INDEX]]
            result[number] = min([walk.metres, *(self._arrive(places, target)[0] for target in targets)])
        return result

    def strict(self, walks: Mapping[str, Walk], schools: Mapping[str, Ends]) -> dict[str, float | None]:
        """The strict reading from the worst plausible places to the best entrance; never less than the standard."""
        places = self.home.places[STRICT_INDEX]
        farthest = max(walk.metres for walk in walks.values())
        result: dict[str, float | None] = dict.fromkeys(walks)
        asked = [schools[number] for number in walks]
        for limit in (FIRST_REACH * farthest + FIRST_MORE_M, STRICT_REACH * farthest + STRICT_MORE_M):
            lengths = {number: [0.0] * len(schools[number]) for number in walks}
            for place in places:
                self._search([place], asked, limit, STRICT_INDEX)
                for number, worst in lengths.items():
                    for entry, (_, end) in enumerate(schools[number]):
                        worst[entry] = max(worst[entry], self._worst(place, end))
            for number, walk in walks.items():
                best = min(lengths[number], default=math.inf) if places else math.inf
                result[number] = max(walk.metres, best) if best <= limit else None
            if None not in result.values():
                break
        return result

    def _worst(self, place: Candidate, end: End) -> float:
        """The longest of the walks to the plausible places of an entrance; infinite where one of them has none."""
        targets = end.places[STRICT_INDEX]
        return max((self._arrive([place], target)[0] for target in targets), default=math.inf)

    def straight(self, point: Point) -> float:
        """Straight metres from the home: never more than any walk, to a thousandth (radii of curvature at the home)."""
        north, east = (math.radians(radius) for radius in radii(self.home.point.lat))
        return math.hypot((point.lat - self.home.point.lat) * north, (point.lon - self.home.point.lon) * east)
