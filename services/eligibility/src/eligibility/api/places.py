"""/v1/authorities/{id}/hazards, /v1/schools/{number}/entrances, /v1/doors: what people set on the map; and the search
for an address."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Response
from geography.drawing.maps import hazard_feature
from geography.model import Point
from geography.model.hazard_list import Hazard
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from shared.errors import Text
from shared.events import AuthorityId
from shared.http.limits import Limit
from shared.http.problems import bilingual
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.place_answers import EntrancesOfSchool, HazardCollection, HazardFeature
from eligibility.api.question_answers import AddressAnswer
from eligibility.api.strangers import limited_for_strangers
from eligibility.workflow.desk.entrances import EntranceDesk, Progress
from eligibility.workflow.desk.map_desk import House, MapDesk
from eligibility.workflow.outer_ports import AddressSearch

Words = Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Line = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
SchoolNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
Latitude = Annotated[float, Field(ge=47, le=56)]
Longitude = Annotated[float, Field(ge=5, le=16)]
"""Germany: latitude and longitude in the wrong order, or metres, are refused."""
Season = Annotated[
    str, StringConstraints(pattern=r"^((0[1-9]|1[0-2])-([0-2]\d|3[01])/(0[1-9]|1[0-2])-([0-2]\d|3[01]))?$")
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Shape(_In):
    """GeoJSON: a LineString along the road, or a Polygon with one ring."""

    type: Literal["LineString", "Polygon"]
    coordinates: list[Any]

    @model_validator(mode="after")
    def _usable(self) -> "Shape":
        try:
            points = self.points()
            usable = all(47 <= lat <= 56 and 5 <= lon <= 16 for lon, lat in points)
        except (TypeError, ValueError, IndexError):
            usable, points = False, ()
        if not usable or not (2 if self.type == "LineString" else 3) <= len(points) <= 500:
            raise bilingual(
                Text(
                    "Erwartet wird GeoJSON mit Länge vor Breite in Grad: eine Linie ab 2, eine Fläche ab 3 Punkten.",
                    "Give GeoJSON, longitude before latitude in degrees: a line of 2 points or an area of 3, or more.",
                )
            )
        return self

    def points(self) -> tuple[tuple[float, float], ...]:
        """Longitude and latitude of each point; an area without the point that closes its ring."""
        ring = self.coordinates if self.type == "LineString" else self.coordinates[0]
        points = tuple((float(lon), float(lat)) for lon, lat in ring)
        return points[:-1] if self.type == "Polygon" and points[0] == points[-1] else points


FarIsMeant = Annotated[
    bool,
    Field(
        description="A place that lies far from what it belongs to is refused (422). It is taken where somebody has "
        "looked and says so here."
    ),
]


class HazardIn(_In):
    """A stretch or an area."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.hazard))

    geometry: Shape
    ways: Annotated[list[int], Field(max_length=100)] = []
    reason: Words
    levels: Annotated[list[Literal["primary", "secondary_1", "secondary_2"]], Field(max_length=3)] = []
    season: Season = ""
    decided_on: date
    key: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,47})?$")] = Field(
        "", description="Of the entry of the danger list (rule set) that is drawn here."
    )
    far_is_meant: FarIsMeant = False


class PointIn(_In):
    lat: Latitude
    lon: Longitude
    name: Line = ""


class EntrancesIn(_In):
    """All entrances of the grounds. The places of the example are to be replaced by those of the school."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.entrances))

    entrances: Annotated[list[PointIn], Field(min_length=1, max_length=50)]
    far_is_meant: FarIsMeant = False


class DoorIn(_In):
    """The front door of a house. Address and place of the example are to be replaced by those of the house."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.door))

    street: Annotated[Line, Field(min_length=1)]
    house_number: Annotated[Line, Field(min_length=1, max_length=20)]
    postal_code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    city: Annotated[Line, Field(min_length=1)]
    lat: Latitude
    lon: Longitude
    reason: Words
    far_is_meant: FarIsMeant = False


class YearCount(BaseModel):
    school_year: str
    applications: int
    open_cases: int = Field(description="Not decided, or decided and not released.")


class UnconfirmedSchool(BaseModel):
    number: str
    name: str
    measured_to: Literal["school_point", "openstreetmap", "nothing"] = Field(
        description="Where ways to it end: the register's point, an entrance of OpenStreetMap, or nowhere."
    )
    applications: int
    open_cases: int
    by_school_year: list[YearCount]
    entrances: str = Field(description="Where its entrances are set: PUT.")


class UnconfirmedEntrances(BaseModel):
    """Schools with applications whose entrances nobody has confirmed; the most applications first."""

    schools: list[UnconfirmedSchool]
    confirmed: int
    total: int = Field(description="Schools of the authority for which there are applications.")


def unconfirmed_json(progress: Progress) -> UnconfirmedEntrances:
    """As it is answered; a school without a name bears its short name."""
    return UnconfirmedEntrances(
        schools=[
            UnconfirmedSchool(
                number=each.school.number,
                name=each.school.name or each.school.short_name,
                measured_to=each.measured_to,
                applications=each.applications,
                open_cases=each.open_cases,
                by_school_year=[
                    YearCount(school_year=one.school_year, applications=one.applications, open_cases=one.open_cases)
                    for one in each.by_year
                ],
                entrances=f"/v1/schools/{each.school.number}/entrances",
            )
            for each in progress.unconfirmed
        ],
        confirmed=progress.confirmed,
        total=progress.total,
    )


