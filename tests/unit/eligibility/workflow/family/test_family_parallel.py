"""Two siblings decided at the same moment, and several workers at one family: they come to the same end. Both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.domain.ids import ApplicationId
from eligibility.store import Store, StoredRecords
from eligibility.workflow import Decide
from eligibility.workflow.family.families import FAMILIES, Families
from shared.database import Database
from shared.events import ApplicationSubmitted, Circumstances, Sibling
from shared.runtime.backlog import Backlog
from support.databases import make_tables
from support.eligibility import small_place as make
from support.eligibility.world import World, fill

PAIRS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, postgresql: Callable[[], str], tmp_path: Path
) -> AsyncIterator[Database[Store]]:
    url = postgresql() if request.param == "postgresql" else f"sqlite:///{tmp_path / 'parallel.db'}"
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    fill(opened)
    yield opened
    opened.close()


def pair(number: int) -> tuple[ApplicationSubmitted, ApplicationSubmitted]:
    """The younger one does not know yet that the older one gets a ticket. All live in one house."""
    older_born, younger_born = date(2015, 3, 1 + number), date(2017, 5, 1 + number)
    household = uuid4()
    common = {"household": household}
    younger = Circumstances(lives_in_nrw=True, siblings=(Sibling(birth_date=older_born, funded=False),))
    older = Circumstances(lives_in_nrw=True, siblings=(Sibling(birth_date=younger_born, funded=True),))
    return (
        make.submitted(birth_date=younger_born, circumstances=younger, **common),
        make.submitted(birth_date=older_born, circumstances=older, **common),
    )


async def test_siblings_decided_at_once_and_settled_by_many_pay_as_first_and_second(
    database: Database[Store], world: World
) -> None:
    records = StoredRecords(database, presets.preset)
    decide = Decide(records, world.measurer, world.environment)
    workers = [
        Families(database, records, world.environment, Backlog(FAMILIES, database, world.environment.now))
        for _ in range(3)
    ]
    families = [pair(number) for number in range(PAIRS)]
    steps = [await decide.submitted(each) for family in families for each in family]

    async def work(worker: Families) -> None:
        for _ in range(20):
            await worker.settle()
            await asyncio.sleep(0)

    await asyncio.gather(*(database.write(step) for step in steps), *(work(each) for each in workers))
    while await workers[0].settle():
        pass

    def shares(store: Store) -> list[list[tuple[int, int | None, str]]]:
        found: list[list[tuple[int, int | None, str]]] = []
        for family in families:
            cases = [case for each in family if (case := store.case_of(ApplicationId(each.application_id)))]
            known = [store.decisions_of(case.id) for case in cases]
            found.append(
                [(len(each), each[-1].own_share_cents, case.state) for each, case in zip(known, cases, strict=True)]
            )
        return found

    for younger, older in database.read_now(shares):
        assert younger == (2, 700, "granted")
        assert older == (1, 1400, "granted")
    assert database.read_now(lambda store: store.families_due(10, world.environment.now())) == []
