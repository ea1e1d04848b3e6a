"""/desk/cases/{case_id}/…: what a person does with a case. A refused form comes back with all that was typed.

Sent twice, the second time changes nothing and says what the first one said: where the workflow says that the case has
moved on, the page looks whether it was this very act of this very person that moved it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Text

from eligibility.api.pages.case import CasePage
from eligibility.api.pages.pages import Form, Pages, Visit, is_id
from eligibility.api.pages.typed import (
    read_decision,
    read_delivery,
    read_ending,
    read_proof,
    read_question,
    read_ticket_change,
)
from eligibility.domain.ids import CaseId, MessageId, NoticeToken
from eligibility.domain.kept_facts import KeptUnproven
from eligibility.domain.second_person import waits_for_second
from eligibility.web.case_view import waiting_share
from eligibility.workflow import CaseDesk, CaseFile, CaseHandling, NoticeDesk, Proofs, TicketDesk, Workflow
from eligibility.workflow.desk.attendance import AttendanceDesk
from eligibility.workflow.desk.messages import MessageDesk
from eligibility.workflow.desk.tickets import waits
from eligibility.workflow.desk.work_list import PILES
from eligibility.workflow.family.families import Families

NO_NOTICE = Text("Zu diesem Fall gibt es noch keinen Bescheid.", "There is no notice for this case yet.")
Do = Callable[[Visit, CaseId, Form], Awaitable[None]]
Did = Callable[[CaseFile, Visit, Form], bool]


@dataclass(frozen=True)
class Act:
    """`did`: whether this person has done just this already. `done`: what the page says then (case.DONE)."""

    do: Do
    did: Did
    done: str


def add_acts(routes: APIRouter, pages: Pages, page: CasePage, workflow: Workflow) -> None:
    """Add the forms of a case's page: each does its act once and shows the case again, with what was typed where it
    failed."""
    desk = workflow.cases
    acts = _acts(workflow)
    one_after_another = asyncio.Lock()

    async def _act(act: str, request: Request, case_id: UUID) -> Response:
        visit, form = await pages.form(request)
        case, known = CaseId(case_id), acts[act]
        try:
            async with one_after_another:  # a double click must find what the first one did
                file = await desk.file(visit.caller, case)
                if act not in ("ask", "deliver", "prove") or not known.did(file, visit, form):
                    await known.do(visit, case, form)
            done = _done(known, await desk.file(visit.caller, case), visit, form)
        except NotFound:
            raise
        except (Invalid, Conflict, Forbidden) as problem:
            return await _refused(visit, case, act, form, problem)
        return pages.go(f"/cases/{case_id}", **_back(done, form))

    async def _refused(visit: Visit, case: CaseId, act: str, form: Form, problem: Problem) -> Response:
        file = await desk.file(visit.caller, case)
        if isinstance(problem, Conflict) and acts[act].did(file, visit, form):
            return pages.go(f"/cases/{case}", **_back(_done(acts[act], file, visit, form), form))
        return await page.show(visit, case, pile=form.get("pile", ""), act=act, typed=form, problem=problem)

    def _route_of(act: str) -> Callable[..., Awaitable[Response]]:
        async def endpoint(request: Request, case_id: UUID) -> Response:
            return await _act(act, request, case_id)

        return endpoint

    for name in acts:  # a route each: who may differs
        routes.post(f"/cases/{{case_id}}/{name}")(_route_of(name))


def _back(done: str, form: Form) -> dict[str, str]:
    """What the page says, and from which pile the next case comes."""
    pile = form.get("pile", "")
    return {"done": done} | ({"pile": pile} if pile in PILES else {})


def _acts(workflow: Workflow) -> dict[str, Act]:
    """By the last part of the form's address."""
    return {
        **_acts_of_handling(workflow.handling),
        **_acts_of_decision(workflow.cases, workflow.proofs),
        **_acts_of_proposal(workflow.handling, workflow.families),
        **_acts_of_notice(workflow.cases, workflow.notices),
        **_acts_of_family(workflow.messages, workflow.ticket_desk),
        **_acts_of_school(workflow.attendance_desk),
    }


