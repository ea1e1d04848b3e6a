"""/v1/letters: notices that go by post: printed, posted, returned. And the proof of how a notice was delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import Answer, problems
from eligibility.api.desk.delivery_json import proof_json
from eligibility.domain.dispatch import DispatchId
from eligibility.domain.ids import CaseId, DecisionId
from eligibility.workflow.delivery.letters import MOST_AT_ONCE, Letter, LetterDesk, LetterList
from eligibility.workflow.delivery.proof import DeliveryProofs
from eligibility.workflow.outer_ports import LetterFiles

Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE, description="As the list names them.")]
ZIP = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="Briefe.zip"'}


class LetterOut(Answer):
    """A letter in the queue."""

    id: UUID
    case_id: UUID
    decision_id: UUID
    recipient: int = Field(description="0: who applied; 1: the other guardian.")
    number: int = Field(description="1: the first try to this addressee; more: after a way that failed.")
    state: str
    since: datetime
    written_at: datetime
    title: str
    addressee: list[str] = Field(description="As it stands in the window.")
    day: date | None = Field(description="Given to the post.")
    has_ended: bool = Field(
        description="Its decision counts no more: replaced, set aside, or the application withdrawn."
    )


class LettersOut(Answer):
    """By state, the oldest first; `counts` says how many there are, the lists hold 200 at most."""

    queued: list[LetterOut]
    printed: list[LetterOut]
    returned: list[LetterOut]
    posted: list[LetterOut] = Field(description="The newest first.")
    counts: dict[str, int]


class LettersIn(BaseModel):
    """Which letters."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.letters))

    letters: Ids


class PostingIn(BaseModel):
    """Which letters were given to the post, and when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.letter_posting))

    letters: Ids
    day: date = Field(description="From it the day of notification follows.")


@dataclass(frozen=True)
class LetterRoom:
    """What the letters' operations call."""

    desk: LetterDesk
    files: LetterFiles
    proving: DeliveryProofs


def letters_router(room: LetterRoom, identity: Identity) -> APIRouter:
    """Letters of the own authority."""
    router = APIRouter(prefix="/v1", tags=["letters"])
    _add_list(router, room, identity)
    _add_returns(router, room, identity)
    _add_proof(router, room, identity)
    return router


def _add_list(router: APIRouter, room: LetterRoom, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.get("/letters", response_model=LettersOut)
    async def list_letters(caller: SignedIn) -> dict[str, Any]:
        """What is to be printed, to be given to the post, or has come back."""
        return letters_json(await room.desk.all(caller))

    @router.post(
        "/letters/prints",
        response_class=Response,
        responses={200: {"content": {"application/zip": {}}}, **problems(409, 422)},
    )
    async def print_letters(caller: SignedIn, chosen: LettersIn) -> Response:
        """The letters as PDFs in a ZIP file with a list; they are noted as printed. Again: printed once more."""
        ids = [DispatchId(each) for each in chosen.letters]
        return Response(await archive(room, caller, ids), 200, ZIP, "application/zip")

    @router.post("/letters/postings", response_model=LettersOut, responses=problems(409, 422))
    async def post_letters(caller: SignedIn, posting: PostingIn) -> dict[str, Any]:
        """They were given to the post on that day: all of them, or none where one cannot have been."""
        await room.desk.note_posted(caller, [DispatchId(each) for each in posting.letters], posting.day)
        return letters_json(await room.desk.all(caller))


def _add_returns(router: APIRouter, room: LetterRoom, identity: Identity) -> None:
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post("/letters/{letter_id}/return", response_model=LettersOut, responses=problems(409))
    async def note_return(caller: SignedIn, letter_id: UUID) -> dict[str, Any]:
        """It came back: no period runs from it, and the family is asked for its address."""
        await room.desk.note_returned(caller, DispatchId(letter_id))
        return letters_json(await room.desk.all(caller))

    @router.post("/letters/{letter_id}/successor", response_model=LettersOut, responses=problems(409))
    async def send_again(caller: SignedIn, letter_id: UUID) -> dict[str, Any]:
        """Another letter in place of one that came back, to the address that is known now."""
        await room.desk.send_again(caller, DispatchId(letter_id))
        return letters_json(await room.desk.all(caller))


def _add_proof(router: APIRouter, room: LetterRoom, identity: Identity) -> None:
    @router.get("/cases/{case_id}/notices/{decision_id}/delivery")
    async def proof(
        caller: Annotated[Caller, Depends(identity.caller)], case_id: UUID, decision_id: UUID
    ) -> dict[str, Any]:
        """The proof of delivery: for each addressee what happened by which way, when, and by whom."""
        return proof_json(await room.proving.proof(caller, CaseId(case_id), DecisionId(decision_id)))


async def archive(room: LetterRoom, caller: Caller, ids: Sequence[DispatchId]) -> bytes:
    """Set first, noted as printed afterwards: what could not be set is still in the queue."""
    letters = await room.desk.chosen(caller, ids)
    made = await room.files.archive(letters)
    await room.desk.note_printed(caller, ids)
    return made


def letters_json(letters: LetterList) -> dict[str, Any]:
    """As `LettersOut`."""
    return {
        "queued": [_letter(each) for each in letters.queued],
        "printed": [_letter(each) for each in letters.printed],
        "returned": [_letter(each) for each in letters.returned],
        "posted": [_letter(each) for each in letters.posted],
        "counts": letters.counts,
    }


def _letter(letter: Letter) -> dict[str, Any]:
    dispatch = letter.dispatch
    return {
        "id": dispatch.id,
        "case_id": dispatch.case_id,
        "decision_id": dispatch.decision_id,
        "recipient": dispatch.recipient,
        "number": dispatch.number,
        "state": dispatch.state,
        "since": dispatch.since,
        "written_at": letter.written_at,
        "has_ended": letter.has_ended,
        "title": letter.title,
        "addressee": list(letter.addressee),
        "day": dispatch.day,
    }
