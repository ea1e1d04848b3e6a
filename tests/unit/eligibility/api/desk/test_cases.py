"""What people of the authority see and do, through HTTP."""

from uuid import uuid4

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import EligibilityGranted, EligibilityRefused
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.identity import bearer
from support.record import acts_of_people


def audited(world: World) -> list[tuple[str, str]]:
    return acts_of_people(world.database)


async def test_cases_are_listed_by_state_and_application(world: World, http: httpx.AsyncClient) -> None:
    granted = make.submitted()
    await world.hear(granted)
    world.measurer.answer = MeasuredRoutes(make.measurement(2000.0))
    await world.hear(make.submitted())
    assert (await http.get("/v1/cases", params={"state": "all"})).json()["total"] == 2
    review = (await http.get("/v1/cases", params={"state": "review"})).json()
    assert review["total"] == 1
    assert "2.000,0 m" in review["cases"][0]["questions"][0]
    one = (await http.get("/v1/cases", params={"application_id": str(granted.application_id)})).json()
    assert [each["state"] for each in one["cases"]] == ["granted"]
    assert len((await http.get("/v1/cases", params={"state": "all", "limit": 1, "offset": 1})).json()["cases"]) == 1
    assert (await http.get("/v1/cases", params={"limit": 0})).status_code == 422


async def test_a_case_shows_the_decision_as_evaluate_prints_it(world: World, http: httpx.AsyncClient) -> None:
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    decision = (await http.get(f"/v1/cases/{case.id}")).json()["decision"]
    assert (decision["outcome"], decision["limit_m"], decision["own_share_cents"]) == ("granted", 2000, 1400)
    assert decision["distance_m"] == 2500.0
    assert decision["geometry"]["type"] == "LineString"
    assert decision["rules_version"].startswith("nrw ")
    assert {"rule", "legal_basis", "text"} <= decision["reasons"][0].keys()


async def test_a_prepared_refusal_is_released_by_a_person_and_audited(world: World, http: httpx.AsyncClient) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    answer = await http.post(f"/v1/cases/{case.id}/release")
    assert answer.status_code == 200
    assert answer.json()["decision"]["released_by"] == "anna"
    (refused,) = world.told()
    assert isinstance(refused, EligibilityRefused)
    assert audited(world) == [("anna", "released")]
    again = await http.post(f"/v1/cases/{case.id}/release")
    assert again.status_code == 409
    assert len(world.told()) == 1


async def test_clear_grants_are_released_together_and_refusals_are_not(world: World, http: httpx.AsyncClient) -> None:
    world.set_authority(release_by_person="everything")
    for _ in range(3):
        await world.hear(make.submitted())
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted())
    assert (await http.post("/v1/cases/release")).json() == {"released": 3, "left": 0}
    assert [type(event) for event in world.told()] == [EligibilityGranted] * 3
    assert audited(world) == [("anna", "released")] * 3


async def test_where_a_question_or_a_message_waits_no_grant_goes_out_among_many(
    world: World, http: httpx.AsyncClient
) -> None:
    world.set_authority(release_by_person="everything")
    asked, told, clear = make.submitted(), make.submitted(), make.submitted()
    for event in (asked, told, clear):
        await world.hear(event)
    question = {"text": "Welche Klasse ist es?", "due": "2026-06-20"}
    assert (
        await http.post(f"/v1/cases/{world.case_of(asked.application_id).id}/questions", json=question)
    ).status_code == 201
    await world.hear(make.changed(told, answer="Bitte warten Sie noch, wir ziehen vielleicht um."))
    assert (await http.post("/v1/cases/release")).json() == {"released": 1, "left": 0}
    (granted,) = world.told_of(clear, EligibilityGranted)
    assert granted.application_id == clear.application_id


async def test_a_person_decides_a_case_of_review_with_a_reason(world: World, http: httpx.AsyncClient) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2000.0))
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    body = {
        "outcome": "granted",
        "reason": "Nachgemessen: Das Tor an der Westseite ist verschlossen.",
        "legal_basis": "§ 7 SchfkVO",
    }
    answer = await http.post(f"/v1/cases/{case.id}/decision", json=body)
    assert answer.status_code == 200
    granted = world.told()[-1]
    assert isinstance(granted, EligibilityGranted)
    assert (granted.reasons[0].text, granted.own_share_cents) == (body["reason"], 1400)
    assert all(each.rule != "doubt" for each in granted.reasons)
    assert audited(world) == [("anna", "decided: granted")]
    assert (await http.post(f"/v1/cases/{case.id}/decision", json=body)).status_code == 409


