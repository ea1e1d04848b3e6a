"""Whether a place that a person tells can be meant: far from what it belongs to, it is asked again, or refused.

A pasted example, two digits that changed places or another town's row move a school by kilometres, and every way to it
with it. What is right and far all the same (a second site of a school, a farm at the end of its drive) is confirmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geography.model import Address, Point, School
from geography.model.ellipsoid import length
from geography.model.hazard_list import Hazard
from geography.model.records import Street
from shared.errors import Invalid, Text
from shared.events import AuthorityId

from eligibility.domain.authority import Authority

Area = tuple[float, float, float, float]
"""West, south, east, north of the map on which ways are measured, in degrees."""


class NearbyPlaces(Protocol):
    """The store, as it knows what lies around a place."""

    def authority(self, authority_id: AuthorityId) -> Authority | None:
        """Who decides; None where it is not set up."""

    def points_of_schools(self, authority: Authority) -> Sequence[Point]:
        """Where the schools are that it bears, as the register has them."""

    def home(self, street: str, house_number: str, postal_code: str, city: str) -> Address | None:
        """This house in the directory of addresses; None where it has none or several."""

    def neighbours(self, street: Street, postal_code: str) -> Sequence[Address]:
        """The houses of this street in the directory, within the postal code."""


@dataclass(frozen=True)
class PlaceAnchor:
    """Points near one of which a place must lie. `of`: what they are, in words, after "von"; `within_m`: how far from
    the nearest of them."""

    points: Sequence[Point]
    within_m: float
    of: Text

    def metres(self, place: Point) -> float:
        """From the nearest of the points, in a straight line."""
        return min(length(*place, *each) for each in self.points)


OF_SCHOOL = Text("der Schule (Punkt im Schulregister)", "the school (its point in the register)")
OF_HOUSE = Text("diesem Haus im Adressverzeichnis", "this house in the directory of addresses")
OF_STREET = Text("den Häusern dieser Straße im Adressverzeichnis", "this street's houses in the directory of addresses")
OF_SCHOOLS = Text("Ihrer nächsten Schule", "your nearest school")


def anchor_of_entrance(store: NearbyPlaces, authority: Authority, school: School) -> PlaceAnchor:
    """The school's point, else the authority's other schools."""
    if school.point is None:
        return _of_schools(store, authority)
    return PlaceAnchor([school.point], authority.entrance_within_m, OF_SCHOOL)


def anchor_of_door(store: NearbyPlaces, authority: Authority, house: Address) -> PlaceAnchor:
    """The house, else its street in its town, else the authority's schools: of a new street nothing else is known."""
    known = store.home(house.street, house.house_number, house.postal_code, house.city)
    if known is not None:
        return PlaceAnchor([known.point], authority.door_within_m, OF_HOUSE)
    street = store.neighbours(Street(house.street, house.city, ()), house.postal_code)
    if street:
        return PlaceAnchor([each.point for each in street], authority.door_from_street_within_m, OF_STREET)
    return _of_schools(store, authority)


def anchor_of_hazard(store: NearbyPlaces, authority: Authority) -> PlaceAnchor:
    """A hazard must lie near one of the schools that the authority bears."""
    return _of_schools(store, authority)


def _of_schools(store: NearbyPlaces, authority: Authority) -> PlaceAnchor:
    return PlaceAnchor(store.points_of_schools(authority), authority.place_within_m, OF_SCHOOLS)


def places_of(hazard: Hazard) -> list[Point]:
    """The corners of its line."""
    return [Point(lat, lon) for lon, lat in hazard.line]


def why_unlikely(
    authority: Authority, anchor: PlaceAnchor, places: Sequence[Point], *, area: Area | None, is_meant: bool
) -> Text | None:
    """In words for whoever told the places; None: they can be meant.

    Args:
        is_meant: a person has confirmed them, which counts up to `place_within_m` of the authority.
        area: None where no map is at hand.
    """
    if anchor.points:
        far = max(anchor.metres(each) for each in places)
        if far > max(authority.place_within_m, anchor.within_m):
            return _too_far(far, anchor.of)
        if far > anchor.within_m and not is_meant:
            return _ask(far, anchor)
    if area is not None and not is_meant and not any(_lies_in(area, each) for each in places):
        return OUTSIDE
    return None


def check_likely(
    authority: Authority,
    anchor: PlaceAnchor,
    places: Sequence[Point],
    *,
    area: Area | None,
    is_meant: bool,
    field: str,
) -> None:
    """Raises Invalid, at `field`, where `why_unlikely` says why."""
    why = why_unlikely(authority, anchor, places, area=area, is_meant=is_meant)
    if why is not None:
        raise Invalid(why, field=field)


def _lies_in(area: Area, place: Point) -> bool:
    west, south, east, north = area
    return south <= place.lat <= north and west <= place.lon <= east


CONFIRM = Text(
    "Stimmt der Ort trotzdem, bestätigen Sie ihn bitte ausdrücklich (auf der Seite mit dem Häkchen, sonst mit "
    "far_is_meant).",
    "If the place is right all the same, please confirm it (with the tick on the page, else with far_is_meant).",
)
OUTSIDE = Text(
    f"Der Ort liegt außerhalb der Karte, auf der gemessen wird: Dorthin führt kein Weg. {CONFIRM.de}",
    f"The place lies outside the map on which ways are measured: no way leads there. {CONFIRM.en}",
)


def _too_far(far: float, of: Text) -> Text:
    return Text(
        f"Der Ort liegt {_long(far, ',')} von {of.de} entfernt. Das kann nicht gemeint sein. Bitte prüfen Sie Breite "
        "und Länge.",
        f"The place lies {_long(far, '.')} away from {of.en}. That cannot be meant. Please check latitude and "
        "longitude.",
    )


def _ask(far: float, anchor: PlaceAnchor) -> Text:
    bound = anchor.within_m
    return Text(
        f"Der Ort liegt {_long(far, ',')} von {anchor.of.de} entfernt, erwartet werden höchstens "
        f"{_long(bound, ',')}. Bitte prüfen Sie Breite und Länge. {CONFIRM.de}",
        f"The place lies {_long(far, '.')} away from {anchor.of.en}; at most {_long(bound, '.')} are expected. "
        f"Please check latitude and longitude. {CONFIRM.en}",
    )


def _long(metres: float, point: str) -> str:
    """Metres below a kilometre, kilometres with a tenth below a hundred."""
    if metres < 1000:
        return f"{metres:.0f} m"
    kilometres = metres / 1000
    return f"{kilometres:.1f} km".replace(".", point) if kilometres < 100 else f"{kilometres:.0f} km"
