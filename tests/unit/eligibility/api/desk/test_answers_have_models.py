"""What is answered is what the description says: every route has a model, which names each field in its order."""

from datetime import timedelta
from typing import get_args

import httpx
import pytest
from eligibility.api.answers import Answer
from eligibility.api.desk.case_answers import CaseAnswer, CaseList
from eligibility.workflow import MeasuredRoutes
from pydantic import BaseModel
from shared.events import ApplicationSubmitted
from support.eligibility import small_place
from support.eligibility.cases_api import cases_app, path_of
from support.eligibility.world import World
from support.json import Json


def models_in(annotation: object) -> list[type[Answer]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, Answer) else []
    return [model for each in get_args(annotation) for model in models_in(each)]


def told_otherwise(model: type[BaseModel], answer: Json, path: str = "") -> list[str]:
    """Places at which the fields answered are not those of the model, in its order."""
    named = [field.alias or name for name, field in model.model_fields.items()]
    wrong = [] if list(answer) == named else [f"{path}: {list(answer)} are not {named}"]
    for name, field in model.model_fields.items():
        value = answer.get(field.alias or name)
        for part in models_in(field.annotation):
            for each in value if isinstance(value, list) else [value] if value else []:
                wrong += told_otherwise(part, each, f"{path}/{name}")
    return wrong


async def test_every_field_of_a_case_is_named_in_its_order(
    http: httpx.AsyncClient, world: World, review: ApplicationSubmitted
) -> None:
    path = path_of(world, review)
    due = (world.clock[0] + timedelta(days=14)).date().isoformat()
    asked = await http.post(f"{path}/questions", json={"text": "Bitte senden Sie das Attest.", "due": due})
    assert asked.status_code == 201, asked.text
    assert told_otherwise(CaseAnswer, (await http.get(path)).json()) == []
    decision = {"outcome": "granted", "reason": "Das Attest liegt vor.", "own_share_cents": 1400}
    decided = await http.post(f"{path}/decision", json=decision)
    assert decided.status_code == 200, decided.text
    assert decided.json()["decisions"] and decided.json()["notices"] and decided.json()["acts"]
    assert told_otherwise(CaseAnswer, decided.json()) == []


async def test_a_refusal_and_the_list_are_named_in_their_order(http: httpx.AsyncClient, world: World) -> None:
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1500.0))
    event = small_place.submitted()
    await world.hear(event)
    assert told_otherwise(CaseAnswer, (await http.get(path_of(world, event))).json()) == []
    listed = await http.get("/v1/cases", params={"state": "all"})
    assert listed.json()["cases"]
    assert told_otherwise(CaseList, listed.json()) == []


@pytest.mark.parametrize("part", ["cases", "notices"])
def test_every_answer_in_json_has_a_schema(world: World, part: str) -> None:
    described = cases_app(world).openapi()["paths"]
    asked = {path: each for path, each in described.items() if path.startswith(f"/v1/{part}")}
    assert asked
    for path, operations in asked.items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", True)
                assert schema and schema != {"type": "object"}, (method, path, status)
