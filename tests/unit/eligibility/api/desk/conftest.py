"""The API of cases, as the case worker anna calls it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from eligibility.workflow import MeasuredRoutes
from shared.events import ApplicationSubmitted
from support.eligibility import small_place
from support.eligibility.cases_api import cases_app
from support.eligibility.world import World
from support.identity import bearer


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=cases_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=bearer("anna")) as client:
        yield client


@pytest.fixture
async def review(world: World) -> ApplicationSubmitted:
    """A case that a person must look at."""
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2000.0))
    event = small_place.submitted()
    await world.hear(event)
    return event
