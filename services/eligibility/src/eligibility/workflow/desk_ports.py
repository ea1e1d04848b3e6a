"""What a step of the desk may ask of the store beside the case: proposals, and how notices were delivered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.events import AuthorityId

from eligibility.domain.desk import Delivery, Proposal
from eligibility.domain.ids import CaseId, DecisionId, NoticeToken


class ProposalStore(Protocol):
    """Overrides that wait for a second person."""

    def propose(self, proposal: Proposal) -> None:
        """Keep another decision than the rules', which waits for a second person."""

    def proposal_of(self, case_id: CaseId) -> Proposal | None:
        """The open one; None where nothing waits."""

    def close_proposals(self, case_id: CaseId, because: str, by: str, now: datetime) -> None:
        """Close what is open of this case.

        Args:
            because: whether it was confirmed, dropped or overtaken.
        """


class DeliveryStore(Protocol):
    """How notices were delivered."""

    def case_of_notice(self, token: NoticeToken, authority_id: AuthorityId | None = None) -> CaseId | None:
        """`authority_id`: only where it is this one's."""

    def written_at(self, token: NoticeToken) -> datetime | None:
        """Since when the notice could be retrieved; None: nobody has such a token."""

    def notice_written(self, decision_id: DecisionId) -> tuple[NoticeToken, datetime] | None:
        """Token and moment of a decision's notice; None: none was written."""

    def note_delivery(self, token: NoticeToken, delivery: Delivery) -> bool:
        """False where this way and day are noted already for this addressee."""

    def fail_delivery(self, token: NoticeToken, delivery: Delivery, at: datetime) -> None:
        """The letter, or the hint, came back. The first time counts."""

    def deliveries_of(self, token: NoticeToken) -> Sequence[Delivery]:
        """The oldest first."""
