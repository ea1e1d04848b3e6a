"""The choices of the rule set in force decide: each of them through `Decide`, both sides of its boundary."""

import json
from datetime import date

import pytest
from eligibility import presets
from eligibility.domain.ids import CaseId
from eligibility.rules import parse
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from eligibility.workflow.decision.recompute import compare_decision
from shared.events import EligibilityGranted
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.deciding import (
    OFFER,
    SCHOOL_TICKET,
    around,
    listed,
    product,
)
from support.eligibility.world import World
from support.json import walked

ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))


@pytest.mark.parametrize(("metres", "state"), [(1990.0, "review"), (1989.9, "prepared"), (2010.1, "granted")])
async def test_the_band_of_the_rule_set_goes_before_that_of_the_settings(
    world: World, metres: float, state: str
) -> None:
    version = world.publish({"review_band_m": 10})
    world.measurer.answer = MeasuredRoutes(make.measurement(metres))
    event = make.submitted()
    await world.hear(event)
    assert world.case_of(event.application_id).state == state
    if state != "review":
        assert world.decision_of(event.application_id).rules_version == version


async def test_a_band_of_nought_is_a_choice_too(world: World) -> None:
    world.publish({"review_band_m": 0})
    world.measurer.answer = MeasuredRoutes(make.measurement(2000.001))
    await world.hear(make.submitted())
    assert isinstance(world.told()[0], EligibilityGranted)


@pytest.mark.parametrize(("release", "told"), [("nothing", 2), ("refusals", 1), ("everything", 0), (None, 1)])
async def test_the_rule_set_says_what_a_person_releases_and_where_it_is_silent_the_settings_do(
    world: World, release: str | None, told: int
) -> None:
    world.publish({"release_by_person": release} if release else {"approval": "yearly"})
    await world.hear(make.submitted())
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.submitted())
    assert len(world.told()) == told


async def test_a_changed_application_is_released_by_the_rule_set_too(world: World) -> None:
    world.publish({"release_by_person": "nothing"})
    event = make.submitted()
    await world.hear(event)
    await world.hear(make.changed(event, birth_date=date(2017, 3, 1)))
    assert [type(each).__name__ for each in world.told()].count("EligibilityGranted") == 2


async def test_the_fare_of_the_product_is_a_fact_and_the_cap_runs(world: World) -> None:
    world.publish({"products": [product(10_001)]})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.facts["monthly_fare_cents"] == 10_001
    assert (decision.covered_cents, decision.own_share_cents) == (8600, 1400)
    assert "cap" in {each["rule"] for each in decision.reasons}
    assert world.told_as(EligibilityGranted, 0).product == "ticket"


async def test_at_the_cap_the_whole_fare_is_borne(world: World) -> None:
    world.publish({"products": [product(10_000)]})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.covered_cents == 8600
    assert "cap" not in {each["rule"] for each in decision.reasons}


@pytest.mark.parametrize(("wanted", "fare"), [(date(2026, 12, 31), 4300), (date(2027, 1, 1), 4800)])
async def test_the_fare_is_that_of_the_day_wanted(world: World, wanted: date, fare: int) -> None:
    world.publish({"products": [SCHOOL_TICKET]})
    event = make.submitted(wanted_from=wanted)
    await world.hear(event)
    assert world.decision_of(event.application_id).facts["monthly_fare_cents"] == fare


@pytest.mark.parametrize(
    "products",
    [
        [],
        [product(4300, for_whom="self_payers")],
        [product(0)],
        [product(1) | {"fares": [{"valid_from": "2027-01-01", "monthly_cents": 4300, "source": "Tarif"}]}],
    ],
    ids=["none", "for others", "free", "not yet"],
)
async def test_without_a_fare_nothing_is_guessed(world: World, products: list[dict[str, object]]) -> None:
    world.publish({"products": products})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert "monthly_fare_cents" not in decision.facts
    assert decision.covered_cents is None
    assert decision.outcome == "granted"


async def test_the_nearest_fare_is_known_where_one_price_holds_for_all_ways(world: World) -> None:
    for flat, known in ((True, 4300), (False, None)):
        world.publish({"products": [product(4300, flat=flat)]}, version=str(flat).lower())
        event = make.submitted()
        await world.hear(event)
        assert world.decision_of(event.application_id).facts.get("nearest_monthly_fare_cents") == known


async def test_the_decision_and_the_event_name_the_product_and_a_person_s_decision_does_too(world: World) -> None:
    world.publish({"products": [SCHOOL_TICKET], "review_band_m": 10})
    world.measurer.answer = MeasuredRoutes(make.measurement(2005.0))
    event = make.submitted()
    await world.hear(event)
    decided = PersonsDecision("granted", "Nachgemessen mit dem Messrad.", "§ 7 SchfkVO")
    await world.desk.decide(ANNA, CaseId(world.case_of(event.application_id).id), decided)
    granted = world.told_as(EligibilityGranted)
    assert (granted.product, granted.product_name) == ("dt-schule", "Deutschlandticket Schule")
    decision = world.decision_of(event.application_id)
    assert decision.terms.product == "dt-schule"
    assert decision.facts["monthly_fare_cents"] == 4300


async def test_a_decision_by_choices_is_computed_again_to_the_same(world: World) -> None:
    world.publish({"products": [SCHOOL_TICKET], "danger_list": [listed()]})
    world.measurer.answer = around(2900.0)
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    in_force = world.database.read_now(lambda store: store.in_force("12345", date(2026, 5, 1)))
    assert in_force is not None
    again = compare_decision(decision, parse(json.loads(in_force[1]), None))
    assert again.same, again.differences


async def test_an_approval_that_stands_says_so_and_its_grant_still_ends_with_the_school_year(world: World) -> None:
    for approval in ("standing", "yearly"):
        world.publish({"approval": approval}, version=approval)
        event = make.submitted()
        await world.hear(event)
        decision = world.decision_of(event.application_id)
        assert decision.terms.standing == (approval == "standing")
        assert decision.valid_until == date(2027, 7, 31)


def test_choices_that_came_later_leave_published_versions_as_they_were() -> None:
    """Their hash is part of rules_version, by which a decision is computed again."""
    text = presets.as_yaml(
        {"name": "x", "title": "X", "version": "1", "origin": "nrw",
         "choices": {"products": [SCHOOL_TICKET], "self_payer": OFFER}}
    )  # fmt: skip
    content = walked(presets.from_text(text).rules.rule_set.content()["choices"])
    assert "solidarity" not in content
    assert "flat" not in content["products"][0]
    assert content["self_payer"].keys() == {"offered", "product", "rebate_cents", "source"}
