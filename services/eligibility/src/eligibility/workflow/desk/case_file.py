"""All that is kept of a case, as a person reads it: decisions, questions, acts, the notice and how it was delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Act, Delivery, Document, Proposal, Question
from eligibility.domain.ids import NoticeToken
from eligibility.notice.remedies import Remedy, remedy
from eligibility.workflow.ports import CaseFileQueries


@dataclass(frozen=True)
class KeptNotice:
    """A notice that was written down, how it was delivered, and until when it can be challenged."""

    decision: Decision
    token: NoticeToken
    written_at: datetime
    deliveries: Sequence[Delivery]
    remedy: Remedy


@dataclass(frozen=True)
class CaseFile:
    case: Case
    decision: Decision | None
    """The latest."""
    decisions: Sequence[Decision]
    questions: Sequence[Question]
    proposal: Proposal | None
    acts: Sequence[Act]
    notices: Sequence[KeptNotice]
    today: date
    documents: Sequence[Document] = ()
    application_url: str = ""
    """Where the documents are served."""


def read_file(store: CaseFileQueries, case: Case, today: date, application_url: str = "") -> CaseFile:
    decisions = store.decisions_of(case.id)
    authority = store.authority(case.authority_id)
    act = authority is None or authority.decides_by == "administrative_act"
    notices = []
    for decision in decisions:
        found = store.notice_written(decision.id)
        if found is not None:
            deliveries = store.deliveries_of(found[0])
            until = remedy(
                deliveries, written=found[1], today=today, administrative_act=act and not decision.terms.self_payer
            )
            notices.append(KeptNotice(decision, *found, deliveries, until))
    return CaseFile(
        case=case,
        decision=store.decision_of(case.id),
        decisions=decisions,
        questions=store.questions_of([case.id]),
        proposal=store.proposal_of(case.id),
        acts=store.acts_of(case.id),
        notices=notices,
        today=today,
        documents=store.documents_of(case.application_id, case.authority_id),
        application_url=application_url,
    )
