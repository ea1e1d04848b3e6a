"""Application over HTTP and eligibility by its events, and back: what one has told and the other has not heard yet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from application.checks.key_tables import school_keys
from application.consumer import handlers
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from eligibility.workflow import MeasuredRoutes
from shared.database import Database
from shared.events import (
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    ApplicationFamilyErased,
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AttendanceConfirmed,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    EligibilityApplicationDue,
    EligibilityChangeSettled,
    EligibilityFormPublished,
    EligibilityGranted,
    EligibilityMessageFiled,
    EligibilityMessageRead,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    Event,
)
from shared.questions import MessageTermQuestion, PrecheckQuestion, Question
from support.answers import Answer, as_asked
from support.application import directory
from support.application.families import FAMILIES, URL
from support.eligibility import small_place
from support.eligibility.world import World
from support.json import Json
from support.outbox import told
from support.tokens import issuer

TO_ELIGIBILITY = (
    ApplicationSubmitted, ApplicationChanged, ApplicationWithdrawn, ApplicationDocumentAdded, ApplicationDocumentRemoved,
    ApplicationSelfPayerChosen, ApplicationFamilyErased, AttendanceConfirmed, AttendanceQuestioned, AttendanceEnded,
    AttendanceReopened,
)  # fmt: skip
TO_APPLICATION = (
    EligibilityReviewOpened, EligibilityQuestionAsked, EligibilityGranted, EligibilityRefused, EligibilityWithdrawn,
    EligibilityShareChanged, EligibilityApplicationDue, EligibilityMessageFiled, EligibilityMessageRead,
    EligibilityChangeSettled, EligibilityFormPublished,
)  # fmt: skip
SCHOOLS = (
    directory.school("100001", "G", authority_id="12345"),
    directory.school("100004", "GY", authority_id="12345"),
    directory.school("100007", "GY", authority_id="12345"),
)


class AnsweredBy:
    """Implements Asks: the world answers, in bytes as over the bus, or nobody does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.there = True

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        if not self.there:
            return None
        read = type(question).model_validate_json(question.model_dump_json())
        if isinstance(read, MessageTermQuestion):
            return as_asked(await self.world.workflow.message_terms.answer(read), answer)
        if isinstance(read, PrecheckQuestion):
            reply = await self.world.prechecks.answer(read)
            return answer.model_validate_json(reply.model_dump_json())
        return None


@dataclass
class BothServices:
    """`heard`: ids of the events that were delivered. Nothing is delivered by itself."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    database: Database[SqlStore]
    workflow: Workflow
    world: World
    asks: AnsweredBy
    heard: set[UUID] = field(default_factory=set)

    async def applies(self, body: dict[str, object]) -> str:
        answer = await self.http.post(
            "/v1/applications", json=body, headers=self.headers | {"Idempotency-Key": "key-12345678"}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["links"]["self"])

    async def writes(self, path: str, **body: object) -> httpx.Response:
        return await self.http.post(f"{path}/answers", json=body, headers=self.headers)

    async def sends(self, path: str, key: str, content: bytes, **fields: str) -> httpx.Response:
        headers = self.headers | {"Idempotency-Key": key}
        files = {"file": ("Attest.pdf", content, "application/pdf")}
        return await self.http.post(f"{path}/documents", data={"kind": "other"} | fields, files=files, headers=headers)

    async def shown(self, path: str) -> Json:
        answer = await self.http.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        shown: Json = answer.json()
        return shown

    def on_the_way(self) -> list[Event]:
        """What was told and not delivered, in order."""
        both = [*told(self.database, *TO_ELIGIBILITY), *told(self.world.database, *TO_APPLICATION)]
        return [each for each in both if each.event_id not in self.heard]

    async def deliver(self, event: Event) -> None:
        self.heard.add(event.event_id)
        if isinstance(event, TO_ELIGIBILITY):
            await self.world.hear(event)
        else:
            await self.database.write(await handlers(self.workflow)[type(event)](event))

    async def deliver_all(self) -> None:
        for _ in range(20):
            if not (waiting := self.on_the_way()):
                return
            for each in waiting:
                await self.deliver(each)
        raise AssertionError("the two never come to rest")


@asynccontextmanager
async def both_services(world: World, url: str) -> AsyncIterator[BothServices]:
    """`url`: of an empty database for application."""
    world.measurer.answer = MeasuredRoutes(small_place.measurement(6000.0))
    database = directory.open_filled(url, *SCHOOLS)
    asks = AnsweredBy(world)
    workflow = workflow_on(database, school_keys(), asks)
    transport = httpx.ASGITransport(FAMILIES.serving(workflow))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        yield BothServices(http, issuer().bearer("parent-1", "guardian"), database, workflow, world, asks)
    database.close()
