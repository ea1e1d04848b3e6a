"""How a notice reached the family, as people note it who delivered it by themselves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.desk import Channel, Delivery
from eligibility.domain.ids import CaseId, NoticeToken
from eligibility.domain.recipients import APPLICANT
from eligibility.notice.remedy_period import counts
from eligibility.workflow.access import READERS, own_authority, own_case
from eligibility.workflow.delivery.ports import DeliverySteps
from eligibility.workflow.delivery.steps import What, notice_of, overtake
from eligibility.workflow.ports import AuditTrail, AuthorityReader, CaseReader, DecisionReader, Environment

NO_NOTICE = Text("Diesen Bescheid gibt es nicht.", "There is no such notice.")
DAY = Text(
    "Der Tag muss zwischen dem Tag des Bescheids und heute liegen.",
    "The day must lie between the day of the notice and today.",
)
KNOWN = Text("Dieser Versand ist schon vermerkt.", "This delivery is noted already.")


@dataclass(frozen=True)
class DeliveryReport:
    """What a person says of a delivery."""

    channel: Channel
    day: date
    consent: bool = False
    instruction_faulty: bool = False
    excluded: bool = False
    provided_at: datetime | None = None
    announced_at: datetime | None = None


class NoticeStore(DecisionReader, DeliverySteps, AuthorityReader, CaseReader, AuditTrail, Protocol):
    """The store, as deliveries are noted in it."""


class NoticeDesk:
    def __init__(self, transactions: Transactions[NoticeStore], environment: Environment) -> None:
        self._transactions = transactions
        self._environment = environment

    async def deliver(self, caller: Caller, token: NoticeToken, sent: DeliveryReport) -> CaseId:
        """A person gave the notice to the post, or put it into a mailbox.

        Raises:
            NotFound: for another authority's.
            Invalid: for a day that cannot be.
            Conflict: where it is noted already.
        """
        authority_id = own_authority(caller, "case_worker", "releaser")
        now = self._environment.now()

        def step(store: NoticeStore) -> CaseId:
            case_id = store.case_of_notice(token, authority_id)
            if case_id is None:
                raise NotFound(NO_NOTICE)
            case = own_case(store, case_id, authority_id)
            written = store.written_at(token)
            if written is None or not day_in_berlin(written) <= sent.day <= day_in_berlin(now):
                raise Invalid(DAY, field="day")
            delivery = _delivery(sent, caller.subject, now)
            if not store.note_delivery(token, delivery):
                raise Conflict(KNOWN, field="day")
            if counts(delivery):
                _overtake(store, token, caller.subject, now)
            detail = {"channel": sent.channel, "day": sent.day.isoformat()}
            store.audit(authority_id=authority_id, subject=caller.subject, act=ActKind.NOTICE_DELIVERED,
                       case_id=case.id, now=now, detail=detail)  # fmt: skip
            return case.id

        return await self._transactions.write(step)

    async def token_of(self, caller: Caller, case_id: CaseId) -> NoticeToken:
        """For the authority's own people, whose reading is no retrieval by the family: the newest notice of a case."""
        authority_id = own_authority(caller, *READERS)

        def query(store: NoticeStore) -> NoticeToken:
            case = own_case(store, case_id, authority_id)
            decision = store.decision_of(case.id)
            found = store.notice_written(decision.id) if decision else None
            if found is None:
                raise NotFound(NO_NOTICE)
            return found[0]

        return await self._transactions.read(query)


def _delivery(sent: DeliveryReport, by: str, now: datetime) -> Delivery:
    """Of the mailbox with the moments, where they are known: then the day is that of provision."""
    day = sent.day if sent.provided_at is None else day_in_berlin(sent.provided_at)
    return Delivery(sent.channel, day, now, by, sent.consent, sent.instruction_faulty, excluded=sent.excluded,
                    provided_at=sent.provided_at, announced_at=sent.announced_at)  # fmt: skip


def _overtake(store: NoticeStore, token: NoticeToken, by: str, now: datetime) -> None:
    """What the system still had on its way to who applied is over."""
    found = next((each for each in store.dispatches_of(token) if each.recipient == APPLICANT and each.is_open), None)
    if found is not None:
        overtake(store, notice_of(store, found), APPLICANT, What(now, now, by))
