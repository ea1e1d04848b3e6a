"""Applications: hand one in, look how it stands, take it back."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel
from shared.identity import Caller, Identity

from application.api.applications import answers, body, questions
from application.api.description import PROBLEM
from application.api.requests import application_id_of, checked_key, decision_id_of, owner_of, ticket_id_of
from application.domain.application import View
from application.domain.ids import ApplicationId
from application.form import ApplicationForm
from application.workflow import AddressHint, ChangeRequest, Workflow

LARGEST_PAGE = 100


def router(workflow: Workflow, identity: Identity, public_url: str) -> APIRouter:
    """Routes under /v1/applications. `public_url` begins the links."""
    routes = APIRouter(prefix="/v1/applications", tags=["applications"])
    _add_own(routes, workflow, identity, public_url)
    _add_one(routes, workflow, identity, public_url)
    _add_acts(routes, workflow, identity, public_url)
    _add_notices(routes, workflow, identity)
    _add_answers(routes, workflow, identity, public_url)
    return routes


def _add_own(routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str) -> None:
    """Handed in, and looked at page by page."""
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post(
        "",
        status_code=201,
        response_model=answers.Receipt,
        openapi_extra=body.documentation(),
        responses=dict.fromkeys((400, 401, 403, 409, 413, 422), PROBLEM),
    )
    async def submit(
        request: Request,
        caller: Who,
        idempotency_key: Annotated[str | None, Header(description="Selbst gewählte Kennung dieser Anfrage.")] = None,
    ) -> Response:
        """Einen Antrag stellen. Derselbe Idempotency-Key mit demselben Inhalt bekommt dieselbe Antwort."""
        owner, now = owner_of(caller), datetime.now(UTC)
        key = checked_key(request, idempotency_key)
        form = await body.read(await request.body(), workflow, now)
        application = await workflow.applications.submit(owner, key, form, now)
        hint = await workflow.addresses.hint(application.authority_id, form.home)
        receipt = answers.receipt(application, form, public_url, hint)
        return _json(receipt, status=201, location=receipt.links.self)

    @routes.get("", response_model=answers.ApplicationPage, responses={401: PROBLEM, 403: PROBLEM, 422: PROBLEM})
    async def own(
        caller: Who,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Anträge je Seite.")] = 20,
        before: Annotated[UUID | None, Query(description="Ab dem Antrag nach diesem; siehe next.")] = None,
    ) -> Response:
        """Die eigenen Anträge, neueste zuerst."""
        start = ApplicationId(before) if before else None
        views = await workflow.applications.page(owner_of(caller), start, limit + 1)
        return _json(answers.page(views, limit, public_url, datetime.now(UTC)))


def _add_one(routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str) -> None:
    """How one stands."""
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.get(
        "/{application_id}", response_model=answers.ApplicationAnswer, responses={304: {}, 401: PROBLEM, 404: PROBLEM}
    )
    async def one(
        application_id: str,
        caller: Who,
        if_none_match: Annotated[
            str | None, Header(description="ETag der letzten Antwort: 304, wenn alles gleich ist.")
        ] = None,
    ) -> Response:
        """Wie ein eigener Antrag steht. Für alle anderen gibt es ihn nicht."""
        view = await workflow.applications.view(owner_of(caller), application_id_of(application_id))
        hint = await _of_home(view)
        return _unless_known(_json(answers.answer(view, public_url, datetime.now(UTC), address=hint)), if_none_match)

    async def _of_home(view: View) -> AddressHint | None:
        """What the home may be meant to be, as long as it is looked for."""
        if not answers.is_address_open(view):
            return None
        form = ApplicationForm.model_validate_json(view.application.form)
        return await workflow.addresses.hint(view.application.authority_id, form.home)


def _add_acts(routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str) -> None:
    """What a family may do with its application, but tell something."""
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post(
        "/{application_id}/withdrawal",
        response_model=answers.ApplicationAnswer,
        responses={401: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    async def withdraw(application_id: str, caller: Who) -> Response:
        """Einen Antrag zurücknehmen. Ein zweites Mal ändert nichts."""
        view = await workflow.applications.withdraw(
            owner_of(caller), application_id_of(application_id), datetime.now(UTC)
        )
        return _json(answers.answer(view, public_url, datetime.now(UTC)))

    @routes.post(
        "/{application_id}/self-payer",
        response_model=answers.ApplicationAnswer,
        responses={401: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    async def choose(application_id: str, caller: Who) -> Response:
        """Das Ticket selbst bezahlen, das mit der Ablehnung angeboten wurde (decision.offer). Ein zweites Mal ändert
        nichts; die Ablehnung und was man gegen sie tun kann bleiben."""
        now = datetime.now(UTC)
        view = await workflow.self_payer_orders.choose(owner_of(caller), application_id_of(application_id), now)
        return _json(answers.answer(view, public_url, now))

    @routes.post(
        "/{application_id}/tickets/{ticket_id}/loss",
        response_model=answers.ApplicationAnswer,
        responses={401: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    async def report_loss(application_id: str, ticket_id: str, caller: Who) -> Response:
        """Ein Ticket als verloren melden (`links.loss`): Es wird gesperrt, und ein neues mit anderer Adresse
        ausgestellt. Dasselbe Ticket noch einmal zu melden ändert nichts, auch nicht am neuen."""
        place, ticket, now = application_id_of(application_id), ticket_id_of(ticket_id), datetime.now(UTC)
        view = await workflow.losses.report(owner_of(caller), place, ticket, now)
        return _json(answers.answer(view, public_url, now))


def _add_notices(routes: APIRouter, workflow: Workflow, identity: Identity) -> None:
    """How a family gets its notice."""

    @routes.post(
        "/{application_id}/notices/{decision_id}/retrieval",
        response_model=answers.NoticeLink,
        responses={401: PROBLEM, 403: PROBLEM, 404: PROBLEM, 503: PROBLEM},
    )
    async def retrieve(
        application_id: str, decision_id: str, caller: Annotated[Caller, Depends(identity.caller)]
    ) -> Response:
        """Den Bescheid nach Anmeldung abrufen: Der Link öffnet ihn einige Minuten lang. Mit Einwilligung in diesen Weg
        gilt der Bescheid am Tag nach dem ersten Abruf als bekannt gegeben (§ 41 Abs. 2a VwVfG)."""
        place, decision = application_id_of(application_id), decision_id_of(decision_id)
        url = await workflow.retrievals.retrieve(owner_of(caller), place, decision, datetime.now(UTC))
        return _json(answers.NoticeLink(link=url))


def _add_answers(routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str) -> None:
    """What a family tells."""
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post(
        "/{application_id}/answers",
        response_model=answers.ApplicationAnswer,
        openapi_extra=questions.documentation(),
        responses=dict.fromkeys((400, 401, 404, 409, 413, 422), PROBLEM),
    )
    async def tell(application_id: str, request: Request, caller: Who) -> Response:
        """Eine Frage beantworten, eine Änderung melden, oder etwas mitteilen. Alles Geschriebene liest jemand beim
        Schulträger; bis wann, steht in der Antwort. Dasselbe noch einmal ändert nichts."""
        owner, number, now = owner_of(caller), application_id_of(application_id), datetime.now(UTC)
        form = await workflow.changes.form_of(owner, number)  # what is not there is told before what does not fit
        change = questions.read_change(await request.body())
        told = ChangeRequest(change, questions.read_changed(form, change), form)
        view = await workflow.changes.tell(owner, number, told, now)
        written = bool(change.text)
        look_by = await workflow.messages.look_by(view.application.authority_id, now) if written else None
        return _json(answers.answer(view, public_url, now, look_by))


def _json(model: BaseModel, *, status: int = 200, location: str | None = None) -> Response:
    """Nobody but the caller may keep it."""
    headers = {"Cache-Control": "no-store", **({"Location": location} if location else {})}
    return Response(
        model.model_dump_json(by_alias=True), status_code=status, headers=headers, media_type="application/json"
    )


def _unless_known(answer: Response, if_none_match: str | None) -> Response:
    """304 where the client has it already. Weak, because it may come compressed by a proxy."""
    tag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    known = {each.strip() for each in (if_none_match or "").split(",")}
    if tag in known or tag.removeprefix("W/") in known:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-store"})
    answer.headers["ETag"] = tag
    return answer
