"""A family with two children (support/eligibility/siblings.py)."""

import pytest
from eligibility.workflow.family.families import Families
from shared.events import ApplicationSubmitted
from support.eligibility.siblings import two_children
from support.eligibility.world import World


@pytest.fixture
def families(world: World) -> Families:
    return world.families()


@pytest.fixture
def both() -> tuple[ApplicationSubmitted, ApplicationSubmitted]:
    return two_children()
