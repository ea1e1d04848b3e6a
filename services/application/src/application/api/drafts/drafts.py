"""Drafts over HTTP: begin, save, read, hand in. A link's token comes in a header: addresses end up in logs."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel
from shared.http.limits import Limit
from shared.identity import Caller, Identity

from application.api.applications import answers as application_answers
from application.api.description import PROBLEM
from application.api.drafts import answers, body
from application.api.drafts.body import BY_LINK, SEEN, Visitors, draft_id_of, read_parts, seen_version
from application.api.drafts.limits import NO_LIMITS, DraftLimits
from application.api.requests import checked_key, owner_of
from application.domain.application import Application
from application.domain.draft import Visitor
from application.domain.ids import DraftId
from application.workflow import DraftView, Workflow


def router(
    workflow: Workflow,
    identity: Identity,
    public_url: str,
    limits: DraftLimits = NO_LIMITS,
    limit: Limit | None = None,
) -> APIRouter:
    """Routes under /v1/drafts.

    Args:
        limit: how often one client may ask.
    """
    asked = [Depends(limit.check)] if limit else []
    routes = APIRouter(prefix="/v1/drafts", tags=["drafts"], dependencies=asked)
    visitors = Visitors(identity)
    _add_start(routes, workflow, visitors, public_url, limits)
    _add_parts(routes, workflow, visitors, public_url)
    _add_ends(routes, workflow, visitors, public_url)
    _add_submission(routes, workflow, identity, public_url)
    return routes


def _add_start(routes: APIRouter, workflow: Workflow, visitors: Visitors, public_url: str, limits: DraftLimits) -> None:
    Who = Annotated[Visitor, Depends(visitors.visitor)]  # noqa: N806  # a type

    @routes.post(
        "",
        status_code=201,
        response_model=answers.DraftReceipt,
        openapi_extra=body.documentation(required=False),
        responses=dict.fromkeys((400, 401, 413, 422), PROBLEM),
    )
    async def begin(request: Request, visitor: Who) -> Response:
        """Einen Antrag beginnen, mit Konto oder ohne, mit Angaben oder ohne. Der Link in der Antwort öffnet ihn
        wieder."""
        limits.begin(visitor, request)
        change = read_parts(await request.body() or b"{}")
        new = await workflow.drafts.begin(visitor.owner, change, datetime.now(UTC))
        receipt = answers.receipt(new, new.draft.kept_until(workflow.drafts.kept), public_url)
        return _json(receipt, status=201, location=receipt.links.self)


def _add_parts(routes: APIRouter, workflow: Workflow, visitors: Visitors, public_url: str) -> None:
    """What is saved, read and written."""
    Who = Annotated[Visitor, Depends(visitors.visitor)]  # noqa: N806  # a type

    @routes.get(
        "/{draft_id}",
        response_model=answers.DraftAnswer | answers.SubmittedDraftAnswer,
        responses=dict.fromkeys((401, 404), PROBLEM),
    )
    async def one(
        draft_id: str,
        visitor: Who,
        if_none_match: Annotated[
            str | None, Header(description="ETag der letzten Antwort: 304, wenn alles gleich ist.")
        ] = None,
    ) -> Response:
        """Ein Entwurf: was gespeichert ist, was noch fehlt oder nicht passt, und wann er gelöscht wird. Ist er
        abgeschickt, steht hier, wo der Antrag ist."""
        number = draft_id_of(draft_id)
        view = await workflow.drafts.view(visitor, number, datetime.now(UTC))
        return _unless_known(_state(number, view, public_url), if_none_match)

    @routes.put(
        "/{draft_id}",
        response_model=answers.DraftAnswer,
        openapi_extra=body.documentation(required=True),
        responses=dict.fromkeys((400, 401, 404, 409, 413, 422), PROBLEM),
    )
    async def put(
        draft_id: str, request: Request, visitor: Who, if_match: Annotated[str | None, Header(description=SEEN)] = None
    ) -> Response:
        """Teile speichern. Was sich nicht lesen lässt, wird nicht gespeichert (422); was fehlt oder noch nicht
        zusammenpasst, wird gespeichert und in „problems“ genannt."""
        number, now = draft_id_of(draft_id), datetime.now(UTC)
        await workflow.drafts.expect(visitor, number, now)  # what is not there is told before what does not fit
        change = read_parts(await request.body())
        view = await workflow.drafts.put(visitor, number, change, now, seen_version(if_match))
        return _state(number, view, public_url)


def _add_ends(routes: APIRouter, workflow: Workflow, visitors: Visitors, public_url: str) -> None:
    """The end of a link, and of the draft."""
    Who = Annotated[Visitor, Depends(visitors.visitor)]  # noqa: N806  # a type

    @routes.post(
        "/{draft_id}/link",
        status_code=201,
        response_model=answers.DraftReceipt,
        responses=dict.fromkeys((401, 404, 409), PROBLEM),
    )
    async def renew(draft_id: str, visitor: Who) -> Response:
        """Ein neuer Link. Der alte öffnet von jetzt an nichts mehr, wer immer ihn hat."""
        new = await workflow.drafts.renew_link(visitor, draft_id_of(draft_id), datetime.now(UTC))
        receipt = answers.receipt(new, new.draft.kept_until(workflow.drafts.kept), public_url)
        return _json(receipt, status=201, location=receipt.links.self)

    @routes.delete("/{draft_id}", status_code=204, responses=dict.fromkeys((401, 404, 409), PROBLEM))
    async def remove(draft_id: str, visitor: Who) -> Response:
        """Einen Entwurf mit seinen Unterlagen löschen, endgültig."""
        await workflow.drafts.remove(visitor, draft_id_of(draft_id), datetime.now(UTC))
        return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _add_submission(routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str) -> None:
    @routes.post(
        "/{draft_id}/submission",
        status_code=201,
        response_model=application_answers.Receipt,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 413, 422), PROBLEM),
    )
    async def submit(
        draft_id: str,
        request: Request,
        caller: Annotated[Caller, Depends(identity.caller)],
        idempotency_key: Annotated[str | None, Header(description="Selbst gewählte Kennung dieser Anfrage.")] = None,
        draft_token: Annotated[str | None, Header(description=BY_LINK)] = None,
    ) -> Response:
        """Den Antrag abschicken, mit allen Unterlagen. Derselbe Idempotency-Key bekommt dieselbe Antwort, auch wenn der
        Entwurf schon weg ist."""
        owner, number, now = owner_of(caller), draft_id_of(draft_id), datetime.now(UTC)
        key = checked_key(request, idempotency_key)
        made = await workflow.draft_submission.submit(owner, key, draft_token, number, now)
        hint = await workflow.addresses.hint(made.application.authority_id, made.form.home)
        receipt = application_answers.receipt(made.application, made.form, public_url, hint)
        return _json(receipt, status=201, location=receipt.links.self)


def _state(number: DraftId, view: DraftView | Application, public_url: str) -> Response:
    """The draft, or the application that it has become."""
    if isinstance(view, Application):
        return _json(answers.submitted_answer(number, view, public_url))
    return _json(answers.answer(view, public_url), version=view.draft.version)


def _json(model: BaseModel, *, status: int = 200, location: str | None = None, version: int | None = None) -> Response:
    """Nobody but the visitor may keep it.

    Args:
        version: of the draft that is shown.
    """
    headers = {"Cache-Control": "no-store", **({"Location": location} if location else {})}
    answer = Response(model.model_dump_json(), status_code=status, headers=headers, media_type="application/json")
    if version is not None:
        answer.headers["ETag"] = f'"{version}-{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    return answer


def _unless_known(answer: Response, if_none_match: str | None) -> Response:
    """304 where the client has it already. A proxy that packs it makes the tag a weak one."""
    tag = answer.headers.get("etag", "")
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    if tag and tag in known:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-store"})
    return answer
