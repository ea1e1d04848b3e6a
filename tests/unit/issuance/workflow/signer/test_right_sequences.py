"""Some of the random sequences of `tests/support/issuance/rights/play.py`, and that each planted defect is found."""

import asyncio

import pytest
from support.issuance.rights.model import Broken
from support.issuance.rights.plants import PLANTS
from support.issuance.rights.play import play


def test_whatever_is_asked_and_however_it_is_heard_a_right_is_as_it_must_be() -> None:
    asyncio.run(play(seed=11, count=15))


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_each_planted_defect_is_found(plant: str) -> None:
    with PLANTS[plant](), pytest.raises(Broken):
        asyncio.run(play(seed=1, count=60))
