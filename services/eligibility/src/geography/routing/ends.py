"""The two ends of a measurement: are the points usable, and where do they meet the network in each reading."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.errors import Text

from geography.model.types import Entrance, NoWay, Point, Snap, UnusablePoint
from geography.network.graph import LENIENT_INDEX, READINGS, STANDARD_INDEX, STRICT_INDEX, Network
from geography.routing.reasons import no_way
from geography.routing.snap import CANDIDATE_M, FARTHEST_M, Candidate, candidates, choose, plausible, read_by

SHORT = 0.999
"""Straight lines are taken in a plane at the home: a thousandth covers its error over 20 km."""
_MOST_SNAPS = 50_000
"""Entrances kept with their snaps; the state has some 6,000 schools with a few entrances each."""


@dataclass(frozen=True)
class End:
    """One end with the places where it may meet the network, for each reading."""

    point: Point
    chosen: Candidate
    """The place in the standard reading."""
    by_name: bool
    places: tuple[tuple[Candidate, ...], ...]
    """Lenient, standard, strict: the plausible places."""
    closed: Candidate | None = None
    """The place by the same rule on all ways, where the standard reading does not walk there: behind a gate, say."""

    def begins_at(self, place: Candidate, reading: int) -> bool:
        """Whether the reading has the place among its own."""
        return any(one.spot == place.spot for one in self.places[reading])

    def snap(self) -> Snap:
        """What is stored with the decision."""
        rule: Literal["street_name", "nearest"] = "street_name" if self.by_name else "nearest"
        return Snap(self.chosen.way, self.chosen.edge, self.chosen.place, self.chosen.metres, rule)


def check_point(network: Network, point: Point) -> None:
    """Raise UnusablePoint for a point that this network cannot be asked about, with words that say what to do."""
    lat, lon = point
    west, south, east, north = network.bounds
    if not (math.isfinite(lat) and math.isfinite(lon)) or abs(lat) > 180 or abs(lon) > 180:
        raise UnusablePoint(
            "not_degrees",
            Text(
                "Erwartet werden Grad, Breite vor Länge (51.71,8.75). UTM-Meter bitte vorher umrechnen.",
                "Give degrees, latitude before longitude (51.71,8.75). Convert UTM metres first.",
            ),
        )
    if south <= lat <= north and west <= lon <= east:
        return
    if south <= lon <= north and west <= lat <= east:
        raise UnusablePoint(
            "swapped",
            Text(
                "Breite und Länge sind vertauscht: Breite zuerst (51.71,8.75).",
                "Latitude and longitude are swapped: give latitude first (51.71,8.75).",
            ),
        )
    area = f"{south:.4f},{west:.4f} – {north:.4f},{east:.4f}"
    raise UnusablePoint(
        "outside_network",
        Text(
            f"Der Punkt liegt außerhalb des Wegenetzes ({area}). Bitte ein Netz aus einem größeren Ausschnitt bauen.",
            f"The point lies outside the walking network ({area}). Build the network from a larger extract.",
        ),
    )


def find_end(network: Network, point: Point, street: str | None) -> End | None:
    """Where a point meets the network; None: no public way within 250 m. Looks so far if nothing is within 80 m."""
    found = candidates(network, point, CANDIDATE_M, street)
    if not all(any(one.bits & 1 << reading for one in found) for reading in range(len(READINGS))):
        found = candidates(network, point, FARTHEST_M, street)
    picked = [choose(network, found, 1 << reading, street) for reading in range(len(READINGS))]
    standard = picked[STANDARD_INDEX]
    if standard is None:
        return None
    chosen, by_name = standard
    places = (
        plausible(found, 1 << LENIENT_INDEX, chosen, *(one[0] for one in picked[:1] if one)),
        [chosen],
        plausible(found, 1 << STRICT_INDEX, *(one[0] for one in picked[STRICT_INDEX:] if one)),
    )
    read = [tuple(read_by(network, one, 1 << reading) for one in each) for reading, each in enumerate(places)]
    lenient = picked[LENIENT_INDEX]
    closed = lenient is not None and not lenient[0].bits & 1 << STANDARD_INDEX and lenient[0].spot != chosen.spot
    beyond = read_by(network, lenient[0], 1 << LENIENT_INDEX) if lenient is not None and closed else None
    return End(point, read[STANDARD_INDEX][0], by_name, tuple(read), beyond)


def entrance_end(network: Network, entrance: Entrance) -> End | None:
    """As `find_end`, remembered: the same entrances are asked with every home. Homes are never kept."""
    key = entrance.point
    known: End | None = network.snapped.get(key)
    if key not in network.snapped:
        known = find_end(network, entrance.point, None)
        if len(network.snapped) >= _MOST_SNAPS:
            network.snapped.clear()
        network.snapped[key] = known
    return known


def usable_ends(network: Network, entrances: Sequence[Entrance]) -> list[tuple[Entrance, End]] | NoWay | UnusablePoint:
    """The usable entrances of a school with their ends; the reason where there is none."""
    reason: NoWay | UnusablePoint = no_way("no_entrance")
    found = []
    for entrance in entrances:
        try:
            check_point(network, entrance.point)
        except UnusablePoint as error:
            reason = error
            continue
        end = entrance_end(network, entrance)
        if end is None:
            reason = no_way("to_too_far")
        else:
            found.append((entrance, end))
    return found or reason
