"""What issuing needs of the store, the signing keys and a reader, in narrow ports."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from issuance.domain.grant import Grant, Holder, IssuableGrant
from issuance.domain.numbering import TicketNumber
from issuance.domain.ticket import Order, SignedTicket, Ticket
from issuance.workflow.signer.follow import FollowingStore
from issuance.workflow.signer.one_of_a_child import ChildStore
from issuance.workflow.signer.quota import QuotaStore
from issuance.workflow.signer.releases import TicketRelease
from issuance.workflow.signer.right import RightStore
from issuance.workflow.signer.take_over import SupersedeStore
from issuance.workflow.signer.told_once import DigestStore


class IssueStore(Protocol):
    """The tables of waiting holders, grants and tickets."""

    def keep_holder(
        self, application_id: UUID, authority_id: str, holder: Holder, now: datetime, change_number: int = 0
    ) -> None:
        """It waits for its grant; the newest told of a number counts."""

    def keep_grant(self, grant: Grant, now: datetime) -> None:
        """It waits for its holder, unless it is over or its ticket is there."""

    def forget_name(self, application_id: UUID, decided_at: datetime) -> None:
        """Erase the names of an application that were told before this decision, unless a grant waits with them."""

    def ready(
        self, limit: int, now: datetime, only: UUID | None = None, without: Collection[str] = ()
    ) -> Sequence[IssuableGrant]:
        """Grants that have all they need and no ticket yet, oldest first; locked until the end of the transaction.

        Without those that failed and are not to be tried now, and those of authorities `without`.

        Args:
            only: of this application.
        """

    def approve(self, orders: Sequence[Order]) -> None:
        """Keep the tickets as approved, and forget the waiting grants."""

    def link(self, application_id: UUID, child: str) -> bool:
        """The application is of this child's right to ride. False where that is known."""


class NumberStore(Protocol):
    def take_number(self, organisation_id: int, first_shard: int, place_of: Callable[[int], int]) -> TicketNumber:
        """A ticket number that was never used: in the shard that is being filled, the first free one of the places that
        `place_of` gives for draw 0, 1, …; shards are filled from `first_shard` on."""

    def take_sequences(self, count: int) -> Sequence[int]:
        """The next counts of the security module."""


class SignStore(QuotaStore, Protocol):
    """The tickets on their way from approved to issued."""

    def approved(self, limit: int, now: datetime, without: Collection[str] = ()) -> Sequence[Order]:
        """Without those that failed and are not to be tried now, and those of authorities `without`."""

    def still_approved(self, ticket_ids: Collection[UUID]) -> Mapping[UUID, Order]:
        """Those of them that are, as they are now, locked until the end of the transaction."""

    def hold(self, ticket_id: UUID, reason: str, now: datetime) -> None:
        """Not signed: it waits, with the reason."""

    def release(self, signed: Sequence[TicketRelease], now: datetime) -> None:
        """Store the codes, note that they are out, and forget the waiting holders, but for a later correction."""


class Store(
    IssueStore, NumberStore, DigestStore, FollowingStore, SupersedeStore, ChildStore, RightStore, SignStore, Protocol
):
    def anything_due(self, now: datetime) -> bool:
        """Is something ready or approved, and to be tried now?"""

    def release_held(self) -> int:
        """Back to approved with what was held, because keys or settings have changed."""


class TicketSigner(Protocol):
    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        """Both codes.

        Args:
            shown_from: nobody sees them before.
        """


class Reader(Protocol):
    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        """Read both codes as an inspector's device would.

        Raises:
            Refuse: where one says something else.
        """
