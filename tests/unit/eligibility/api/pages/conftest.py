"""The desk's pages over the small place, with the demo's identity provider."""

import pytest
from eligibility.domain.case import Case
from eligibility.workflow import MeasuredRoutes
from support.eligibility import small_place as make
from support.eligibility.desk import CaseMaker, Desk, open_desk
from support.eligibility.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return open_desk(world)


@pytest.fixture
def in_review(world: World) -> CaseMaker:
    """A case with a question: the measured way lies within the band of doubt."""

    async def one(**changes: object) -> Case:
        world.measurer.answer = MeasuredRoutes(make.measurement(2010.0, lenient_m=1990.0, strict_m=2040.5))
        event = make.submitted(**changes)
        await world.hear(event)
        case = world.case_of(event.application_id)
        assert case.state == "review"
        return case

    return one


@pytest.fixture
def prepared(world: World) -> CaseMaker:
    async def one(**changes: object) -> Case:
        world.measurer.answer = MeasuredRoutes(make.measurement(2500.0))
        event = make.submitted(**changes)
        await world.hear(event)
        case = world.case_of(event.application_id)
        assert case.state == "prepared"
        return case

    return one
