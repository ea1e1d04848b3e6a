"""Known tickets, requests about them, and counts of inspections."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.row_security.asking import within_as
from sqlmodel import col, select

from issuance.domain.acts import ASKED
from issuance.domain.request import REQUEST_STATES, RESTORE, SUSPEND, RequestState
from issuance.domain.ticket import leads_on
from issuance.store.inspection.base import Tables
from issuance.store.inspection.on_record import REQUESTS
from issuance.store.inspection.tables import InspectionRow, KnownTicketRow, RequestRow
from issuance.workflow.inspection.inspect import KnownTicket
from issuance.workflow.inspection.requests import Outcome, Sight, TicketRequest


class TicketTables(Tables):
    """Tickets as the public process knows them, in one session."""

    def keep_state(self, ticket: KnownTicket, step: int) -> None:
        """The newest step counts, and nothing leads back from the end; what never changes is completed by any step."""
        row = self.session.get(KnownTicketRow, ticket.ticket_id)
        if row is None:
            self.session.add(_row(ticket, step))
            return
        # 1. What does not change, where news of another kind told less of it once.
        row.replaces, row.product = row.replaces or ticket.replaces, ticket.product
        row.valid_from, row.valid_until = ticket.valid_from, ticket.valid_until
        # 2. How it stands: by the newest step, and no living one after the end.
        if step >= row.step and leads_on(row.state, ticket.state):
            row.state, row.reason, row.step = ticket.state, ticket.reason, step
            row.decision_id, row.case_id = ticket.decision_id, ticket.case_id
            row.number_draw, row.last_day = ticket.number_draw, ticket.last_day

    def tickets(
        self, sight: Sight, *, number: int | None = None, application_id: UUID | None = None
    ) -> list[KnownTicket]:
        """At most 100 tickets that this caller may see, by number or by application."""
        query = select(KnownTicketRow).where(_seen(sight)).limit(100)
        if number is not None:
            query = query.where(KnownTicketRow.number == number)
        if application_id is not None:
            query = query.where(KnownTicketRow.application_id == application_id)
        return [_known(row) for row in self.session.exec(query)]

    def keep_request(self, request: TicketRequest) -> None:
        """Keeps what was asked, and the act in the chain of the ticket's authority."""
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
        chain, about = request.ticket.authority_id, str(request.ticket.application_id)
        act, at, detail = ASKED[request.change], request.requested_at, {"request": str(request.request_id)}
        trail.note(self.session, chain=chain, by=request.requested_by, act=act, about=about, at=at, detail=detail)
        trail.keep(self.session, REQUESTS, request.request_id)

    def outcome(self, sight: Sight, number: int, request_id: UUID) -> Outcome | None:
        """Of a request about a ticket that this caller may see; else None. Numbers of tickets that are another's are
        left out."""
        query = (
            select(RequestRow, KnownTicketRow)
            .join(KnownTicketRow, col(KnownTicketRow.ticket_id) == col(RequestRow.ticket_id))
            .where(RequestRow.request_id == request_id, KnownTicketRow.number == number, _seen(sight))
        )
        found = self.session.exec(query).first()
        if found is None:
            return None
        row, ticket = found
        numbers = self._without_others(sight, [int(each) for each in row.tickets.split()])
        return Outcome(_known(ticket), row.change, row.requested_at, RequestState(row.state), row.refused, numbers)

    def _without_others(self, sight: Sight, numbers: Sequence[int]) -> tuple[int, ...]:
        """A right may have tickets of several operators, which are changed together. One that is not known here yet
        stays: it is the successor of one that is."""
        query = select(KnownTicketRow.number, _seen(sight)).where(col(KnownTicketRow.number).in_(numbers))
        with within_as(self.session, "outcomes"):  # another's is not named: it must be known as one
            known = self.session.exec(query).all()
        hidden = {number for number, _ in known} - {number for number, is_seen in known if is_seen}
        return tuple(number for number in numbers if number not in hidden)

    def suspended_by(self, ticket_id: UUID) -> str | None:
        """Who asked for the suspension that was done last; None where it was lifted since, or there was none."""
        steps = (
            RequestRow.ticket_id == ticket_id,
            RequestRow.state == RequestState.DONE,
            col(RequestRow.change).in_((SUSPEND, RESTORE)),
        )
        last = self.session.exec(
            select(RequestRow).where(*steps).order_by(col(RequestRow.requested_at).desc()).limit(1)
        ).first()
        return last.requested_by if last is not None and last.change == SUSPEND else None

    def keep_answer(self, request_id: UUID, state: RequestState, reason: str, tickets: Sequence[int]) -> None:
        """Only the first answer to a request that was asked here."""
        row = self.session.get(RequestRow, request_id)
        if row is not None and row.state in REQUEST_STATES.before(state):
            row.state, row.refused = REQUEST_STATES.move(RequestState(row.state), state), reason
            row.tickets = " ".join(str(number) for number in tickets)
            trail.keep(self.session, REQUESTS, request_id)

    def page_of_tickets(self, after: UUID | None, limit: int) -> list[tuple[KnownTicket, int]]:
        """By id, each with its last step."""
        query = select(KnownTicketRow).order_by(col(KnownTicketRow.ticket_id)).limit(limit)
        if after is not None:
            query = query.where(col(KnownTicketRow.ticket_id) > after)
        return [(_known(row), row.step) for row in self.session.exec(query)]

    def note_inspection(self, now: datetime, form: str | None, verdict: str, organisation_id: int | None) -> None:
        """Adds to the counts: moment, format, verdict and organisation; no ticket."""
        # without its number back: who looks at another operator's ticket adds a row and does not see it
        row = {"inspected_at": now, "format": form, "verdict": verdict, "organisation_id": organisation_id}
        self.session.connection().execute(_NOTE, row)


_NOTE: sa.Insert = InspectionRow.metadata.tables[InspectionRow.__tablename__].insert().inline()


def _seen(sight: Sight) -> sa.ColumnElement[bool]:
    """What is named by nobody is seen by nobody."""
    return sa.or_(
        col(KnownTicketRow.authority_id) == sight.authority_id if sight.authority_id is not None else sa.false(),
        col(KnownTicketRow.organisation_id) == sight.organisation_id
        if sight.organisation_id is not None
        else sa.false(),
    )


def _row(ticket: KnownTicket, step: int) -> KnownTicketRow:
    return KnownTicketRow(
        ticket_id=ticket.ticket_id,
        application_id=ticket.application_id,
        authority_id=ticket.authority_id,
        organisation_id=ticket.organisation_id,
        number=ticket.number,
        state=ticket.state,
        product=ticket.product,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        reason=ticket.reason,
        replaces=ticket.replaces,
        step=step,
        decision_id=ticket.decision_id,
        case_id=ticket.case_id,
        number_draw=ticket.number_draw,
        last_day=ticket.last_day,
    )


def _known(row: KnownTicketRow) -> KnownTicket:
    place = row.ticket_id, row.application_id, row.authority_id, row.organisation_id, row.number, row.state
    more = row.decision_id, row.case_id, row.number_draw, row.last_day
    return KnownTicket(*place, row.product, row.valid_from, row.valid_until, row.reason, row.replaces, *more)
