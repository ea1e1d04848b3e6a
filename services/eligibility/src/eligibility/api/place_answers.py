"""Hazards and entrances as they are answered."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from eligibility.api.answers import Answer, GeoJson, Number


class HazardProperties(Answer):
    """What the authority recorded of a hazard."""

    role: Literal["hazard"]
    id: str
    ways: list[int] = Field(description="Ways of OpenStreetMap that it covers.")
    reason: str
    season: str = Field(description="MM-DD/MM-DD; empty: all year.")
    levels: list[str]
    decided_on: date
    key: str = Field("", description="Of the entry of the danger list; missing where there is none.")


class HazardFeature(Answer):
    """A hazard as a GeoJSON Feature."""

    type: Literal["Feature"]
    geometry: GeoJson
    properties: HazardProperties
    id: str


class HazardCollection(Answer):
    """The hazards in force, as a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    features: list[HazardFeature]


class EntrancePoint(Answer):
    """An access to the school grounds."""

    lat: Number
    lon: Number
    name: str
    origin: str


class EntrancesOfSchool(Answer):
    """The entrances to which routes are measured."""

    entrances: list[EntrancePoint]
    drawn_by: str | None = Field(description="The OIDC subject of who set them; null: nobody of an authority has.")
    drawn_at: datetime | None
