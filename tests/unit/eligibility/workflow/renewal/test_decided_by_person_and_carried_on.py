"""An own share that two persons had set is not raised by the change of the school year alone."""

from collections.abc import Awaitable, Callable

import pytest
from shared.events import EligibilityGranted
from support.eligibility import small_place
from support.eligibility.deciding import LONG, questions, texts
from support.eligibility.office import Office
from support.eligibility.world import World

Renew = Callable[[], Awaitable[dict[str, int]]]
REASON = "Aus Billigkeit ist der halbe Eigenanteil zu zahlen."


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("cents", "asked"), [(700, ["person_decided"]), (None, []), (2000, [])])
async def test_the_rules_raise_no_share_that_persons_had_set(
    world: World, renew: Renew, cents: int | None, asked: list[str]
) -> None:
    office = Office(world)
    world.set_authority(release_by_person="everything")
    event = await office.applies(LONG, child=small_place.submitted().child, grade="02")
    await office.overrides(event, "granted", REASON, "§ 2 Abs. 3 SchfkVO", own_share_cents=cents)
    world.set_authority(release_by_person="nothing")
    outcomes = await renew()
    assert outcomes == {"review" if asked else "carried_on": 1}
    assert questions(world, event) == asked
    assert len(world.told_of(event, EligibilityGranted)) == (1 if asked else 2)
    if asked:
        assert REASON in texts(world, event) and "Das Schuljahr wechselt" in texts(world, event)
