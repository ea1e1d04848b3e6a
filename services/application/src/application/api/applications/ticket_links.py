"""What a family does with the link to its ticket, and the codes by which a ticket is picked up."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, BaseModel, Field
from shared.calendar import in_berlin
from shared.identity import Caller, Identity

from application.api.applications import answers
from application.api.description import PROBLEM
from application.api.requests import application_id_of, owner_of, ticket_id_of
from application.workflow import Workflow

RESPONSES: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 403, 404, 409), PROBLEM)
NO_STORE = {"Cache-Control": "no-store"}


class PickUpAnswer(BaseModel):
    """Codes are told once."""

    code: str = Field(description="Zehn Zeichen in zwei Gruppen; nur in dieser Antwort.")
    expires_at: AwareDatetime = Field(description="Bis dahin gilt er, einmal.")
    page: str = Field(description="Dort gibt ihn das Kind ein.")


def router(workflow: Workflow, identity: Identity, public_url: str) -> APIRouter:
    """Routes under /v1/applications/{application_id}/tickets."""
    routes = APIRouter(prefix="/v1/applications/{application_id}/tickets/{ticket_id}", tags=["applications"])
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post("/link", response_model=answers.ApplicationAnswer, responses=RESPONSES)
    async def renew(application_id: str, ticket_id: str, caller: Who) -> Response:
        """Den Link zur Seite des Tickets erneuern (`links.pass_link`): Der alte führt zu nichts mehr, der neue steht
        nach wenigen Sekunden unter `links.pass`. Das Ticket selbst bleibt, wie es ist."""
        place, ticket, now = application_id_of(application_id), ticket_id_of(ticket_id), datetime.now(UTC)
        view = await workflow.pass_links.renew(owner_of(caller), place, ticket, now)
        return _json(answers.answer(view, public_url, now))

    @routes.delete("/link", response_model=answers.ApplicationAnswer, responses=RESPONSES)
    async def end(application_id: str, ticket_id: str, caller: Who) -> Response:
        """Den Link zur Seite des Tickets sperren, bis er erneuert wird. Ein zweites Mal ändert nichts."""
        place, ticket, now = application_id_of(application_id), ticket_id_of(ticket_id), datetime.now(UTC)
        view = await workflow.pass_links.end(owner_of(caller), place, ticket, now)
        return _json(answers.answer(view, public_url, now))

    @routes.post("/pick-up-codes", response_model=PickUpAnswer, status_code=201, responses=RESPONSES | {503: PROBLEM})
    async def pick_up(application_id: str, ticket_id: str, caller: Who) -> Response:
        """Einen Abholcode machen, mit dem das Ticket ohne Konto auf ein Telefon kommt. Ein neuer ersetzt den alten."""
        place, ticket, now = application_id_of(application_id), ticket_id_of(ticket_id), datetime.now(UTC)
        new = await workflow.pick_ups.make(owner_of(caller), place, ticket, now)
        page = f"{public_url}/family/pick-up"
        return _json(PickUpAnswer(code=new.code, expires_at=in_berlin(new.expires_at), page=page), status=201)

    return routes


def _json(model: BaseModel, *, status: int = 200) -> Response:
    content = model.model_dump_json(by_alias=True)
    return Response(content, status_code=status, headers=NO_STORE, media_type="application/json")
