"""The life of a ticket after it was issued: replaced, renewed, suspended, restored, expired; signed anew.

Whoever may ask is checked by the API. Each step leaves an audit row; a request that comes twice is done once.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

import structlog
from shared.calendar import in_berlin
from shared.database import Step, Transactions
from shared.events import (
    ApplicationHead,
    Event,
    TicketChangeRequested,
    TicketRenewed,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
    head,
)
from shared.runtime.backlog import Backlog, row_key

from issuance.domain.shards import first_shard
from issuance.domain.terms import Terms
from issuance.domain.ticket import Order, Refuse, SignedTicket, Ticket, TicketState, revocation_code

log = structlog.get_logger("life")
CHANGES = ("replace", "renew", "suspend", "restore")
LOST, CHANGED = "lost", "changed"
HOURLY = "hourly"
"""The worker's name."""
EXPIRED_AFTER = timedelta(days=1)
BATCH = 64
EXPIRE_BATCH = 1000


@dataclass(frozen=True)
class Known:
    """A ticket as the tables have it."""

    order: Order
    state: TicketState


class LifeStore(Protocol):
    def find(self, organisation_id: int, number: int) -> Known | None: ...
    def terms_of(self, authority_id: str) -> Terms | None: ...
    def has_successor(self, ticket_id: UUID) -> bool: ...
    def change_state(self, ticket_id: UUID, state: TicketState, reason: str | None, ended_at: datetime | None) -> None:
        """Marks the shard to be published."""

    def is_noted(self, request_id: UUID) -> bool:
        """The audit record has this request."""


class TrailStore(Protocol):
    """Every step of a ticket is told and kept for the auditor, in the transaction that takes it."""

    def emit(self, *events: Event) -> None: ...
    def note(
        self,
        ticket_id: UUID,
        step: str,
        reason: str,
        at: datetime,
        *,
        asked_by: str = "signer",
        request_id: UUID | None = None,
    ) -> None: ...


class SuccessorStore(TrailStore, Protocol):
    def take_number(self, organisation_id: int, first_shard: int, draw: Callable[[int], int]) -> int: ...
    def take_sequences(self, count: int) -> Sequence[int]: ...
    def write_down(self, orders: Sequence[Order]) -> None: ...


class RenewStore(Protocol):
    def expire(self, before: datetime, now: datetime, limit: int) -> int: ...
    def signed_by(
        self, key_ids: Sequence[bytes], modules: Sequence[bytes], now: datetime, after: int, limit: int
    ) -> Sequence[Order]:
        """Living tickets with a code that one of these keys or modules has signed, by sequence after `after`; without
        those that failed and are not to be tried now."""

    def sign_anew(self, ticket_id: UUID, signed: SignedTicket) -> bool:
        """False where the ticket has died meanwhile."""


class Store(LifeStore, SuccessorStore, RenewStore, Protocol): ...


class TicketSigner(Protocol):
    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket: ...


class Reader(Protocol):
    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None: ...


@dataclass(frozen=True)
class Living:
    """Steps that somebody asks for."""

    clock: Callable[[], datetime]
    draw: Callable[[int], int]

    async def requested(self, event: TicketChangeRequested) -> Step[Store, None]:
        def step(store: Store) -> None:
            # 1. Once, and only for a ticket that somebody holds.
            known = store.find(event.organisation_id, event.number)
            if known is None or store.is_noted(event.request_id):
                return
            # 2. The step, where the state allows it.
            done = self._do(store, known, event)
            # 3. Who asked, why, and what came of it.
            ticket_id, outcome = known.order.ticket.ticket_id, event.change if done else f"no {event.change}"
            who, request_id, now = event.requested_by, event.request_id, self.clock()
            store.note(ticket_id, outcome, event.reason, now, asked_by=who, request_id=request_id)

        return step

    def _do(self, store: Store, known: Known, event: TicketChangeRequested) -> bool:
        is_held_by_somebody = known.state in (TicketState.ISSUED, TicketState.SUSPENDED)
        match event.change:
            case "suspend" if known.state is TicketState.ISSUED:
                self._switch(store, known.order, TicketState.SUSPENDED, event.reason)
            case "restore" if known.state is TicketState.SUSPENDED:
                self._switch(store, known.order, TicketState.ISSUED, None)
            case "replace" if is_held_by_somebody:
                return self._replace(store, known, LOST)
            case "renew" if known.state is TicketState.ISSUED:
                return self._replace(store, known, CHANGED)
            case _:
                return False
        return True

    def _switch(self, store: Store, order: Order, state: TicketState, reason: str | None) -> None:
        store.change_state(order.ticket.ticket_id, state, reason, None)
        now = self.clock()
        is_suspended = state is TicketState.SUSPENDED
        store.emit(suspended(order, reason or "", now) if is_suspended else TicketRestored(**ticket_head(order, now)))

    def _replace(self, store: Store, known: Known, why: str) -> bool:
        """Write down the successor. A lost ticket dies now, a changed one when its successor is let out."""
        old = known.order
        terms = store.terms_of(old.authority_id)
        if terms is None or store.has_successor(old.ticket.ticket_id) or old.ticket.valid_until < self.clock():
            return False
        store.write_down([self._successor(store, old, terms)])
        if why == LOST:
            store.change_state(old.ticket.ticket_id, TicketState.REVOKED, LOST, self.clock())
            store.note(old.ticket.ticket_id, TicketState.REVOKED, LOST, self.clock())
            store.emit(revoked(old, LOST, self.clock()))
        return True

    def _successor(self, store: Store, old: Order, terms: Terms) -> Order:
        ticket = old.ticket
        shard = first_shard(in_berlin(ticket.valid_from).date())
        new = Ticket(
            ticket_id=uuid4(),
            number=store.take_number(terms.organisation_id, shard, self.draw),
            terms=terms,
            valid_from=ticket.valid_from,
            valid_until=ticket.valid_until,
            first_name=ticket.first_name,
            last_name=ticket.last_name,
            birth_date=ticket.birth_date,
            gender=ticket.gender,
            token_id=self.draw(1 << 64).to_bytes(8, "big"),
            sequence=store.take_sequences(1)[0],
            sold_at=self.clock(),
        )
        place = old.decision_id, old.application_id, old.authority_id
        return Order(new, *place, old.generation + 1, ticket.ticket_id, old.holder_change)


