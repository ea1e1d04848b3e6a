"""The authority's danger list in a decision: § 6 Abs. 2 SchfkVO, OVG NRW 19 A 1453/16."""

from datetime import date

import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import Course, EligibilityReviewOpened
from support import making
from support.eligibility import small_place as make
from support.eligibility.deciding import (
    around,
    listed,
)
from support.eligibility.world import World


@pytest.mark.parametrize(("safe", "outcome"), [(2050.1, "granted"), (1949.9, "refused")])
async def test_a_listed_danger_that_is_drawn_on_the_way_is_decided_by_the_rules(
    world: World, safe: float, outcome: str
) -> None:
    world.publish({"danger_list": [listed()], "release_by_person": "nothing"})
    world.measurer.answer = around(safe)
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.outcome == outcome
    said = {each["rule"]: each["text"] for each in decision.reasons}
    assert "B 64 zwischen Ortsausgang und Kirchstraße" in said["danger_list"]
    assert "dangerous_route" in said


@pytest.mark.parametrize("safe", [1950.0, 2000.0, 2050.0])
async def test_a_way_around_that_is_near_the_limit_is_checked_by_a_person(world: World, safe: float) -> None:
    world.publish({"danger_list": [listed()]})
    world.measurer.answer = around(safe)
    await world.hear(make.submitted())
    assert [each.rule for each in world.told_as(EligibilityReviewOpened, 0).reasons] == ["doubt"]


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
    world: World, entry: dict[str, object], hazard: dict[str, object], safe: float | None
) -> None:
    from shared.events import Claims

    world.publish({"danger_list": [entry]})
    world.measurer.answer = making.make(around, safe, **hazard)
    await world.hear(make.submitted(claims=Claims(dangerous_route=True)))
    opened = world.told()[0]
    assert isinstance(opened, EligibilityReviewOpened)
    assert "dangerous_route" in {each.rule for each in opened.reasons}


async def test_the_case_shows_the_entries_that_may_apply_those_of_the_place_first(world: World) -> None:
    from shared.events import Claims

    entries = [listed("a", stretch="Bahnübergang in Altdorf"), listed("kirche"), listed("alt", levels=["upper"])]
    world.publish({"danger_list": entries})
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted(claims=Claims(dangerous_route=True))
    await world.hear(event)
    shown = world.case_of(event.application_id).dangers
    assert [each["key"] for each in shown] == ["kirche", "a"]
    assert shown[0]["names_the_place"]
    assert shown[0]["on_way"] is None


@pytest.mark.parametrize(("level", "asked"), [("primary", False), ("upper", True)])
async def test_at_a_college_the_dangers_of_the_upper_level_count_whatever_the_year_of_the_course(
    world: World, level: str, asked: bool
) -> None:
    world.publish({"danger_list": [listed(levels=[level])]})
    world.measurer.answer = around(5900.0, 4900.0, levels=["primary" if level == "primary" else "secondary_2"])
    course = Course(annex="B", full_time=True)
    event = make.submitted(school_number="100005", grade="01", birth_date=date(2009, 5, 1), course=course)
    await world.hear(event)
    rules = {each["rule"] for each in world.case_of(event.application_id).reasons}
    assert ("dangerous_route" in rules) == asked