async def test_a_decision_needs_a_reason_and_a_start_in_the_school_year(world: World, http: httpx.AsyncClient) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2000.0))
    event = make.submitted()
    await world.hear(event)
    url = f"/v1/cases/{world.case_of(event.application_id).id}/decision"
    for body in (
        {"outcome": "granted"},
        {"outcome": "granted", "reason": ""},
        {"outcome": "perhaps", "reason": "weil es so ist"},
        {"outcome": "granted", "reason": "weil es so ist", "valid_from": "2027-08-01"},
        {"outcome": "granted", "reason": "weil\x00es so ist"},
        {"outcome": "granted", "reason": "weil es so ist", "legal_basis": "§ 1\x00"},
    ):
        answer = await http.post(url, json=body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
    assert world.case_of(event.application_id).state == "review"


async def test_not_there_and_not_yours_are_the_same_answer(world: World, http: httpx.AsyncClient) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case_id = world.case_of(event.application_id).id
    stranger = bearer("bert", authority_id="99999")
    for method, path in (("GET", ""), ("POST", "/release"), ("POST", "/decision")):
        body = {"json": {"outcome": "refused", "reason": "weil es so ist"}} if path == "/decision" else {}
        theirs = await http.request(method, f"/v1/cases/{case_id}{path}", headers=stranger, **body)  # type: ignore[arg-type]
        missing = await http.request(method, f"/v1/cases/{uuid4()}{path}", **body)  # type: ignore[arg-type]
        assert theirs.status_code in (404,), (method, path, theirs.text)
        assert (theirs.status_code, theirs.json()["detail"]) == (missing.status_code, missing.json()["detail"])
    assert (await http.get("/v1/cases", headers=stranger)).json()["total"] == 0
    assert world.told() == []


@pytest.mark.parametrize(
    "who", [("carl", "12345", "guardian"), ("dora", "", "case_worker"), ("emil", "12345", "inspector")]
)
async def test_others_may_not(http: httpx.AsyncClient, who: tuple[str, str, str]) -> None:
    subject, authority_id, role = who
    headers = bearer(subject, role, authority_id)
    assert (await http.get("/v1/cases", headers=headers)).status_code == 403
    assert (await http.post("/v1/cases/release", headers=headers)).status_code == 403


async def test_without_sign_in_there_are_no_cases(http: httpx.AsyncClient) -> None:
    del http.headers["Authorization"]
    assert (await http.get("/v1/cases")).status_code == 401


async def test_who_has_the_token_reads_the_notice_and_no_cache_keeps_it(world: World, http: httpx.AsyncClient) -> None:
    await world.hear(make.submitted())
    url = world.told_as(EligibilityGranted, 0).notice_url
    assert url is not None
    path = path_of(url)
    del http.headers["Authorization"]
    first, second = await http.get(path), await http.get(path)
    assert first.content.startswith(b"%PDF-")
    assert first.headers["cache-control"] == "no-store"
    assert first.content == second.content
    assert (await http.get("/v1/notices/nobody")).status_code == 404
    read = await http.get("/v1/notices/nobody", headers={"Accept": "text/html"})
    assert read.status_code == 404 and "<h1>Kein Bescheid gefunden</h1>" in read.text, "a browser shows words, no JSON"


def path_of(url: str) -> str:
    return url.removeprefix("https://bescheid.example")


async def test_distances_answer_as_the_command_prints(http: httpx.AsyncClient) -> None:
    answer = (await http.post("/v1/distances", json={"from": [51.71, 8.75], "to": [51.72, 8.76]})).json()
    assert answer["metres"] == 1234.5678
    assert {"connector_from_m", "connector_to_m", "geometry", "network", "flags"} <= answer.keys()
    for body in (
        {"from": [51.71]},
        {"from": "here", "to": [1, 2]},
        {},
        {"from": [51.71, 8.75], "to": [51.72, 8.76], "via": 1},
    ):
        assert (await http.post("/v1/distances", json=body)).status_code == 422


async def test_evaluations_answer_as_the_command_prints(http: httpx.AsyncClient) -> None:
    facts = {
        "school_year": "2026/27",
        "pupil": {"lives_in_nrw": True},
        "school": {"form": "G"},
        "grade": "02",
        "distance_m": 2000.4,
        "attends_nearest": True,
    }
    answer = await http.post("/v1/evaluations", json=facts)
    assert (answer.json()["outcome"], answer.json()["limit_m"]) == ("granted", 2000)
    wrong = await http.post("/v1/evaluations", json={**facts, "distance_m": -1}, headers={"Accept-Language": "en"})
    assert wrong.status_code == 422
    assert "distance_m" in wrong.text
    assert (await http.post("/v1/evaluations", content=b"{")).status_code == 422
    assert (await http.post("/v1/evaluations?rule_set=bavaria", json=facts)).status_code == 422


async def test_rule_sets_are_listed_for_the_own_authority_only(http: httpx.AsyncClient) -> None:
    found = (await http.get("/v1/authorities/12345/rule-sets")).json()["rule_sets"]
    assert [each["name"] for each in found] == ["nrw", "he", "rp"]
    assert (await http.get("/v1/authorities/99999/rule-sets")).status_code == 404
