"""Self-payers and the solidarity model: decree BASS 20022."""

from datetime import date

import pytest
from eligibility import presets
from eligibility.workflow import MeasuredRoutes
from shared.events import EligibilityRefused
from support.eligibility import small_place as make
from support.eligibility.deciding import (
    OFFER,
    SCHOOL_TICKET,
    product,
)
from support.eligibility.world import World


async def refused_with(world: World, choices: dict[str, object], **changes: object) -> EligibilityRefused:
    world.publish({"release_by_person": "nothing", "products": [SCHOOL_TICKET], **choices})
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted(**changes)
    await world.hear(event)
    return world.told_as(EligibilityRefused)


async def test_a_refusal_offers_the_ticket_at_the_price_after_rebate_of_each_period(world: World) -> None:
    refused = await refused_with(world, {"self_payer": OFFER})
    offer = refused.offer
    assert offer is not None
    assert (offer.product, offer.product_name) == ("dt-schule", "Deutschlandticket Schule")
    prices = [(each.valid_from, each.cents) for each in offer.prices]
    assert prices == [(date(2026, 8, 1), 3800), (date(2027, 1, 1), 4300)]
    assert offer.valid_until == date(2027, 7, 31)
    kept = world.decision_of(refused.application_id)
    assert kept.outcome == "refused"
    assert kept.terms.offer is not None
    assert kept.terms.offer.source == "Ratsbeschluss vom 1. April 2026"


@pytest.mark.parametrize("payer", [{"offered": False}, OFFER | {"offered": False}])
async def test_without_an_offer_a_refusal_offers_nothing(world: World, payer: dict[str, object]) -> None:
    assert (await refused_with(world, {"self_payer": payer})).offer is None


async def test_a_course_that_is_not_covered_is_offered_nothing(world: World) -> None:
    from shared.events import Course

    part_time = Course(annex="A", full_time=False)
    refused = await refused_with(world, {"self_payer": OFFER}, school_number="100005", grade="11", course=part_time)
    assert refused.offer is None


MODEL = {"solidarity_model": True, "solidarity": {"product": "dt-schule", "schools": ["100001"], "source": "Beschluss"}}


async def test_in_the_solidarity_model_who_is_not_entitled_is_offered_the_ticket_at_its_price(world: World) -> None:
    refused = await refused_with(world, MODEL)
    assert refused.offer is not None
    assert refused.offer.solidarity
    assert refused.offer.prices[0].cents == 4300


async def test_in_the_solidarity_model_the_entitled_pay_the_own_share_of_the_law(world: World) -> None:
    other = product(9900)
    world.publish({"products": [other, SCHOOL_TICKET], **MODEL})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.covered_cents) == (1400, 2900)
    assert (decision.terms.product, decision.terms.solidarity) == ("dt-schule", True)


async def test_a_school_outside_the_solidarity_model_has_none_of_it(world: World) -> None:
    refused = await refused_with(world, MODEL, school_number="100003")
    assert refused.offer is None


def test_the_solidarity_model_must_name_a_product_of_the_rule_set() -> None:
    from shared.errors import Invalid

    text = presets.as_yaml({"name": "x", "title": "X", "version": "1", "origin": "nrw", "choices": MODEL})
    with pytest.raises(Invalid) as refused:
        presets.from_text(text)
    assert "solidarity.product" in refused.value.problems[0].text.de
