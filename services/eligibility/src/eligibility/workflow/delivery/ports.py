"""What the delivery of notices needs of others, and what others tell it.

**Hints by e-mail.** A hint says that a notice lies ready, and nothing else. Who sends it is the service `application`:
it alone knows the address. In the transaction that provides a notice, `eligibility.delivery_changed` with the state
`provided` goes out; that event is the order to send the hint. The answer is an event too, so that nothing is lost
where either side is killed:

* `application.hint_sent` once a mail server has taken it: `hint_sent` (workflow.delivery.hints) notes when. From then
  the ten days of § 41 (2a) VwVfG run; for the mailbox (§ 9 OZG) it has to be the day of provision.
* `application.hint_failed` where there is no address or no transport, where the server refuses, and where the hint
  comes back later, also days after `hint_sent`: `hint_failed` ends this way, and the next one of the authority's
  begins, the letter at last. No period runs from a way whose hint failed, unless the notice was retrieved.

**The mailbox.** `Mailbox` is the port of a transport that comes later. Where none is configured it is not offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.events import AuthorityId

from eligibility.domain.acts import ActKind, Detail
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.dispatch import Dispatch, DispatchId, DispatchStep
from eligibility.domain.ids import CaseId, DecisionId, NoticeToken
from eligibility.workflow.desk_ports import DeliveryStore
from eligibility.workflow.ports import Outbox


class MailboxRefused(Exception):
    """The account has no mailbox, or does not take this notice: the next way follows."""


@dataclass(frozen=True)
class Provision:
    """That a notice was put into the mailbox of an account, as its operator confirms it."""

    provided_at: datetime
    announced_at: datetime | None
    """When the operator sent its own hint to the address that the account names; None: it sends none."""


class Mailbox(Protocol):
    """The mailbox of a user account (§ 9 OZG)."""

    async def provide(self, dispatch_id: DispatchId, account: str, pdf: bytes) -> Provision:
        """Put the notice there. The same `dispatch_id` again changes nothing, and is answered as the first time.

        Raises:
            MailboxRefused.
            Unavailable: to be tried again.
        """


class DispatchStore(Protocol):
    """How notices are on their way."""

    def begin_dispatch(self, dispatch: Dispatch, step: DispatchStep) -> None:
        """Raises Unavailable where this addressee has an open one of the notice already."""

    def move_dispatch(self, dispatch: Dispatch, step: DispatchStep) -> None:
        """Keep the new state of a dispatch, and the step that led to it.

        Args:
            dispatch: as it is now.

        Raises:
            Unavailable: where it stands otherwise in the meantime.
        """

    def dispatch(self, dispatch_id: DispatchId) -> Dispatch | None:
        """None where there is none."""

    def dispatches_of(self, token: NoticeToken) -> Sequence[Dispatch]:
        """Of all addressees, the oldest first."""

    def steps_of(self, token: NoticeToken) -> Sequence[DispatchStep]:
        """Of all dispatches of a notice, the oldest first."""

    def decision_by_id(self, decision_id: DecisionId) -> Decision | None:
        """Of whatever case."""


class DeliverySteps(Outbox, DispatchStore, DeliveryStore, Protocol):
    """The store, as notices are brought to their addressees in it.

    What `CaseReader`, `AuthorityReader` and `AuditTrail` say stands here again: who lets a decision out names them in
    another order.
    """

    def case(self, case_id: CaseId) -> Case | None:
        """Of whatever authority; None where there is none."""

    def authority(self, authority_id: AuthorityId) -> Authority | None:
        """Its settings; None: it is not set up here."""

    def audit(
        self,
        *,
        authority_id: AuthorityId,
        subject: str,
        act: ActKind,
        case_id: UUID | None,
        now: datetime,
        detail: Detail | None = None,
    ) -> None:
        """`case_id`: of the case that it is about."""
