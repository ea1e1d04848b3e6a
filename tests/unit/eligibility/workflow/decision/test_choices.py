"""The choices of the rule set in force decide: each of them through `Decide`, both sides of its boundary."""

from datetime import date
from typing import Any

import pytest
from eligibility import presets
from eligibility.domain.ids import CaseId
from eligibility.workflow import PersonsDecision, Ways
from eligibility.workflow.decision.recompute import recomputed
from shared.events import EligibilityGranted, EligibilityRefused, EligibilityReviewOpened
from shared.identity import Caller

FARES = [
    {"valid_from": "2026-01-01", "valid_until": "2026-12-31", "monthly_cents": 4300, "source": "Erlass BASS 20022"},
    {"valid_from": "2027-01-01", "monthly_cents": 4800, "source": "Tarifbeschluss"},
]
SCHOOL_TICKET = {"key": "dt-schule", "name": "Deutschlandticket Schule", "fares": FARES}
ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))


def product(cents: int, **changes: Any) -> dict[str, Any]:
    fare = {"valid_from": "2026-01-01", "monthly_cents": cents, "source": "Tarif"}
    return {"key": "ticket", "name": "Schülerticket", "fares": [fare], **changes}


@pytest.mark.parametrize(("metres", "state"), [(1990.0, "review"), (1989.9, "prepared"), (2010.1, "granted")])
async def test_the_band_of_the_rule_set_goes_before_that_of_the_settings(
    world: Any, make: Any, metres: float, state: str
) -> None:
    version = world.publish({"review_band_m": 10})
    world.walks.answer = Ways(make.measurement(metres))
    event = make.submitted()
    await world.hear(event)
    assert world.case_of(event.application_id).state == state
    if state != "review":
        assert world.decision_of(event.application_id).rules_version == version


async def test_a_band_of_nought_is_a_choice_too(world: Any, make: Any) -> None:
    world.publish({"review_band_m": 0})
    world.walks.answer = Ways(make.measurement(2000.001))
    await world.hear(make.submitted())
    assert isinstance(world.told()[0], EligibilityGranted)


@pytest.mark.parametrize(("release", "told"), [("nothing", 2), ("refusals", 1), ("everything", 0), (None, 1)])
async def test_the_rule_set_says_what_a_person_releases_and_where_it_is_silent_the_settings_do(
    world: Any, make: Any, release: str | None, told: int
) -> None:
    world.publish({"release_by_person": release} if release else {"approval": "yearly"})
    await world.hear(make.submitted())
    world.walks.answer = Ways(make.measurement(1500.0))
    await world.hear(make.submitted())
    assert len(world.told()) == told


async def test_a_changed_application_is_released_by_the_rule_set_too(world: Any, make: Any) -> None:
    world.publish({"release_by_person": "nothing"})
    event = make.submitted()
    await world.hear(event)
    await world.hear(make.changed(event, birth_date=date(2017, 3, 1)))
    assert [type(each).__name__ for each in world.told()].count("EligibilityGranted") == 2


async def test_the_fare_of_the_product_is_a_fact_and_the_cap_runs(world: Any, make: Any) -> None:
    world.publish({"products": [product(10_001)]})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.facts["monthly_fare_cents"] == 10_001
    assert (decision.covered_cents, decision.own_share_cents) == (8600, 1400)
    assert "cap" in {each["rule"] for each in decision.reasons}
    assert world.told()[0].product == "ticket"


async def test_at_the_cap_the_whole_fare_is_borne(world: Any, make: Any) -> None:
    world.publish({"products": [product(10_000)]})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.covered_cents == 8600
    assert "cap" not in {each["rule"] for each in decision.reasons}


@pytest.mark.parametrize(("wanted", "fare"), [(date(2026, 12, 31), 4300), (date(2027, 1, 1), 4800)])
async def test_the_fare_is_that_of_the_day_wanted(world: Any, make: Any, wanted: date, fare: int) -> None:
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
async def test_without_a_fare_nothing_is_guessed(world: Any, make: Any, products: list[dict[str, Any]]) -> None:
    world.publish({"products": products})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert "monthly_fare_cents" not in decision.facts
    assert decision.covered_cents is None
    assert decision.outcome == "granted"


async def test_the_nearest_fare_is_known_where_one_price_holds_for_all_ways(world: Any, make: Any) -> None:
    for flat, known in ((True, 4300), (False, None)):
        world.publish({"products": [product(4300, flat=flat)]}, version=str(flat).lower())
        event = make.submitted()
        await world.hear(event)
        assert world.decision_of(event.application_id).facts.get("nearest_monthly_fare_cents") == known


