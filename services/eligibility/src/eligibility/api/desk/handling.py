"""/v1/cases/{case_id}/…: take a case, ask the family, override by two people, read the notice."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from shared.errors import Text
from shared.http.validation import bilingual
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.desk.case_answers import CaseAnswer
from eligibility.api.desk.case_json import whole
from eligibility.api.desk.cases import DecisionIn, PersonText
from eligibility.api.desk.notices import Format, uncached_response
from eligibility.domain.ids import CaseId, MessageId
from eligibility.workflow import (
    CaseDesk,
    CaseHandling,
    NoticeDesk,
    PersonsDecision,
    QuestionDraft,
    TicketChange,
    TicketDesk,
)
from eligibility.workflow.desk.messages import MessageDesk
from eligibility.workflow.outer_ports import Notices

SAY_IT = Text(
    "Im Text steht noch „…“. Bitte schreiben Sie dort, worum es geht: Darauf soll die Familie antworten können.",
    "The text still holds “…”. Please write there what it is about: the family must be able to answer it.",
)


def _said(text: str) -> str:
    """Whole, with nothing left open."""
    if "…" in text or "..." in text:
        raise bilingual(SAY_IT)
    return text


WholeText = Annotated[PersonText, AfterValidator(_said)]


class QuestionIn(BaseModel):
    """What the family is asked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.question))

    text: WholeText = Field(description="German: what to send, and why.")
    text_en: WholeText | None = Field(default=None, description="English courtesy translation.")
    due: date = Field(description="Until the end of this day.")
    hearing: bool = Field(
        default=False,
        description="A grant is to end or to become less: the family is heard (§ 28 VwVfG NRW). Also of a granted "
        "case.",
    )


TicketReason = Annotated[
    str, StringConstraints(min_length=3, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class TicketChangeIn(BaseModel):
    """What is asked of a ticket of the case."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.ticket_change))

    number: Annotated[int, Field(ge=0, lt=1 << 32)]
    change: Literal["suspend", "restore", "replace", "revoke"]
    reason: TicketReason = Field(description="In words, without names. Kept with the request.")
    fraud: bool = Field(default=False, description="Of a suspension or revocation: for misuse; the family reads that.")


class MessagesRead(BaseModel):
    """Which messages were looked at."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.messages_read))

    messages: Annotated[list[UUID], Field(min_length=1, max_length=200)]


def handling_router(  # noqa: PLR0917  # one for each topic
    desk: CaseDesk,
    handling: CaseHandling,
    notice_desk: NoticeDesk,
    notices: Notices,
    identity: Identity,
    messages: MessageDesk,
    tickets: TicketDesk,
) -> APIRouter:
    """Acts on one case. Each answers the case as it is afterwards, but for the notice, which is a file."""
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"])
    _add_assignment(router, desk, handling, identity)
    _add_question(router, desk, handling, identity)
    _add_override(router, desk, handling, identity)
    _add_messages(router, desk, messages, identity)
    _add_tickets(router, desk, tickets, identity)
    _add_notice(router, notice_desk, notices, identity)
    return router


def _add_assignment(router: APIRouter, desk: CaseDesk, handling: CaseHandling, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post("/assignment", response_model=CaseAnswer, responses=problems(409), response_model_exclude_unset=True)
    async def take(caller: SignedIn, case_id: UUID) -> dict[str, Any]:
        """Take the case; 409 where another person has it."""
        await handling.take(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))

    @router.delete("/assignment", response_model=CaseAnswer, responses=problems(409), response_model_exclude_unset=True)
    async def give_back(caller: SignedIn, case_id: UUID) -> dict[str, Any]:
        """Give the case back; an administrator who may read cases may also give back what another person has."""
        await handling.give_back(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))


def _add_question(router: APIRouter, desk: CaseDesk, handling: CaseHandling, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post(
        "/questions",
        status_code=201,
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def ask(caller: SignedIn, case_id: UUID, question: QuestionIn) -> dict[str, Any]:
        """Ask the family for something missing, until a day."""
        await handling.ask(
            caller, CaseId(case_id), QuestionDraft(**question.model_dump() | {"text_en": question.text_en or ""})
        )
        return whole(await desk.file(caller, CaseId(case_id)))


def _add_override(router: APIRouter, desk: CaseDesk, handling: CaseHandling, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post(
        "/override",
        status_code=202,
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def propose(caller: SignedIn, case_id: UUID, decision: DecisionIn) -> dict[str, Any]:
        """Propose another decision than the rules'. It counts once a second person has confirmed it."""
        await handling.propose(caller, CaseId(case_id), PersonsDecision(**decision.model_dump()))
        return whole(await desk.file(caller, CaseId(case_id)))

    @router.post(
        "/override/confirmation",
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def confirm(caller: SignedIn, case_id: UUID) -> dict[str, Any]:
        """Confirm what another person has proposed; 409 for the proposer. The decision goes out by the same act."""
        await handling.confirm(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))

    @router.delete("/override", response_model=CaseAnswer, responses=problems(409), response_model_exclude_unset=True)
    async def drop(caller: SignedIn, case_id: UUID) -> dict[str, Any]:
        """Drop the proposal."""
        await handling.drop(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))


def _add_messages(router: APIRouter, desk: CaseDesk, messages: MessageDesk, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post("/messages/read", response_model=CaseAnswer, response_model_exclude_unset=True)
    async def mark_read(caller: SignedIn, case_id: UUID, read: MessagesRead) -> dict[str, Any]:
        """Somebody has looked at these messages of the family, and done what follows from them. The family is told.
        Sent again, it changes nothing."""
        await messages.mark_read(caller, CaseId(case_id), [MessageId(each) for each in read.messages])
        return whole(await desk.file(caller, CaseId(case_id)))


def _add_tickets(router: APIRouter, desk: CaseDesk, tickets: TicketDesk, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post(
        "/ticket-requests",
        status_code=202,
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def change_ticket(caller: SignedIn, case_id: UUID, asked: TicketChangeIn) -> dict[str, Any]:
        """Ask for a ticket of the case to be suspended, restored, replaced or revoked. `ticket_requests` of the case
        says what became of it; 409 where the ticket's state does not allow it."""
        await tickets.ask(caller, CaseId(case_id), TicketChange(**asked.model_dump()))
        return whole(await desk.file(caller, CaseId(case_id)))


def _add_notice(router: APIRouter, notice_desk: NoticeDesk, notices: Notices, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.get("/notice", response_class=Response)
    async def notice(caller: SignedIn, case_id: UUID, format: Format | None = None) -> Response:
        """The newest notice, for the authority's people: no retrieval by the family is noted."""
        token = await notice_desk.token_of(caller, CaseId(case_id))
        return await uncached_response(notices, token, html=format == "html")
