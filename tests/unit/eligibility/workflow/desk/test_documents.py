"""Documents that a family handed in: shown in the case with kind and link, in whatever order they are told; they prove
nothing by themselves."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from eligibility import api, presets
from eligibility.consumer import handlers
from eligibility.domain.ids import ApplicationId
from eligibility.store import Store, StoredRecords
from eligibility.workflow import Documents, Environment, MeasuredRoutes, workflow_on
from fastapi import FastAPI
from shared.bus.topology import durables_of
from shared.database import Database
from shared.events import (
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    ApplicationSubmitted,
    Claims,
    EligibilityMessageFiled,
    EligibilityReviewOpened,
    Event,
)
from shared.http import problems
from shared.identity import Caller
from support.databases import make_tables, on_both
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.identity import PlainTokens
from support.json import Json

AT = datetime(2026, 5, 21, 9, 0, tzinfo=UTC)
BOTH = on_both("database")


@pytest.fixture
def database(request: pytest.FixtureRequest, world: World) -> Iterator[Database[Store]]:
    if getattr(request, "param", "sqlite") == "sqlite":
        yield world.database
        return
    url: str = request.getfixturevalue("postgresql")()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    yield database
    database.close()


@pytest.fixture
def papers(world: World) -> Documents:
    return Documents(world.environment)


Hear = Callable[[ApplicationDocumentAdded | ApplicationDocumentRemoved], Awaitable[None]]


@pytest.fixture
def hear(database: Database[Store], papers: Documents) -> Hear:
    async def call(event: ApplicationDocumentAdded | ApplicationDocumentRemoved) -> None:
        if isinstance(event, ApplicationDocumentAdded):
            await database.write(await papers.added(event))
        else:
            await database.write(await papers.removed(event))

    return call


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    environment = Environment(
        world.environment.now,
        world.environment.token,
        world.environment.keys,
        "https://x.example",
        "https://antrag.example",
    )
    app = FastAPI()
    problems.install(app)
    app.include_router(
        api.cases_router(
            world.workflow_by(StoredRecords(world.database, presets.preset), environment).cases, PlainTokens()
        )
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        client.headers["Authorization"] = "Bearer anna/12345/case_worker"
        yield client


def added(application_id: UUID, **changes: object) -> ApplicationDocumentAdded:
    values: dict[str, object] = {
        "occurred_at": AT, "authority_id": "12345", "application_id": application_id, "document_id": uuid4(),
        "kind": "medical_certificate", "media_type": "application/pdf", "size": 81_234,
    }  # fmt: skip
    return ApplicationDocumentAdded(**(values | changes))


def removed(event: ApplicationDocumentAdded) -> ApplicationDocumentRemoved:
    return ApplicationDocumentRemoved(
        occurred_at=AT + timedelta(hours=1), authority_id=event.authority_id, application_id=event.application_id,
        document_id=event.document_id,
    )  # fmt: skip


async def shown(http: httpx.AsyncClient, world: World, event: ApplicationSubmitted) -> Json:
    answer = await http.get(f"/v1/cases/{world.case_of(event.application_id).id}")
    assert answer.status_code == 200, answer.text
    case: Json = answer.json()
    return case


async def test_a_person_sees_the_document_with_its_kind_and_where_to_fetch_it(
    world: World, hear: Hear, http: httpx.AsyncClient
) -> None:
    event = make.submitted()
    await world.hear(event)
    document = added(event.application_id)
    for _ in range(2):  # told twice is one document
        await hear(document)
    case = await shown(http, world, event)
    (one,) = case["documents"]
    assert (
        one["link"] == f"https://antrag.example/v1/applications/{event.application_id}/documents/{document.document_id}"
    )
    assert one["staff_link"] == f"https://antrag.example/documents/{event.application_id}/{document.document_id}"
    assert one["kind_text"]["de"] == "Ärztliches Attest"
    assert one["state"] == "handed_in" and one["size"] == 81_234 and one["media_type"] == "application/pdf"
    (act,) = [each for each in case["acts"] if each["by"] == "family"]
    assert act["act"] == "document handed in" and act["detail"]["kind"] == "medical_certificate"


async def test_a_document_that_comes_before_its_case_waits_for_it(
    world: World, hear: Hear, http: httpx.AsyncClient
) -> None:
    event = make.submitted()
    await hear(added(event.application_id, kind="a_kind_of_next_year"))
    await hear(added(uuid4()))
    await world.hear(event)
    (one,) = (await shown(http, world, event))["documents"]
    assert one["kind_text"]["de"] == "Andere Unterlage"


@BOTH
async def test_a_removal_counts_in_whatever_order_it_is_told(database: Database[Store], hear: Hear) -> None:
    application, other = uuid4(), uuid4()
    first, second, third = added(application), added(application), added(application)
    for event in (first, removed(first), removed(second), second, third, removed(first), added(other)):
        await hear(event)
    left = database.read_now(lambda store: store.documents_of(ApplicationId(application)))
    still_there = [each for each in left if each.removed_at is None]
    assert [each.id for each in still_there] == [third.document_id]
    assert still_there[0].added_at == AT
    count = sa.text("SELECT count(*) FROM document")
    assert database.read_now(lambda store: store.session.connection().execute(count).scalar_one()) == 4


async def test_a_document_follows_the_case_where_another_authority_has_it_by_now(world: World, hear: Hear) -> None:
    """Put aside it would be lost: nobody of either authority would look at it."""
    event = make.submitted()
    await world.hear(event)
    await hear(added(event.application_id, authority_id="99999"))
    case = world.case_of(event.application_id)
    file = await world.desk.file(Caller("anna", "12345", frozenset({"case_worker"})), case.id)
    assert len(file.documents) == len(file.messages) == 1


async def test_a_certificate_that_was_handed_in_decides_nothing(world: World, hear: Hear) -> None:
    """Neither the facts nor the decision know of it: the form's word stays, and a person looks."""
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted(claims=Claims(health_weeks=12, health_certificate=False))
    await hear(added(event.application_id))
    await world.hear(event)
    before = world.case_of(event.application_id)
    assert before.state == "review"
    assert before.facts["health"] == {"weeks": 12.0, "certificate": False}
    await hear(added(event.application_id))
    assert world.case_of(event.application_id) == before
    kinds: list[type[Event]] = [EligibilityMessageFiled, EligibilityReviewOpened, EligibilityMessageFiled]
    assert [type(each) for each in world.told()] == kinds


