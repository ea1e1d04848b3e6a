"""The family answered, or its facts changed: decide anew. What was decided before is kept, and holds until then."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from shared.blank import is_blank
from shared.calendar import SchoolYear, day_in_berlin
from shared.errors import Text, Unavailable
from shared.events import ApplicationChanged, ApplicationSubmitted

from eligibility.domain.acts import ActKind, DetailValue
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Change
from eligibility.domain.family import Member, of_family
from eligibility.domain.ids import ApplicationId, QuestionId
from eligibility.domain.letters import letters_before
from eligibility.rules.findings import Finding, as_dict
from eligibility.workflow.decision.ask_for_proof import ask_for_proof
from eligibility.workflow.decision.awaited_school import expect_school
from eligibility.workflow.decision.decide import FAMILY, Decide
from eligibility.workflow.decision.decided_by_person import takes_back
from eligibility.workflow.decision.duplicates import doubles_of, duplicate, note_doubles
from eligibility.workflow.decision.earlier_right import asked_of
from eligibility.workflow.decision.guard import goes_out_by_itself
from eligibility.workflow.decision.kept_told import kept_address
from eligibility.workflow.decision.looked_at import CHANGED_SINCE, questions_on_names, undecided_before
from eligibility.workflow.decision.prepared import PreparedCase, review_opened
from eligibility.workflow.decision.release import ReleaseStore, drop_prepared, release_decision, supersede_prepared
from eligibility.workflow.decision.same_child import RenamedStore, note_name
from eligibility.workflow.decision.standing import current_decision
from eligibility.workflow.decision.store_case import NewCaseStore
from eligibility.workflow.decision.told_facts import (
    ToldReader,
    as_submitted,
    as_told,
    same_case,
    same_told,
    tells_nothing_new,
)
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.family.family import ties
from eligibility.workflow.messages import FileStore, file_text
from eligibility.workflow.ports import AuditTrail, CaseReader, ChangeStore, Environment, QuestionWriter
from eligibility.workflow.settled_change import tell_settled

PROVEN_MEANWHILE = Text(
    "Inzwischen wurde ein Nachweis anerkannt; die Änderung wird gleich noch einmal gelesen.",
    "A proof was recognised meanwhile; the change is read again in a moment.",
)


class ReviseStore(
    NewCaseStore,
    RenamedStore,
    ReleaseStore,
    FileStore,
    QuestionWriter,
    ChangeStore,
    ProposalStore,
    CaseReader,
    AuditTrail,
    ToldReader,
    Protocol,
):
    """The store, as new facts of a case are decided in it."""


class Revise:
    """Hears application.changed."""

    def __init__(self, decide: Decide, environment: Environment) -> None:
        self._decide = decide
        self._environment = environment

    async def changed(self, event: ApplicationChanged) -> Callable[[ReviseStore], None]:
        """Decide on the facts as they are now.

        1. Evaluate as if it had been applied so in the beginning, from the day on which the facts changed.
        2. In the transaction: file what it wrote, and note the answer, also of a change that came late. 3.
        Where nothing changed that was told, leave it at that. 4. Where only the own share can change, the grant and its
        ticket stay. 5. Else put the new facts in place of the old ones,
        which are kept beside them, and keep the new decision beside the earlier. 6. A person looks at what the rules
        cannot know, where the child has another application or its right to ride was revoked, and where a person
        had decided. 7. A person releases it,
        unless nothing was in force, nobody has taken the case and the authority lets the machine do so.
        """
        # 1.
        prepared = await self._decide.prepare(as_submitted(event))
        return partial(self._keep, event, prepared)

    def _keep(self, event: ApplicationChanged, prepared: PreparedCase, store: ReviseStore) -> None:
        now = self._environment.now()
        if store.proven_for(prepared.event) != prepared.assessment.context.proven:
            raise Unavailable(PROVEN_MEANWHILE)  # heard again, it is decided on what is proven by then
        cases = store.cases_of(ApplicationId(event.application_id))
        # 2.
        self._heard(event, prepared.case.school_year, cases, store)
        if self._is_of_later_year(event, prepared.case, cases, store):
            return  # the year applied for was over by then: its decision stays
        case = next((each for each in cases if each.school_year in (prepared.case.school_year, "")), None)
        if case is not None and (case.state == "withdrawn" or case.change_number >= event.change_number):
            return  # laid down, or told twice
        revised = _revised(event, prepared.case, case)
        told, before = as_told(event), store.told_of(case.id) if case is not None else None
        if case is None:  # the application itself was never heard of: this holds all that it held
            store.add_case(revised)
        else:
            # 3.
            if tells_nothing_new(before, told, case, revised):
                self._answered(event, case, store)
                return
            # 4.
            if same_case(case, revised) and self._share_only(event, prepared, case, store):
                return
            # 5.
            store.revise(revised, now)
            store.close_proposals(case.id, "facts_changed", FAMILY, now)
            store.put_change(case.id, _change(event, before))
        # 6.
        note_name(store, case, revised)
        asked = self._questions(event, replace(prepared, case=revised), case, (before, told), store)
        store.put_ties(revised.id, ties(prepared.event))
        store.put_told(revised.id, told)
        store.put_marks(revised.id, prepared.marks)
        self._note(store, revised, event, ActKind.FACTS_CHANGED)
        decision = prepared.decision and replace(prepared.decision, case_id=revised.id)
        if asked:
            revised, decision = self._ask(store, revised, decision, asked), None
        # 7.
        self._decided(store, prepared, revised, decision)

    def _is_of_later_year(
        self, event: ApplicationChanged, applied: Case, cases: Sequence[Case], store: ReviseStore
    ) -> bool:
        """Whether the change holds only from a later year on, into which the grant was carried. In each such year a
        person is asked."""
        for later in cases:
            if later.school_year > applied.school_year:
                self._ask_of_later(event, later, store)
                later_begins = SchoolYear.parse(later.school_year).first_day
                if event.changed_from is not None and event.changed_from >= later_begins:
                    return True
        return False

    def _questions(
        self,
        event: ApplicationChanged,
        prepared: PreparedCase,
        known: Case | None,
        told: tuple[ApplicationSubmitted | None, ApplicationSubmitted],
        store: ReviseStore,
    ) -> list[Finding]:
        """What a person must look at. `known`: the case as it was; `told`: what the family had told before, and now."""
        before, now = told
        holder = now.holder_change if known is None else known.submission.get("holder_change")
        standing = current_decision(store, prepared.case)
        asked = questions_on_names(before, now, holder) + self._doubles(store, prepared)
        asked += undecided_before(event, standing)
        if prepared.decision is None or prepared.decision.outcome == "granted":
            asked += asked_of(store, prepared.case, self._environment.keys, ties(prepared.event))
        return asked + takes_back(standing, prepared.decision, prepared.rules, told=told)

    def _answered(self, event: ApplicationChanged, case: Case, store: ReviseStore) -> None:
        """Nothing is left to be decided of this change, nor of those that it has overtaken on the way."""
        store.set_change_number(case.id, event.change_number)
        self._note(store, case, event, ActKind.ANSWERED)
        for number in range(case.change_number + 1, event.change_number + 1):
            tell_settled(store, case, number, self._environment.now())

    def _heard(self, event: ApplicationChanged, school_year: str, cases: Sequence[Case], store: ReviseStore) -> None:
        """What a family wrote is never lost: not where its facts are overtaken, nor where the case is laid down. A text
        in which nothing is seen answers nothing."""
        told = as_told(event)
        same = [case for case in cases if case.school_year in (school_year, "")]  # not what was carried on from it
        before = next((known for case in reversed(same) if (known := store.told_of(case.id)) is not None), None)
        with_change = before is not None and not same_told(before, told)
        file_text(store, event, with_change=with_change)
        says = not event.answer or with_change or not is_blank(event.answer)
        if event.question_id is not None and says:
            for case in cases:  # the question is that of one of them
                store.answer(case.id, QuestionId(event.question_id), event.answer, event.occurred_at)

    def _doubles(self, store: ReviseStore, prepared: PreparedCase) -> list[Finding]:
        """Whatever has changed: a case that was refused may become a grant, and two names one."""
        now = self._environment.now()
        found = doubles_of(store, prepared, now)
        if not found:
            return []
        note_doubles(store, prepared.case, found, now)
        return [duplicate(found)]

    def _share_only(self, event: ApplicationChanged, prepared: PreparedCase, case: Case, store: ReviseStore) -> bool:
        """Siblings or benefits were told of otherwise, beside a grant of a ticket: what follows for the share is worked
        out with the family's; what would lower it is asked for. False where it concerns more than that."""
        me = Member(case, store.decisions_of(case.id), ties(prepared.event))
        waits = me.waiting is not None and me.waiting.terms.grant_id is None
        new = prepared.decision
        if me.grant is None or waits or new is None or new.outcome != "granted" or case.state == "review":
            return False
        now, facts = self._environment.now(), of_family(case.facts, new.facts)
        store.put_change(case.id, replace(_change(event, store.told_of(case.id)), share_only=True))
        store.set_facts(case.id, facts)
        store.set_change_number(case.id, event.change_number)
        store.put_ties(case.id, ties(prepared.event))
        store.put_told(case.id, as_told(event))
        store.family_changed(case.id, now)
        store.close_proposals(case.id, "facts_changed", FAMILY, now)
        self._note(store, case, event, ActKind.FACTS_CHANGED)
        ask_for_proof(store, case, new, prepared.assessment.law, now)
        return True

    def _ask(self, store: ReviseStore, case: Case, decision: Decision | None, asked: list[Finding]) -> Case:
        """To a person, with what was measured."""
        routes = decision.routes if decision is not None else case.routes
        questions = tuple(as_dict(each) for each in asked)
        case = replace(case, state="review", reasons=(*questions, *case.reasons), routes=routes)
        store.revise(case, self._environment.now())
        return case

    def _ask_of_later(self, event: ApplicationChanged, case: Case, store: ReviseStore) -> None:
        """The grant was carried on into a later school year: whether the change concerns that too, a person asks."""
        now = self._environment.now()
        if case.state == "withdrawn" or case.change_number >= event.change_number:
            return
        for each in store.decisions_of(case.id):
            if each.released_at is None and each.withdrawn_at is None:
                store.set_withdrawn(each.id, "facts_changed", now)
        before = current_decision(store, case)
        asked = (as_dict(CHANGED_SINCE), *(each for each in case.reasons if each["rule"] != CHANGED_SINCE.rule))
        routes = before.routes if before is not None else case.routes
        case = replace(case, state="review", reasons=asked, routes=routes, change_number=event.change_number)
        store.revise(case, now)
        store.close_proposals(case.id, "facts_changed", FAMILY, now)
        store.emit(review_opened(replace(case, opened_at=now)))
        self._note(store, case, event, ActKind.FACTS_CHANGED)

    def _decided(self, store: ReviseStore, prepared: PreparedCase, case: Case, decision: Decision | None) -> None:
        now = self._environment.now()
        before = current_decision(store, case)
        if decision is None:
            drop_prepared(store, case, "facts_changed", now)
            store.emit(review_opened(replace(case, opened_at=now)))
            return
        decision = supersede_prepared(store, case, decision, "facts_changed", now)
        store.add_decision(decision)
        expect_school(store, prepared.authority, case, decision, now)
        free = before is None and case.assigned_to is None
        itself = goes_out_by_itself(store, prepared.policy, prepared.authority, case, decision, now)
        if itself and (free or prepared.policy.release_by_person == "nothing"):
            release_decision(store, prepared.authority, case, decision, by="rules", environment=self._environment)

    def _note(self, store: AuditTrail, case: Case, event: ApplicationChanged, act: ActKind) -> None:
        detail: dict[str, DetailValue] = {"change": str(event.change_id), "at": event.occurred_at.isoformat()}
        if event.changed_from is not None:
            detail["changed_from"] = event.changed_from.isoformat()
        if event.question_id is not None:
            detail["question"] = str(event.question_id)
        store.audit(
            authority_id=case.authority_id,
            subject=FAMILY,
            act=act,
            case_id=case.id,
            now=self._environment.now(),
            detail=detail,
        )


def _change(event: ApplicationChanged, before: ApplicationSubmitted | None) -> Change:
    told = event.change_number, event.occurred_at, event.changed_from
    return Change(*told, before, event.answer, event.leaves_for)


def _revised(event: ApplicationChanged, made: Case, known: Case | None) -> Case:
    submission = made.submission.copy()
    if event.changed_from is not None:
        submission["changed_from"] = event.changed_from.isoformat()
    if known is not None and event.addressee_address == event.home:
        day = day_in_berlin(event.occurred_at)
        before = letters_before(known.submission, kept_address(event.addressee_address), event.changed_from, day)
        if before is not None:
            submission["letters_before"] = before
    return replace(
        made,
        id=known.id if known else made.id,
        opened_at=known.opened_at if known else made.opened_at,
        assigned_to=known.assigned_to if known else None,
        assigned_at=known.assigned_at if known else None,
        submission=submission,
        change_number=event.change_number,
    )


__all__ = ["FAMILY", "Revise", "as_submitted"]
