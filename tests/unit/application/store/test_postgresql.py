"""The same store on PostgreSQL: what differs between the two databases is asked here."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from application.checks import SchoolKeys
from application.domain.ids import Owner
from application.domain.status import Status
from application.form import ApplicationForm
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from shared.bus import outbox
from shared.database import Database
from shared.errors import Conflict
from shared.events import PassReady
from support.application import directory
from support.ticket_steps import ticket_step


@pytest.fixture
def database(postgresql: Callable[[], str]) -> Iterator[Database[SqlStore]]:
    database = directory.open_filled(postgresql(), directory.school())
    yield database
    database.close()


async def test_of_many_posts_at_once_with_one_key_one_counts(
    database: Database[SqlStore], keys: SchoolKeys, body: dict[str, object], now: datetime
) -> None:
    workflow: Workflow = workflow_on(database, keys)
    form = ApplicationForm.model_validate_json(json.dumps(body))
    other = form.model_copy(update={"grade": "06"})
    owner = Owner("parent-1")
    taken = await asyncio.gather(*(workflow.applications.submit(owner, "one-key", form, now) for _ in range(20)))
    assert len({application.id for application in taken}) == 1
    with pytest.raises(Conflict):
        await workflow.applications.submit(owner, "one-key", other, now)
    assert database.read_now(lambda store: len(outbox.waiting_events(store.session, 100))) == 2
    # news and a withdrawal, each noted once
    application_id = taken[0].id
    ready = PassReady(
        occurred_at=now, authority_id="10261", application_id=application_id, ticket_id=uuid4(), pass_url="https://p/1"
    )
    for _ in range(2):
        await database.write(await workflow.timeline.record(ready))
    assert (await workflow.applications.view(owner, application_id)).current_status.status is Status.PASS_READY
    # told again it stays at its earliest time, with the newest detail
    for minutes in (5, -5):
        again = {"occurred_at": now + timedelta(minutes=minutes), "pass_url": f"https://p/{minutes}"}
        await database.write(await workflow.timeline.record(ready.model_copy(update=again)))
    (kept,) = (await workflow.applications.view(owner, application_id)).news
    assert kept.at == now - timedelta(minutes=5) and "https://p/-5" in kept.detail
    await database.write(
        await workflow.timeline.record(ticket_step(about(ready), ready.ticket_id, "suspended", 2, reason="lost"))
    )
    assert (await workflow.applications.view(owner, application_id)).current_status.status is Status.SUSPENDED
    for minutes in (1, 2):
        view = await workflow.applications.withdraw(owner, application_id, now + timedelta(minutes=minutes))
    assert [each.at for each in view.news] == [kept.at, now, (now + timedelta(minutes=1)).astimezone(UTC)]
    assert len(await workflow.applications.page(owner, None, 10)) == 1
    assert len(await workflow.directory.search("gymnasium bielefeld", 10)) == 1


def about(ready: PassReady) -> dict[str, object]:
    told = {"occurred_at": datetime(2026, 6, 1, 10, 0, tzinfo=UTC), "authority_id": "10261"}
    return told | {"application_id": ready.application_id}
