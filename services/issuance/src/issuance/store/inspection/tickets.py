"""Known tickets, requests about them, and counts of inspections."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from issuance.store.inspection.base import Tables
from issuance.store.inspection.tables import InspectionRow, RequestRow, TicketRow
from issuance.workflow.inspection.inspect import KnownTicket, RevocationRequest


class TicketTables(Tables):
    """Tickets as the public process knows them, in one session."""

    def keep_issued(self, ticket: KnownTicket) -> None:
        """News of a revocation or suspension may have come first: it stands."""
        known = self.session.get(TicketRow, ticket.ticket_id)
        state, reason = (known.state, known.reason) if known is not None else ("issued", None)
        self.session.merge(_row(ticket, state, reason))

    def keep_revoked(self, ticket: KnownTicket) -> None:
        known = self.session.get(TicketRow, ticket.ticket_id)
        if known is None:
            self.session.add(_row(ticket, "revoked", ticket.reason))
        else:
            known.state, known.reason = "revoked", ticket.reason

    def keep_suspension(self, ticket: KnownTicket) -> None:
        """News of a revocation stands."""
        row = self.session.get(TicketRow, ticket.ticket_id)
        if row is None:
            self.session.add(_row(ticket, ticket.state, None))
        elif row.state in ("issued", "suspended"):
            row.state = ticket.state

    def tickets(self, *, number: int | None = None, application_id: UUID | None = None) -> list[KnownTicket]:
        query = select(TicketRow).limit(100)
        if number is not None:
            query = query.where(TicketRow.number == number)
        if application_id is not None:
            query = query.where(TicketRow.application_id == application_id)
        return [_known(row) for row in self.session.exec(query)]

    def keep_request(self, request: RevocationRequest) -> None:
        self.session.add(
            RequestRow(
                request_id=request.request_id,
                ticket_id=request.ticket.ticket_id,
                reason=request.reason,
                requested_by=request.requested_by,
                requested_at=request.requested_at,
                change=request.change,
            )
        )

    def note_inspection(self, now: datetime, form: str | None, verdict: str, organisation_id: int | None) -> None:
        row = InspectionRow(inspected_at=now, format=form, verdict=verdict, organisation_id=organisation_id)
        self.session.add(row)


def _row(ticket: KnownTicket, state: str, reason: str | None) -> TicketRow:
    return TicketRow(
        ticket_id=ticket.ticket_id,
        application_id=ticket.application_id,
        authority_id=ticket.authority_id,
        organisation_id=ticket.organisation_id,
        number=ticket.number,
        state=state,
        product=ticket.product,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        reason=reason,
    )


def _known(row: TicketRow) -> KnownTicket:
    place = row.ticket_id, row.application_id, row.authority_id, row.organisation_id, row.number, row.state
    return KnownTicket(*place, row.product, row.valid_from, row.valid_until, row.reason)
