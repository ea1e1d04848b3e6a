"""What the OpenAPI document shows a case worker works when it is pasted."""

from datetime import UTC, datetime

import httpx
from eligibility.workflow import MeasuredRoutes
from shared.events import ApplicationSubmitted, EligibilityQuestionAsked
from support.eligibility import small_place
from support.eligibility.cases_api import cases_app, path_of
from support.eligibility.world import World
from support.json import mapping


def example(world: World, name: str) -> dict[str, object]:
    (shown,) = cases_app(world).openapi()["components"]["schemas"][name]["examples"]
    return mapping(shown)


async def test_a_question_a_decision_and_its_delivery_are_taken_as_they_are_shown(
    http: httpx.AsyncClient, world: World, review: ApplicationSubmitted
) -> None:
    world.clock[0] = datetime.now(UTC)
    path = path_of(world, review)
    asked = await http.post(f"{path}/questions", json=example(world, "QuestionIn"))
    assert asked.status_code == 201, asked.text
    assert len(world.told_of(review, EligibilityQuestionAsked)) == 1
    decided = await http.post(f"{path}/decision", json=example(world, "DecisionIn"))
    assert decided.status_code == 200, decided.text
    token = decided.json()["notices"][0]["token"]
    delivered = await http.post(f"/v1/notices/{token}/deliveries", json=example(world, "DeliveryIn"))
    assert delivered.status_code == 201, delivered.text


async def test_a_release_and_another_decision_are_taken_as_they_are_shown(
    http: httpx.AsyncClient, world: World
) -> None:
    world.set_authority(release_by_person="everything")
    for act, name, status in (("release", "ReleaseIn", 200), ("override", "DecisionIn", 202)):
        world.measurer.answer = MeasuredRoutes(small_place.measurement(2500.0 if act == "release" else 1500.0))
        event = small_place.submitted()
        await world.hear(event)
        answer = await http.post(f"{path_of(world, event)}/{act}", json=example(world, name))
        assert answer.status_code == status, answer.text
