"""Keeping a new case with all by which its child and siblings are found: alike for an application and a renewal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from eligibility.workflow.decision.duplicates import child_key
from eligibility.workflow.decision.prepared import Prepared, review_opened
from eligibility.workflow.family.families import contradicted
from eligibility.workflow.family.family import ties
from eligibility.workflow.ports import CaseContents, ChildStore, DecisionWriter, FamilyStore, Outbox


class NewCaseStore(DecisionWriter, Outbox, CaseContents, FamilyStore, ChildStore, Protocol):
    """The store, as a new case is kept in it."""


def store_case(store: NewCaseStore, prepared: Prepared, asked: Sequence[Mapping[str, str]] = ()) -> Prepared:
    """Keep a case of a school year for which there is none. Returns it as it was kept.

    1. The case, its child and its family. 2. A person decides where something is asked: `asked`, or what the authority
    knows of siblings that contradicts a first decision. 3. Else its decision is kept.
    """
    # 1.
    event, case, decision = prepared.event, prepared.case, prepared.decision
    store.add_case(case)
    store.add_child(case.id, child_key(event))
    store.put_ties(case.id, ties(event))
    store.put_told(case.id, event)
    # 2.
    if decision is not None:
        asked = (*asked, *contradicted(store, case, decision, prepared.rules))
    if asked:
        measured = decision.ways if decision is not None else case.ways
        questions = tuple(dict(each) for each in asked)
        case = replace(case, state="review", reasons=(*questions, *case.reasons), ways=measured)
        decision = None
        store.revise(case, case.opened_at)
    # 3.
    if decision is None:
        store.emit(review_opened(case))
    else:
        store.add_decision(decision)
    return replace(prepared, case=case, decision=decision)
