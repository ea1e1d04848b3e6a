"""One grant, one ticket: write down what will be signed; sign; check it as a reader would; only then let it out."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from shared.database import Step, Transactions
from shared.events import ApplicationHolderGiven, EligibilityGranted
from shared.runtime.backlog import OUTER_ERRORS, Backlog, row_key

from issuance.domain.grant import Grant, Holder, IssuableGrant
from issuance.domain.numbering import NumberScheme
from issuance.domain.shards import first_shard
from issuance.domain.ticket import Order, Refuse, SignedTicket, Ticket, ticket_id_of
from issuance.domain.times import end_of, start_of
from issuance.workflow.signer.follow import goes_on
from issuance.workflow.signer.issue_ports import NumberStore, Reader, Store, TicketSigner
from issuance.workflow.signer.one_of_a_child import let_second_wait
from issuance.workflow.signer.quota import NO_QUOTA, Quota
from issuance.workflow.signer.releases import TicketRelease, first_reason, release_events
from issuance.workflow.signer.right import forgive, suspend_all
from issuance.workflow.signer.take_over import in_place, supersede
from issuance.workflow.signer.told_once import is_in_conflict

log = structlog.get_logger("issuing")
Result = TypeVar("Result")

SIGNING = "signing"
"""The worker's name."""
BATCH = 64
"""Tickets that are signed between two transactions: about 40 ms of RSA."""


Outcome = SignedTicket | str
"""What signing gave: the codes, or why not."""


