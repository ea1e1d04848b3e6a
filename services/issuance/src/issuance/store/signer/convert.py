"""Between the signer's rows and what the domain calls them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from issuance.barcode.qr import ticket as qr_codec
from issuance.domain.grant import Grant, Holder
from issuance.domain.terms import Area, Kinds, Terms
from issuance.domain.ticket import TICKET_STATES, Order, SignedTicket, StoredTicket, Ticket
from issuance.domain.ticket import TicketState as State

# Rows are read as the tables' columns: an object or a plain row of one or more tables, by the columns' names.


def holder_values(  # a value for each column
    application_id: UUID, authority_id: str, holder: Holder, now: datetime, change_number: int
) -> dict[str, Any]:
    """A row of the table of holders."""
    place = {"application_id": application_id, "authority_id": authority_id, "change_number": change_number}
    return {**place, "received_at": now, **vars(holder)}


def grant(row: Any) -> Grant:
    """From a row that has the columns of a waiting grant."""
    place = row.decision_id, row.application_id, row.authority_id
    return Grant(*place, row.valid_from, row.valid_until, row.holder_change, row.case_id, row.child)


def holder(row: Any) -> Holder:
    """From a row that has the columns of a holder."""
    return Holder(row.first_name, row.last_name, row.birth_date, row.gender)


def terms(row: Any) -> Terms:
    """From a row of authorities or tickets: both have the columns of the terms."""
    more = tuple(int(number) for number in row.area_more.split())
    area = Area(row.area_organisation_id, row.area_number, more)
    kinds = Kinds(row.service_class, row.payment, row.transport)
    head = row.organisation_id, row.product, row.product_owner_id, row.passenger_type
    return Terms(*head, area, row.qr_anonymous, kinds, row.name_as_initials)


def terms_values(terms: Terms) -> dict[str, Any]:
    """The columns of terms, which an authority and a ticket have alike."""
    return {
        "organisation_id": terms.organisation_id,
        "product": terms.product,
        "product_owner_id": terms.product_owner_id,
        "passenger_type": terms.passenger_type,
        "area_organisation_id": terms.area.organisation_id,
        "area_number": terms.area.number,
        "area_more": " ".join(map(str, terms.area.more)),
        "qr_anonymous": terms.qr_anonymous,
        "service_class": terms.kinds.service_class,
        "payment": terms.kinds.payment,
        "transport": terms.kinds.transport,
        "name_as_initials": terms.name_as_initials,
    }


def order(row: Any) -> Order:
    """From a row of tickets."""
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
    place = row.decision_id, row.application_id, row.authority_id
    more = row.replaces, row.holder_change, row.case_id, row.last_day, row.number_draw, row.child
    return Order(ticket, *place, row.generation, *more)


def stored_ticket(row: Any) -> StoredTicket:
    """From a row of tickets."""
    return StoredTicket(order(row), State(row.state), row.reason)


def ticket_values(order: Order) -> dict[str, Any]:
    """A row of the table of tickets, before it is signed."""
    ticket = order.ticket
    return {
        **terms_values(ticket.terms),
        "ticket_id": ticket.ticket_id,
        "decision_id": order.decision_id,
        "application_id": order.application_id,
        "authority_id": order.authority_id,
        "number": ticket.number,
        "valid_from": ticket.valid_from,
        "valid_until": ticket.valid_until,
        "first_name": ticket.first_name,
        "last_name": ticket.last_name,
        "birth_date": ticket.birth_date,
        "gender": ticket.gender,
        "token_id": ticket.token_id,
        "sequence": ticket.sequence,
        "approved_at": ticket.sold_at,
        "state": TICKET_STATES.begin(State.APPROVED),
        "generation": order.generation,
        "replaces": order.replaces,
        "holder_change": order.holder_change,
        "case_id": order.case_id,
        "last_day": order.last_day,
        "number_draw": order.number_draw,
        "child": order.child,
    }


def codes(signed: SignedTicket) -> dict[str, Any]:
    """The columns of the codes."""
    key_id = qr_codec.unwrap(signed.qr).key_id
    return {"vdv": signed.vdv, "qr": signed.qr, "qr_key": key_id, "vdv_module": signed.module or None}
