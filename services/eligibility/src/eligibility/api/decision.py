"""Questions that keep nothing: a distance, an evaluation. They answer as the commands print."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from geography.model import NoWay, Point, UnusablePoint
from pydantic import BaseModel, ConfigDict, Field
from shared.errors import Invalid, NotFound
from shared.http.limits import Limit
from shared.identity import Identity

from eligibility import rules
from eligibility.api import examples
from eligibility.api.answers import JsonSchema, problems
from eligibility.api.question_answers import EvaluationAnswer, RouteAnswer
from eligibility.api.strangers import limited_for_strangers
from eligibility.rules.evaluation import EvaluationJson
from eligibility.workflow.outer_ports import Distances

Coordinates = Annotated[tuple[float, float], Field(description="Latitude and longitude in degrees, WGS 84.")]


EXAMPLE: dict[str, Any] = {
    "school_year": "2026/27",
    "application_date": "2026-05-01",
    "pupil": {"birth_date": "2015-06-03", "lives_in_nrw": True},
    "school": {"form": "R"},
    "grade": "06",
    "distance_m": 4180.5,
    "attends_nearest": True,
}
"""FACTS of a child whose way is longer than the limit."""


class DistanceIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.distance))

    start: Coordinates = Field(alias="from")
    end: Coordinates = Field(alias="to")


def questions_router(
    distances: Distances,
    rule_sets: Callable[[str], rules.Rules],
    limit: Limit | None = None,
    identity: Identity | None = None,
) -> APIRouter:
    """`limit`: how often a client may ask who shows no token that counts."""
    router = APIRouter(prefix="/v1", tags=["questions"])
    limits = limited_for_strangers(limit, identity)
    _add_distance(router, distances, limits)
    _add_evaluation(router, rule_sets, limits)
    return router


def _add_distance(router: APIRouter, distances: Distances, limits: Sequence[Any]) -> None:

    @router.post(
        "/distances",
        dependencies=limits,
        response_model=RouteAnswer,
        responses=problems(404),
        response_model_exclude_unset=True,
    )
    async def distance(points: DistanceIn) -> dict[str, Any]:
        """The shortest walk, as `eligibility distance --json` prints it. No way: 404 with the reason."""
        try:
            return (await distances.distance(Point(*points.start), Point(*points.end))).as_json()
        except UnusablePoint as reason:
            raise Invalid(reason.text) from reason
        except NoWay as reason:
            raise NotFound(reason.text) from reason


def _add_evaluation(router: APIRouter, rule_sets: Callable[[str], rules.Rules], limits: Sequence[Any]) -> None:
    """One decision from given facts, and the schema of these."""

    @router.post(
        "/evaluations",
        dependencies=limits,
        response_model=EvaluationAnswer,
        responses=problems(404, 413, 422),
        response_model_exclude_unset=True,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": rules.json_schema(), "examples": {"far": {"value": EXAMPLE}}}
                },
            }
        },
    )
    async def evaluation(request: Request, rule_set: str = "nrw") -> EvaluationJson:
        """One decision from given facts (FACTS), as `eligibility evaluate --json` prints it. Nothing is kept."""
        facts = rules.read(await request.body())
        return rules.evaluate(facts, rule_sets(rule_set)).as_json()

    @router.get("/facts-schema", response_model=JsonSchema)
    async def facts_schema() -> dict[str, Any]:
        """The JSON Schema of FACTS."""
        return rules.json_schema()
