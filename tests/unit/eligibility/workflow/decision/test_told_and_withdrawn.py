"""What is told twice, taken back, or told of one child twice."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from eligibility.workflow import MeasuredRoutes
from shared.errors import NotFound
from shared.events import (
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
)
from support.eligibility import small_place as make
from support.eligibility.world import World


async def test_told_twice_is_decided_once(world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    await world.hear(event.model_copy(update={"event_id": uuid4()}))
    assert len(world.told()) == 1


async def test_a_withdrawal_ends_a_grant(world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    await world.hear(withdrawn(event.application_id))
    await world.hear(withdrawn(event.application_id))
    granted, ended = world.told()
    assert isinstance(granted, EligibilityGranted) and isinstance(ended, EligibilityWithdrawn)
    assert ended.decision_id == granted.decision_id
    assert world.case_of(event.application_id).state == "withdrawn"


async def test_a_withdrawal_lays_down_what_was_not_decided(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2000.0))
    event = make.submitted()
    await world.hear(event)
    await world.hear(withdrawn(event.application_id))
    assert world.told_as(EligibilityWithdrawn).decision_id is None


async def test_a_withdrawal_that_came_first_is_remembered(world: World) -> None:
    event = make.submitted()
    step = await world.decide.submitted(event)
    await world.hear(withdrawn(event.application_id))
    await world.database.write(step)
    assert world.told() == []
    assert world.case_of(event.application_id).state == "withdrawn"


async def test_an_authority_that_is_not_set_up_is_put_aside(world: World) -> None:
    with pytest.raises(NotFound):
        await world.hear(make.submitted(authority_id="77777"))


async def test_a_questions_event_holds_only_the_questions(world: World) -> None:
    world.measurer.answer = MeasuredRoutes(make.measurement(2000.0))
    await world.hear(make.submitted())
    assert "measurement" not in [each.rule for each in world.told_as(EligibilityReviewOpened, 0).reasons]


async def test_a_second_application_for_the_same_child_is_a_person_s_matter(world: World) -> None:
    first = make.submitted()
    await world.database.write(await world.decide.submitted(first))
    child = first.child.model_copy(update={"first_name": " ANA  "})
    twice = make.submitted(child=child)
    await world.database.write(await world.decide.submitted(twice))
    one, other = world.case_of(first.application_id), world.case_of(twice.application_id)
    assert (one.state, other.state) == ("granted", "review")
    assert other.reasons[0]["rule"] == "duplicate"
    assert str(first.application_id) not in str(other.reasons)


async def test_the_next_year_and_a_twin_are_no_duplicates(world: World) -> None:
    first = make.submitted()
    twin = make.submitted(child=first.child.model_copy(update={"first_name": "Bea"}))
    for event in (first, twin):
        await world.database.write(await world.decide.submitted(event))
        case = world.case_of(event.application_id)
        assert case.state == "granted"


def withdrawn(application_id: UUID) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        occurred_at=datetime(2026, 6, 1, tzinfo=UTC),
        authority_id="12345",
        application_id=application_id,
        withdrawal_id=uuid4(),
    )
