"""Both services over real databases; a test that needs other ones says so itself."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from eligibility.store import Store
from eligibility.store.places.importer import PlaceImporter
from eligibility.workflow import Environment
from shared.database import Database
from support.both_services import BothServices, both_services
from support.databases import make_tables
from support.eligibility import small_place
from support.eligibility.world import KEYS, MeasurerAsTold, World, fill


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    on_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'eligibility.db'}"
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    fill(database)
    another = small_place.school("100007", form="GY", form_number="20", kind=None)
    PlaceImporter(database).replace_schools(iter((*small_place.SCHOOLS, another)))
    clock, tokens = [datetime.now(UTC)], iter(range(1_000_000))
    environment = Environment(lambda: clock[0], lambda: f"token-{next(tokens)}", KEYS, "https://bescheid.example")  # type: ignore[arg-type, return-value]
    made = World(database, MeasurerAsTold(), environment, clock)
    made.set_authority(release_by_person="nothing")
    yield made
    database.close()


@pytest.fixture
async def both(world: World, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BothServices]:
    on_postgresql = (
        request.node.callspec.params.get("world") == "postgresql" if hasattr(request.node, "callspec") else False
    )
    url = request.getfixturevalue("postgresql")() if on_postgresql else f"sqlite:///{tmp_path / 'application.db'}"
    async with both_services(world, url) as made:
        yield made
