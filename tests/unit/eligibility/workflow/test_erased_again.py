"""A service whose database was put back to an older copy erases at its start what was erased since."""

from datetime import UTC, datetime
from types import SimpleNamespace

import sqlalchemy as sa
from eligibility.consumer import handlers
from eligibility.store.tables import CASE
from shared.bus import erasures
from shared.bus.erasures import ErasedApplication
from shared.copies.turns import Turns
from shared.runtime.retention import retention_workers
from support.eligibility import small_place
from support.eligibility.world import World
from support.record import faults


async def test_a_case_that_came_back_goes_once_more_and_no_other_one(world: World) -> None:
    mine, other = small_place.submitted(), small_place.submitted()
    for each in (mine, other):
        await world.hear(each)
    known = [ErasedApplication(mine.application_id, mine.authority_id, small_place.NOW)]
    world.database.write_now(lambda store: erasures.mark_due(store.session, known))
    service = SimpleNamespace(database=world.database, handlers=handlers(world.workflow), retention=())
    turns = Turns(world.database, world.database.url)
    (worker,) = (
        each for each in retention_workers(service, lambda: datetime.now(UTC), turns) if each.name == "erasures"
    )
    assert [await worker.work(), await worker.work()] == [1, 0]
    query = sa.select(CASE.c.application_id)
    left = world.database.read_now(lambda store: [row["application_id"] for row in store.rows(query)])
    assert left == [str(other.application_id)]
    assert world.database.read_now(lambda store: erasures.erased_among(store.session, [mine.application_id]))
    assert faults(world.database) == []