async def test_the_decision_and_the_event_name_the_product_and_a_person_s_decision_does_too(
    world: Any, make: Any
) -> None:
    world.publish({"products": [SCHOOL_TICKET], "review_band_m": 10})
    world.walks.answer = Ways(make.measurement(2005.0))
    event = make.submitted()
    await world.hear(event)
    decided = PersonsDecision("granted", "Nachgemessen mit dem Messrad.", "§ 7 SchfkVO")
    await world.desk.decide(ANNA, CaseId(world.case_of(event.application_id).id), decided)
    granted = world.told()[-1]
    assert (granted.product, granted.product_name) == ("dt-schule", "Deutschlandticket Schule")
    decision = world.decision_of(event.application_id)
    assert decision.terms.product == "dt-schule"
    assert decision.facts["monthly_fare_cents"] == 4300


async def test_a_decision_by_choices_is_computed_again_to_the_same(world: Any, make: Any) -> None:
    world.publish({"products": [SCHOOL_TICKET], "danger_list": [listed()]})
    world.walks.answer = around(make, 2900.0)
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    content = world.database.read_now(lambda store: store.in_force("12345", date(2026, 5, 1)))[1]
    again = recomputed(decision, presets.parse(presets.json.loads(content), None))
    assert again.same, again.differences


async def test_an_approval_that_stands_says_so_and_its_grant_still_ends_with_the_school_year(
    world: Any, make: Any
) -> None:
    for approval in ("standing", "yearly"):
        world.publish({"approval": approval}, version=approval)
        event = make.submitted()
        await world.hear(event)
        decision = world.decision_of(event.application_id)
        assert decision.terms.standing == (approval == "standing")
        assert decision.valid_until == date(2027, 7, 31)


# The danger list: § 6 Abs. 2 SchfkVO, OVG NRW 19 A 1453/16


def listed(key: str = "b64", **changes: Any) -> dict[str, Any]:
    entry = {
        "key": key,
        "stretch": "B 64 zwischen Ortsausgang und Kirchstraße, kein Gehweg",
        "levels": ["primary"],
        "valid_from": "2026-01-01",
        "source": "Verkehrsschau vom 03.03.2026",
    }
    return entry | changes


def around(make: Any, safe: float | None, metres: float = 1500.0, **hazard: Any) -> Ways:
    """A way on which a drawn hazard lies, and the length of the way around it."""
    from geography.model.types import WithoutHazards

    met = {"id": "h1", "reason": "kein Gehweg", "season": "", "levels": [], "decided_on": "2026-03-03", "key": "b64"}
    return Ways(make.measurement(metres, without_hazards=WithoutHazards(safe, None, ({**met, **hazard},))))


@pytest.mark.parametrize(("safe", "outcome"), [(2050.1, "granted"), (1949.9, "refused")])
async def test_a_listed_danger_that_is_drawn_on_the_way_is_decided_by_the_rules(
    world: Any, make: Any, safe: float, outcome: str
) -> None:
    world.publish({"danger_list": [listed()], "release_by_person": "nothing"})
    world.walks.answer = around(make, safe)
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.outcome == outcome
    said = {each["rule"]: each["text"] for each in decision.reasons}
    assert "B 64 zwischen Ortsausgang und Kirchstraße" in said["danger_list"]
    assert "dangerous_route" in said


@pytest.mark.parametrize("safe", [1950.0, 2000.0, 2050.0])
async def test_a_way_around_that_is_near_the_limit_is_checked_by_a_person(world: Any, make: Any, safe: float) -> None:
    world.publish({"danger_list": [listed()]})
    world.walks.answer = around(make, safe)
    await world.hear(make.submitted())
    assert [each.rule for each in world.told()[0].reasons] == ["doubt"]


@pytest.mark.parametrize(
    ("entry", "hazard", "safe"),
    [
        (listed("l755"), {}, 2900.0),
        (listed(levels=["upper"]), {}, 2900.0),
        (listed(valid_until="2026-07-31"), {}, 2900.0),
        (listed(), {"season": "11-01/03-31"}, 2900.0),
        (listed(), {}, None),
    ],
    ids=["another entry", "another level", "ended before the day", "in winter only", "no way around"],
)
async def test_a_claim_of_danger_that_the_list_does_not_settle_is_asked(
    world: Any, make: Any, entry: dict[str, Any], hazard: dict[str, Any], safe: float | None
) -> None:
    from shared.events import Claims

    world.publish({"danger_list": [entry]})
    world.walks.answer = around(make, safe, **hazard)
    await world.hear(make.submitted(claims=Claims(dangerous_route=True)))
    opened = world.told()[0]
    assert isinstance(opened, EligibilityReviewOpened)
    assert "dangerous_route" in {each.rule for each in opened.reasons}


