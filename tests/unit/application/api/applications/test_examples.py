"""The examples of the OpenAPI document: bodies that are taken, answers that are of the form that is described."""

from collections.abc import Callable, Mapping

import httpx
from application.api.applications.answers import ApplicationAnswer, Receipt
from application.api.applications.examples import examples
from application.checks import SchoolKeys
from application.workflow import Workflow
from support.json import Json


async def test_what_is_shown_is_taken_and_what_is_answered_has_that_form(
    workflow: Workflow, keys: SchoolKeys, http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]]
) -> None:
    shown: Mapping[str, Json] = await examples(workflow, keys, "https://schulticket.example")
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    taken = await http.post("/v1/applications", json=shown["post /v1/applications"], headers=headers)
    assert taken.status_code == 201, taken.text
    receipt = shown["post /v1/applications 201"]
    assert Receipt.model_validate(receipt).id and set(receipt) == set(taken.json())
    assert set(receipt["links"]) == set(taken.json()["links"])
    answer = shown["get /v1/applications/{application_id} 200"]
    assert ApplicationAnswer.model_validate(answer).status == "pass_ready"
    real = (await http.get(taken.json()["links"]["self"], headers=bearer())).json()
    assert set(answer) <= set(real) and set(answer["links"]) == set(real["links"])


async def test_the_example_lives_where_a_house_stands(workflow: Workflow, keys: SchoolKeys) -> None:
    """Of all addresses this service knows those of schools; a move is to another one, if there is one."""
    shown: Mapping[str, Json] = await examples(workflow, keys, "https://schulticket.example")
    form = shown["post /v1/applications"]
    known = {f"{each.street}, {each.postal_code} {each.city}" for each in await workflow.directory.search("", 200)}
    home = form["home"]
    assert f"{home['street']} {home['house_number']}, {home['postal_code']} {home['city']}" in known
    assert shown["post /v1/applications/{application_id}/answers"]["changes"]["home"] != home
    assert "health" not in form["claims"]
