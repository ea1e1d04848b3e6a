"""The change of the school year, in the small place."""

import pytest
from support.eligibility.small_place import JUNE, NEXT_YEAR, Renew
from support.eligibility.world import World


@pytest.fixture
def renew(world: World) -> Renew:
    """Prepares the next year; how many grants came to which end."""

    async def renew() -> dict[str, int]:
        world.clock[0] = JUNE
        done = await world.renewals(NEXT_YEAR).renew("12345", NEXT_YEAR, "bert", lambda _: None)
        return dict(done.outcomes)

    return renew


@pytest.fixture
def standing(world: World) -> None:
    world.publish({"approval": "standing"})