async def test_the_case_shows_the_entries_that_may_apply_those_of_the_place_first(world: Any, make: Any) -> None:
    from shared.events import Claims

    entries = [listed("a", stretch="Bahnübergang in Altdorf"), listed("kirche"), listed("alt", levels=["upper"])]
    world.publish({"danger_list": entries})
    world.walks.answer = Ways(make.measurement(1500.0))
    event = make.submitted(claims=Claims(dangerous_route=True))
    await world.hear(event)
    shown = world.case_of(event.application_id).dangers
    assert [each["key"] for each in shown] == ["kirche", "a"]
    assert shown[0]["names_the_place"]
    assert shown[0]["on_way"] is None


# Self-payers and the solidarity model: decree BASS 20022

OFFER = {"offered": True, "product": "dt-schule", "rebate_cents": 500, "source": "Ratsbeschluss vom 1. April 2026"}


async def refused_with(world: Any, make: Any, choices: dict[str, Any], **changes: Any) -> Any:
    world.publish({"release_by_person": "nothing", "products": [SCHOOL_TICKET], **choices})
    world.walks.answer = Ways(make.measurement(1500.0))
    event = make.submitted(**changes)
    await world.hear(event)
    refused = world.told()[-1]
    assert isinstance(refused, EligibilityRefused)
    return refused


async def test_a_refusal_offers_the_ticket_at_the_price_after_rebate_of_each_period(world: Any, make: Any) -> None:
    refused = await refused_with(world, make, {"self_payer": OFFER})
    offer = refused.offer
    assert (offer.product, offer.product_name) == ("dt-schule", "Deutschlandticket Schule")
    prices = [(each.valid_from, each.cents) for each in offer.prices]
    assert prices == [(date(2026, 8, 1), 3800), (date(2027, 1, 1), 4300)]
    assert offer.valid_until == date(2027, 7, 31)
    kept = world.decision_of(refused.application_id)
    assert kept.outcome == "refused"
    assert kept.terms.offer.source == "Ratsbeschluss vom 1. April 2026"


@pytest.mark.parametrize("payer", [{"offered": False}, OFFER | {"offered": False}])
async def test_without_an_offer_a_refusal_offers_nothing(world: Any, make: Any, payer: dict[str, Any]) -> None:
    assert (await refused_with(world, make, {"self_payer": payer})).offer is None


async def test_a_course_that_is_not_covered_is_offered_nothing(world: Any, make: Any) -> None:
    from shared.events import Course

    part_time = Course(annex="A", full_time=False)
    refused = await refused_with(
        world, make, {"self_payer": OFFER}, school_number="100005", grade="11", course=part_time
    )
    assert refused.offer is None


MODEL = {"solidarity_model": True, "solidarity": {"product": "dt-schule", "schools": ["100001"], "source": "Beschluss"}}


async def test_in_the_solidarity_model_who_is_not_entitled_is_offered_the_ticket_at_its_price(
    world: Any, make: Any
) -> None:
    refused = await refused_with(world, make, MODEL)
    assert refused.offer.solidarity
    assert refused.offer.prices[0].cents == 4300


async def test_in_the_solidarity_model_the_entitled_pay_the_own_share_of_the_law(world: Any, make: Any) -> None:
    other = product(9900)
    world.publish({"products": [other, SCHOOL_TICKET], **MODEL})
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert (decision.own_share_cents, decision.covered_cents) == (1400, 2900)
    assert (decision.terms.product, decision.terms.solidarity) == ("dt-schule", True)


async def test_a_school_outside_the_solidarity_model_has_none_of_it(world: Any, make: Any) -> None:
    refused = await refused_with(world, make, MODEL, school_number="100003")
    assert refused.offer is None


def test_choices_that_came_later_leave_published_versions_as_they_were() -> None:
    """Their hash is part of rules_version, by which a decision is computed again."""
    text = presets.as_yaml(
        {"name": "x", "title": "X", "version": "1", "origin": "nrw",
         "choices": {"products": [SCHOOL_TICKET], "self_payer": OFFER}}
    )  # fmt: skip
    content = presets.from_text(text).rules.rule_set.content()["choices"]
    assert "solidarity" not in content
    assert "flat" not in content["products"][0]
    assert content["self_payer"].keys() == {"offered", "product", "rebate_cents", "source"}


def test_the_solidarity_model_must_name_a_product_of_the_rule_set() -> None:
    from shared.errors import Invalid

    text = presets.as_yaml({"name": "x", "title": "X", "version": "1", "origin": "nrw", "choices": MODEL})
    with pytest.raises(Invalid) as refused:
        presets.from_text(text)
    assert "solidarity.product" in refused.value.problems[0].text.de
