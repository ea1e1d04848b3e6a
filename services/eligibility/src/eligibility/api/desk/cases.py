"""/v1/cases: what the authority's people see and do."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import problems
from eligibility.api.desk.case_answers import CaseAnswer, CaseList, ReleaseSummary
from eligibility.api.desk.case_json import short, whole
from eligibility.domain.case import CaseState
from eligibility.domain.ending import Ending, Exception28
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.terms import Carriage
from eligibility.workflow import CaseDesk, CaseFilter, PersonsDecision
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.desk.work_list import Pile

PersonText = Annotated[str, StringConstraints(min_length=3, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]
OptionalText = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
ENDS_ON = "Where a grant in force ends by it: the last day of that grant and of its ticket."
EXCEPTION = "Where the family was not heard: the number of § 28 Abs. 2 VwVfG NRW that holds. 3: its own facts."
WHY = "Why that exception holds; needed for 1 and 2. The notice says it."
LegalBasis = Annotated[str, StringConstraints(min_length=2, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]


class DecisionIn(BaseModel):
    """A person's decision in a case of review, or proposed in place of what the rules decided."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.decision))

    outcome: Literal["granted", "refused"]
    reason: PersonText = Field(description="Goes into the notice as the first reason.")
    legal_basis: LegalBasis = "§ 97 SchulG NRW, SchfkVO"
    valid_from: date | None = None
    own_share_cents: Annotated[int, Field(ge=0, le=10_000)] | None = None
    transport: Carriage | None = Field(
        None, description="Of a grant: the kind of transport that is chosen; missing: as the rules say, else a ticket."
    )
    valid_until: date | None = Field(
        None, description="Of a grant: its last day, where its ground ends before the school year (a certificate)."
    )
    ends_on: date | None = Field(None, description=ENDS_ON)
    hearing_exception: Exception28 | None = Field(None, description=EXCEPTION)
    hearing_why: OptionalText = Field("", description=WHY)
    same_child: bool | None = Field(
        None,
        description="Of a grant where the child may have another case: false, these are two children (not asked "
        "again); true, this case follows the other.",
    )


class ReleaseIn(BaseModel):
    """What is said of a grant in force that ends, or becomes less, by what is released."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.release))

    ends_on: date | None = Field(None, description=ENDS_ON)
    hearing_exception: Exception28 | None = Field(None, description=EXCEPTION)
    hearing_why: OptionalText = Field("", description=WHY)

    @property
    def ending(self) -> Ending:
        """The body as the workflow takes it."""
        return Ending(self.ends_on, self.hearing_exception, self.hearing_why)


def cases_router(desk: CaseDesk, identity: Identity) -> APIRouter:
    """Lists, one case whole, release and decision. Who may is said by api.who_may and checked again by the workflow."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])
    _add_list(router, desk, identity)
    _add_counts(router, desk, identity)
    _add_release_of_many(router, desk, identity)  # before /{case_id}: "release" is no id
    _add_one(router, desk, identity)
    return router


def _add_list(router: APIRouter, desk: CaseDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get("", response_model=CaseList, response_model_exclude_unset=True)
    async def list_cases(  # noqa: PLR0917  # one for each filter
        caller: Annotated[Caller, signed_in],
        state: Annotated[
            CaseState | Literal["all"] | None,
            Query(description="Missing: what needs work, so review and prepared; of one application, any."),
        ] = None,
        application_id: UUID | None = None,
        mine: Annotated[bool, Query(description="Only those that the caller has taken.")] = False,
        overdue: Annotated[bool, Query(description="Only those whose family has not answered in time.")] = False,
        to_confirm: Annotated[
            bool, Query(description="Only those for which another person has proposed another decision.")
        ] = False,
        messages: Annotated[
            bool, Query(description="Only those whose family has written or sent something that nobody has looked at.")
        ] = False,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> dict[str, Any]:
        """Cases of the caller's own authority, newest first. Without a state: those that need work, those that the
        caller may confirm, and those with messages; `all` lists all. `total`: 10,000 at most are
        counted."""
        application = ApplicationId(application_id) if application_id else None
        unsaid: tuple[CaseState, ...] = () if application else WORK
        states = unsaid if state is None else () if state == "all" else (state,)
        chosen = to_confirm or messages
        all_work = state is None and application is None and not overdue
        wanted = CaseFilter(() if chosen and all_work else states, application, caller.subject if mine else None)
        wanted = replace(
            wanted,
            confirmed_by=caller.subject if to_confirm or (all_work and not chosen) else None,
            with_messages=messages or (all_work and not chosen),
        )
        page = await desk.page(caller, wanted, overdue=overdue, limit=limit, offset=offset)
        found = [short(case, decision, page.proposed_by.get(case.id)) for case, decision in page.cases]
        return {"total": page.total, "cases": found}


def _add_counts(router: APIRouter, desk: CaseDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get("/counts", response_model=dict[Pile, int])
    async def counts(
        caller: Annotated[Caller, signed_in],
        mine: Annotated[bool, Query(description="Only of cases that the caller has taken.")] = False,
    ) -> dict[str, int]:
        """How many cases lie on each pile: to review, messages of families, to release, to confirm, waiting for the
        family, all."""
        return {pile: count for pile, count in (await desk.counts(caller, mine=mine)).items()}  # noqa: C416


def _add_release_of_many(router: APIRouter, desk: CaseDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.post("/release", response_model=ReleaseSummary, response_model_exclude_unset=True)
    async def release_clear_grants(caller: Annotated[Caller, signed_in]) -> dict[str, int]:
        """Release the grants that the rules prepared, up to 200 at once; `left`: what can be released so again."""
        done = await desk.release_clear_grants(caller)
        return {"released": done.released, "left": done.left}


def _add_one(router: APIRouter, desk: CaseDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get("/{case_id}", response_model=CaseAnswer, response_model_exclude_unset=True)
    async def show_case(caller: Annotated[Caller, signed_in], case_id: UUID) -> dict[str, Any]:
        """The case with facts, measured ways, all decisions, questions, notices and deliveries, what the family told
        last beside what it had told before, what waits for a second person, and who did what."""
        file = await desk.file(caller, CaseId(case_id))
        return whole(file, await desk.proposed(caller, file))

    @router.post(
        "/{case_id}/release", response_model=CaseAnswer, responses=problems(409, 422), response_model_exclude_unset=True
    )
    async def release(
        caller: Annotated[Caller, signed_in], case_id: UUID, said: ReleaseIn | None = None
    ) -> dict[str, Any]:
        """Let the prepared decision out. Where a grant in force ends by it, the family was heard, or the body says
        which exception holds; and it says the last day. 409 and 422 say what is missing."""
        await desk.release(caller, CaseId(case_id), (said or ReleaseIn()).ending)
        return whole(await desk.file(caller, CaseId(case_id)))

    @router.post(
        "/{case_id}/decision",
        response_model=CaseAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def decide(caller: Annotated[Caller, signed_in], case_id: UUID, decision: DecisionIn) -> dict[str, Any]:
        """Answer a case of review; the decision goes out by the same act. Where it goes against what the rules found,
        whatever is answered to what they asked, it waits for a second person instead (`override`)."""
        await desk.decide(caller, CaseId(case_id), PersonsDecision(**decision.model_dump()))
        return whole(await desk.file(caller, CaseId(case_id)))
