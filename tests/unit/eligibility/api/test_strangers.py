"""What anybody may ask is limited by address for strangers; the people of an office behind one address do not stop one
another."""

import pytest
from eligibility import presets
from eligibility.api import questions_router
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shared.http import problems
from shared.http.limits import Limit
from support.eligibility import small_place
from support.eligibility.cases_api import DistancesAsTold
from support.identity import PlainTokens, bearer

WAY = {"from": [50.0, 8.0], "to": [50.01, 8.01]}


@pytest.fixture
def house() -> TestClient:
    app, limit = FastAPI(), Limit(60, 3)
    problems.install(app)
    app.include_router(
        questions_router(DistancesAsTold(small_place.measurement(1234.5)), presets.preset, limit, PlainTokens())
    )
    return TestClient(app)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, bearer("ana", "guardian", "")])
def test_a_stranger_or_a_family_is_told_to_wait(house: TestClient, headers: dict[str, str]) -> None:
    answers = [house.post("/v1/distances", json=WAY, headers=headers).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_the_people_of_an_authority_ask_as_their_work_needs(house: TestClient) -> None:
    for name in ("anna", "bert") * 20:
        answer = house.post("/v1/distances", json=WAY, headers=bearer(name, "case_worker"))
        assert answer.status_code == 200
    assert house.post("/v1/distances", json=WAY).status_code == 200  # they took nothing of what strangers have
