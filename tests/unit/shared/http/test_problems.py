"""Errors at the HTTP edge: one form, both languages, no value repeated."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Text, Unavailable
from shared.http import problems
from shared.http.edge import Edge
from shared.identity import Unauthenticated
from support.making import make


class Child(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=5)]

    @field_validator("name")
    @classmethod
    def no_secret(cls, value: str) -> str:
        if value == "bad":
            raise problems.bilingual(Text("Das geht nicht.", "That will not do."))
        return value


app = FastAPI()
problems.install(app)
raised: list[BaseException] = []


@app.post("/children")
async def add(child: Child) -> Child:
    return child


@app.get("/fail/{secret}")
async def fail(secret: str) -> None:
    raise raised[-1]


app.add_middleware(Edge, maximum_body_bytes=2000)


async def ask(method: str, path: str, language: str = "de", **more: object) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        return await make(
            client.request,
            method,
            path,
            headers={"Accept-Language": language, "Content-Type": "application/json"},
            **more,
        )


@pytest.mark.parametrize(
    ("kind", "status"), [(Invalid, 422), (Forbidden, 403), (NotFound, 404), (Conflict, 409), (Unavailable, 503)]
)
async def test_each_kind_of_error_has_its_status_and_speaks_both_languages(kind: type[Problem], status: int) -> None:
    raised.append(kind(Text("Bitte so.", "Like this, please.")))
    german, english = await ask("GET", "/fail/x"), await ask("GET", "/fail/x", "en-GB,de;q=0.5")
    assert german.status_code == english.status_code == status
    assert german.headers["content-type"] == "application/problem+json"
    assert (german.json()["detail"], english.json()["detail"]) == ("Bitte so.", "Like this, please.")
    assert english.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "fehlt"),
        ({"name": 7}, "Text"),
        ({"name": "M"}, "mindestens 2"),
        ({"name": "Musterfrau"}, "Höchstens 5"),
        ({"name": "bad"}, "Das geht nicht."),
    ],
)
async def test_a_field_is_named_with_the_remedy_and_its_value_is_not_repeated(
    body: dict[str, object] | dict[str, int] | dict[str, str], words: str
) -> None:
    answer = await ask("POST", "/children", json=body)
    assert answer.status_code == 422
    [entry] = answer.json()["problems"]
    assert entry["field"] == "name"
    assert words in entry["detail"]
    assert "Musterfrau" not in answer.text


async def test_what_is_no_json_is_malformed_and_what_is_too_long_is_too_large() -> None:
    assert (await ask("POST", "/children", content=b"{")).status_code == 400
    assert (await ask("POST", "/children", content=b"x" * 3000)).status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    assert (await ask("POST", "/children", content=endless())).status_code == 413


async def test_an_unexpected_error_is_answered_without_its_text() -> None:
    raised.append(RuntimeError("Erika Musterfrau"))
    answer = await ask("GET", "/fail/x")
    assert answer.status_code == 500
    assert "Musterfrau" not in answer.text
    assert "nicht verloren" in answer.json()["detail"]


async def test_nobody_known_is_asked_to_sign_in() -> None:
    raised.append(Unauthenticated())
    answer = await ask("GET", "/fail/x")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/fail/a%00b", "/fail/x?name=a%00b"])
async def test_a_nul_in_the_address_names_nothing_and_reaches_no_database(path: str) -> None:
    raised.append(AssertionError("must not be reached"))
    answer = await ask("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_unknown_paths_and_methods_are_problems_too() -> None:
    assert (await ask("GET", "/nowhere")).json()["status"] == 404
    assert (await ask("PUT", "/children")).json()["status"] == 405


@pytest.mark.parametrize(
    ("header", "language"),
    [(None, "de"), ("en", "en"), ("fr, en;q=0.3", "en"), ("de;q=0.4, en;q=0.9", "en"), ("tr", "de"), ("en;q=x", "de")],
)
def test_the_language_is_german_unless_english_is_preferred(header: str | None, language: str) -> None:
    assert problems.language_of(header) == language


@given(st.binary(max_size=400))
async def test_any_body_at_all_gets_an_answer_that_is_a_problem_or_the_child(body: bytes) -> None:
    answer = await ask("POST", "/children", content=body)
    assert answer.status_code in (200, 400, 422)
    json.loads(answer.content)
