"""A refusal erases the name that waits for a ticket: the grant after it has the name told again, in whatever order both
are heard."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from application.consumer import handlers
from application.domain.ids import ApplicationId, Owner
from application.form import ApplicationForm
from application.store import SqlStore
from application.workflow import Workflow
from shared.database import Database
from shared.events import (
    ApplicationHolderGiven,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
    TicketStateChanged,
)
from support.outbox import told

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GRANTED = {"own_share_cents": 0, "valid_from": date(2026, 9, 2), "valid_until": date(2027, 7, 31)}
SAID: dict[str, object] = {"reasons": (), "rules_version": "nrw", "distance_m": None, "limit_m": None}


@pytest.fixture
async def application_id(workflow: Workflow, body: dict[str, object]) -> ApplicationId:
    form = ApplicationForm.model_validate_json(json.dumps(body))
    return (await workflow.applications.submit(Owner("parent-1"), "key-1", form, START)).id


def granted(application_id: ApplicationId, at: datetime, **more: object) -> Event:
    head = {"application_id": application_id, "authority_id": "10261", "occurred_at": at}
    return EligibilityGranted(**head, **SAID, **GRANTED, decision_id=UUID(int=int(at.timestamp())), **more)


def refused(application_id: ApplicationId, at: datetime) -> Event:
    head = {"application_id": application_id, "authority_id": "10261", "occurred_at": at}
    return EligibilityRefused(**head, **SAID, decision_id=UUID(int=int(at.timestamp())))


def ended(application_id: UUID, at: datetime) -> Event:
    """The end of what was granted at that time."""
    head = {"application_id": application_id, "authority_id": "10261", "occurred_at": at}
    return EligibilityWithdrawn(**head, decision_id=UUID(int=int(at.timestamp())), reason="decided_anew")


def issued(application_id: UUID, at: datetime, happened: str = "issued") -> Event:
    """The ticket of what was granted at that time."""
    head = {"application_id": application_id, "authority_id": "10261", "occurred_at": at}
    days = {"valid_from": at, "valid_until": at + 300 * DAY}
    return TicketStateChanged(
        **head, **days, ticket_id=UUID(int=7), case_id=None, decision_id=UUID(int=int(at.timestamp())), number=7,
        organisation_id=32838, product=1, step=1, state="issued", happened=happened,
    )  # fmt: skip


async def times_told(workflow: Workflow, database: Database[SqlStore], *events: Event) -> int:
    """How often the name was told because of these events."""
    before = len(told(database, ApplicationHolderGiven))
    for event in events:
        await database.write(await handlers(workflow)[type(event)](event))
    return len(told(database, ApplicationHolderGiven)) - before


async def test_a_grant_soon_after_the_application_needs_no_name_again(
    workflow: Workflow, database: Database[SqlStore], application_id: ApplicationId
) -> None:
    assert await times_told(workflow, database, granted(application_id, START + DAY)) == 0


async def test_a_grant_long_after_the_application_has_its_name_told_again(
    workflow: Workflow, database: Database[SqlStore], application_id: ApplicationId
) -> None:
    assert await times_told(workflow, database, granted(application_id, START + 200 * DAY)) == 1


@pytest.mark.parametrize("first", ["refusal", "allowance by the kilometre"])
@pytest.mark.parametrize("order", list(permutations((0, 1))))
async def test_a_grant_after_a_decision_without_a_ticket_has_its_name_told_again_in_either_order(
    workflow: Workflow, database: Database[SqlStore], application_id: ApplicationId, first: str, order: tuple[int, ...]
) -> None:
    without = (
        refused(application_id, START + DAY)
        if first == "refusal"
        else granted(application_id, START + DAY, transport="car", allowance_cents=1300)
    )
    events = [without, granted(application_id, START + 2 * DAY)]
    assert await times_told(workflow, database, *(events[each] for each in order)) == 1


async def test_a_refusal_after_a_grant_that_has_its_ticket_tells_no_name(
    workflow: Workflow, database: Database[SqlStore], application_id: ApplicationId
) -> None:
    events = [granted(application_id, START + DAY), issued(application_id, START + DAY)]
    assert await times_told(workflow, database, *events, refused(application_id, START + 2 * DAY)) == 0


@pytest.mark.parametrize("how", ["its ticket is kept", "it has ended"])
async def test_a_refusal_after_a_grant_that_needs_no_name_any_more_tells_none(
    workflow: Workflow, database: Database[SqlStore], application_id: ApplicationId, how: str
) -> None:
    grant = granted(application_id, START + DAY)
    settled = (
        issued(application_id, START + DAY, happened="kept")
        if how == "its ticket is kept"
        else ended(application_id, START + DAY)
    )
    events = [grant, settled, refused(application_id, START + 2 * DAY)]
    assert await times_told(workflow, database, *events) == 0


async def test_a_refusal_that_may_overtake_the_grant_before_it_has_the_name_told_again_as_of_its_own_time(
    workflow: Workflow, database: Database[SqlStore], application_id: ApplicationId
) -> None:
    events = [granted(application_id, START + DAY), refused(application_id, START + 2 * DAY)]
    assert await times_told(workflow, database, *events) == 1
    assert told(database, ApplicationHolderGiven)[-1].occurred_at > START + 2 * DAY
