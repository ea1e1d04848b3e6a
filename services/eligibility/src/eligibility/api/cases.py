"""/v1/cases: what the authority's people see and do."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.identity import Caller, Identity

from eligibility.domain import ApplicationId, Case, CaseId, CaseState, Decision
from eligibility.workflow import CaseDesk, PersonsDecision

PersonText = Annotated[str, StringConstraints(min_length=3, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]
LegalBasis = Annotated[str, StringConstraints(min_length=2, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]


class DecisionIn(BaseModel):
    """A person's decision in a case of review."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["granted", "refused"]
    reason: PersonText = Field(description="Goes into the notice as the first reason.")
    legal_basis: LegalBasis = "§ 97 SchulG NRW, SchfkVO"
    valid_from: date | None = None
    own_share_cents: Annotated[int, Field(ge=0, le=10_000)] | None = None


def cases_router(desk: CaseDesk, identity: Identity) -> APIRouter:
    router = APIRouter(prefix="/v1/cases", tags=["cases"])
    signed_in = Depends(identity.caller)

    @router.get("")
    async def list_cases(
        caller: Annotated[Caller, signed_in],
        state: CaseState | None = None,
        application_id: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> dict[str, Any]:
        """Cases of the caller's own authority, newest first."""
        wanted = ApplicationId(application_id) if application_id else None
        page = await desk.page(caller, state, wanted, limit=limit, offset=offset)
        return {"total": page.total, "cases": [_short(case, decision) for case, decision in page.cases]}

    # before /{case_id}: "release" is no id
    @router.post("/release")
    async def release_clear_grants(caller: Annotated[Caller, signed_in]) -> dict[str, int]:
        """Release the grants that the rules prepared, up to 200 at once; `left` counts what still waits."""
        done = await desk.release_clear_grants(caller)
        return {"released": done.released, "left": done.left}

    @router.get("/{case_id}")
    async def show_case(caller: Annotated[Caller, signed_in], case_id: UUID) -> dict[str, Any]:
        """The case with facts, measured ways and decision."""
        case, decision = await desk.show(caller, CaseId(case_id))
        return _whole(case, decision)

    @router.post("/{case_id}/release")
    async def release(caller: Annotated[Caller, signed_in], case_id: UUID) -> dict[str, Any]:
        """Let the prepared decision out."""
        await desk.release(caller, CaseId(case_id))
        return _whole(*await desk.show(caller, CaseId(case_id)))

    @router.post("/{case_id}/decision")
    async def decide(caller: Annotated[Caller, signed_in], case_id: UUID, decision: DecisionIn) -> dict[str, Any]:
        """Answer a case of review; the decision goes out by the same act."""
        await desk.decide(caller, CaseId(case_id), PersonsDecision(**decision.model_dump()))
        return _whole(*await desk.show(caller, CaseId(case_id)))

    return router


def _short(case: Case, decision: Decision | None) -> dict[str, Any]:
    return {
        "id": case.id,
        "application_id": case.application_id,
        "state": case.state,
        "school_number": case.school_number,
        "school_year": case.school_year,
        "opened_at": case.opened_at,
        "outcome": decision.outcome if decision else None,
        "questions": [each["text"] for each in case.reasons if each["result"] == "question"],
    }


def _whole(case: Case, decision: Decision | None) -> dict[str, Any]:
    return {
        **_short(case, decision),
        "submission": case.submission,
        "reasons": case.reasons,
        "facts": case.facts,
        "ways": decision.ways if decision else case.ways,
        "decision": decision and decision_json(decision),
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """As `eligibility evaluate` prints it, with metres, geometry, versions and what became of it."""
    tested = decision.ways.get("nearest") or decision.ways.get("attended") or {}
    return {
        "outcome": decision.outcome,
        "limit_m": decision.limit_m,
        "own_share_cents": decision.own_share_cents,
        "covered_cents": decision.covered_cents,
        "reasons": decision.reasons,
        "rules_version": decision.rules_version,
        "decision_id": decision.id,
        "distance_m": decision.distance_m,
        "geometry": tested.get("geometry"),
        "network": tested.get("network"),
        "facts": decision.facts,
        "valid_from": decision.valid_from,
        "valid_until": decision.valid_until,
        "decided_by": decision.decided_by,
        "prepared_at": decision.prepared_at,
        "released_at": decision.released_at,
        "released_by": decision.released_by,
    }