@dataclass(frozen=True)
class TicketIssuer:
    transactions: Transactions[Store]
    signer: TicketSigner
    reader: Reader
    clock: Callable[[], datetime]
    numbering: NumberScheme
    backlog: Backlog
    quota: Quota = NO_QUOTA

    async def keep_holder(self, event: ApplicationHolderGiven) -> Step[Store, None]:
        """The holder has come. Kept until `issue_due` finds it together with a grant that names it: a correction waits
        for the person who looks at it, and the name before it for what was granted in that name."""
        holder = Holder(event.first_name, event.last_name, event.birth_date, event.gender, event.occurred_at)

        def step(store: Store) -> None:
            place = event.application_id, event.authority_id
            store.keep_holder(*place, holder, self.clock(), event.change_number or 0)

        return step

    async def keep_grant(self, event: EligibilityGranted) -> Step[Store, None]:
        """The grant has come. Kept until `issue_due` finds it together with a holder.

        One whose ticket waits for the school is told again without that, and only then kept.

        One without a ticket (school bus, allowance by the kilometre) needs no name: the waiting one is erased. One told
        with another content than before is not acted on.
        """
        days = event.ticket_first, event.valid_until
        # days that no ticket can bear fail here, alone, and not later with a whole batch
        _ = start_of(days[0]).astimezone(UTC), end_of(days[1]).astimezone(UTC)
        place = event.decision_id, event.application_id, event.authority_id
        grant = Grant(*place, *days, event.holder_change or 0, event.case_id, event.child)

        def step(store: Store) -> None:
            now = self.clock()
            if is_in_conflict(store, event, now):
                return
            is_new = event.child is not None and store.link(event.application_id, event.child)
            if event.knows_revocation:
                forgive(store, event.application_id, event.occurred_at, now)
            if is_new:
                suspend_all(store, event.application_id, now)
            if not event.with_ticket:
                store.forget_name(event.application_id, event.occurred_at)
            elif not goes_on(store, grant, event.instead_of, now) and not event.awaits_school:
                store.keep_grant(grant, now)

        return step

    async def approve(self) -> Sequence[Order]:
        """Approve what is complete, and return the oldest that are approved: these, and what a crash left over.

        Where one grant makes that fail, each is approved by itself.
        """
        try:
            # wakes nobody: nothing is told yet, and with an hour's signatures used up it would wake this very worker
            orders = await self.transactions.write(self._approve_and_take, wake=False)
        except OUTER_ERRORS:
            raise
        except Exception as error:
            self.backlog.log_apart(error)
        else:
            await self.backlog.succeeded([row_key(order.application_id) for order in orders])
            return orders
        ready = await self.transactions.read(self._ready)
        await self.backlog.each(ready, lambda one: row_key(one.grant.application_id), self._approve_one)
        return await self.transactions.write(self._to_sign, wake=False)

    async def _approve_one(self, ready: IssuableGrant) -> None:
        await self.transactions.write(lambda store: self._approve(store, ready.grant.application_id))

    def _approve_and_take(self, store: Store) -> Sequence[Order]:
        self._approve(store)
        return self._to_sign(store)

    def _to_sign(self, store: Store) -> Sequence[Order]:
        """The oldest that are approved. What is beyond an authority's quota waits, and holds up no other's."""
        now = self.clock()
        hour = self.quota.now(store, now)
        hour.let_wait(store)
        return hour.of(store.approved(BATCH, now, hour.used_up))

    def _ready(self, store: Store, only: UUID | None = None) -> Sequence[IssuableGrant]:
        now = self.clock()
        return store.ready(BATCH, now, only, self.quota.now(store, now).used_up)

    def _approve(self, store: Store, only: UUID | None = None) -> None:
        ready = self._ready(store, only)
        sequences = store.take_sequences(len(ready)) if ready else ()
        store.approve([self._order(store, *one) for one in zip(ready, sequences, strict=True)])

    def _order(self, store: NumberStore, ready: IssuableGrant, sequence: int) -> Order:
        grant, holder, terms = ready.grant, ready.holder, ready.terms
        ticket_id = ticket_id_of(grant.case, ready.generation)
        place_of = partial(self.numbering.place, ticket_id)
        number, draw = store.take_number(terms.organisation_id, first_shard(grant.valid_from), place_of)
        ticket = Ticket(
            ticket_id=ticket_id,
            number=number,
            terms=terms,
            valid_from=start_of(grant.valid_from),
            valid_until=end_of(grant.valid_until),
            first_name=holder.first_name,
            last_name=holder.last_name,
            birth_date=holder.birth_date,
            gender=holder.gender,
            token_id=self.numbering.token_id(ticket_id),
            sequence=sequence,
            sold_at=self.clock(),
        )
        place = grant.decision_id, grant.application_id, grant.authority_id
        more = ready.last_day, draw, grant.child
        return Order(ticket, *place, ready.generation, None, grant.holder_change, grant.case, *more)

    async def release_held(self) -> None:
        """At the start of the signer: keys or settings may have changed."""
        await self.transactions.write(lambda store: store.release_held())
        await self.backlog.try_again()

    async def issue_due(self) -> int:
        """Sign and let out the next batch. Returns how many were looked at; 0 when nothing is left."""
        # 1. Write down what will be signed.
        if not await self.transactions.read(lambda store: store.anything_due(self.clock())):
            return 0
        orders = await self.approve()
        if orders:
            await self.backlog.together(orders, lambda order: row_key(order.ticket.ticket_id), self._issue)
        return len(orders)

    async def _issue(self, orders: Sequence[Order]) -> None:
        # 2. Sign, and check as a reader would, away from the event loop and outside any transaction.
        outcomes = await asyncio.to_thread(lambda: [self._sign(order.ticket) for order in orders])
        # 3. Store the codes and tell of them, in one transaction; a grant withdrawn meanwhile stays withdrawn.
        await self.transactions.write(lambda store: self._release(store, list(zip(orders, outcomes, strict=True))))

    def _sign(self, ticket: Ticket) -> Outcome:
        try:
            # A grant may reach back: nobody has seen this ticket before it was sold.
            signed = self.signer.sign_ticket(ticket, ticket.sold_at)
            self.reader.confirm(ticket, signed, ticket.sold_at)
        except Refuse as refusal:
            return refusal.reason
        return signed

    def _release(self, store: Store, results: Sequence[tuple[Order, Outcome]]) -> None:
        """1. What is still to be signed, as it is now, and within its authority's quota. 2. What it replaces dies; a
        right that was revoked meanwhile has no successor. 3. A second one of a child waits. 4. What stands against the
        right stands against its ticket, from its birth. 5. Keep and tell."""
        now = self.clock()
        # 1.
        self.quota.lock(store, now)
        approved = store.still_approved([order.ticket.ticket_id for order, _ in results])
        valid = [(approved[order.ticket.ticket_id], outcome) for order, outcome in results
                 if order.ticket.ticket_id in approved]  # fmt: skip
        for order, outcome in valid:
            if isinstance(outcome, str):
                store.hold(order.ticket.ticket_id, outcome, now)
                # a family waits for it, and only a person can help
                log.error("ticket_held", ticket_id=str(order.ticket.ticket_id), reason=outcome)
        codes = {order.ticket.ticket_id: outcome for order, outcome in valid if isinstance(outcome, SignedTicket)}
        hour = self.quota.now(store, now)
        within = hour.of([order for order, _ in valid if order.ticket.ticket_id in codes])
        signed = [(order, codes[order.ticket.ticket_id]) for order in within]
        # 2.
        going = supersede(store, [order for order, _ in signed], now)
        # 3.
        waiting = let_second_wait(store, [order for order, _ in signed if order.ticket.ticket_id in going], now)
        # 4.
        against = store.suspensions_of({order.application_id for order, _ in signed})
        out = [
            TicketRelease(
                *in_place(store, order, going[order.ticket.ticket_id]),
                codes,
                first_reason(against.get(order.application_id, ())),
            )
            for order, codes in signed
            if order.ticket.ticket_id in going.keys() - waiting
        ]
        # 5.
        hour.count(store, [each.order for each in out], now)
        store.release(out, now)
        store.emit(*(event for each in out for event in release_events(each, now)))
