"""/desk/cases/{case_id}/…: what a person does with a case. A refused form comes back with all that was typed.

Sent twice, the second time changes nothing and says what the first one said: where the workflow says that the case has
moved on, the page looks whether it was this very act of this very person that moved it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError
from shared.birth_dates import BirthDate, parse_birth_date
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Problem, Text
from shared.formats import read_cents, read_day
from shared.http.validation import from_validation

from eligibility.api.desk.cases import DecisionIn, ReleaseIn
from eligibility.api.desk.handling import QuestionIn
from eligibility.api.desk.notices import DeliveryIn
from eligibility.api.family import ProofIn
from eligibility.api.pages.case import CasePage
from eligibility.api.pages.pages import Form, Pages, Visit, is_id
from eligibility.domain.ending import Ending
from eligibility.domain.ids import CaseId, MessageId, NoticeToken
from eligibility.workflow import Asked, CaseFile, PersonsDecision, Proof, Sent, Workflow
from eligibility.workflow.desk.work_list import PILES

CHOOSE = Text("Bitte wählen Sie: bewilligen oder ablehnen.", "Please choose: grant or refuse.")
NO_DAY = Text("Bitte geben Sie einen Tag an, zum Beispiel 24.11.2026.", "Please enter a day, for example 24.11.2026.")
NO_AMOUNT = Text("Bitte geben Sie einen Betrag an, zum Beispiel 14,00.", "Please enter an amount, for example 14.00.")
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
    desk = workflow.cases
    acts = _acts(workflow)
    one_after_another = asyncio.Lock()

    @routes.post("/cases/{case_id}/{act}")
    async def act(request: Request, case_id: UUID, act: str) -> Response:
        visit, form = await pages.form(request)
        case, known = CaseId(case_id), acts.get(act)
        if known is None:
            raise NotFound(Text("Das gibt es hier nicht.", "There is nothing here."))
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


def _back(done: str, form: Form) -> dict[str, str]:
    """What the page says, and from which pile the next case comes."""
    pile = form.get("pile", "")
    return {"done": done} | ({"pile": pile} if pile in PILES else {})


def _acts(workflow: Workflow) -> dict[str, Act]:
    desk, handling, notice_desk = workflow.cases, workflow.handling, workflow.notices

    async def take(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.take(visit.caller, case)

    async def give_back(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.give_back(visit.caller, case)

    async def ask(visit: Visit, case: CaseId, form: Form) -> None:
        await handling.ask(visit.caller, case, _asked(form))

    async def decide(visit: Visit, case: CaseId, form: Form) -> None:
        await desk.decide(visit.caller, case, _decision(form))

    async def prove(visit: Visit, case: CaseId, form: Form) -> None:
        await workflow.proofs.recognise(visit.caller, case, _proof(form))

    async def release(visit: Visit, case: CaseId, form: Form) -> None:
        await desk.release(visit.caller, case, _ending(form))

    async def propose(visit: Visit, case: CaseId, form: Form) -> None:
        await handling.propose(visit.caller, case, _decision(form))

    async def confirm(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.confirm(visit.caller, case)

    async def drop(visit: Visit, case: CaseId, _form: Form) -> None:
        await handling.drop(visit.caller, case)

    async def deliver(visit: Visit, case: CaseId, form: Form) -> None:
        file = await desk.file(visit.caller, case)
        token = next((one.token for one in file.notices if str(one.decision.id) == form.get("decision")), None)
        if token is None:
            raise Invalid(NO_NOTICE)
        await notice_desk.deliver(visit.caller, NoticeToken(token), _sent(form))

    async def read(visit: Visit, case: CaseId, form: Form) -> None:
        ids = [MessageId(UUID(each)) for each in form.all("message") if is_id(each)]
        await workflow.messages.mark_read(visit.caller, case, ids)

    return {
        "take": Act(take, lambda file, visit, _: file.case.assigned_to == visit.caller.subject, "taken"),
        "give-back": Act(give_back, lambda file, *_: file.case.assigned_to is None, "given-back"),
        "ask": Act(ask, _has_asked, "asked"),
        "decide": Act(decide, _has_decided, "decided"),
        "prove": Act(prove, _has_proven, "proven"),
        "release": Act(release, _has_released, "released"),
        "propose": Act(propose, _has_proposed, "proposed"),
        "confirm": Act(confirm, _has_released, "confirmed"),
        "drop": Act(drop, lambda file, *_: file.proposal is None, "dropped"),
        "deliver": Act(deliver, _has_delivered, "delivered"),
        "read": Act(read, _has_read, "read"),
    }


# whether this person has just done it


def _done(act: Act, file: CaseFile, visit: Visit, form: Form) -> str:
    """A decision that goes against the rules waits for a second person instead."""
    waits = act.done == "decided" and _has_proposed(file, visit, form)
    return "against-rules" if waits else act.done


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
    left: dict[str, Any] = file.case.facts.get("unproven") or {}
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


def _has_read(file: CaseFile, _visit: Visit, form: Form) -> bool:
    named = set(form.all("message"))
    return bool(named) and all(each.read_at is not None for each in file.messages if str(each.id) in named)


# from what was typed; every mistake at once, by field


def _decision(form: Form) -> PersonsDecision:
    wrong: list[FieldProblem] = []
    if form.get("outcome") not in ("granted", "refused"):
        wrong.append(FieldProblem("outcome", CHOOSE))
    granted = form.get("outcome") != "refused"
    content = {
        "outcome": form.get("outcome") if not wrong else "refused",
        "reason": form.text("reason"),
        "legal_basis": form.text("legal_basis"),
        "valid_from": day_of(form, "valid_from", wrong) if granted else None,
        "own_share_cents": cents_of(form, "own_share_cents", wrong) if granted else None,
        "transport": form.get("transport") or None if granted else None,
        "valid_until": day_of(form, "valid_until", wrong) if granted else None,
        "same_child": {"yes": True, "no": False}.get(form.get("same_child") or "") if granted else None,
        **_of_ending(form, wrong),
    }
    return PersonsDecision(**_checked(DecisionIn, content, wrong))


def _proof(form: Form) -> Proof:
    wrong: list[FieldProblem] = []
    content = {
        "benefits": tuple(form.all("benefits")),
        "siblings": tuple(each for each in map(_born, form.all("siblings")) if each is not None),
        "valid_from": day_of(form, "valid_from", wrong),
        "valid_until": day_of(form, "valid_until", wrong),
    }
    return ProofIn(**_checked(ProofIn, content, wrong)).proof


def _born(text: str) -> BirthDate | None:
    try:
        return parse_birth_date(text)
    except ValueError:
        return None


def _ending(form: Form) -> Ending:
    wrong: list[FieldProblem] = []
    return ReleaseIn(**_checked(ReleaseIn, _of_ending(form, wrong), wrong)).ending


def _of_ending(form: Form, wrong: list[FieldProblem]) -> dict[str, Any]:
    """What is said of a grant that ends; nothing where the page did not ask for it."""
    return {
        "ends_on": day_of(form, "ends_on", wrong),
        "hearing_exception": form.get("hearing_exception") or None,
        "hearing_why": form.text("hearing_why"),
    }


def _asked(form: Form) -> Asked:
    wrong: list[FieldProblem] = []
    due = day_of(form, "due", wrong, needed=True)
    content = {"text": form.text("text"), "text_en": form.text("text_en") or None, "due": due or date.max}
    found = _checked(QuestionIn, content | {"hearing": form.get("hearing") == "yes"}, wrong)
    return Asked(found["text"], found["text_en"] or "", found["due"], found["hearing"])


def _sent(form: Form) -> Sent:
    wrong: list[FieldProblem] = []
    content = {
        "channel": form.get("channel", ""),
        "day": day_of(form, "day", wrong, needed=True) or date.max,
        "consent": form.get("consent") == "yes",
        "instruction_faulty": form.get("instruction_faulty") == "yes",
    }
    return Sent(**_checked(DeliveryIn, content, wrong))


def _checked(model: type[BaseModel], content: dict[str, Any], wrong: list[FieldProblem]) -> dict[str, Any]:
    """By the same rules as the API; with what could not even be read, each field once."""
    try:
        found = model.model_validate(content).model_dump()
    except ValidationError as error:
        named = {each.field for each in wrong}
        told = from_validation(error.errors(include_url=False)).problems
        wrong = [*wrong, *(each for each in told if each.field not in named)]
        found = {}
    if wrong:
        raise Invalid(Invalid.title, problems=wrong)
    return found


def day_of(form: Form, name: str, wrong: list[FieldProblem], *, needed: bool = False) -> date | None:
    text = form.text(name)
    if not text and not needed:
        return None
    try:
        return read_day(text)
    except ValueError:
        wrong.append(FieldProblem(name, NO_DAY))
        return None


def cents_of(form: Form, name: str, wrong: list[FieldProblem]) -> int | None:
    try:
        return read_cents(form.text(name))
    except ValueError:
        wrong.append(FieldProblem(name, NO_AMOUNT))
        return None