@dataclass(frozen=True)
class Renewing:
    """Steps that time or a theft asks for."""

    transactions: Transactions[Store]
    signer: TicketSigner
    reader: Reader
    clock: Callable[[], datetime]
    backlog: Backlog

    async def expire(self) -> None:
        """Tickets whose time is over for a day are expired: nothing is signed or suspended any more."""
        now = self.clock()
        while await self.transactions.write(lambda store: store.expire(now - EXPIRED_AFTER, now, EXPIRE_BATCH)):
            pass

    async def sign_anew(self, stolen: Sequence[bytes], modules: Sequence[bytes] = ()) -> int:
        """Sign every living ticket again that a stolen key or module has signed. Returns how many.

        Number and contents stay. What cannot be signed anew is logged, and does not hold up the others.
        """
        done = after = 0

        async def sign_some(orders: Sequence[Order]) -> None:
            nonlocal done
            done += await self._batch(orders)

        while stolen or modules:
            orders = await self._living(stolen, modules, after)
            if not orders:
                break
            await self.backlog.together(orders, lambda order: row_key(order.ticket.ticket_id), sign_some)
            after = orders[-1].ticket.sequence
        return done

    async def _living(self, stolen: Sequence[bytes], modules: Sequence[bytes], after: int) -> Sequence[Order]:
        now = self.clock()
        return await self.transactions.read(lambda store: store.signed_by(stolen, modules, now, after, BATCH))

    async def _batch(self, orders: Sequence[Order]) -> int:
        now = self.clock()
        # 1. They are written down already. Sign, and read back as a scanner would.
        signed = await asyncio.to_thread(lambda: [self._sign(order, now) for order in orders])
        # 2. Keep and tell; who died meanwhile stays dead.
        pairs = [(order, codes) for order, codes in zip(orders, signed, strict=True) if codes is not None]
        return await self.transactions.write(lambda store: self._tell(store, pairs, now)) if pairs else 0

    def _sign(self, order: Order, now: datetime) -> SignedTicket | None:
        try:
            signed = self.signer.sign_ticket(order.ticket, now)
            self.reader.confirm(order.ticket, signed, now)
        except Refuse as refusal:
            log.error("not_signed_anew", ticket_id=str(order.ticket.ticket_id), reason=refusal.reason)
            return None
        return signed

    def _tell(self, store: Store, pairs: Sequence[tuple[Order, SignedTicket]], now: datetime) -> int:
        done = 0
        for order, codes in pairs:
            ticket = order.ticket
            if store.sign_anew(ticket.ticket_id, codes):
                done += 1
                store.note(ticket.ticket_id, "signed_anew", "key_compromised", now)
                store.emit(
                    TicketRenewed(
                        **ticket_head(order, now),
                        vdv=codes.vdv,
                        qr=codes.qr,
                    )
                )
        return done


def revoked(order: Order, reason: str, now: datetime) -> TicketRevoked:
    return TicketRevoked(**ticket_head(order, now), reason=reason)


def suspended(order: Order, reason: str, now: datetime) -> TicketSuspended:
    return TicketSuspended(**ticket_head(order, now), reason=revocation_code(reason))


class TicketHead(ApplicationHead):
    """What every event of a ticket begins with."""

    ticket_id: UUID
    number: int
    organisation_id: int


def ticket_head(order: Order, now: datetime) -> TicketHead:
    ticket = order.ticket
    return {
        **head(order, now),
        "ticket_id": ticket.ticket_id,
        "number": ticket.number,
        "organisation_id": ticket.terms.organisation_id,
    }
