"""A person has looked at what a family wrote or sent, and done what follows from it: the pile is rid of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from shared.database import Transactions
from shared.errors import NotFound, Text
from shared.events import EligibilityMessageRead, head
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.ids import ApplicationId, CaseId, MessageId
from eligibility.domain.message import Message
from eligibility.workflow.access import free_for, own_authority, own_case
from eligibility.workflow.ports import AuditTrail, CaseReader, Environment, Outbox

WORKERS = ("case_worker", "releaser")
NO_MESSAGE = Text(
    "Diese Nachricht gibt es zu diesem Fall nicht. Bitte laden Sie den Fall neu.",
    "There is no such message in this case. Please load the case anew.",
)


class MessageStore(Outbox, CaseReader, AuditTrail, Protocol):
    """The store, as messages are marked as read in it."""

    def messages_of(self, application_id: ApplicationId) -> Sequence[Message]:
        """What the family wrote or sent, the oldest first."""

    def set_read(self, message_id: MessageId, subject: str, now: datetime) -> bool:
        """False where somebody has done so already, or the family has deleted it meanwhile."""


class MessageDesk:
    """Marks messages of the own authority's cases. Each is an act in the audit trail."""

    def __init__(self, transactions: Transactions[MessageStore], environment: Environment) -> None:
        self._transactions = transactions
        self._environment = environment

    async def mark_read(self, caller: Caller, case_id: CaseId, message_ids: Collection[MessageId]) -> None:
        """Of any state of the case; again changes nothing. Only those that are named, for more may have come since the
        page was shown.

        Raises:
            NotFound: for one that is not this case's.
            Conflict: where another has the case.
        """
        authority_id = own_authority(caller, *WORKERS)

        def step(store: MessageStore) -> None:
            # 1. Only of the own case, where nobody else works on it.
            case = own_case(store, case_id, authority_id)
            free_for(case, caller.subject)
            known = {each.id: each for each in store.messages_of(case.application_id)}
            if not known.keys() >= set(message_ids):
                raise NotFound(NO_MESSAGE)
            # 2. Mark, note and tell each one once, whoever else does so at the same moment.
            now = self._environment.now()
            for each in dict.fromkeys(message_ids):
                if store.set_read(each, caller.subject, now):
                    store.audit(
                        authority_id=authority_id,
                        subject=caller.subject,
                        act=ActKind.MESSAGE_READ,
                        case_id=case.id,
                        now=now,
                        detail={"message": str(each)},
                    )
                    store.emit(EligibilityMessageRead(**head(known[each], now), message_id=each))

        await self._transactions.write(step)
