"""An authority's own condition on lengths holds between the ends of a band too: nobody is refused while it may."""

import pytest
from eligibility.workflow import MeasuredRoutes
from support.eligibility import small_place as make
from support.eligibility.deciding import questions
from support.eligibility.world import World

OWN = {
    "key": "own", "effect": "grant", "legal_basis": "Ratsbeschluss", "source": "Ratsbeschluss", "valid_from": "2005-08-01",
    "text": "Der Rat hat es beschlossen.", "text_en": "The council has decided it.",
}  # fmt: skip
MIDDLE = "distance_m > 1500.0 && distance_m <= 1515.0"
NEAREST = "attends_nearest && distance_m > 1000.0"
WIDE = "distance_m > 1300.0 + 150.0 && distance_m < 1300.0 + 230.0"


def nearer(metres: float, **readings: float) -> MeasuredRoutes:
    return MeasuredRoutes(make.measurement(1520.0), ("100003", make.measurement(metres, **readings)))


@pytest.mark.parametrize(
    ("when", "routes", "outcome"),
    [
        (MIDDLE, MeasuredRoutes(make.measurement(1490.0)), "review"),
        (MIDDLE, MeasuredRoutes(make.measurement(1300.0)), "refused"),
        (MIDDLE, MeasuredRoutes(make.measurement(1510.0)), "review"),
        (WIDE, MeasuredRoutes(make.measurement(1449.0)), "review"),
        (NEAREST, nearer(1500.0, strict_m=1600.0, lenient_m=1400.0), "review"),
        (NEAREST, nearer(1200.0), "refused"),
        (NEAREST, MeasuredRoutes(make.measurement(1520.0)), "granted"),
        ("grade == '13'", MeasuredRoutes(make.measurement(1490.0)), "refused"),
    ],
)
async def test_a_length_that_may_meet_an_own_condition_is_looked_at(
    world: World, when: str, routes: MeasuredRoutes, outcome: str
) -> None:
    world.publish({"release_by_person": "nothing"}, conditions=[OWN | {"when": when}])
    world.measurer.answer = routes
    event = make.submitted()
    await world.hear(event)
    assert world.case_of(event.application_id).state == outcome
    assert questions(world, event) == (["doubt"] if outcome == "review" else [])
