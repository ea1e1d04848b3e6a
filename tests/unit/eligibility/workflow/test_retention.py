"""That a document was there goes some time after it was removed; what is removed because its time is over asks for
nothing once more."""

from datetime import timedelta
from uuid import uuid4

from eligibility.domain.ids import ApplicationId
from eligibility.domain.retention_table import RetentionTerms
from eligibility.workflow.retention import retention_tasks
from shared.events import ApplicationDocumentAdded, ApplicationDocumentRemoved, head
from shared.retention_job import run_retention
from support.eligibility import small_place
from support.eligibility.world import World
from support.record import faults

KEPT = timedelta(days=RetentionTerms().removed_document_days)


async def test_a_removed_document_is_forgotten_and_one_that_is_there_stays(world: World) -> None:
    event, now = small_place.submitted(), small_place.NOW
    await world.hear(event)
    ids = [uuid4(), uuid4()]
    for each in ids:
        more = {"document_id": each, "kind": "medical_certificate", "media_type": "image/png", "size": 5}
        await world.hear(ApplicationDocumentAdded(**head(event, now), **more))
    await world.hear(ApplicationDocumentRemoved(**head(event, now), document_id=ids[0], because="retention"))
    tasks = retention_tasks(RetentionTerms())
    assert not (await run_retention(world.database, tasks, now + KEPT)).tables
    over = now + KEPT + timedelta(seconds=1)
    for dry_run in (True, False):
        assert (await run_retention(world.database, tasks, over, dry_run=dry_run)).tables == {"document": 1}
    of = ApplicationId(event.application_id)
    left = world.database.read_now(lambda store: [each.id for each in store.documents_of(of)])
    assert left == [ids[1]]
    assert faults(world.database) == []
