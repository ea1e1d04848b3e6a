"""Searches from a home to entrances: the standard walk, and the two readings that bound it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geography.model.ellipsoid import radii
from geography.model.types import Entrance, Point
from geography.network.graph import LENIENT_INDEX, STANDARD_INDEX, STRICT_INDEX, Ints, Network
from geography.routing.block import BarredStretches
from geography.routing.ends import End
from geography.routing.reach import Reach, Start
from geography.routing.snap import Candidate
from geography.routing.trace import along, exits

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


@dataclass(frozen=True)
class Bound:
    """The walk of the lenient or the strict reading, where it is another than the standard one."""

    metres: float
    """Connectors included; infinite: no such way."""
    home: End
    begin: Candidate
    target: Candidate
    end: End
    nodes: Ints | None
    reading: int = STRICT_INDEX
    """By which it was found."""


Ends = Sequence[tuple[Entrance, End]]


@dataclass(frozen=True)
class Searcher:
    """Searches from one home, with the arrays lent for it. Lives for one measurement; not shared by threads."""

    network: Network
    home: End
    reach: Reach
    blocked: BarredStretches | None = None

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
        """The shortest walk to each school's best entrance, from one search that grows until all are found.

        Args:
            within: metres: how far it looks at most.
        """
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

    def lenient(self, walks: Mapping[str, Walk], schools: Mapping[str, Ends]) -> dict[str, Bound | None]:
        """The lenient reading from the best plausible place, where it is less than the standard metres; else None."""
        places = self.home.places[LENIENT_INDEX]
        limit = max(walk.metres for walk in walks.values()) + 1.0
        self._search(places, [schools[number] for number in walks], limit, LENIENT_INDEX)
        result: dict[str, Bound | None] = dict.fromkeys(walks)
        for number, walk in walks.items():
            targets = [(place, end) for _, end in schools[number] for place in end.places[LENIENT_INDEX]]
            metres, entry = min(
                ((self._arrive(places, t)[0], i) for i, (t, _) in enumerate(targets)), default=(math.inf, 0)
            )
            if metres < walk.metres:
                result[number] = replace(self._bound(places, *targets[entry]), reading=LENIENT_INDEX)
        return result

    def strict(self, walks: Mapping[str, Walk], schools: Mapping[str, Ends]) -> dict[str, Bound | None]:
        """The strict reading from the worst plausible places to the best entrance. Infinite metres where there is no
        such way; None where it is no more than the standard metres."""
        places = self.home.places[STRICT_INDEX]
        farthest = max(walk.metres for walk in walks.values())
        result: dict[str, Bound | None] = {}
        asked = [schools[number] for number in walks]
        for limit in (FIRST_REACH * farthest + FIRST_MORE_M, STRICT_REACH * farthest + STRICT_MORE_M):
            worst: dict[str, list[Bound | None]] = {number: [None] * len(schools[number]) for number in walks}
            for place in places:
                self._search([place], asked, limit, STRICT_INDEX)
                for number, bounds in worst.items():
                    for entry, (_, end) in enumerate(schools[number]):
                        bounds[entry] = self._worse(bounds[entry], place, end)
            for number, walk in walks.items():
                best = min(worst[number], key=lambda one: math.inf if one is None else one.metres)
                if best is None:
                    best = Bound(math.inf, self.home, self.home.chosen, walk.end.chosen, walk.end, None)
                elif best.metres > limit:
                    best = replace(best, metres=math.inf, nodes=None)
                result[number] = best if best.metres > walk.metres else None
            if not any(one is not None and one.metres == math.inf for one in result.values()):
                break
        return self._from_closed(result, walks, schools)

    def _from_closed(
        self, found: dict[str, Bound | None], walks: Mapping[str, Walk], schools: Mapping[str, Ends]
    ) -> dict[str, Bound | None]:
        """The longest ways, also where the home or an entrance lies on a way that only the lenient reading walks: the
        standard way begins or ends beside it, over the fence as it were, and may be shorter than what leads there."""
        begin = self.home.closed or self.home.chosen
        asked = [
            number
            for number in walks
            if begin is self.home.closed or any(end.closed is not None for _, end in schools[number])
        ]
        if not asked:
            return found
        limit = STRICT_REACH * max(walks[number].metres for number in asked) + STRICT_MORE_M
        self._search([begin], [schools[number] for number in asked], limit, LENIENT_INDEX)
        for number in asked:
            ends = [(end.closed or end.chosen, end) for _, end in schools[number]]
            target, end = min(ends, key=lambda one: self._arrive([begin], one[0])[0])
            metres, known = self._arrive([begin], target)[0], found[number]
            if (walks[number].metres if known is None else known.metres) < metres <= limit:
                found[number] = replace(self._bound([begin], target, end), reading=LENIENT_INDEX)
        return found

    def _worse(self, known: Bound | None, place: Candidate, end: End) -> Bound:
        """The longest of the walks to the plausible places of an entrance, or the one known, where it is longer;
        infinite where one of them has none."""
        targets = end.places[STRICT_INDEX]
        walks = [(self._arrive([place], target)[0], -entry) for entry, target in enumerate(targets)]
        metres, entry = max(walks, default=(math.inf, 0))
        if known is not None and known.metres >= metres:
            return known
        if metres == math.inf:
            return Bound(math.inf, self.home, place, targets[-entry] if targets else end.chosen, end, None)
        return self._bound([place], targets[-entry], end)

    def _bound(self, places: Sequence[Candidate], target: Candidate, end: End) -> Bound:
        """The walk of the last search to a place, with its nodes."""
        metres, node = self._arrive(places, target)
        if node is not None:
            nodes = self.reach.path(node)
            begin = min(places, key=lambda place: self._leaves(place, int(nodes[0])))
            return Bound(metres, self.home, begin, target, end, nodes)
        begin = min(places, key=lambda place: place.metres + along(place, target, self.blocked), default=target)
        return Bound(metres, self.home, begin, target, end, None)

    def _leaves(self, place: Candidate, node: int) -> float:
        """Metres from the home over a place to a node of its edge; infinite where it is not left there."""
        ways = [way.metres for way in exits(self.network, place, self.blocked) if way.node == node]
        return place.metres + min(ways, default=math.inf)

    def straight(self, point: Point) -> float:
        """Straight metres from the home: never more than any walk, to a thousandth (radii of curvature at the home)."""
        north, east = (math.radians(radius) for radius in radii(self.home.point.lat))
        return math.hypot((point.lat - self.home.point.lat) * north, (point.lon - self.home.point.lon) * east)
