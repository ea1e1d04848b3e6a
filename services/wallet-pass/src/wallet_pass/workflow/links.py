"""The link by which a pass is found: how long it leads there, and what the family does with it.

What the family did is told with a number that only grows, so that it may come late, twice, or before the pass.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.database import Transactions
from shared.events import ApplicationPassLinkChanged, PassReady, head

from wallet_pass.domain.passes import Pass, PassToken, next_change
from wallet_pass.domain.tickets import TicketState
from wallet_pass.workflow.environment import Environment
from wallet_pass.workflow.ports import Step, Tables


@dataclass(frozen=True)
class PassLinks:
    """Of all passes."""

    transactions: Transactions[Tables]
    environment: Environment

    async def change(self, event: ApplicationPassLinkChanged) -> Step:
        """The family ends or renews the link to its ticket.

        1. note it, for a pass that is still to be made; of a ticket that was lost nothing opens a link again
        2. end the link of the pass that bears the ticket now, or has taken it over
        3. a renewed link is in the pass too, which phones fetch, and its address is told
        """

        def step(tables: Tables) -> None:
            # 1.
            told = tables.ticket_state(event.ticket_id)
            if told.is_lost:
                return
            if event.number > told.link_number:
                told = replace(told, link_number=event.number, link_ended=event.ended)
                tables.keep_ticket_state(told)
            # 2.
            for each in _meant(tables, event):
                after = self.follow(tables, each, told)
                # 3.
                if after != each and not told.link_ended:
                    tables.emit(ready(after, event, self.environment))

        return step

    def begin(self, tables: Tables, token: PassToken) -> None:
        """The first link of a pass that was made a moment ago."""
        tables.begin_link(token, self._until())

    def follow(self, tables: Tables, wallet_pass: Pass, told: TicketState) -> Pass:
        """The pass with the link as the family wants it; itself where that is known already."""
        if told.link_number <= wallet_pass.link_number:
            return wallet_pass
        return self._set(tables, wallet_pass, told.link_number, ended=told.link_ended)

    def lose(self, tables: Tables, ticket_id: UUID) -> None:
        """After a loss: whoever has the link is told nothing any more. Where the pass is still to be made, it begins
        so; where it was void before, and a second time, it is the same."""
        told = tables.ticket_state(ticket_id).lost()
        tables.keep_ticket_state(told)
        kept = tables.by_ticket(ticket_id)
        if kept is not None:
            self.follow(tables, kept.wallet_pass, told)

    def _set(self, tables: Tables, before: Pass, number: int, *, ended: bool) -> Pass:
        now = self.environment.clock()
        token = self.environment.tokens.renewed(UUID(before.serial_number), number)
        after = replace(before, token=token, link_number=number)
        tables.set_link(before, after, self._until(), now, ended=ended)
        if not ended:
            after = replace(after, changed_at=next_change(before.changed_at, now))
            tables.change(after)
        return after

    def _until(self) -> datetime:
        return self.environment.clock() + self.environment.link_life


def ready(wallet_pass: Pass, event: ApplicationPassLinkChanged, environment: Environment) -> PassReady:
    """Under its new address."""
    return PassReady(
        **head(event, environment.clock()),
        ticket_id=wallet_pass.ticket.ticket_id,
        pass_url=environment.page_of(wallet_pass.token),
        link=wallet_pass.link_number,
    )


def _meant(tables: Tables, event: ApplicationPassLinkChanged) -> list[Pass]:
    """The pass of the ticket, also where another has taken it over since. Which pass a ticket was on that came in
    between, nobody has kept: those of the application that were taken over and live. None that began after a loss: the
    act of before, which is told again, is not about it."""
    kept = tables.by_ticket(event.ticket_id) or tables.by_serial(event.ticket_id)
    if kept is not None:
        return [kept.wallet_pass]
    of_application = (each.wallet_pass for each in tables.passes_of(event.application_id))
    return [each for each in of_application if each.revoked_at is None and each.first_ticket is not None]
