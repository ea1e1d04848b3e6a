"""An authority's own form from draft to the families, through HTTP: who may, what lies beneath, what is told."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import httpx
import pytest
from eligibility import api
from eligibility.store import Store
from eligibility.workflow.decision.announce import announce
from eligibility.workflow.rule_sets.own_form_desk import OwnFormDesk
from fastapi import FastAPI
from shared.events import EligibilityFormPublished
from shared.http import problems
from support.eligibility import small_place
from support.eligibility.world import KEYS, World
from support.identity import PlainTokens, bearer
from support.json import Json, text, walked
from support.outbox import told
from support.own_forms import BUS
from support.record import acts_of_people
from support.standing_app import StandingApp, behind_gate

NEIGHBOURS = ("54321", "67890")
DAY = "2026-05-21"


def _settle(authority_id: str, store: Store) -> None:
    store.set_authority(small_place.authority(id=authority_id, name=f"Stadt {authority_id}", register_numbers=()))


def _build(desk: OwnFormDesk) -> FastAPI:
    app, identity = FastAPI(openapi_url=None), PlainTokens()
    problems.install(app)
    app.include_router(api.own_forms_router(desk, identity))
    return behind_gate(app, api.INTERFACE, identity)


APP = StandingApp(_build)


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    seconds = count()
    ticking = replace(world.environment, now=lambda: world.environment.now() + timedelta(seconds=next(seconds)))
    for each in NEIGHBOURS:
        world.database.write_now(partial(_settle, each))
    transport = httpx.ASGITransport(app=APP.serving(OwnFormDesk(world.database, ticking)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        client.headers["Accept-Language"] = "en"
        yield client


def base(of: str = "12345") -> str:
    return f"/v1/authorities/{of}/own-forms"


def person(name: str = "anna", of: str = "12345", role: str = "administrator") -> dict[str, str]:
    return bearer(name, role, of)


async def drafted(http: httpx.AsyncClient, form: Mapping[str, object], of: str = "12345") -> httpx.Response:
    return await http.post(base(of), content=json.dumps(form), headers=person(of=of))


async def published(http: httpx.AsyncClient, form: Mapping[str, object], of: str = "12345", day: str = DAY) -> Json:
    made = await drafted(http, form, of)
    assert made.status_code == 201, made.text
    path = f"{base(of)}/{made.json()['id']}/publication"
    answer = await http.post(path, json={"valid_from": day}, headers=person("bert", of))
    assert answer.status_code == 200, answer.text
    return walked(answer.json())


def question(key: str, title: str) -> dict[str, object]:
    return {"key": key, "title": {"de": title, "en": title}, "answer": {"type": "boolean"}}


async def test_a_second_person_publishes_what_the_first_wrote_and_it_is_told(
    http: httpx.AsyncClient, world: World
) -> None:
    made = (await drafted(http, BUS)).json()
    path = f"{base()}/{made['id']}"
    alone = await http.post(f"{path}/publication", json={"valid_from": DAY}, headers=person())
    assert alone.status_code == 403
    changed = await http.put(path, content=json.dumps(BUS), headers=person("carl"))
    assert changed.json()["editors"] == ["anna", "carl"]
    for name, status in (("carl", 403), ("bert", 200)):
        answer = await http.post(f"{path}/publication", json={"valid_from": DAY}, headers=person(name))
        assert answer.status_code == status, name
    assert (answer.json()["version"], answer.json()["state"]) == (1, "published")
    for method, place in (("put", path), ("post", f"{path}/publication")):
        again = await http.request(method, place, content=json.dumps(BUS if method == "put" else {"valid_from": DAY}),
                                   headers=person("dora") | {"Content-Type": "application/json"})  # fmt: skip
        assert again.status_code == 409, method
    (event,) = told(world.database, EligibilityFormPublished)
    assert (event.authority_id, event.version, str(event.valid_from)) == ("12345", 1, DAY)
    assert [each.key for each in event.content.questions] == ["bus_line", "day_care", "since"]
    acts = [each for each in acts_of_people(world.database) if each[1].startswith("form")]
    assert acts == [("anna", "form: drafted"), ("carl", "form: changed"), ("bert", "form: published")]


async def test_what_is_announced_again_is_what_was_told(http: httpx.AsyncClient, world: World) -> None:
    for day in (DAY, "2026-06-01"):
        await published(http, BUS, day=day)
    first = told(world.database, EligibilityFormPublished)
    page = world.database.read_now(lambda store: next(iter(announce(store, KEYS, "https://bescheid.example"))))
    assert [each.model_dump(exclude={"event_id"}) for each in page] == [
        each.model_dump(exclude={"event_id"}) for each in first
    ]
    assert [each.version for each in first] == [1, 2]


async def test_what_another_asks_lies_beneath_and_stays_when_it_changes(http: httpx.AsyncClient) -> None:
    await published(http, {"questions": [question("a", "A"), question("b", "B")]}, NEIGHBOURS[0])
    await published(http, {"taken_over_from": NEIGHBOURS[0], "questions": [question("b", "own B")]}, NEIGHBOURS[1])
    mine = {"taken_over_from": NEIGHBOURS[1], "questions": [question("c", "C")]}
    made = await published(http, mine)
    asked = [(text(each["key"]), text(each["title"]["de"])) for each in made["content"]["questions"]]
    assert asked == [("a", "A"), ("b", "own B"), ("c", "C")]
    await published(http, {"questions": [question("z", "Z")]}, NEIGHBOURS[1])
    shown = (await http.get(f"{base()}/{made['id']}", headers=person())).json()
    assert shown["content"] == made["content"]
    later = await published(http, mine)
    assert [each["key"] for each in later["content"]["questions"]] == ["z", "c"]


async def test_a_circle_of_take_overs_is_refused_already_to_who_writes_it(http: httpx.AsyncClient) -> None:
    first, second = NEIGHBOURS
    await published(http, {"questions": [question("a", "A")]}, first)
    await published(http, {"taken_over_from": first}, second)
    for of, beneath, said in (
        (first, second, "takes itself over"),
        (first, first, "takes itself over"),
        (first, "12345", "published nothing"),
        (first, "99999", "published nothing"),
    ):
        answer = await drafted(http, {"taken_over_from": beneath}, of)
        assert answer.status_code == 422 and said in answer.text, (beneath, answer.text)


async def test_a_circle_that_closes_between_draft_and_publication_is_refused(http: httpx.AsyncClient) -> None:
    first, second = NEIGHBOURS
    await published(http, {"questions": [question("a", "A")]}, first)
    await published(http, {"questions": [question("b", "B")]}, second)
    open_ones = [(await drafted(http, {"taken_over_from": beneath}, of)).json() for of, beneath in
                 ((first, second), (second, first))]  # fmt: skip
    found = []
    for each, of in zip(open_ones, NEIGHBOURS, strict=True):
        path = f"{base(of)}/{each['id']}/publication"
        found.append((await http.post(path, json={"valid_from": DAY}, headers=person("bert", of))).status_code)
    assert found == [200, 422]


@pytest.mark.parametrize(("day", "status"), [("2026-05-19", 409), ("2026-05-20", 200), ("never", 422)])
async def test_a_form_holds_from_today_or_later(http: httpx.AsyncClient, day: str, status: int) -> None:
    made = (await drafted(http, BUS)).json()
    path = f"{base()}/{made['id']}/publication"
    assert (await http.post(path, json={"valid_from": day}, headers=person("bert"))).status_code == status


async def test_who_writes_no_rule_sets_writes_no_form(http: httpx.AsyncClient) -> None:
    answer = await http.post(base(), content=json.dumps(BUS), headers=person(role="case_worker"))
    assert answer.status_code == 403
    other = await http.post(base(), content=json.dumps(BUS), headers=person(of=NEIGHBOURS[0]))
    assert other.status_code == 404


async def test_a_mistake_is_told_with_its_place(http: httpx.AsyncClient) -> None:
    answer = await drafted(http, {"questions": [question("a", "A") | {"when": "grde == '05'"}]})
    assert answer.status_code == 422
    assert "questions.0.when" in answer.text and "Unknown fact grde" in answer.text and "Line 1, column" in answer.text


async def test_what_is_demanded_of_who_applies_is_told_and_taken_over(http: httpx.AsyncClient, world: World) -> None:
    demands = {"trust": "substantial", "custody": "document", "both_guardians": True}
    await published(http, {"demands": demands})
    await published(http, {"taken_over_from": "12345"}, "54321")
    await published(http, {"taken_over_from": "12345", "demands": {"custody": "declaration"}}, "67890")
    found = [each.content.demands for each in told(world.database, EligibilityFormPublished)]
    plain = [each.model_dump() if each else None for each in found]
    assert plain == [demands, demands, {"trust": "none", "custody": "declaration", "both_guardians": False}]


@pytest.mark.parametrize("demands", [{"trust": "highest"}, {"custody": True}, {"both_guardians": "yes"}, {"age": 18}])
async def test_a_demand_that_there_is_not_is_a_mistake(http: httpx.AsyncClient, demands: dict[str, object]) -> None:
    answer = await drafted(http, {"demands": demands})
    assert answer.status_code == 422 and "demands" in answer.text