def _acts_of_handling(handling: CaseHandling) -> dict[str, Act]:
    """Who has the case, and what the family is asked for."""

    async def take(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.take(visit.caller, case)

    async def give_back(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.give_back(visit.caller, case)

    async def ask(visit: Visit, case: CaseId, form: Form) -> None:
        await handling.ask(visit.caller, case, read_question(form))

    return {
        "take": Act(take, lambda file, visit, _: file.case.assigned_to == visit.caller.subject, "taken"),
        "give-back": Act(give_back, lambda file, *_: file.case.assigned_to is None, "given-back"),
        "ask": Act(ask, _has_asked, "asked"),
    }


def _acts_of_decision(desk: CaseDesk, proofs: Proofs) -> dict[str, Act]:
    """Deciding a case of review, and letting out what is prepared."""

    async def decide(visit: Visit, case: CaseId, form: Form) -> None:
        await desk.decide(visit.caller, case, read_decision(form))

    async def prove(visit: Visit, case: CaseId, form: Form) -> None:
        await proofs.recognise(visit.caller, case, read_proof(form))

    async def release(visit: Visit, case: CaseId, form: Form) -> None:
        await desk.release(visit.caller, case, read_ending(form))

    return {
        "decide": Act(decide, _has_decided, "decided"),
        "prove": Act(prove, _has_proven, "proven"),
        "release": Act(release, _has_released, "released"),
    }


def _acts_of_proposal(handling: CaseHandling, families: Families) -> dict[str, Act]:
    """Another decision, which waits for a second person; and dropping an own share that was worked out."""

    async def propose(visit: Visit, case: CaseId, form: Form) -> None:
        await handling.propose(visit.caller, case, read_decision(form))

    async def confirm(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.confirm(visit.caller, case)

    async def drop(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.drop(visit.caller, case)

    async def drop_share(visit: Visit, case: CaseId, _form: Form) -> None:
        await families.drop(visit.caller, case)

    return {
        "propose": Act(propose, _has_proposed, "proposed"),
        "confirm": Act(confirm, _has_released, "confirmed"),
        "drop": Act(drop, lambda file, *_: file.proposal is None, "dropped"),
        "drop-share": Act(drop_share, lambda file, *_: waiting_share(file) is None, "share-dropped"),
    }


def _acts_of_notice(desk: CaseDesk, notice_desk: NoticeDesk) -> dict[str, Act]:
    """How a notice reached the family."""

    async def deliver(visit: Visit, case: CaseId, form: Form) -> None:
        file = await desk.file(visit.caller, case)
        token = next((one.token for one in file.notices if str(one.decision.id) == form.get("decision")), None)
        if token is None:
            raise Invalid(NO_NOTICE)
        await notice_desk.deliver(visit.caller, NoticeToken(token), read_delivery(form))

    return {
        "deliver": Act(deliver, _has_delivered, "delivered"),
    }


def _acts_of_family(messages: MessageDesk, tickets: TicketDesk) -> dict[str, Act]:
    """What the family wrote, and its ticket."""

    async def read(visit: Visit, case: CaseId, form: Form) -> None:
        ids = [MessageId(UUID(each)) for each in form.all("message") if is_id(each)]
        await messages.mark_read(visit.caller, case, ids)

    async def ticket(visit: Visit, case: CaseId, form: Form) -> None:
        await tickets.ask(visit.caller, case, read_ticket_change(form))

    return {
        "read": Act(read, _has_read, "read"),
        "ticket": Act(ticket, _has_asked_of_ticket, "ticket-asked"),
    }


def _acts_of_school(attendance: AttendanceDesk) -> dict[str, Act]:
    """What the school says, or does not say."""

    async def prove(visit: Visit, case: CaseId, form: Form) -> None:
        await attendance.prove(visit.caller, case, form.text("why"))

    async def finish(visit: Visit, case: CaseId, _form: Form) -> None:
        await attendance.finish(visit.caller, case)

    return {
        "attend": Act(prove, lambda file, visit, _form: _has_proven_attendance(file, visit), "attended"),
        "look": Act(finish, lambda file, _visit, _form: not file.must_look_at_school, "looked-at"),
    }


# whether this person has just done it


def _has_proven_attendance(file: CaseFile, visit: Visit) -> bool:
    known = file.attendance
    return known is not None and known.proven_by == visit.caller.subject and not file.may_prove_attendance


def _done(act: Act, file: CaseFile, visit: Visit, form: Form) -> str:
    """A decision against the rules waits for a second person instead, and so does what the authority chose."""
    if act.done != "decided" or not _has_proposed(file, visit, form):
        return act.done
    is_chosen = waits_for_second(file.second_person_for, form.get("outcome", ""), against_rules=False)
    return "second-person" if is_chosen else "against-rules"


def _has_asked(file: CaseFile, visit: Visit, form: Form) -> bool:
    return any(
        (each.text, each.due.isoformat(), each.asked_by) == (form.text("text"), form.text("due"), visit.caller.subject)
        and each.answered_at is None
        for each in file.questions
    )


def _has_decided(file: CaseFile, visit: Visit, form: Form) -> bool:
    last = file.decision
    return _has_proposed(file, visit, form) or (
        last is not None
        and last.decided_by == visit.caller.subject
        and last.outcome == form.get("outcome")
        and last.reasons[0]["text"] == form.text("reason")
    )


def _has_released(file: CaseFile, visit: Visit, _form: Form) -> bool:
    last = file.decision
    return file.proposal is None and last is not None and last.released_by == visit.caller.subject


def _has_proven(file: CaseFile, _visit: Visit, form: Form) -> bool:
    """What was sent is beside the facts no longer."""
    left = file.case.facts.get("unproven") or KeptUnproven()
    births = {each["birth_date"] for each in left.get("siblings", ())}
    named = form.all("benefits"), form.all("siblings")
    return any(named) and not (set(named[0]) & set(left.get("benefits", ())) or set(named[1]) & births)


def _has_proposed(file: CaseFile, visit: Visit, form: Form) -> bool:
    found = file.proposal
    return (
        found is not None
        and found.proposed_by == visit.caller.subject
        and found.content["outcome"] == form.get("outcome")
        and found.content["reason"] == form.text("reason")
    )


def _has_delivered(file: CaseFile, _visit: Visit, form: Form) -> bool:
    return any(
        str(each.decision.id) == form.get("decision")
        and any(
            (one.channel, one.day.isoformat()) == (form.get("channel"), form.text("day")) for one in each.deliveries
        )
        for each in file.notices
    )


def _has_asked_of_ticket(file: CaseFile, visit: Visit, form: Form) -> bool:
    asked = read_ticket_change(form)
    return any(
        waits(each, asked) and (each.reason, each.asked_by) == (asked.reason, visit.caller.subject)
        for each in file.ticket_requests
    )


def _has_read(file: CaseFile, _visit: Visit, form: Form) -> bool:
    named = set(form.all("message"))
    return bool(named) and all(each.read_at is not None for each in file.messages if str(each.id) in named)
