"""/v1/cases/{case_id}/attendance: what a person does about a school's statement."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.desk.case_answers import CaseAnswer
from eligibility.api.desk.case_json import whole
from eligibility.domain.ids import CaseId
from eligibility.workflow import CaseDesk
from eligibility.workflow.desk.attendance import LONGEST_WHY, AttendanceDesk


class Evidence(BaseModel):
    """Other evidence that the pupil attends the school."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.evidence))
    why: Annotated[str, Field(max_length=LONGEST_WHY, description="Which evidence there is, without names.")]


def attendance_router(desk: CaseDesk, attendance: AttendanceDesk, identity: Identity) -> APIRouter:
    """Both acts. Each answers the case as it is afterwards."""
    router = APIRouter(prefix="/v1/cases/{case_id}/attendance", tags=["cases"])
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post(
        "/evidence",
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def prove(caller: SignedIn, case_id: UUID, evidence: Evidence) -> dict[str, Any]:
        """Note other evidence in place of the school's own statement. What waited for the school goes on."""
        await attendance.prove(caller, CaseId(case_id), evidence.why)
        return whole(await desk.file(caller, CaseId(case_id)))

    @router.post("/looked-at", response_model=CaseAnswer, responses=problems(409), response_model_exclude_unset=True)
    async def finish(caller: SignedIn, case_id: UUID) -> dict[str, Any]:
        """A person has done what follows from the school's statement; 409 where nothing lies there."""
        await attendance.finish(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))

    return router
