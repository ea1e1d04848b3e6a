"""The life of a ticket after it was issued: replaced, renewed, suspended, restored, expired; signed anew.

Whoever may ask is checked by the API. Each step leaves an audit row; a request that comes twice is done once.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog
from shared.calendar import in_berlin
from shared.database import Step, Transactions
from shared.events import TicketChangeRequested
from shared.runtime.backlog import Backlog, row_key

from issuance.domain.acts import TicketAct
from issuance.domain.grant import case_of
from issuance.domain.numbering import NumberScheme, TicketNumber
from issuance.domain.shards import first_shard
from issuance.domain.terms import Terms
from issuance.domain.ticket import Order, Refuse, SignedTicket, StoredTicket, Ticket, TicketState, ticket_id_of
from issuance.workflow.signer import right
from issuance.workflow.signer.endings import AS_MANY_AS_ASKED, Endings
from issuance.workflow.signer.requests import Request, RequestStore, carry_out
from issuance.workflow.signer.right import Answer
from issuance.workflow.signer.trail import StepStore, free_right, renewed_event, state_changed, tell

log = structlog.get_logger("life")
HOURLY = "hourly"
"""The worker's name."""
EXPIRED_AFTER = timedelta(days=1)
BATCH = 64
EXPIRE_BATCH = 200
"""In one transaction, in which nobody else changes a ticket."""


class SuccessorStore(RequestStore, Protocol):
    def terms_of(self, authority_id: str) -> Terms | None:
        """What the authority's tickets are; None where nobody has told."""

    def next_generation(self, application_id: UUID, case_id: UUID) -> int:
        """Of the tickets of this case, those from before cases included."""

    def take_number(self, organisation_id: int, first_shard: int, place_of: Callable[[int], int]) -> TicketNumber:
        """A free number in a shard of this organisation, from `first_shard` on; `place_of` a draw gives the place to
        try."""

    def take_sequences(self, count: int) -> Sequence[int]:
        """The next numbers of the signer's counter."""

    def approve(self, orders: Sequence[Order]) -> None:
        """Written down, to be signed."""


class RenewStore(StepStore, Protocol):
    def expire(self, before: datetime, now: datetime, limit: int) -> Sequence[Order]:
        """Tickets that ended before `before` are expired."""

    def signed_by(
        self, key_ids: Sequence[bytes], modules: Sequence[bytes], now: datetime, after: int, limit: int
    ) -> Sequence[Order]:
        """Living tickets with a code that one of these keys or modules has signed, by sequence after `after`; without
        those that failed and are not to be tried now."""

    def renew_codes(self, ticket_id: UUID, signed: SignedTicket) -> StoredTicket | None:
        """As it is now; None where the ticket has died meanwhile."""


class Store(SuccessorStore, RenewStore, Protocol): ...


class TicketSigner(Protocol):
    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        """Both codes, anew."""


class Reader(Protocol):
    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        """Raises Refuse where the codes do not say what the ticket says."""


