"""Cards for a class, for the staff of a school authority."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from shared.http.limits import Limit
from shared.identity import Caller, Identity

from wallet_pass.api.headers import PRIVATE
from wallet_pass.api.printouts import PDF
from wallet_pass.workflow import Workflow
from wallet_pass.workflow.sheets import MOST_APPLICATIONS

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {}}, "description": "PDF/UA-1: cards sorted by name, then the list to sign"},
    404: {"description": "No application of these has a ticket of your authority that can be printed"},
}


class SheetBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"application_ids": ["018f3f2e-7c1a-4b9e-8d52-0c6a1b2f3d4e"]}]},
    )

    application_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_APPLICATIONS)]
    """In any order; one that is another authority's is taken as if it were not there."""


@dataclass(frozen=True)
class Staff:
    """Who may print for schools."""

    identity: Identity
    limit: Limit
    """How many sheets an authority may have printed; each takes seconds of a processor."""


def add_sheets(routes: APIRouter, workflow: Workflow, staff: Staff) -> None:
    """For the staff of school authorities."""

    @routes.post("/v1/passes/sheets", tags=["pass"], response_class=Response, responses=ANSWERS)
    async def sheet(
        body: SheetBody, who: Annotated[Caller, Depends(staff.identity.caller)], request: Request
    ) -> Response:
        """Cards to hand out to a class: four on a sheet of A4, sorted by name, and a list to sign. Applications whose
        ticket is not good are named at the end of the list, with the reason. Who printed what is kept on record."""
        staff.limit.spend(str(who.authority_id), request)
        pdf = await workflow.sheets.sheet(body.application_ids, str(who.authority_id), who.subject)
        headers = PRIVATE | {"Content-Disposition": 'attachment; filename="Schulticket-Karten.pdf"'}
        return Response(pdf, media_type=PDF, headers=headers)