async def test_a_document_answers_its_question_until_it_is_deleted_and_words_still_count(
    world: World, hear: Hear, http: httpx.AsyncClient
) -> None:
    from eligibility.workflow import QuestionDraft

    world.measurer.answer = MeasuredRoutes(make.measurement(2000.0))
    event = make.submitted()
    await world.hear(event)
    caller = Caller("anna", "12345", frozenset({"case_worker"}))
    case_id = world.case_of(event.application_id).id
    question = await world.handling.ask(
        caller, case_id, QuestionDraft("Bitte das Attest.", "", AT.date() + timedelta(days=9))
    )
    document = added(event.application_id, question_id=question)
    await hear(document)
    assert (await shown(http, world, event))["asked"][0]["answered_at"]
    await hear(removed(document))
    case = await shown(http, world, event)
    assert case["asked"][0]["answered_at"] is None
    assert case["documents"] == []
    assert [each["act"] for each in case["acts"] if each["by"] == "family"] == [
        "document handed in",
        "document removed",
    ]
    await hear(added(event.application_id, question_id=question))
    await world.hear(make.changed(event, question_id=question, answer="Es liegt bei."))
    assert (await shown(http, world, event))["asked"][0]["answer"] == "Es liegt bei."


def test_every_kind_that_this_service_hears_is_brought_to_it(world: World) -> None:
    records = StoredRecords(world.database, presets.preset)
    table = handlers(
        workflow_on(
            world.database, records, world.measurer, world.environment, presets, families_backlog=world.families_backlog
        )
    )
    brought = {kind for durable in durables_of("eligibility") for kind in durable.kinds}
    assert brought == {event.subject.rsplit(".", 1)[0] for event in table}
