"""One grant, one ticket: write down what will be signed; sign; check it as a reader would; only then let it out."""

import asyncio
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

import structlog
from shared.database import Step, Transactions
from shared.events import ApplicationHolderGiven, EligibilityGranted, Event, TicketIssued
from shared.events import Holder as EventHolder
from shared.runtime.backlog import OUTER_ERRORS, Backlog, row_key

from issuance.domain.grant import Grant, Holder, Ready
from issuance.domain.shards import first_shard
from issuance.domain.ticket import Order, Refuse, SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.workflow.signer.life import ticket_head
from issuance.workflow.signer.take_over import TakeOverStore, replaced_because, take_over
from issuance.workflow.signer.told_once import DigestStore, is_in_conflict

log = structlog.get_logger("issuing")
Result = TypeVar("Result")

SIGNING = "signing"
"""The worker's name."""
BATCH = 64
"""Tickets that are signed between two transactions: about 40 ms of RSA."""


class IssueStore(Protocol):
    """The tables of waiting holders, grants and tickets."""

    def keep_holder(  # whose it is, and which
        self, application_id: UUID, authority_id: str, holder: Holder, now: datetime, change_number: int = 0
    ) -> None: ...
    def keep_grant(self, grant: Grant, now: datetime) -> None: ...
    def forget_refused(self, application_id: UUID) -> None:
        """Erase the waiting holders and grants of an application, but for a grant that ends on a day to come."""

    def ready(self, limit: int, now: datetime, only: UUID | None = None) -> Sequence[Ready]:
        """Grants that have all they need and no ticket yet, oldest first; locked until the end of the transaction.

        Without those that failed and are not to be tried now. `only`: of this application."""

    def write_down(self, orders: Sequence[Order]) -> None:
        """Keep the tickets as approved, and forget the waiting grants."""


class NumberStore(Protocol):
    def take_number(self, organisation_id: int, first_shard: int, draw: Callable[[int], int]) -> int:
        """A ticket number that was never used, its place in the status list drawn at random."""

    def take_sequences(self, count: int) -> Sequence[int]:
        """The next counts of the security module."""


class SignStore(Protocol):
    """The tickets on their way from approved to issued."""

    def approved(self, limit: int, now: datetime) -> Sequence[Order]:
        """Without those that failed and are not to be tried now."""

    def still_approved(self, ticket_ids: Collection[UUID]) -> Set[UUID]:
        """Those of them that are, locked until the end of the transaction."""

    def hold(self, ticket_id: UUID, reason: str, now: datetime) -> None: ...
    def let_out(self, signed: Sequence[tuple[Order, SignedTicket]], now: datetime) -> None:
        """Store the codes, note that they are out, and forget the waiting holders, but for a later correction."""

    def emit(self, *events: Event) -> None: ...


class Store(IssueStore, NumberStore, SignStore, TakeOverStore, DigestStore, Protocol):
    def anything_due(self, now: datetime) -> bool:
        """Is something ready or approved, and to be tried now?"""

    def release_held(self) -> int:
        """Back to approved with what was held, because keys or settings have changed."""


class TicketSigner(Protocol):
    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket: ...


class Reader(Protocol):
    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        """Read both codes as an inspector's device would. Raises Refuse where one says something else."""


Outcome = SignedTicket | str
"""What signing gave: the codes, or why not."""


