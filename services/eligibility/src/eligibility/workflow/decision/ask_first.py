"""A grant of a ticket that would go out although nobody was told what stands against the child's right to ride.

Whoever lets it out is refused (`NotTold`), with the question in words; the case goes to review with that question. So
it is with what a person prepared, proposed or had decided before the news came.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

from shared.database import Transactions

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId
from eligibility.rules.findings import Finding, as_dict
from eligibility.workflow.decision.earlier_right import RULE, MarkReader, NotTold, asked_of, untold
from eligibility.workflow.decision.prepared import review_opened
from eligibility.workflow.decision.release import drop_prepared
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.ports import (
    AuditTrail,
    CaseContents,
    CaseReader,
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Environment,
    Outbox,
)

Result = TypeVar("Result")
Store = TypeVar("Store", bound="AskFirstStore")


class AskFirstStore(
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Outbox,
    CaseContents,
    ProposalStore,
    CaseReader,
    AuditTrail,
    MarkReader,
    Protocol,
):
    """The store, as the question is put in it."""


async def ask_first(
    transactions: Transactions[Store], environment: Environment, by: str, step: Callable[[Store], Result]
) -> Result:
    """Do `step`; where it would grant what nobody was told of, keep the question in its place, and raise NotTold."""
    try:
        return await transactions.write(step)
    except NotTold as refused:
        await transactions.write(partial(_put_untold, refused.case_id, environment, by))
        raise


def _put_untold(case_id: CaseId, environment: Environment, by: str, store: AskFirstStore) -> None:
    case = store.case(case_id)
    if case is not None and untold(store, case, by, environment.keys):
        put_question(store, case, asked_of(store, case, environment.keys), environment, by)


def put_question(store: AskFirstStore, case: Case, asked: Sequence[Finding], environment: Environment, by: str) -> None:
    """In place of an earlier one. 1. What was proposed by someone who had not read it is over. 2. What a family bought
    waits for release, with the question beside it; any other decision that waits is made anew, by who has read it."""
    # 1.
    now, last = environment.now(), store.decision_of(case.id)
    store.close_proposals(case.id, "facts_changed", by, now)
    reasons = (*map(as_dict, asked), *(each for each in case.reasons if each["rule"] != RULE))
    # 2.
    if is_waiting(case, last) and last is not None and last.terms.self_payer:
        asking = replace(case, reasons=reasons)
        store.set_reasons(case.id, reasons)
    else:
        routes = case.routes if case.state == "review" or last is None else last.routes
        asking = replace(case, state="review", reasons=reasons, routes=routes)
        drop_prepared(store, case, "facts_changed", now)
        store.revise(asking, now)
    store.emit(review_opened(replace(asking, opened_at=now)))
    store.audit(authority_id=case.authority_id, subject=by, act=ActKind.RIGHT_TO_RIDE_ASKED, case_id=case.id, now=now)


def is_waiting(case: Case, last: Decision | None) -> bool:
    """For release.

    Args:
        last: of its decisions.
    """
    return case.state == "prepared" and last is not None and last.released_at is None
