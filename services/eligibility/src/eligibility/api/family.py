"""/v1/cases/{case_id}/proofs, …/own-share: what a person does with what a family pays."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from shared.birth_dates import BirthDate
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.desk.case_answers import CaseAnswer
from eligibility.api.desk.case_json import whole
from eligibility.domain.ids import CaseId
from eligibility.workflow import CaseDesk, Proof, Proofs
from eligibility.workflow.family.families import Families


class ProofIn(BaseModel):
    """What a person has seen the proof of, of what the family told (`facts.unproven`)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.proof))

    benefits: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=20)] = ()
    siblings: Annotated[tuple[BirthDate, ...], Field(max_length=30)] = Field(
        (), description="Birth dates of siblings whose funded ticket elsewhere is proven."
    )
    valid_from: date | None = Field(None, description="From the month of this day on; missing: from the beginning.")
    valid_until: date | None = Field(None, description="Until the end of this day's month; missing: until the end.")

    @property
    def proof(self) -> Proof:
        """The body as the workflow takes it."""
        return Proof(self.benefits, self.siblings, self.valid_from, self.valid_until)


def family_router(families: Families, proofs: Proofs, desk: CaseDesk, identity: Identity) -> APIRouter:
    """What a person does with the own share: recognises a proof, or drops a new share that waits."""
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"])
    SignedIn = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @router.post(
        "/proofs",
        status_code=201,
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def recognise(caller: SignedIn, case_id: UUID, proof: ProofIn) -> dict[str, Any]:
        """Recognise a proof: the own share falls. Beside a grant in force the new share goes out by the same act; 409
        where it would not fall."""
        await proofs.recognise(caller, CaseId(case_id), proof.proof)
        return whole(await desk.file(caller, CaseId(case_id)))

    @router.delete("/own-share", response_model=CaseAnswer, responses=problems(409), response_model_exclude_unset=True)
    async def drop(caller: SignedIn, case_id: UUID) -> dict[str, Any]:
        """Drop the own share that waits: the children are no siblings, or it stays as it is. 409 where none waits."""
        await families.drop(caller, CaseId(case_id))
        return whole(await desk.file(caller, CaseId(case_id)))

    return router


__all__ = ["ProofIn", "family_router"]
