"""The change of the school year, and a share that a person drops, by HTTP."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import uuid4

import httpx
import pytest
from eligibility import api
from eligibility.workflow.family.families import Families
from fastapi import FastAPI
from shared.events import Circumstances, Sibling
from shared.http import problems
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.identity import PlainTokens, bearer

JUNE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def families(world: World) -> Families:
    return world.families()


@pytest.fixture
async def http(world: World, families: Families) -> AsyncIterator[httpx.AsyncClient]:
    app, identity = FastAPI(), PlainTokens()
    problems.install(app)

    app.include_router(api.renewals_router(world.renewals, identity))
    app.include_router(api.family_router(families, world.workflow.proofs, world.desk, identity))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


def who(role: str, authority: str = "12345") -> dict[str, str]:
    return bearer("anna", role, authority)


async def test_the_case_desk_prepares_the_next_year_and_sees_how_far_it_is(
    http: httpx.AsyncClient, world: World
) -> None:
    await world.hear(make.submitted(grade="02"))
    world.clock[0] = JUNE
    url, asked = "/v1/authorities/12345/renewals", {"school_year": "2027/28"}
    for headers, status in ((who("case_worker"), 403), (who("releaser", "99999"), 404)):
        assert (await http.post(url, json=asked, headers=headers)).status_code == status
    wrong = await http.post(url, json={"school_year": "2031/32"}, headers=who("releaser"))
    assert wrong.status_code == 422
    answer = await http.post(url, json=asked, headers=who("releaser"))
    assert answer.status_code == 200
    last = json.loads(answer.text.splitlines()[-1])
    assert last == {"of": 1, "done": 1, "outcomes": {"yearly": 1}, "finished": True}


async def test_a_share_that_waits_is_dropped_once_and_only_by_its_authority(
    http: httpx.AsyncClient, world: World, families: Families
) -> None:
    older, younger = date(2015, 3, 1), date(2017, 5, 1)
    named = Circumstances(lives_in_nrw=True, siblings=(Sibling(birth_date=younger, funded=True),))
    event = make.submitted(birth_date=younger, household=uuid4())
    await world.hear(event)
    await world.hear(make.submitted(birth_date=older, circumstances=named, household=uuid4()))
    while await families.settle():
        pass
    url = f"/v1/cases/{world.case_of(event.application_id).id}/own-share"
    assert (await http.delete(url, headers=who("case_worker", "99999"))).status_code == 404
    dropped = await http.delete(url, headers=who("case_worker"))
    assert dropped.status_code == 200
    assert dropped.json()["state"] == "granted"
    assert [each["own_share_from"] for each in dropped.json()["decisions"]] == [None, "2026-08-01"]
    assert (await http.delete(url, headers=who("case_worker"))).status_code == 409