@dataclass(frozen=True)
class TicketLifecycle:
    """Steps that somebody asks for."""

    clock: Callable[[], datetime]
    numbering: NumberScheme
    endings: Endings = AS_MANY_AS_ASKED

    async def requested(self, event: TicketChangeRequested) -> Step[Store, None]:
        """Carries out what an operator or the API's staff asked for, as far as the hour's endings go."""
        return lambda store: self.carry_out(event, store, self.endings)

    def carry_out(self, event: TicketChangeRequested, store: Store, endings: Endings = AS_MANY_AS_ASKED) -> None:
        """Suspends, restores, replaces or renews; what came of it is kept and told. Without `endings` it does not
        count what was ended in this hour."""
        request, now = Request(event, event.change), self.clock()

        def do(store: Store, known: StoredTicket) -> Answer:
            match event.change:
                case "suspend":
                    return right.suspend(store, known, request.asked, now)
                case "restore":
                    return right.restore(store, known, request.asked, now)
                case "replace":
                    return self._replace(store, known, request)
                case "renew":
                    return self._renew(store, known)
            return Answer("unknown_change")

        carry_out(store, request, do, now, endings)

    def _replace(self, store: Store, known: StoredTicket, request: Request) -> Answer:
        """A lost ticket dies now. Where no successor is on its way, one is written down: with the terms that it had
        where its authority has none any more."""
        # what is over may have given its place to a ticket that is good
        if right.bearer_of(store, known).order.ticket.valid_until < self.clock():
            return Answer(TicketState.EXPIRED)
        answer = right.lose(store, known, request.asked, self.clock())
        if not answer.is_done or len(answer.tickets) > 1:
            return answer
        lost = store.find(known.order.ticket.terms.organisation_id, answer.tickets[0]) or known
        terms = store.terms_of(lost.order.authority_id) or lost.order.ticket.terms
        return Answer(tickets=(*answer.tickets, self._write_successor(store, lost.order, terms)))

    def _renew(self, store: Store, known: StoredTicket) -> Answer:
        """A changed ticket dies when its successor is let out."""
        order = known.order
        if known.state is not TicketState.ISSUED:
            return Answer(known.state)
        if order.ticket.valid_until < self.clock():
            return Answer(TicketState.EXPIRED)
        if store.successor_of(order.ticket.ticket_id) is not None:
            return Answer("renewed_already")
        terms = store.terms_of(order.authority_id)
        if terms is None:
            return Answer("no_terms")
        return Answer(tickets=(order.ticket.number, self._write_successor(store, order, terms)))

    def _write_successor(self, store: Store, old: Order, terms: Terms) -> int:
        """Its number."""
        new = self._successor(store, old, terms)
        store.approve([new])
        return new.ticket.number

    def _successor(self, store: Store, old: Order, terms: Terms) -> Order:
        ticket, first = old.ticket, in_berlin(old.ticket.valid_from).date()
        case_id = old.case_id or case_of(old.application_id, first)
        generation = store.next_generation(old.application_id, case_id)
        ticket_id = ticket_id_of(case_id, generation)
        place_of = partial(self.numbering.place, ticket_id)
        number, draw = store.take_number(terms.organisation_id, first_shard(first), place_of)
        new = Ticket(
            ticket_id=ticket_id,
            number=number,
            terms=terms,
            valid_from=ticket.valid_from,
            valid_until=ticket.valid_until,
            first_name=ticket.first_name,
            last_name=ticket.last_name,
            birth_date=ticket.birth_date,
            gender=ticket.gender,
            token_id=self.numbering.token_id(ticket_id),
            sequence=store.take_sequences(1)[0],
            sold_at=self.clock(),
        )
        place, more = (old.decision_id, old.application_id, old.authority_id), (old.last_day, draw, old.child)
        return Order(new, *place, generation, ticket.ticket_id, old.holder_change, case_id, *more)


@dataclass(frozen=True)
class TicketRenewal:
    """Steps that time or a theft asks for."""

    transactions: Transactions[Store]
    signer: TicketSigner
    reader: Reader
    clock: Callable[[], datetime]
    backlog: Backlog

    async def expire(self) -> None:
        """Tickets whose time is over for a day are expired: nothing is signed or suspended any more."""
        now = self.clock()
        while await self.transactions.write(lambda store: self._expire(store, now)):
            pass

    def _expire(self, store: Store, now: datetime) -> int:
        orders = store.expire(now - EXPIRED_AFTER, now, EXPIRE_BATCH)
        for order in orders:
            tell(store, StoredTicket(order, TicketState.EXPIRED), "expired", now)
            free_right(store, order)
        return len(orders)

    async def renew_codes(self, stolen: Sequence[bytes], modules: Sequence[bytes] = ()) -> int:
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
            known = store.renew_codes(ticket.ticket_id, codes)
            if known is not None:
                done += 1
                store.note(ticket.ticket_id, TicketAct.SIGNED_ANEW, "key_compromised", now)
                step = store.next_step(ticket.ticket_id)
                store.emit(
                    renewed_event(order, codes, step, now), state_changed(known, TicketAct.SIGNED_ANEW, step, now)
                )
        return done
