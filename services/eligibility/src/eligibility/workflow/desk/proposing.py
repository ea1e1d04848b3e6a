"""Another decision is proposed: nothing changes until a second person confirms it."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from shared.errors import Conflict, Text

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Proposal
from eligibility.domain.ids import ProposalId
from eligibility.workflow.access import authority_of
from eligibility.workflow.decision.guard import check_end
from eligibility.workflow.desk.persons_decision import PersonsDecision, as_proposal
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.ports import AuditTrail, AuthorityReader, CaseReader, DecisionReader, QuestionReader

ONE_WAITS = Text("Für diesen Fall ist schon etwas vorgeschlagen.", "Something is proposed for this case already.")


class PutProposalStore(
    DecisionReader, QuestionReader, ProposalStore, AuthorityReader, CaseReader, AuditTrail, Protocol
):
    """The store, as a proposal is put into it."""


def put_proposal(  # noqa: PLR0917  # what it is made of
    store: PutProposalStore, case: Case, decided: PersonsDecision, made: Decision, subject: str, now: datetime
) -> None:
    """`made`: what it will be once it is confirmed; what cannot be decided so is said now.

    Raises:
        Conflict: where one waits already.
    """
    if store.proposal_of(case.id) is not None:
        raise Conflict(ONE_WAITS, field="override")
    made = replace(made, round=len(store.decisions_of(case.id)) + 1)
    check_end(store, authority_of(store, case.authority_id), case, made, subject, decided.ending, now)
    proposal = Proposal(ProposalId(uuid4()), case.id, subject, now, as_proposal(decided))
    store.propose(proposal)
    store.audit(
        authority_id=case.authority_id,
        subject=subject,
        act=ActKind.OVERRIDE_PROPOSED,
        case_id=case.id,
        now=now,
        detail={"proposal": str(proposal.id), "outcome": decided.outcome},
    )
