"""What was measured, as it is kept with a case or decision: JSON, read as it was written then. Pure.

What `geography` calls a measurement, with the school beside it. Of an earlier program it knows fewer keys.
"""

from collections.abc import Mapping
from typing import Literal, TypedDict

from eligibility.domain.submission import PostalAddress


class KeptLine(TypedDict):
    """A GeoJSON LineString, longitude before latitude."""

    type: str
    coordinates: list[list[float]]


class NetworkHash(TypedDict, total=False):
    sha256: str


class KeptNetwork(TypedDict, total=False):
    """Of what the network was made; geography writes more of it than is looked up here."""

    attribution: str
    date: str | None
    """Of the map data."""
    graph: NetworkHash


class KeptInterval(TypedDict, total=False):
    """The lenient and the strict reading, metres."""

    lenient_m: float
    strict_m: float | None


class KeptReadings(TypedDict, total=False):
    """Lines of readings that are other walks than the one decided on."""

    lenient: KeptLine
    strict: KeptLine


class KeptLeg(TypedDict):
    street: str
    metres: float


class KeptDoubt(TypedDict):
    """A place on which the readings differ (geography.model.doubt)."""

    kind: str
    place: str
    street: str
    metres: float
    reasons: list[str]
    reading: str


class KeptEntrance(TypedDict, total=False):
    lat: float
    lon: float
    origin: str
    name: str


class KeptSnap(TypedDict):
    """Where a point meets the network (geography.model.types)."""

    way: int
    edge: int
    lat: float
    lon: float
    metres: float
    rule: str


KeptSnaps = TypedDict("KeptSnaps", {"from": KeptSnap, "to": KeptSnap})


class KeptDetour(TypedDict):
    """The walk that avoids the authority's hazards."""

    metres: float | None
    geometry: KeptLine | None
    met: list[Mapping[str, object]]
    """Hazards as the authority recorded them."""


class KeptRoute(TypedDict, total=False):
    """The shortest walk to one school. Metres are unrounded."""

    school_number: str
    school_name: str
    """Of the nearest school, as people call it."""
    home: PostalAddress
    """To the attended school: where it begins, as far as a notice names it."""
    metres: float
    """Always there."""
    connector_from_m: float
    connector_to_m: float
    interval: KeptInterval
    readings: KeptReadings
    geometry: KeptLine
    legs: list[KeptLeg]
    network: KeptNetwork
    flags: list[str]
    border_m: float
    doubts: list[KeptDoubt]
    entrance: KeptEntrance
    other_entrances: list[KeptEntrance]
    snap: KeptSnaps
    ways: list[int]
    without_hazards: KeptDetour


class KeptRoutes(TypedDict, total=False):
    """Measurements of one home; empty where nothing could be measured."""

    attended: KeptRoute
    nearest: KeptRoute
    """To a school that is nearer; the limit is tested against it."""


WhichRoute = Literal["attended", "nearest"]


def tested_route(routes: KeptRoutes) -> KeptRoute | None:
    """The one that the limit is tested against."""
    return routes.get("nearest") or routes.get("attended")


class KnownDanger(TypedDict):
    """An entry of the authority's danger list, as it is shown with a case that it may concern."""

    key: str
    stretch: str
    source: str
    valid_from: str
    valid_until: str | None
    on_way: bool | None
    """None: it is not drawn on the map."""
    names_the_place: bool