@dataclass(frozen=True)
class Issuing:
    transactions: Transactions[Store]
    signer: TicketSigner
    reader: Reader
    clock: Callable[[], datetime]
    draw: Callable[[int], int]
    """A random number below its argument, from the system's source for keys."""
    backlog: Backlog

    async def keep_holder(self, event: ApplicationHolderGiven) -> Step[Store, None]:
        """The holder has come. Kept until `issue_due` finds it together with a grant that names it: a correction waits
        for the person who looks at it, and the name before it for what was granted in that name."""
        holder = Holder(event.first_name, event.last_name, event.birth_date, event.gender)

        def step(store: Store) -> None:
            place = event.application_id, event.authority_id
            store.keep_holder(*place, holder, self.clock(), event.change_number or 0)

        return step

    async def keep_grant(self, event: EligibilityGranted) -> Step[Store, None]:
        """The grant has come. Kept until `issue_due` finds it together with a holder.

        One without a ticket (school bus, allowance by the kilometre) needs no name: the waiting one is erased. One told
        with another content than before is not acted on.
        """
        days = event.ticket_first, event.valid_until
        # days that no ticket can bear fail here, alone, and not later with a whole batch
        _ = start_of(days[0]).astimezone(UTC), end_of(days[1]).astimezone(UTC)
        grant = Grant(event.decision_id, event.application_id, event.authority_id, *days, event.holder_change or 0)

        def step(store: Store) -> None:
            if is_in_conflict(store, event, self.clock()):
                return
            if event.with_ticket:
                store.keep_grant(grant, self.clock())
            else:
                store.forget_refused(event.application_id)

        return step

    async def write_down(self) -> Sequence[Order]:
        """Approve what is complete, and return the oldest that are approved: these, and what a crash left over.

        Where one grant makes that fail, each is approved by itself.
        """
        try:
            orders = await self.transactions.write(self._write_down)
        except OUTER_ERRORS:
            raise
        except Exception as error:
            self.backlog.log_apart(error)
        else:
            await self.backlog.succeeded([row_key(order.application_id) for order in orders])
            return orders
        ready = await self.transactions.read(lambda store: store.ready(BATCH, self.clock()))
        await self.backlog.each(ready, lambda one: row_key(one.grant.application_id), self._write_down_one)
        return await self.transactions.read(lambda store: store.approved(BATCH, self.clock()))

    async def _write_down_one(self, ready: Ready) -> None:
        await self.transactions.write(lambda store: self._approve(store, ready.grant.application_id))

    def _write_down(self, store: Store) -> Sequence[Order]:
        self._approve(store)
        return store.approved(BATCH, self.clock())

    def _approve(self, store: Store, only: UUID | None = None) -> None:
        ready = store.ready(BATCH, self.clock(), only)
        sequences = store.take_sequences(len(ready)) if ready else ()
        store.write_down([self._order(store, *one) for one in zip(ready, sequences, strict=True)])

    def _order(self, store: NumberStore, ready: Ready, sequence: int) -> Order:
        grant, holder, terms = ready.grant, ready.holder, ready.terms
        number = store.take_number(terms.organisation_id, first_shard(grant.valid_from), self.draw)
        ticket = Ticket(
            ticket_id=uuid4(),
            number=number,
            terms=terms,
            valid_from=start_of(grant.valid_from),
            valid_until=end_of(grant.valid_until),
            first_name=holder.first_name,
            last_name=holder.last_name,
            birth_date=holder.birth_date,
            gender=holder.gender,
            token_id=self.draw(1 << 64).to_bytes(8, "big"),
            sequence=sequence,
            sold_at=self.clock(),
        )
        place = grant.decision_id, grant.application_id, grant.authority_id
        return Order(ticket, *place, holder_change=grant.holder_change)

    async def release_held(self) -> None:
        """At the start of the signer: keys or settings may have changed."""
        await self.transactions.write(lambda store: _ignore(store.release_held()))
        await self.backlog.try_again()

    async def issue_due(self) -> int:
        """Sign and let out the next batch. Returns how many were looked at; 0 when nothing is left."""
        # 1. Write down what will be signed.
        if not await self.transactions.read(lambda store: store.anything_due(self.clock())):
            return 0
        orders = await self.write_down()
        if orders:
            await self.backlog.together(orders, lambda order: row_key(order.ticket.ticket_id), self._issue)
        return len(orders)

    async def _issue(self, orders: Sequence[Order]) -> None:
        # 2. Sign, and check as a reader would, away from the event loop and outside any transaction.
        outcomes = await asyncio.to_thread(lambda: [self._sign(order.ticket) for order in orders])
        # 3. Store the codes and tell of them, in one transaction; a grant withdrawn meanwhile stays withdrawn.
        await self.transactions.write(lambda store: self._let_out(store, list(zip(orders, outcomes, strict=True))))

    def _sign(self, ticket: Ticket) -> Outcome:
        try:
            # A grant may reach back: nobody has seen this ticket before it was sold.
            signed = self.signer.sign_ticket(ticket, ticket.sold_at)
            self.reader.confirm(ticket, signed, ticket.sold_at)
        except Refuse as refusal:
            return refusal.reason
        return signed

    def _let_out(self, store: Store, results: Sequence[tuple[Order, Outcome]]) -> None:
        now = self.clock()
        approved = store.still_approved([order.ticket.ticket_id for order, _ in results])
        valid = [(order, outcome) for order, outcome in results if order.ticket.ticket_id in approved]
        for order, outcome in valid:
            if isinstance(outcome, str):
                store.hold(order.ticket.ticket_id, outcome, now)
                # a family waits for it, and only a person can help
                log.error("ticket_held", ticket_id=str(order.ticket.ticket_id), reason=outcome)
        signed = [(order, outcome) for order, outcome in valid if isinstance(outcome, SignedTicket)]
        store.let_out(signed, now)
        store.emit(*(issued(order, codes, now, replaced_because(store, order)) for order, codes in signed))
        for order, _ in signed:
            take_over(store, order, now)


def issued(order: Order, signed: SignedTicket, now: datetime, because: str = "") -> TicketIssued:
    """`because`: why it takes the place of another, where it does."""
    ticket = order.ticket
    return TicketIssued(
        **ticket_head(order, now),
        decision_id=order.decision_id,
        product=ticket.terms.product,
        holder=EventHolder(first_name=ticket.first_name, last_name=ticket.last_name, birth_date=ticket.birth_date),
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        vdv=signed.vdv,
        qr=signed.qr,
        replaces=order.replaces,
        replaces_because=because,
    )


def _ignore(_result: object) -> None:
    return None
