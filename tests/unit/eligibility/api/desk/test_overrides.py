"""A decision by two people against the rules."""

from datetime import date, timedelta

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import Claims, EligibilityGranted, EligibilityRefused, EligibilityWithdrawn
from support.eligibility import small_place as make
from support.eligibility.cases_api import REASON, path_of
from support.eligibility.world import World
from support.identity import bearer


async def test_an_override_takes_two_people(world: World, http: httpx.AsyncClient) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case = path_of(world, event)
    assert (await http.post(f"{case}/decision", json=REASON)).status_code == 409  # the rules could decide it
    assert (await http.post(f"{case}/override/confirmation", headers=bearer("bert"))).status_code == 409
    assert (await http.post(f"{case}/override", json=REASON)).status_code == 202
    assert (await http.post(f"{case}/override", json=REASON, headers=bearer("bert"))).status_code == 409
    assert (await http.post(f"{case}/override/confirmation")).status_code == 409
    assert (await http.post(f"{case}/release")).status_code == 409
    assert world.told() == []
    confirmed = await http.post(f"{case}/override/confirmation", headers=bearer("bert", "releaser"))
    assert confirmed.status_code == 200, confirmed.text
    (granted,) = world.told()
    assert isinstance(granted, EligibilityGranted)
    assert (granted.reasons[0].text, granted.own_share_cents, granted.distance_m) == (REASON["reason"], 1400, 1500.0)
    shown = confirmed.json()
    assert (shown["decision"]["decided_by"], shown["decision"]["released_by"]) == ("anna", "bert")
    assert [each["act"] for each in shown["acts"] if each["number"]] == ["override proposed", "override confirmed"]


async def test_an_override_of_a_grant_in_force_ends_it(world: World, http: httpx.AsyncClient) -> None:
    event = make.submitted()
    await world.hear(event)
    case = path_of(world, event)
    body = {"outcome": "refused", "reason": "Die Angaben waren falsch.", "legal_basis": "§ 48 VwVfG NRW"}
    assert (await http.post(f"{case}/override", json=body)).status_code == 409  # nobody was heard
    question = {"text": "Die Bewilligung soll enden: Was sagen Sie dazu?", "due": "2026-05-27"}
    assert (
        await http.post(f"{case}/questions", json=question)
    ).status_code == 409  # nothing is asked of a granted case
    assert (await http.post(f"{case}/questions", json=question | {"hearing": True})).status_code == 201
    body |= {"ends_on": "2026-06-30"}
    assert (await http.post(f"{case}/override", json=body)).status_code == 409  # its time has not passed
    world.clock[0] += timedelta(days=8)
    assert (await http.post(f"{case}/override", json=body)).status_code == 202
    await http.post(f"{case}/override/confirmation", headers=bearer("bert"))
    granted, _, ended, refused = world.told()
    assert isinstance(granted, EligibilityGranted) and isinstance(ended, EligibilityWithdrawn)
    assert (ended.decision_id, ended.reason) == (granted.decision_id, "decided_anew")
    assert ended.ends_on == date(2026, 6, 30)
    assert isinstance(refused, EligibilityRefused)


async def test_changed_facts_drop_a_proposal_and_a_dropped_one_can_be_made_again(
    world: World, http: httpx.AsyncClient
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case = path_of(world, event)
    await http.post(f"{case}/override", json=REASON)
    assert (await http.delete(f"{case}/override", headers=bearer("bert"))).json()["override"] is None
    await http.post(f"{case}/override", json=REASON)
    await world.hear(make.changed(event, birth_date=date(2017, 3, 1)))
    assert (await http.post(f"{case}/override/confirmation", headers=bearer("bert"))).status_code == 409
    assert len((await http.get(case)).json()["decisions"]) == 2


async def test_a_decision_in_review_that_no_answer_could_lead_to_takes_two_people(
    world: World, http: httpx.AsyncClient
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(225.0))
    event = make.submitted()
    await world.hear(event)
    await world.hear(make.changed(event, holder_change=1))  # a corrected name: that alone is asked
    case = path_of(world, event)
    reasons = world.case_of(event.application_id).reasons
    assert [each["rule"] for each in reasons if each["result"] == "question"] == ["name"]
    decided = await http.post(f"{case}/decision", json=REASON)
    assert decided.status_code == 200, decided.text
    shown = decided.json()
    assert (shown["state"], shown["decision"]) == ("review", None)
    assert shown["override"]["proposed_by"] == "anna"
    assert (await http.post(f"{case}/decision", json=REASON)).status_code == 409
    assert (await http.post(f"{case}/override/confirmation")).status_code == 409
    assert world.told_of(event, EligibilityGranted) == []
    confirmed = await http.post(f"{case}/override/confirmation", headers=bearer("bert"))
    assert confirmed.status_code == 200, confirmed.text
    (granted,) = world.told_of(event, EligibilityGranted)
    assert (granted.reasons[0].text, granted.distance_m) == (REASON["reason"], 225.0)


@pytest.mark.parametrize("claims", [Claims(dangerous_route=True), Claims(health_claimed=True, health_weeks=9, health_days=64, health_certificate=True)])  # fmt: skip
async def test_whoever_answers_what_was_asked_decides_alone(
    world: World, http: httpx.AsyncClient, claims: Claims
) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(225.0))
    event = make.submitted(claims=claims)
    await world.hear(event)
    case = path_of(world, event)
    assert (await http.post(f"{case}/decision", json=REASON)).json()["state"] == "granted"