def places_router(desk: MapDesk, identity: Identity, unconfirmed: EntranceDesk | None = None) -> APIRouter:
    """Hazards, entrances and doors.

    Args:
        unconfirmed: adds the list of schools whose entrances nobody has confirmed.
    """
    router = APIRouter(prefix="/v1", tags=["places"])
    if unconfirmed is not None:
        _add_unconfirmed(router, unconfirmed, identity)
    _add_hazards(router, desk, identity)
    _add_entrances(router, desk, identity)
    _add_doors(router, desk, identity)
    return router


def _add_hazards(router: APIRouter, desk: MapDesk, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.get(
        "/authorities/{authority_id}/hazards", response_model=HazardCollection, response_model_exclude_unset=True
    )
    async def list_hazards(caller: SignedIn, authority_id: AuthorityId) -> dict[str, Any]:
        """The hazards in force, as a GeoJSON FeatureCollection."""
        found = await desk.hazards(caller, authority_id)
        return {"type": "FeatureCollection", "features": [hazard_feature(each) for each in found]}

    @router.post(
        "/authorities/{authority_id}/hazards",
        status_code=201,
        response_model=HazardFeature,
        responses=problems(422),
        response_model_exclude_unset=True,
    )
    async def add_hazard(caller: SignedIn, authority_id: AuthorityId, hazard: HazardIn) -> dict[str, Any]:
        """A stretch or an area that children cannot be asked to walk. Counts from the next decision on."""
        written = Hazard(
            str(uuid4()),
            "stretch" if hazard.geometry.type == "LineString" else "area",
            hazard.geometry.points(),
            tuple(hazard.ways),
            hazard.reason,
            tuple(hazard.levels),
            hazard.season,
            hazard.decided_on,
            hazard.key,
        )
        await desk.add_hazard(caller, authority_id, written, far_is_meant=hazard.far_is_meant)
        return hazard_feature(written)

    @router.delete("/authorities/{authority_id}/hazards/{hazard_id}", status_code=204)
    async def end_hazard(caller: SignedIn, authority_id: AuthorityId, hazard_id: UUID) -> Response:
        """The hazard counts no more; the decisions that name it keep it."""
        await desk.end_hazard(caller, authority_id, str(hazard_id))
        return Response(status_code=204)


def _add_entrances(router: APIRouter, desk: MapDesk, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.get("/schools/{number}/entrances", response_model=EntrancesOfSchool, response_model_exclude_unset=True)
    async def show_entrances(caller: SignedIn, number: SchoolNumber) -> dict[str, Any]:
        """The entrances of a school's grounds, to which ways are measured."""
        drawn = await desk.entrances(caller, number)
        entrances = [
            {"lat": each.point.lat, "lon": each.point.lon, "name": each.name, "origin": each.origin}
            for each in drawn.entrances
        ]
        return {"entrances": entrances, "drawn_by": drawn.by, "drawn_at": drawn.at}

    @router.put(
        "/schools/{number}/entrances",
        response_model=EntrancesOfSchool,
        responses=problems(422),
        response_model_exclude_unset=True,
    )
    async def draw_entrances(caller: SignedIn, number: SchoolNumber, drawn: EntrancesIn) -> dict[str, Any]:
        """The entrances of the school grounds, in place of all that were known."""
        points = [(Point(each.lat, each.lon), each.name) for each in drawn.entrances]
        await desk.draw_entrances(caller, number, points, far_is_meant=drawn.far_is_meant)
        return await show_entrances(caller, number)


def _add_doors(router: APIRouter, desk: MapDesk, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.put("/doors", status_code=204)
    async def set_door(caller: SignedIn, door: DoorIn) -> Response:
        """The front door of a house; this authority measures from it from now on."""
        house = House(door.street, door.house_number, door.postal_code, door.city)
        place = Point(door.lat, door.lon)
        await desk.set_door(caller, house, place, door.reason, far_is_meant=door.far_is_meant)
        return Response(status_code=204)


def _add_unconfirmed(router: APIRouter, desk: EntranceDesk, identity: Identity) -> None:
    @router.get("/schools/unconfirmed-entrances")
    async def unconfirmed(caller: Annotated[Caller, Depends(identity.caller)]) -> UnconfirmedEntrances:
        """Schools whose entrances nobody has confirmed, by number of applications: setting one serves all of them."""
        return unconfirmed_json(await desk.unconfirmed(caller))


def addresses_router(
    addresses: AddressSearch, limit: Limit | None = None, identity: Identity | None = None
) -> APIRouter:
    """`limit`: how often a client may ask who shows no token that counts."""
    limits = limited_for_strangers(limit, identity)
    router = APIRouter(prefix="/v1", tags=["addresses"], dependencies=limits)

    @router.get("/addresses", response_model=AddressAnswer, response_model_exclude_unset=True)
    async def find_address(
        q: Annotated[str, Query(min_length=2, max_length=200)], limit: Annotated[int, Query(ge=1, le=20)] = 8
    ) -> dict[str, Any]:
        """Addresses that a person may mean. `question` says what to ask where it is not one."""
        return (await addresses.find(q, limit)).as_json()

    return router
