"""Documents of a draft: hand one in, fetch, delete."""

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from shared.http.edge import LargerBody
from shared.http.limits import Limit
from shared.identity import Identity

from application.api.description import PROBLEM, upload_form
from application.api.documents.documents import file_response
from application.api.documents.uploads import UploadBudget, read_upload
from application.api.drafts.answers import DraftDocumentAnswer, document_answer
from application.api.drafts.body import Visitors, document_id_in_draft, draft_id_of
from application.api.drafts.limits import NO_LIMITS, DraftLimits
from application.api.requests import checked_key
from application.checks.uploads import LARGEST_BYTES, TOO_LARGE
from application.domain.draft import Visitor
from application.workflow import Workflow

LARGER_BODY = LargerBody("POST", re.compile(r"/v1/drafts/[^/]{1,64}/documents"), 3 * LARGEST_BYTES, TOO_LARGE)
FORM = upload_form()


def router(
    workflow: Workflow,
    identity: Identity,
    public_url: str,
    limits: DraftLimits = NO_LIMITS,
    limit: Limit | None = None,
) -> APIRouter:
    """Routes under /v1/drafts/{draft_id}/documents.

    Args:
        limit: how often one client may ask.
    """
    asked = [Depends(limit.check)] if limit else []
    routes = APIRouter(prefix="/v1/drafts/{draft_id}/documents", tags=["drafts"], dependencies=asked)
    visitors = Visitors(identity)
    _add_upload(routes, workflow, visitors, public_url, limits)
    _add_one(routes, workflow, visitors)
    return routes


def _add_upload(
    routes: APIRouter, workflow: Workflow, visitors: Visitors, public_url: str, limits: DraftLimits
) -> None:
    Who = Annotated[Visitor, Depends(visitors.visitor)]  # noqa: N806  # a type
    held = UploadBudget()

    @routes.post(
        "",
        status_code=201,
        response_model=DraftDocumentAnswer,
        openapi_extra=FORM,
        responses=dict.fromkeys((400, 401, 404, 409, 413, 415, 422, 503), PROBLEM),
    )
    async def add(
        draft_id: str,
        request: Request,
        visitor: Who,
        idempotency_key: Annotated[str | None, Header(description="Selbst gewählte Kennung dieser Anfrage.")] = None,
    ) -> Response:
        """Eine Unterlage zum Entwurf legen, höchstens 10 MB. Derselbe Idempotency-Key mit derselben Datei ändert
        nichts."""
        number, now = draft_id_of(draft_id), datetime.now(UTC)
        await workflow.drafts.expect(visitor, number, now)
        key = checked_key(request, idempotency_key)
        async with read_upload(request, key, str(number), held) as upload:
            limits.hand_in(visitor, len(upload.content), request)
            document = await workflow.draft_documents.add(visitor, number, upload, now)
        answer = document_answer(document, public_url)
        headers = {"Cache-Control": "no-store", "Location": answer.link}
        return Response(answer.model_dump_json(), status_code=201, headers=headers, media_type="application/json")


def _add_one(routes: APIRouter, workflow: Workflow, visitors: Visitors) -> None:
    """One document, fetched or deleted."""
    Who = Annotated[Visitor, Depends(visitors.visitor)]  # noqa: N806  # a type

    @routes.get("/{draft_document_id}", response_class=Response, responses=dict.fromkeys((401, 404, 409), PROBLEM))
    async def fetch(draft_id: str, draft_document_id: str, visitor: Who) -> Response:
        """Die Datei, zum Herunterladen."""
        number = draft_id_of(draft_id)
        which = document_id_in_draft(draft_document_id)
        document = await workflow.draft_documents.one(visitor, number, which, datetime.now(UTC))
        return file_response(document, workflow.draft_documents.part)

    @routes.delete("/{draft_document_id}", status_code=204, responses=dict.fromkeys((401, 404, 409), PROBLEM))
    async def remove(draft_id: str, draft_document_id: str, visitor: Who) -> Response:
        """Eine Unterlage löschen."""
        number = draft_id_of(draft_id)
        which = document_id_in_draft(draft_document_id)
        await workflow.draft_documents.remove(visitor, number, which, datetime.now(UTC))
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
