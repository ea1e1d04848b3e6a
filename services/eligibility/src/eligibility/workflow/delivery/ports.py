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
from datetime import date, datetime
from typing import Protocol

from shared.events import AuthorityId

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Delivery
from eligibility.domain.dispatch import Dispatch, DispatchId, DispatchState, FailureReason
from eligibility.domain.ids import CaseId, DecisionId, NoticeToken


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


@dataclass(frozen=True)
class DispatchStep:
    """What happened to a dispatch, and when: what the proof of delivery consists of."""

    dispatch_id: DispatchId
    number: int
    state: DispatchState
    at: datetime
    """When it happened, in UTC."""
    noted_at: datetime
    by: str
    """The OIDC subject of a person; `family`, `application` or `delivery` (the worker)."""
    reason: FailureReason | None = None
    day: date | None = None
    """Of a letter: given to the post, Germany's calendar."""


@dataclass(frozen=True)
class NoticeFile:
    """A notice with all that its delivery depends on."""

    token: NoticeToken
    written_at: datetime
    case: Case
    decision: Decision
    authority: Authority
    deliveries: Sequence[Delivery]
    dispatches: Sequence[Dispatch]


class DispatchStore(Protocol):
    """How notices are on their way."""

    def begin_dispatch(self, dispatch: Dispatch, by: str) -> None:
        """Raises Unavailable where this addressee has an open one of the notice already."""

    def move_dispatch(self, dispatch: Dispatch, step: DispatchStep) -> None:
        """Keep the new state of a dispatch, and the step that led to it.

        Args:
            dispatch: as it is now.

        Raises:
            Unavailable: where another transaction was quicker.
        """

    def dispatch(self, dispatch_id: DispatchId) -> Dispatch | None:
        """None where there is none."""

    def dispatches_of(self, token: NoticeToken) -> Sequence[Dispatch]:
        """Of all addressees, the oldest first."""

    def steps_of(self, token: NoticeToken) -> Sequence[DispatchStep]:
        """Of all dispatches of a notice, the oldest first."""


class NoticeReader(Protocol):
    """Notices, by what is known of them."""

    def case_of_notice(self, token: NoticeToken, authority_id: AuthorityId | None = None) -> CaseId | None:
        """`authority_id`: only where it is this one's."""

    def notice_written(self, decision_id: DecisionId) -> tuple[NoticeToken, datetime] | None:
        """Token and moment of a decision's notice; None: none was written."""

    def decision_of_notice(self, token: NoticeToken) -> Decision | None:
        """The decision that a notice tells of."""
