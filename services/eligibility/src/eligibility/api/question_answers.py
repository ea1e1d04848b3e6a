"""A distance, an evaluation, an address, as they are answered."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from eligibility.api.answers import Answer, Both, GeoJson, Metres, Number, Reason


class ReadingInterval(Answer):
    """The route by its lenient and its strict reading."""

    lenient_m: Metres
    strict_m: Metres | None = Field(description="null: no way by the strict reading.")


class RouteLeg(Answer):
    """A stretch along one street."""

    street: str = Field(description="Empty where OpenStreetMap knows no name.")
    metres: Metres


class EntranceAnswer(Answer):
    """An access to the school grounds."""

    lat: Number
    lon: Number
    origin: str
    name: str = Field("", description="Missing where it has none.")


class SnapPoint(Answer):
    """Where a point meets the network."""

    way: int = Field(description="Of OpenStreetMap.")
    edge: int
    lat: Number
    lon: Number
    metres: Metres
    rule: str


class SnapPoints(Answer):
    """Both ends of a route."""

    from_: SnapPoint = Field(alias="from")
    to: SnapPoint


class RouteDoubt(Answer):
    """A place at which the readings of a route differ."""

    kind: str
    place: str
    street: str
    metres: Metres
    reasons: list[str]
    reading: str


class RouteWithoutHazards(Answer):
    """The shortest route that avoids the authority's hazards."""

    metres: Metres | None
    geometry: GeoJson | None
    met: list[dict[str, Any]] = Field(description="The hazards on the shortest route, as the authority recorded them.")


class RouteAnswer(Answer):
    """The shortest walk, with all that is needed to explain and to repeat it."""

    metres: Metres
    connector_from_m: Metres
    connector_to_m: Metres
    interval: ReadingInterval
    readings: dict[str, GeoJson] = Field({}, description="Lines of the readings, where they differ from it.")
    geometry: GeoJson
    legs: list[RouteLeg]
    network: dict[str, Any] = Field(description="Hashes and versions of extract, rules and graph; attribution.")
    flags: list[str]
    border_m: Metres | None = Field(None, description="Missing where the route keeps away from the network's edge.")
    doubts: list[RouteDoubt] = Field([], description="Missing where there is none.")
    entrance: EntranceAnswer
    other_entrances: list[EntranceAnswer]
    snap: SnapPoints
    ways: list[int] = Field(description="Ways of OpenStreetMap, in the order of walking.")
    without_hazards: RouteWithoutHazards | None = Field(None, description="Missing where no hazards were given.")


class ShareOfEvaluation(Answer):
    """An own share that follows in the school year."""

    from_: date = Field(alias="from")
    own_share_cents: int


class OpenQuestion(Answer):
    """A rule whose question is open, and who can answer it."""

    rule: str
    asked_of: Literal["family", "authority"]


class EvaluationAnswer(Answer):
    """What the rules say of given facts, and why. Engines before the second and third say less."""

    outcome: Literal["granted", "refused", "review"]
    limit_m: int | None
    own_share_cents: int | None
    covered_cents: int | None
    reasons: list[Reason]
    rules_version: str
    valid_from: date | None = None
    valid_until: date | None = None
    transport: str | None = None
    own_share_changes: list[ShareOfEvaluation] = Field([], description="Missing before engine 2.")
    questions: list[OpenQuestion] = Field([], description="Missing before engine 2.")
    allowance_cents: int | None = None
    kilometre_cents: int | None = None


class ProposedAddress(Answer):
    """An address that may be meant; `score` 1: as typed."""

    street: str
    house_number: str | None
    postal_code: str
    city: str
    lat: Number | None
    lon: Number | None
    origin: str | None
    score: Number


class AddressAnswer(Answer):
    """Addresses that may be meant, the likeliest first."""

    addresses: list[ProposedAddress]
    question: Both | None = Field(description="null where the first is the house that was meant.")
