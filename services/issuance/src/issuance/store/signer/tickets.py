"""Tickets: which live under a decision or of a right, and told again as they are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update

from issuance.domain.ticket import LIVING, SEEN, TICKET_STATES, SignedTicket, StoredTicket
from issuance.domain.ticket import TicketState as State
from issuance.store.signer import convert
from issuance.store.signer.life import LifeTables
from issuance.store.signer.one_of_a_child import ChildTables
from issuance.store.signer.tables import EndedRow, TicketRow
from issuance.workflow.signer.announce import AnnouncedTicket
from issuance.workflow.signer.trail import end


class TicketTables(ChildTables, LifeTables):
    """Tickets with their life, in one session."""

    def release_held(self) -> int:
        """All that are held may be tried again. Returns how many."""
        self._tickets_in_turn()
        held = col(TicketRow.state).in_(TICKET_STATES.before(State.APPROVED))
        return self._execute(update(TicketRow).where(held).values(state=State.APPROVED))

    def living_of(self, application_ids: Collection[UUID]) -> list[StoredTicket]:
        """Their tickets that are approved, held, issued or suspended; locked."""
        return self._known(col(TicketRow.application_id).in_(application_ids), col(TicketRow.state).in_(LIVING))

    def living_under(
        self, *, decision_id: UUID | None = None, application_ids: Collection[UUID] = ()
    ) -> list[StoredTicket]:  # fmt: skip
        """By the decision, or where none is named by the applications; locked."""
        if decision_id is None:
            return self.living_of(application_ids)
        return self._known(col(TicketRow.decision_id) == decision_id, col(TicketRow.state).in_(LIVING))

    def good_of_cases(self, case_ids: Sequence[UUID]) -> list[StoredTicket]:
        """Those that somebody holds and that end on no day to come; locked."""
        goes_on = col(TicketRow.state).in_(SEEN), col(TicketRow.last_day).is_(None)
        return self._known(col(TicketRow.case_id).in_(case_ids), *goes_on)

    def released_of(self, case_id: UUID) -> list[StoredTicket]:
        """The case's tickets that were ever released, whatever they are now; locked."""
        return self._known(col(TicketRow.case_id) == case_id, col(TicketRow.issued_at).is_not(None))

    def tickets_under(self, decision_ids: Collection[UUID]) -> list[StoredTicket]:
        """In any state, the last generation first; locked."""
        found = self._known(col(TicketRow.decision_id).in_(decision_ids))
        return sorted(found, key=lambda each: each.order.generation, reverse=True)

    def carry(self, tickets: Sequence[StoredTicket], decision_id: UUID) -> list[StoredTicket]:
        """The tickets go on under this decision, with its last day where it has one."""
        over = self.session.get(EndedRow, decision_id)
        for each in tickets:
            row = self.session.get_one(TicketRow, each.order.ticket.ticket_id)
            row.decision_id, row.last_day = decision_id, over.last_day if over is not None else None
        self.session.flush()
        return [convert.stored_ticket(self.session.get_one(TicketRow, each.order.ticket.ticket_id)) for each in tickets]

    def revoke(self, now: datetime, reason: str, *, number: tuple[int, int]) -> None:
        """The ticket of (organisation, number), whatever its right is: for who repairs something by hand."""
        known = self.find(*number)
        if known is not None and known.state in LIVING:
            end(self, known, reason, now)

    def _known(self, *which: sa.ColumnElement[bool]) -> list[StoredTicket]:
        self._tickets_in_turn()
        query = select(TicketRow).where(*which).order_by(col(TicketRow.sequence)).with_for_update()
        return [convert.stored_ticket(row) for row in self.session.exec(query).all()]

    # the present state, told again

    def page_of_announced(self, after: int, limit: int) -> list[AnnouncedTicket]:
        """Issued, suspended and revoked ones by sequence, after `after`."""
        of_these = (*SEEN, State.REVOKED)
        query = select(TicketRow).where(col(TicketRow.sequence) > after, col(TicketRow.state).in_(of_these))
        rows = self.session.exec(query.order_by(col(TicketRow.sequence)).limit(limit)).all()
        return [
            AnnouncedTicket(convert.stored_ticket(row), row.step, SignedTicket(row.vdv or b"", row.qr or ""))
            for row in rows
        ]
