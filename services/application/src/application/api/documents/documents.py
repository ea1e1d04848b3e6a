"""Documents of an application: hand one in, list, fetch, delete."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from shared.http.edge import LargerBody
from shared.identity import Caller, Identity

from application.api.applications.decision import Text
from application.api.applications.message_texts import received_document
from application.api.description import PROBLEM, upload_form
from application.api.documents.document_answer import DocumentAnswer, ReceivedDocument, document_answer
from application.api.documents.uploads import UploadBudget, read_upload
from application.api.requests import application_id_of, checked_key, document_id_of, owner_of
from application.checks.uploads import LARGEST_BYTES, TOO_LARGE
from application.domain.document import Document
from application.domain.draft import DraftDocument
from application.domain.ids import DocumentId
from application.workflow import Workflow
from application.workflow.documents.documents import READERS

LARGER_BODY = LargerBody("POST", re.compile(r"/v1/applications/[^/]{1,64}/documents"), 3 * LARGEST_BYTES, TOO_LARGE)
"""More than is kept: a file that is too large is read to its end, so that its sender hears the reason."""
HARMLESS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What a family sent is never shown inside a page, whatever it turns out to be."""
Part = Callable[[DocumentId, int], Awaitable[bytes | None]]
"""Reads a piece of a document; None behind the last."""
FORM = upload_form(question_id={"type": "string", "format": "uuid", "description": "Die Frage dazu."})


class DocumentList(BaseModel):
    items: list[DocumentAnswer]


def router(workflow: Workflow, identity: Identity, public_url: str) -> APIRouter:
    """Routes under /v1/applications/{application_id}/documents."""
    routes = APIRouter(prefix="/v1/applications/{application_id}/documents", tags=["documents"])
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type
    held = UploadBudget()

    @routes.post(
        "",
        status_code=201,
        response_model=ReceivedDocument,
        openapi_extra=FORM,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 503), PROBLEM),
    )
    async def add(
        application_id: str,
        request: Request,
        caller: Who,
        idempotency_key: Annotated[str | None, Header(description="Selbst gewählte Kennung dieser Anfrage.")] = None,
    ) -> Response:
        """Eine Unterlage einreichen, höchstens 10 MB. Derselbe Idempotency-Key mit derselben Datei ändert nichts."""
        owner, number, key = owner_of(caller), application_id_of(application_id), checked_key(request, idempotency_key)
        await workflow.documents.expect(owner, number)
        async with read_upload(request, key, owner, held) as upload:
            document = await workflow.documents.add(owner, number, upload, datetime.now(UTC))
        authority = await workflow.documents.desk_of(number)
        by = await workflow.messages.look_by(authority.id, document.added_at)
        received = Text.of(received_document(authority.name, by))
        answer = ReceivedDocument(**vars(document_answer(document, public_url, look_by=by)), received=received)
        return _json(answer, status=201, location=answer.link)

    @routes.get("", response_model=DocumentList, responses={401: PROBLEM, 403: PROBLEM, 404: PROBLEM})
    async def every(application_id: str, caller: Who) -> Response:
        """Alle Unterlagen, älteste zuerst: für die Familie und für den zuständigen Schulträger."""
        caller.require("guardian", *READERS)
        documents = await workflow.documents.all(caller, application_id_of(application_id))
        return _json(DocumentList(items=[document_answer(each, public_url) for each in documents]))

    _add_one(routes, workflow, identity)
    return routes


def _add_one(routes: APIRouter, workflow: Workflow, identity: Identity) -> None:
    """One document, fetched or deleted."""
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.get("/{document_id}", response_class=Response, responses={401: PROBLEM, 403: PROBLEM, 404: PROBLEM})
    async def fetch(application_id: str, document_id: str, caller: Who) -> Response:
        """Die Datei, zum Herunterladen."""
        caller.require("guardian", *READERS)
        number = application_id_of(application_id)
        which = document_id_of(document_id)
        document = await workflow.documents.one(caller, number, which, datetime.now(UTC))
        return file_response(document, workflow.documents.part)

    @routes.delete("/{document_id}", status_code=204, responses=dict.fromkeys((401, 403, 404, 409), PROBLEM))
    async def remove(application_id: str, document_id: str, caller: Who) -> Response:
        """Eine eigene Unterlage löschen, solange mit ihr nicht entschieden ist und niemand sie nach einer Entscheidung
        angesehen hat."""
        number, which = application_id_of(application_id), document_id_of(document_id)
        await workflow.documents.remove(owner_of(caller), number, which, datetime.now(UTC))
        return Response(status_code=204, headers={"Cache-Control": "no-store"})


def file_response(document: Document | DraftDocument, part: Part) -> Response:
    """The file, to be saved. Whoever calls has checked that the caller may see it."""
    name = f"filename=\"document\"; filename*=UTF-8''{quote(document.name, safe='')}"
    headers = {
        **HARMLESS,
        "Content-Length": str(document.size),
        "Content-Disposition": f"attachment; {name}",
    }
    return StreamingResponse(_parts(document.id, part), media_type=document.media_type, headers=headers)


async def _parts(document_id: DocumentId, part: Part) -> AsyncIterator[bytes]:
    """One piece in memory at a time."""
    number = 0
    while piece := await part(document_id, number):
        yield piece
        number += 1


def _json(model: BaseModel, *, status: int = 200, location: str | None = None) -> Response:
    """Nobody but the caller may keep it."""
    headers = {"Cache-Control": "no-store", **({"Location": location} if location else {})}
    return Response(model.model_dump_json(), status_code=status, headers=headers, media_type="application/json")
