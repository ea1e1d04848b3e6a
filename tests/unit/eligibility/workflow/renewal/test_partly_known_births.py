"""The change of the school year, where of children only the year of birth is known."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from shared.birth_dates import PartlyKnownDate
from shared.events import EligibilityGranted
from support.eligibility.siblings import child, sibling
from support.eligibility.world import World, settled

Renew = Callable[[], Awaitable[dict[str, int]]]
OLDER, YOUNGER = PartlyKnownDate(2015), PartlyKnownDate(2017, 5)


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("younger", [YOUNGER, date(2017, 5, 1)], ids=str)
async def test_siblings_are_carried_on_together_and_pay_as_before(
    world: World, renew: Renew, younger: PartlyKnownDate | date
) -> None:
    both = child(OLDER, sibling(younger), grade="02"), child(younger, sibling(OLDER), grade="01")
    for event in both:
        await world.hear(event)
    await settled(world.families())
    assert sum((await renew()).values()) == 2
    await settled(world.families())
    shares = [[each.own_share_cents for each in world.told_of(event, EligibilityGranted)] for event in both]
    assert all(len(each) == 2 for each in shares), shares
