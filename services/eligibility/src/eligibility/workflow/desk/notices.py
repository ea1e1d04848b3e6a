"""How a notice reached the family: noted at the first retrieval, and by people for the post."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.desk import Channel, Delivery
from eligibility.domain.ids import CaseId, NoticeToken
from eligibility.workflow.access import READERS, own_authority, own_case
from eligibility.workflow.desk_ports import DeliveryStore
from eligibility.workflow.ports import AuditTrail, CaseReader, DecisionReader, Environment

FAMILY = "family"
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


class NoticeStore(DecisionReader, DeliveryStore, CaseReader, AuditTrail, Protocol):
    """The store, as deliveries are noted in it."""


class NoticeDesk:
    def __init__(self, transactions: Transactions[NoticeStore], environment: Environment) -> None:
        self._transactions = transactions
        self._environment = environment

    async def retrieved(self, token: NoticeToken) -> None:
        """Note the first retrieval by who has the token. Later ones change nothing, and cost no transaction."""
        if await self._transactions.read(partial(_is_noted, token)):
            return
        now = self._environment.now()

        def step(store: NoticeStore) -> None:
            case_id = store.case_of_notice(token)
            case = store.case(case_id) if case_id else None
            if case is None or _is_noted(token, store):
                return
            consent = bool(case.submission.get("portal_notice"))
            store.note_delivery(token, Delivery("download", day_in_berlin(now), now, FAMILY, consent))
            store.audit(
                authority_id=case.authority_id, subject=FAMILY, act=ActKind.NOTICE_RETRIEVED, case_id=case.id, now=now
            )

        await self._transactions.write(step)

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
            delivery = Delivery(sent.channel, sent.day, now, caller.subject, sent.consent, sent.instruction_faulty)
            if not store.note_delivery(token, delivery):
                raise Conflict(KNOWN, field="day")
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


def _is_noted(token: NoticeToken, store: DeliveryStore) -> bool:
    return any(each.channel == "download" for each in store.deliveries_of(token))
