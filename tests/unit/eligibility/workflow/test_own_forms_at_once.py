"""Forms of one authority that are published at the same moment. Both databases."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from eligibility.store import Store
from eligibility.workflow.rule_sets.own_form_desk import OwnFormDesk
from shared.calendar import day_in_berlin
from shared.database import Database
from shared.identity import Caller
from support.databases import make_tables, on_both
from support.eligibility.world import World, fill
from support.own_forms import BUS


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database[Store]]:
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'forms.db'}"
    else:
        url = request.getfixturevalue("postgresql")()
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    fill(opened)
    yield opened
    opened.close()


def administrator(name: str) -> Caller:
    return Caller(name, "12345", frozenset({"administrator"}))


@on_both("database")
async def test_each_gets_a_number_of_its_own(database: Database[Store], world: World) -> None:
    desk, today = OwnFormDesk(database, world.environment), day_in_berlin(world.environment.now())
    drafts = [await desk.draft(administrator("anna"), "12345", json.dumps(BUS)) for _ in range(6)]
    made = await asyncio.gather(*(desk.publish(administrator("bert"), "12345", each.id, today) for each in drafts))
    assert sorted(each.version or 0 for each in made) == [1, 2, 3, 4, 5, 6]
