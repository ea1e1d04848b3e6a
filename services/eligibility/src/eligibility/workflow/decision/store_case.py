"""Keeping a new case with all by which its child and siblings are found: alike for an application and a renewal."""

from typing import Protocol

from eligibility.workflow.decision.awaited_school import AttendanceStore, expect_school
from eligibility.workflow.decision.prepared import PreparedCase, review_opened
from eligibility.workflow.family.family import ties
from eligibility.workflow.ports import CaseContents, ChildStore, DecisionWriter, FamilyStore, Outbox


class NewCaseStore(DecisionWriter, Outbox, CaseContents, FamilyStore, ChildStore, AttendanceStore, Protocol):
    """The store, as a new case is kept in it."""


def store_case(store: NewCaseStore, prepared: PreparedCase) -> PreparedCase:
    """Keep a case of a school year for which there is none: the case, its child and its family, and its decision, or
    the question that a person must answer. What is known of siblings changes the own share once the decision is out:
    no ticket waits for that."""
    event, case, decision = prepared.event, prepared.case, prepared.decision
    store.add_case(case)
    store.add_marks(case.id, prepared.marks)
    store.put_ties(case.id, ties(event))
    store.put_told(case.id, event)
    if decision is None:
        store.emit(review_opened(case))
    else:
        store.add_decision(decision)
        expect_school(store, prepared.authority, case, decision, case.opened_at)
    return prepared
