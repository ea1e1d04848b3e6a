"""Questions that keep nothing: a distance, an evaluation, the rule sets. They answer as the commands print."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from shared.errors import Invalid, NotFound, Text
from shared.identity import Caller, Identity

from eligibility import rules
from eligibility.geography.search import NoWay, Point, UnusablePoint
from eligibility.workflow.ports import Distances

Coordinates = Annotated[tuple[float, float], Field(description="Latitude and longitude in degrees, WGS 84.")]
NOTHING_HERE = Text("Diesen Schulträger gibt es hier nicht.", "There is no such authority here.")


class DistanceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: Coordinates = Field(alias="from")
    end: Coordinates = Field(alias="to")


def questions_router(distances: Distances, rule_sets: Callable[[str], rules.Rules]) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["questions"])

    @router.post("/distances")
    async def distance(points: DistanceIn) -> dict[str, Any]:
        """The shortest walk, as `eligibility distance --json` prints it. No way: 404 with the reason."""
        try:
            return (await distances.distance(Point(*points.start), Point(*points.end))).as_json()
        except UnusablePoint as reason:
            raise Invalid(reason.text) from reason
        except NoWay as reason:
            raise NotFound(reason.text) from reason

    @router.post(
        "/evaluations",
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": rules.json_schema()}}}
        },
    )
    async def evaluation(request: Request, rule_set: str = "nrw") -> dict[str, Any]:
        """One decision from given facts (FACTS), as `eligibility evaluate --json` prints it. Nothing is kept."""
        facts = rules.read(await request.body())
        return rules.evaluate(facts, rule_sets(rule_set)).as_json()

    @router.get("/facts-schema")
    async def facts_schema() -> dict[str, Any]:
        """The JSON Schema of FACTS."""
        return rules.json_schema()

    return router


def rule_sets_router(rule_sets: Callable[[str], rules.Rules], presets: Sequence[str], identity: Identity) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["rule sets"])

    @router.get("/authorities/{authority_id}/rule-sets")
    async def list_rule_sets(caller: Annotated[Caller, Depends(identity.caller)], authority_id: str) -> dict[str, Any]:
        """The rule sets that this authority can decide by, with their versions."""
        caller.require("case_worker", "releaser", "administrator")
        if caller.authority_id != authority_id:
            raise NotFound(NOTHING_HERE)
        found = [rule_sets(name) for name in presets]
        return {
            "rule_sets": [
                {
                    "name": each.rule_set.name,
                    "title": each.rule_set.title,
                    "law": each.rule_set.law,
                    "version": each.version,
                }
                for each in found
            ]
        }

    return router
