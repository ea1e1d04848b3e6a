"""The family answered, or its facts changed: decide anew. What was decided before is kept, and holds until then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Protocol

from shared.calendar import SchoolYear
from shared.events import ApplicationChanged, ApplicationSubmitted

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, QuestionId
from eligibility.rules.findings import as_dict, question
from eligibility.workflow.decision.decide import Decide
from eligibility.workflow.decision.prepared import Prepared, review_opened
from eligibility.workflow.decision.release import LetOutStore, anew, in_force, let_out
from eligibility.workflow.family.family import ties
from eligibility.workflow.ports import (
    AuditTrail,
    CaseContents,
    CaseReader,
    FamilyStore,
    ProposalStore,
    QuestionWriter,
    Surroundings,
)

CHANGED_SINCE = question(
    "renewal", "§ 4 Abs. 1 SchfkVO",
    "Die Familie hat Änderungen gemeldet, seit die Bewilligung fortgeführt wurde: Gelten sie auch in diesem Schuljahr?",
    "The family told of changes since the grant was carried on: do they hold in this school year too?",
)  # fmt: skip
FAMILY = "family"
"""In the audit trail, who acted: the account is known to the service `application` alone."""


class ReviseStore(
    LetOutStore,
    CaseContents,
    QuestionWriter,
    FamilyStore,
    ProposalStore,
    CaseReader,
    AuditTrail,
    Protocol,
):
    """The store, as new facts of a case are decided in it."""


class Revise:
    """Hears application.changed."""

    def __init__(self, decide: Decide, surroundings: Surroundings) -> None:
        self._decide = decide
        self._around = surroundings

    async def changed(self, event: ApplicationChanged) -> Callable[[ReviseStore], None]:
        """Decide on the facts as they are now.

        1. Evaluate as if it had been applied so in the beginning, from the day on which the facts changed.
        2. In the transaction: note the answer. 3. Where nothing changed that was decided on, leave it at that.
        4. Else put the new facts in place of the old ones, and keep the new decision beside the earlier. A person
        releases it, unless nothing was in force, nobody has taken the case and the authority lets the machine do so.
        """
        # 1.
        prepared = await self._decide.prepare(as_submitted(event))
        return partial(self._keep, event, prepared)

    def _keep(self, event: ApplicationChanged, prepared: Prepared, store: ReviseStore) -> None:
        now = self._around.now()
        cases = store.cases_of(ApplicationId(event.application_id))
        for later in cases:
            if later.school_year > prepared.case.school_year:
                self._ask_of_later(event, later, store)
                later_begins = SchoolYear.parse(later.school_year).first_day
                if event.changed_from is not None and event.changed_from >= later_begins:
                    return  # the year applied for was over by then: its decision stays
        case = next((each for each in cases if each.school_year in (prepared.case.school_year, "")), None)
        if case is not None and (case.state == "withdrawn" or case.change_number >= event.change_number):
            return  # laid down, or told twice
        revised = _revised(event, prepared.case, case)
        if case is None:  # the application itself was never heard of: this holds all that it held
            store.add_case(revised)
        else:
            # 2.
            if event.question_id is not None:
                store.answer(case.id, QuestionId(event.question_id), event.answer, event.occurred_at)
            # 3.
            if _same(case, revised):
                store.set_change_number(case.id, event.change_number)
                self._note(store, case, event, "answered")
                return
            # 4.
            store.revise(revised, now)
            store.close_proposals(case.id, "facts_changed", FAMILY, now)
        store.put_ties(revised.id, ties(prepared.event))
        store.put_told(revised.id, prepared.event)
        self._note(store, revised, event, "facts changed")
        decision = prepared.decision and replace(prepared.decision, case_id=revised.id)
        self._decided(store, prepared, revised, decision)

    def _ask_of_later(self, event: ApplicationChanged, case: Case, store: ReviseStore) -> None:
        """The grant was carried on into a later school year: whether the change concerns that too, a person asks."""
        now = self._around.now()
        if case.state == "withdrawn" or case.change_number >= event.change_number:
            return
        for each in store.decisions_of(case.id):
            if each.released_at is None and each.withdrawn_at is None:
                store.set_withdrawn(each.id, "facts_changed", now)
        if event.question_id is not None:
            store.answer(case.id, QuestionId(event.question_id), event.answer, event.occurred_at)
        before = in_force(store, case)
        asked = (as_dict(CHANGED_SINCE), *(each for each in case.reasons if each["rule"] != CHANGED_SINCE.rule))
        ways = before.ways if before is not None else case.ways
        case = replace(case, state="review", reasons=asked, ways=ways, change_number=event.change_number)
        store.revise(case, now)
        store.close_proposals(case.id, "facts_changed", FAMILY, now)
        store.emit(review_opened(replace(case, opened_at=now)))
        self._note(store, case, event, "facts changed")

    def _decided(self, store: ReviseStore, prepared: Prepared, case: Case, decision: Decision | None) -> None:
        now = self._around.now()
        before = in_force(store, case)
        if decision is None:
            store.emit(review_opened(replace(case, opened_at=now)))
            return
        decision = anew(store, case, decision, "facts_changed", now)
        store.add_decision(decision)
        free = before is None and case.assigned_to is None
        chosen = prepared.practice
        if chosen.releases_itself(decision.outcome) and (free or chosen.release_by_person == "nothing"):
            let_out(store, prepared.authority, case, decision, by="rules", around=self._around)

    def _note(self, store: AuditTrail, case: Case, event: ApplicationChanged, act: str) -> None:
        detail: dict[str, Any] = {"change": str(event.change_id)}
        if event.question_id is not None:
            detail["question"] = str(event.question_id)
        store.audit(
            authority_id=case.authority_id,
            subject=FAMILY,
            act=act,
            case_id=case.id,
            now=self._around.now(),
            detail=detail,
        )


def as_submitted(event: ApplicationChanged) -> ApplicationSubmitted:
    """As if it had been applied so: on the day of the application, wanted from the day of the change."""
    content = {name: getattr(event, name) for name in ApplicationSubmitted.model_fields}
    wanted = max(event.wanted_from, event.changed_from) if event.changed_from else event.wanted_from
    return ApplicationSubmitted.model_validate(content | {"occurred_at": event.applied_at, "wanted_from": wanted})


def _revised(event: ApplicationChanged, made: Case, known: Case | None) -> Case:
    changed_from: date | None = event.changed_from
    told = {"changed_from": changed_from.isoformat()} if changed_from else {}
    return replace(
        made,
        id=known.id if known else made.id,
        opened_at=known.opened_at if known else made.opened_at,
        assigned_to=known.assigned_to if known else None,
        assigned_at=known.assigned_at if known else None,
        submission=made.submission | told,
        change_number=event.change_number,
    )


def _same(case: Case, revised: Case) -> bool:
    """Whether the facts, and what the notice says of them, are what they were. A day alone changes nothing."""
    ignored = {"changed_from", "wanted_from"} if "changed_from" in revised.submission else {"changed_from"}

    def kept(submission: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in submission.items() if key not in ignored}

    facts, new = ({key: value for key, value in each.facts.items() if key not in ignored} for each in (case, revised))
    return (
        facts == new
        and case.school_number == revised.school_number
        and kept(case.submission) == kept(revised.submission)
    )


__all__ = ["FAMILY", "Revise", "as_submitted"]
