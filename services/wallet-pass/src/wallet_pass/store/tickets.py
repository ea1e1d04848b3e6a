"""What was told of tickets beside their issue."""

from uuid import UUID

from wallet_pass.domain.tickets import TicketState
from wallet_pass.store.base import Tables
from wallet_pass.store.tables import TOLD, ToldRow


class TicketTables(Tables):
    """What was told of tickets, in one session."""

    def ticket_state(self, ticket_id: UUID) -> TicketState:
        """Of a ticket of which nothing was told yet: one in which nothing has happened."""
        row = self.session.connection().execute(TOLD.select().where(TOLD.c.ticket_id == ticket_id)).one_or_none()
        return TicketState(ticket_id) if row is None else TicketState(**row._mapping)

    def keep_ticket_state(self, state: TicketState) -> None:
        """In place of what was kept of the ticket before."""
        self.session.merge(ToldRow(**vars(state)))
        self.session.flush()
