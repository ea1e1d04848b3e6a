"""What is heard of a ticket, and what becomes of its pass: made, void, without barcode for a while, taken over.

Messages may come in any order and more than once: what is told of a ticket before its issue waits in `Told`.
"""

import asyncio
from dataclasses import dataclass, replace
from uuid import UUID

from shared.database import Transactions
from shared.events import (
    PassReady,
    TicketEndChanged,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
    head,
)

from wallet_pass.domain.passes import Pass, PassToken, next_change
from wallet_pass.domain.tickets import LOST_LINK, Ticket, TicketState
from wallet_pass.workflow.apple_ports import Packer
from wallet_pass.workflow.environment import Environment
from wallet_pass.workflow.links import PassLinks
from wallet_pass.workflow.ports import Step, Tables

IN_PLACE = "changed"
"""The reason by which a family keeps its pass: the new ticket takes it over. After a loss a stranger may hold the old
phone, paper or link, and must not be handed the new ticket."""

LOST = "lost"
LaterNews = TicketRenewed | TicketSuspended | TicketRestored | TicketEndChanged


@dataclass(frozen=True)
class TicketLife:
    transactions: Transactions[Tables]
    apple: Packer
    environment: Environment

    @property
    def links(self) -> PassLinks:
        """By which the passes are found."""
        return PassLinks(self.transactions, self.environment)

    async def issue(self, event: TicketIssued) -> Step:
        """A ticket was issued.

        1. know the authority's design
        2. lay down the pass
        3. make it, sign it, check it as a reader would (outside the transaction)
        4. keep it, unless another message was faster or its successor is here already
        5. end the pass of the ticket that it replaces, and tell that it is ready
        """
        # 1.
        design = await self.transactions.read(lambda tables: tables.design(event.authority_id, event.organisation_id))
        # 2.
        now = self.environment.clock()
        wallet_pass = Pass(
            self.environment.tokens.pass_of(event.ticket_id),
            self.environment.tokens.authentication_of(event.ticket_id),
            _ticket(event),
            next_change(None, now),
        )
        # 3.
        package = await asyncio.to_thread(self.apple.make, wallet_pass, design, now)

        def step(tables: Tables) -> None:
            # 4.
            token, told = tables.token_of(event.ticket_id), tables.ticket_state(event.ticket_id)
            if token is None:
                token = None if told.replaced else self._keep(tables, event, wallet_pass, package, told)
            # 5.
            if event.replaces is not None:
                self._end(tables, event.replaces, LOST if told.is_lost else event.replaces_because)
            if token is not None:
                self._tell(tables, token, event, event.ticket_id)

        return step

    async def revoke(self, event: TicketRevoked) -> Step:
        """A ticket was revoked: the page says so with this step, `remake` signs the void pass right after it."""

        def step(tables: Tables) -> None:
            if tables.token_of(event.ticket_id) is None:
                told = tables.ticket_state(event.ticket_id)
                tables.keep_ticket_state(replace(told, revoked_at=told.revoked_at or event.occurred_at))
            self._void(tables, event.ticket_id, event.reason)

        return step

    async def take_place(self, event: TicketReplaced) -> Step:
        """A new ticket has taken the place of another: whatever pass still bears the old one is void."""

        def step(tables: Tables) -> None:
            self._end(tables, event.replaced_ticket_id, event.reason)
            token = tables.token_of(event.ticket_id)
            if token is not None:
                self._tell(tables, token, event, event.ticket_id)

        return step

    async def suspend(self, event: TicketSuspended) -> Step:
        """The pass shows that the ticket is not good. Nothing changes where a later step is known already."""
        return lambda tables: self._switch(tables, event, suspended=True)

    async def restore(self, event: TicketRestored) -> Step:
        """The pass is good again. Nothing changes where a later step is known already."""
        return lambda tables: self._switch(tables, event, suspended=False)

    async def renew(self, event: TicketRenewed) -> Step:
        """The ticket was signed anew (a key was stolen): the pass takes over the codes, and phones fetch it."""

        def step(tables: Tables) -> None:
            told = tables.ticket_state(event.ticket_id)
            renewed = told.renewed(event.occurred_at, event.step, event.vdv, event.qr)
            if renewed != told:
                self._apply(tables, renewed, event)

        return step

    async def end_later(self, event: TicketEndChanged) -> Step:
        """The grant ends before what is signed: the pass says so, and phones fetch it."""

        def step(tables: Tables) -> None:
            told = tables.ticket_state(event.ticket_id)
            ending = told.ending(event.last_day, event.step)
            if ending != told:
                self._apply(tables, ending, event)

        return step

    def _switch(self, tables: Tables, event: TicketSuspended | TicketRestored, *, suspended: bool) -> None:
        told = tables.ticket_state(event.ticket_id)
        switched = told.switched(event.occurred_at, event.step, suspended=suspended)
        if switched != told:
            self._apply(tables, switched, event)

    def _apply(self, tables: Tables, told: TicketState, event: LaterNews) -> None:
        """Let the pass be as told, and tell that it can be fetched, unless only its end is another; without a
        pass, what was told waits for it."""
        kept = tables.by_ticket(told.ticket_id)
        if kept is None:
            tables.keep_ticket_state(told)
            return
        tables.keep_ticket_state(told.without_codes())
        changed = kept.wallet_pass.as_told(told, self.environment.clock())
        if changed != kept.wallet_pass:
            tables.change(changed)
            if changed.bears_barcode and not isinstance(event, TicketEndChanged):
                self._tell(tables, changed.token, event, told.ticket_id)

    def _keep(self, tables: Tables, event: TicketIssued, new: Pass, package: bytes, told: TicketState) -> PassToken:
        """The first pass of this ticket, or the next version of the pass that its family has already."""
        now = self.environment.clock()
        inherited = self._inherited(tables, event, new.ticket)
        if inherited is not None:
            kept = inherited.as_told(told, now)
            tables.change(kept)
        else:
            kept = new.as_told(told, now)
            tables.add(kept, package if kept == new else None)
            self.links.begin(tables, kept.token)
        if told.vdv is not None:
            tables.keep_ticket_state(told.without_codes())
        return self.links.follow(tables, kept, told).token

    def _inherited(self, tables: Tables, event: TicketIssued, ticket: Ticket) -> Pass | None:
        """Wallets replace a pass in place under its serial number; Google only within the class it was saved in."""
        if event.replaces is None or event.replaces_because != IN_PLACE:
            return None
        before = tables.by_ticket(event.replaces)
        if before is None or not before.wallet_pass.ticket.is_of_one_class_with(ticket):
            return None
        return before.wallet_pass.taken_over(ticket, self.environment.clock())

    def _end(self, tables: Tables, ticket_id: UUID, reason: str) -> None:
        """A replaced ticket gets no pass any more, and the one that it has is void."""
        told = tables.ticket_state(ticket_id)
        if not told.replaced:
            tables.keep_ticket_state(replace(told.without_codes(), replaced=True))
        self._void(tables, ticket_id, reason)

    def _void(self, tables: Tables, ticket_id: UUID, reason: str) -> None:
        """After a loss a stranger may have the link: it says nothing any more, not even that there was a ticket."""
        if reason == LOST:
            self.links.lose(tables, ticket_id)
        kept = tables.by_ticket(ticket_id)
        if kept is not None and kept.wallet_pass.revoked_at is None:
            tables.change(kept.wallet_pass.revoked(self.environment.clock()))

    def _tell(
        self,
        tables: Tables,
        token: PassToken,
        event: TicketIssued | TicketReplaced | LaterNews,
        ticket_id: UUID,
    ) -> None:
        """That it can be fetched; not of a ticket that was lost, whose link leads nowhere."""
        number = tables.link_number(token)
        if number < LOST_LINK:
            told, url = head(event, self.environment.clock()), self.environment.page_of(token)
            tables.emit(PassReady(**told, ticket_id=ticket_id, pass_url=url, link=number))


def _ticket(event: TicketIssued) -> Ticket:
    return Ticket(
        ticket_id=event.ticket_id,
        application_id=event.application_id,
        authority_id=event.authority_id,
        number=event.number,
        organisation_id=event.organisation_id,
        product=event.product,
        first_name=event.holder.first_name,
        last_name=event.holder.last_name,
        birth_date=event.holder.birth_date,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        vdv=event.vdv,
        qr=event.qr,
    )
