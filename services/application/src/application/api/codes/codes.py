"""/v1/codes and /v1/code-letters: for the programs of an authority."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from shared.calendar import in_berlin
from shared.errors import NotFound
from shared.identity import Caller, Identity

from application.api.codes.printed import HEADERS, STAFF, PrintedCodes
from application.api.description import PROBLEM
from application.api.requests import application_id_of
from application.domain.codes import MOST_CODES, BatchId, CodeBatch
from application.workflow import Workflow
from application.workflow.codes.codes import NO_BATCH, ClassOrder


class CodeOrder(BaseModel):
    """Codes für eine Klasse."""

    model_config = ConfigDict(
        strict=True, extra="forbid",
        json_schema_extra={"examples": [{"school_number": "168890", "label": "5a", "count": 2}]},
    )  # fmt: skip

    school_number: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,12}$", description="Schule des Schulträgers.")]
    label: Annotated[str, Field(max_length=20, pattern=r"^[\w .,/+-]*$", description="Wie die Klasse heißt: 5a.")] = ""
    count: Annotated[int, Field(ge=1, le=MOST_CODES, description="Wie viele, einer für jedes Kind.")]


class BatchAnswer(BaseModel):
    id: UUID
    school_number: str
    label: str
    made_at: datetime
    expires_at: datetime
    made: int
    used: int = Field(description="Mit so vielen wurde schon etwas geöffnet.")
    revoked_at: datetime | None


class BatchList(BaseModel):
    items: list[BatchAnswer]


class WaitingLetter(BaseModel):
    application_id: UUID
    asked_at: datetime
    by_staff: bool = Field(description="Vom Schulträger angefordert, nicht von der Familie.")


class LetterList(BaseModel):
    items: list[WaitingLetter]


def router(workflow: Workflow, identity: Identity, printed: PrintedCodes) -> APIRouter:
    """For people of an authority, each for its own schools and applications."""
    routes = APIRouter(prefix="/v1", tags=["codes"])
    _add_codes(routes, workflow, identity, printed)
    _add_letters(routes, workflow, identity, printed)
    return routes


def _add_codes(routes: APIRouter, workflow: Workflow, identity: Identity, printed: PrintedCodes) -> None:
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post(
        "/codes", status_code=201, response_class=Response, responses=dict.fromkeys((401, 403, 422, 503), PROBLEM)
    )
    async def make(order: CodeOrder, caller: Who) -> Response:
        """Codes für eine Klasse, als PDF zum Ausschneiden. Nur diese Antwort enthält sie."""
        wanted = ClassOrder(order.school_number, order.label, order.count)
        return await printed.sheet(authority_of(caller), wanted, caller.subject, datetime.now(UTC))

    @routes.get("/codes", response_model=BatchList, responses=dict.fromkeys((401, 403), PROBLEM))
    async def every(caller: Who) -> Response:
        """Welche Codes gemacht wurden, ohne die Codes selbst."""
        found = await workflow.codes.batches(authority_of(caller))
        return _json(BatchList(items=[_batch(each) for each in found]))

    @routes.post("/codes/{batch_id}/revocation", status_code=204, responses=dict.fromkeys((401, 403, 404), PROBLEM))
    async def revoke(batch_id: str, caller: Who) -> Response:
        """Alle Codes dieser Klasse sperren. Was mit ihnen begonnen wurde, bleibt."""
        authority = authority_of(caller)
        await workflow.codes.revoke(authority, batch_id_of(batch_id), caller.subject, datetime.now(UTC))
        return Response(status_code=204, headers=HEADERS)


def _add_letters(routes: APIRouter, workflow: Workflow, identity: Identity, printed: PrintedCodes) -> None:
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.get("/code-letters", response_model=LetterList, responses=dict.fromkeys((401, 403), PROBLEM))
    async def waiting(caller: Who) -> Response:
        """Für welche Anträge ein Brief mit einem Code wartet."""
        found = await workflow.letters.waiting(authority_of(caller))
        items = [
            WaitingLetter(application_id=each.application_id, asked_at=in_berlin(each.asked_at), by_staff=each.by_staff)
            for each in found
            if each.application_id is not None
        ]
        return _json(LetterList(items=items))

    @routes.post("/code-letters", response_class=Response, responses=dict.fromkeys((401, 403, 409, 503), PROBLEM))
    async def print_all(caller: Who) -> Response:
        """Die wartenden Briefe drucken, als ein PDF. Jeder bekommt einen neuen Code; nur diese Antwort enthält ihn."""
        return await printed.letters(authority_of(caller), caller.subject, datetime.now(UTC))

    @routes.post(
        "/applications/{application_id}/code-letter",
        status_code=202,
        responses=dict.fromkeys((401, 403, 404), PROBLEM),
    )
    async def order(application_id: str, caller: Who) -> Response:
        """Einen Brief mit einem Code an die Anschrift im Antrag anfordern. Er wartet, bis jemand druckt."""
        number = application_id_of(application_id)
        await workflow.letters.ask_as_staff(authority_of(caller), number, datetime.now(UTC))
        return Response(status_code=202, headers=HEADERS)


def authority_of(caller: Caller) -> str:
    """For which the caller works.

    Raises:
        Forbidden.
    """
    caller.require(*STAFF)
    return caller.authority_id or ""


def batch_id_of(text: str) -> BatchId:
    """What is no id is not there either.

    Raises:
        NotFound.
    """
    try:
        return BatchId(UUID(text))
    except ValueError:
        raise NotFound(NO_BATCH) from None


def _batch(one: CodeBatch) -> BatchAnswer:
    return BatchAnswer(**(vars(one) | {"made_at": in_berlin(one.made_at), "expires_at": in_berlin(one.expires_at)}))


def _json(model: BaseModel) -> Response:
    """Nobody but the caller may keep it."""
    return Response(model.model_dump_json(), headers=HEADERS, media_type="application/json")
