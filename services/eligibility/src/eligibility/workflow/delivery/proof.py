"""The proof of delivery: for each addressee what happened by which way, when, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import NotFound
from shared.identity import Caller

from eligibility.domain.decision import Decision
from eligibility.domain.desk import Delivery
from eligibility.domain.dispatch import Dispatch, DispatchStep
from eligibility.domain.ids import CaseId, DecisionId
from eligibility.domain.recipients import APPLICANT, name_of
from eligibility.notice.address import full_name
from eligibility.notice.remedy_period import Remedy
from eligibility.workflow.access import READERS, authority_of, own_authority
from eligibility.workflow.delivery.ports import DeliverySteps
from eligibility.workflow.delivery.steps import NoticeOnItsWay, remedy_of
from eligibility.workflow.desk.notices import NO_NOTICE
from eligibility.workflow.ports import Environment


@dataclass(frozen=True)
class RecipientProof:
    """Of one addressee."""

    recipient: int
    name: str
    """Empty once the family's data are erased."""
    dispatches: Sequence[Dispatch]
    deliveries: Sequence[Delivery]
    remedy: Remedy


@dataclass(frozen=True)
class DeliveryProof:
    """Of one notice."""

    decision: Decision
    written_at: datetime
    now: datetime
    recipients: Sequence[RecipientProof]
    steps: Sequence[DispatchStep]


class DeliveryProofs:
    """Reads how a notice of the own authority was delivered. Nothing is changed."""

    def __init__(self, transactions: Transactions[DeliverySteps], environment: Environment) -> None:
        self._transactions = transactions
        self._environment = environment

    async def proof(self, caller: Caller, case_id: CaseId, decision_id: DecisionId) -> DeliveryProof:
        """Raises NotFound where there is no such notice, or it is another authority's."""
        authority_id, now = own_authority(caller, *READERS), self._environment.now()

        def query(store: DeliverySteps) -> DeliveryProof:
            case, decision = store.case(case_id), store.decision_by_id(decision_id)
            found = store.notice_written(decision_id)
            if case is None or case.authority_id != authority_id or decision is None or found is None:
                raise NotFound(NO_NOTICE)
            if decision.case_id != case.id:
                raise NotFound(NO_NOTICE)
            notice = NoticeOnItsWay(found[0], decision, case, authority_of(store, authority_id))
            return DeliveryProof(decision, found[1], now, _recipients(store, notice, now), store.steps_of(found[0]))

        return await self._transactions.read(query)


def _recipients(store: DeliverySteps, notice: NoticeOnItsWay, now: datetime) -> list[RecipientProof]:
    dispatches, deliveries = store.dispatches_of(notice.token), store.deliveries_of(notice.token)
    found = []
    named = {each.recipient for each in dispatches} | {each.recipient for each in deliveries}
    for recipient in sorted({APPLICANT, *named}):
        name = name_of(notice.case.submission, recipient)
        found.append(
            RecipientProof(
                recipient,
                full_name(name) if name is not None else "",
                [each for each in dispatches if each.recipient == recipient],
                [each for each in deliveries if each.recipient == recipient],
                remedy_of(store, notice, recipient, day_in_berlin(now), dispatches),
            )
        )
    return found
