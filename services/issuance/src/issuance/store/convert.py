"""Between the signer's rows and what the domain calls them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from issuance.domain import Area, Grant, Holder, Order, Terms, Ticket
from issuance.domain import TicketState as State
from issuance.store.signer_rows import AuthorityRow, GrantRow, HolderRow, TicketRow
from issuance.workflow.revoke import Revoked


def holder_row(application_id: UUID, authority_id: str, names: tuple[Any, ...], now: datetime) -> HolderRow:
    fields = dict(zip(("first_name", "last_name", "birth_date", "gender"), names, strict=True))
    return HolderRow(application_id=application_id, authority_id=authority_id, received_at=now, **fields)


def grant(row: GrantRow) -> Grant:
    return Grant(row.decision_id, row.application_id, row.authority_id, row.valid_from, row.valid_until)


def holder(row: HolderRow) -> Holder:
    return Holder(row.first_name, row.last_name, row.birth_date, row.gender)


def terms(row: AuthorityRow | TicketRow) -> Terms:
    area = Area(row.area_organisation_id, row.area_number)
    return Terms(row.organisation_id, row.product, row.product_owner_id, row.passenger_type, area)


def order(row: TicketRow) -> Order:
    ticket = Ticket(
        ticket_id=row.ticket_id,
        number=row.number,
        terms=terms(row),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        first_name=row.first_name,
        last_name=row.last_name,
        birth_date=row.birth_date,
        gender=row.gender,
        token_id=row.token_id,
        sequence=row.sequence,
        sold_at=row.approved_at,
    )
    return Order(ticket, row.decision_id, row.application_id, row.authority_id)


def ticket_row(order: Order) -> TicketRow:
    ticket, terms = order.ticket, order.ticket.terms
    return TicketRow(
        ticket_id=ticket.ticket_id,
        decision_id=order.decision_id,
        application_id=order.application_id,
        authority_id=order.authority_id,
        organisation_id=terms.organisation_id,
        number=ticket.number,
        product=terms.product,
        product_owner_id=terms.product_owner_id,
        passenger_type=terms.passenger_type,
        area_organisation_id=terms.area.organisation_id,
        area_number=terms.area.number,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        first_name=ticket.first_name,
        last_name=ticket.last_name,
        birth_date=ticket.birth_date,
        gender=ticket.gender,
        token_id=ticket.token_id,
        sequence=ticket.sequence,
        approved_at=ticket.sold_at,
        state=State.APPROVED,
    )


def revoked(row: TicketRow) -> Revoked:
    return Revoked(row.ticket_id, row.application_id, row.authority_id, row.number, row.organisation_id)
