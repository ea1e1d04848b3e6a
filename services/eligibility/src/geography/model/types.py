"""What a measured way to school is: points, entrances, legs, the interval of doubt, and the reasons for none."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from shared.errors import Text

from geography.model.doubt import Doubt

EntranceOrigin = Literal["set_by_person", "openstreetmap", "school_point", "given_point"]


class Point(NamedTuple):
    """Degrees, WGS 84 (ETRS89 is taken for the same: less than a metre and the same shift at both ends)."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Entrance:
    """Where a way to school may end. `origin` says how the point was found and becomes a flag of the measurement."""

    point: Point
    origin: EntranceOrigin = "given_point"
    name: str = ""


@dataclass(frozen=True)
class Leg:
    """A stretch of the way along one street. `street` is "" where OpenStreetMap knows no name."""

    street: str
    metres: float


@dataclass(frozen=True)
class Snap:
    """Where a point meets the network: stored with the decision, so that it can be measured again."""

    way: int
    """OpenStreetMap id of the way."""
    edge: int
    """Number of the edge in this network (valid with `network["graph"]`)."""
    point: Point
    metres: float
    """Length of the connector from the given point."""
    rule: Literal["street_name", "nearest"]


@dataclass(frozen=True)
class WithoutHazards:
    """The same walk with the authority's hazards barred."""

    metres: float | None
    """Unrounded, both connectors included; None: without the hazards there is no way."""
    geometry: Mapping[str, Any] | None
    met: tuple[Mapping[str, Any], ...]
    """The hazards on the shortest way, as the authority recorded them; empty: it meets none, `metres` are the same."""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a decision and answered by the API."""
        geometry = None if self.geometry is None else dict(self.geometry)
        return {"metres": self.metres, "geometry": geometry, "met": [dict(each) for each in self.met]}


@dataclass(frozen=True)
class Measurement:
    """The shortest walk between two points, with everything that is needed to explain and to repeat it."""

    metres: float
    """Unrounded, both connectors included."""
    connector_from_m: float
    connector_to_m: float
    geometry: Mapping[str, Any]
    """GeoJSON LineString, lon lat, from the given point to the given point; its own length is `metres`."""
    legs: tuple[Leg, ...]
    lenient_m: float
    """The lenient reading: doubtful ways allowed, best place to meet the network. Never more than `metres`."""
    strict_m: float | None
    """The strict reading: doubtful ways forbidden, worst plausible place. Never less than `metres`; None: no way."""
    flags: tuple[str, ...]
    """Keys of FLAG_TEXTS, sorted."""
    network: Mapping[str, Any]
    """Hashes and versions of extract, rules and graph; attribution."""
    entrance: Entrance
    """The entrance that counts: the nearest of those given."""
    snap_from: Snap
    snap_to: Snap
    ways: tuple[int, ...]
    """OpenStreetMap ids of the ways used, in order."""
    lenient_geometry: Mapping[str, Any] | None = None
    """GeoJSON LineString of the lenient reading; None: the same walk as the one decided on."""
    strict_geometry: Mapping[str, Any] | None = None
    border_m: float | None = None
    """No way over the border of the map's extract, to any of the entrances, is shorter than this; None: not known."""
    doubts: tuple[Doubt, ...] = ()
    """The places on which the readings differ: first those of the way decided on, then those of the lenient one."""
    other_entrances: tuple[Entrance, ...] = ()
    """The school's entrances that are farther, for the map."""
    without_hazards: "WithoutHazards | None" = None
    """The walk that avoids the authority's hazards; None: the authority has none around."""

    def readings(self) -> dict[str, Any]:
        """GeoJSON lines of the lenient and the strict reading, where they are other walks than the one decided on."""
        lines = {"lenient": self.lenient_geometry, "strict": self.strict_geometry}
        return {name: dict(line) for name, line in lines.items() if line is not None}

    def as_json(self) -> dict[str, Any]:
        """As `eligibility distance --json` and `POST /v1/distances` print it."""
        return {
            "metres": self.metres,
            "connector_from_m": self.connector_from_m,
            "connector_to_m": self.connector_to_m,
            "interval": {"lenient_m": self.lenient_m, "strict_m": self.strict_m},
            **({"readings": readings} if (readings := self.readings()) else {}),
            "geometry": dict(self.geometry),
            "legs": [{"street": leg.street, "metres": leg.metres} for leg in self.legs],
            "network": dict(self.network),
            "flags": list(self.flags),
            **({"border_m": self.border_m} if self.border_m is not None else {}),
            **({"doubts": [each.as_json() for each in self.doubts]} if self.doubts else {}),
            "entrance": _entrance_json(self.entrance),
            "other_entrances": [_entrance_json(each) for each in self.other_entrances],
            "snap": {"from": _snap_json(self.snap_from), "to": _snap_json(self.snap_to)},
            "ways": list(self.ways),
            **({"without_hazards": self.without_hazards.as_json()} if self.without_hazards is not None else {}),
        }


