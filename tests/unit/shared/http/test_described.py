"""A service says at its root what it is, and describes its interface as generated clients and people need it."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends
from fastapi.testclient import TestClient
from pydantic import BaseModel
from shared.errors import Text
from shared.http import problems
from shared.http.landing import Link, landing_router
from shared.http.limits import Limit
from shared.http.openapi import openapi_router
from shared.identity import Caller, Identity

FORM = {
    "title": "Form",
    "type": "object",
    "properties": {"part": {"$ref": "#/$defs/Part"}},
    "$defs": {"Part": {"type": "object"}},
}
URL = "https://schulticket.example"


class Answer(BaseModel):
    done: bool


def house() -> TestClient:
    from fastapi import FastAPI

    app = FastAPI(openapi_url=None)
    problems.install(app, Limit(60, 3))
    identity = Identity("https://issuer.example", "schulticket")
    routes = APIRouter()

    @routes.post(
        "/v1/things",
        openapi_extra={"requestBody": {"content": {"application/json": {"schema": FORM, "examples": {"old": {}}}}}},
    )
    async def tell(caller: Annotated[Caller, Depends(identity.caller)], limit: int = 1) -> Answer:
        """Tell of a thing. Twice changes nothing.

        More words.
        """
        return Answer(done=caller.subject != "" and limit > 0)

    @routes.get("/v1/open")
    async def one() -> Answer:
        """Anybody may ask"""
        return Answer(done=True)

    async def examples() -> dict[str, object]:
        return {"post /v1/things": {"part": {}}, "post /v1/things 200": {"done": True}}

    app.include_router(routes)
    app.include_router(
        landing_router("things", Text("Nimmt Dinge.", "Takes <things>."), [Link("/x", Text("Mehr", "More"))], URL)
    )
    app.include_router(openapi_router(app, URL, examples))
    return TestClient(app)


def test_the_interface_is_described_with_its_server_its_sign_in_and_its_problems() -> None:
    document = house().get("/openapi.json").json()
    assert document["servers"] == [{"url": URL}]
    tell, one = document["paths"]["/v1/things"]["post"], document["paths"]["/v1/open"]["get"]
    assert (tell["summary"], one["summary"]) == ("Tell of a thing", "Anybody may ask")
    assert tell["security"] == [{"bearer": []}] and "security" not in one
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    schemas = document["components"]["schemas"]
    assert "HTTPValidationError" not in schemas and schemas["Problem"]["required"]
    for status in ("401", "422", "429"):
        assert tell["responses"][status]["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }


def test_what_a_route_brings_along_becomes_a_component_and_its_example_works_here() -> None:
    http = house()
    for _ in range(2):
        document = http.get("/openapi.json").json()
        content = document["paths"]["/v1/things"]["post"]["requestBody"]["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Form"}
        assert content["examples"]["here"]["value"] == {"part": {}} and "old" not in content["examples"]
        answer = document["paths"]["/v1/things"]["post"]["responses"]["200"]["content"]["application/json"]
        assert answer["examples"]["here"]["value"] == {"done": True}
        schemas = document["components"]["schemas"]
        assert schemas["Form"]["properties"]["part"] == {"$ref": "#/components/schemas/Part"} and "Part" in schemas


def test_the_description_is_the_same_whoever_asked_first() -> None:
    http = house()
    at_hand = http.app.openapi()  # type: ignore[attr-defined]  # it is a FastAPI
    assert at_hand["servers"] == [{"url": URL}] and "Form" in at_hand["components"]["schemas"]
    served = http.get("/openapi.json").json()
    assert served["components"] == at_hand["components"] and served["servers"] == at_hand["servers"]


@pytest.mark.parametrize(("language", "words"), [("de", "Nimmt Dinge."), ("en", "Takes &lt;things&gt;.")])
def test_the_root_is_a_page_for_people(language: str, words: str) -> None:
    answer = house().get("/", headers={"Accept": "text/html,*/*", "Accept-Language": language})
    assert answer.headers["content-type"].startswith("text/html") and words in answer.text
    assert f'href="{URL}/x"' in answer.text and f'href="{URL}/openapi.json"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_root_is_json_for_programs() -> None:
    answer = house().get("/", headers={"Accept-Language": "en"}).json()
    assert answer["description"] == "Takes <things>."
    assert {"href": f"{URL}/x", "title": "More"} in answer["links"]


def test_tokens_that_do_not_count_are_not_tried_without_end() -> None:
    http = house()
    wrong = {"Authorization": "Basic x"}
    answers = [http.post("/v1/things", headers=wrong) for _ in range(5)]
    assert [each.status_code for each in answers] == [401, 401, 401, 429, 429]
    assert answers[-1].headers["retry-after"] and answers[-1].headers["content-type"] == "application/problem+json"
    assert http.post("/v1/things").status_code == 401  # without a token nobody is trying any
