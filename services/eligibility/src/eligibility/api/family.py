"""/v1/cases/{case_id}/own-share: what a person does with an own share that was worked out anew for a family."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from shared.identity import Caller, Identity

from eligibility.api.desk.case_json import whole
from eligibility.domain.ids import CaseId
from eligibility.workflow import CaseDesk
from eligibility.workflow.family.families import Families


def family_router(families: Families, desk: CaseDesk, identity: Identity) -> APIRouter:
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"])

    @router.delete("/own-share")
    async def drop(caller: Annotated[Caller, Depends(identity.caller)], case_id: UUID) -> dict[str, Any]:
        """Drop the own share that waits: the children are no siblings, or it stays as it is. 409 where none waits."""
        await families.drop(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))

    return router