def _entrance_json(entrance: Entrance) -> dict[str, Any]:
    return {
        "lat": entrance.point.lat,
        "lon": entrance.point.lon,
        "origin": entrance.origin,
        **({"name": entrance.name} if entrance.name else {}),
    }


def _snap_json(snap: Snap) -> dict[str, Any]:
    return {
        "way": snap.way,
        "edge": snap.edge,
        "lat": snap.point.lat,
        "lon": snap.point.lon,
        "metres": snap.metres,
        "rule": snap.rule,
    }


class NoWay(Exception):
    """There is no measured way between usable points. A case for a person, never a decision.

    `reason` is one of: `from_too_far`, `to_too_far` (no public way within 250 m), `no_connection`, `no_entrance`.
    """

    def __init__(self, reason: str, text: Text) -> None:
        super().__init__(text.en)
        self.reason = reason
        self.text = text


class UnusablePoint(Exception):
    """A point that this network cannot be asked about. `reason`: `swapped`, `not_degrees`, `outside_network`."""

    def __init__(self, reason: str, text: Text) -> None:
        super().__init__(text.en)
        self.reason = reason
        self.text = text


FLAG_TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "connector_from_over_50_m": Text(
            "Die Wohnung liegt mehr als 50 m vom nächsten öffentlichen Weg entfernt.",
            "The home is more than 50 m from the nearest public way.",
        ),
        "connector_to_over_50_m": Text(
            "Der Eingang liegt mehr als 50 m vom nächsten öffentlichen Weg entfernt.",
            "The entrance is more than 50 m from the nearest public way.",
        ),
        "home_counted_in_range": Text(
            "Die Hausnummer steht in der Karte als Teil eines Bereichs (wie 12-16).",
            "On the map, the house number is part of a range (such as 12-16).",
        ),
        "home_interpolated": Text(
            "Die Lage des Hauses ist zwischen zwei eingezeichneten Häusern geschätzt.",
            "The place of the house is an estimate between two houses that are drawn.",
        ),
        "could_leave_extract": Text(
            "Ein kürzerer Weg könnte außerhalb des Kartenausschnitts liegen.",
            "A shorter way could run outside the map extract.",
        ),
        "school_point_not_entrance": Text(
            "Gemessen bis zum Punkt der Schule im Register, kein Eingang ist hinterlegt.",
            "Measured to the school's point in the register; no entrance is recorded.",
        ),
        "entrance_from_openstreetmap": Text(
            "Eingang aus OpenStreetMap, vom Schulträger nicht bestätigt.",
            "Entrance from OpenStreetMap, not confirmed by the authority.",
        ),
        "crosses_plaza": Text("Der Weg quert einen Platz.", "The way crosses a plaza."),
        "uses_steps": Text("Der Weg führt über Treppen.", "The way uses steps."),
        "uses_permissive": Text(
            "Der Weg führt über privaten Grund, dessen Nutzung nur geduldet ist.",
            "The way uses private ground on sufferance.",
        ),
        "uses_conditional": Text(
            "Ein Teil des Weges ist nur zeitweise offen.", "A part of the way is open at certain times only."
        ),
        "uses_informal": Text("Der Weg führt über einen Trampelpfad.", "The way uses a beaten track."),
        "uses_driveway": Text("Der Weg führt über eine Zufahrt.", "The way uses a driveway."),
        "uses_out_of_use": Text(
            "Ein Teil des Weges ist als stillgelegt, gesperrt oder im Bau verzeichnet.",
            "A part of the way is recorded as out of use, closed or under construction.",
        ),
        "uses_unclear": Text(
            "Ob ein Teil des Weges zu Fuß offen ist, sagt die Karte nicht eindeutig.",
            "The map does not clearly say whether a part of the way is open on foot.",
        ),
        "uses_ford": Text("Der Weg führt durch eine Furt.", "The way uses a ford."),
        "passes_gate": Text(
            "Der Weg führt durch ein Tor oder eine Sperre, an der nicht jeder durchkommt.",
            "The way passes a gate or barrier that not everybody may pass.",
        ),
        "uses_cut_off": Text(
            "Ein Teil des Weges ist nur über zweifelhafte Wegstücke oder Tore zu erreichen.",
            "A part of the way can be reached over doubtful stretches or gates only.",
        ),
        "home_elsewhere": Text(
            "Die Haustür könnte auch an einem anderen Weg liegen.", "The front door may lie on another way."
        ),
        "entrance_elsewhere": Text(
            "Der Eingang der Schule könnte auch an einem anderen Weg liegen.",
            "The entrance of the school may lie on another way.",
        ),
        "no_strict_way": Text(
            "Ohne zweifelhafte Wegstücke gibt es keinen Weg.", "Without doubtful stretches there is no way."
        ),
    }
)
