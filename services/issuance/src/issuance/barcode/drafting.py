"""From the ticket that was written down to what each barcode says. Pure."""

from shared.calendar import in_berlin

from issuance.barcode.qr.ticket import QrTicket
from issuance.barcode.vdv import areas, names
from issuance.barcode.vdv.message import Issue, Message, Transaction
from issuance.barcode.vdv.product import Basic, Product, Traveller
from issuance.domain.ticket import Refuse, Ticket

_GENDERS = {None: 0, "male": 1, "female": 2, "diverse": 3}
_D_TICKET_AREAS = 5000
"""The organisation whose area list the signed QR knows by number alone."""


def vdv_message(ticket: Ticket, sam_number: int) -> Message:
    """The message for the widest-accepted profile.

    Raises:
        Refuse: where it cannot be written.

    Source: docs/sources/vdv.md, 9.
    """
    terms = ticket.terms
    write = names.write_initials if terms.name_as_initials else names.write
    name = write(ticket.first_name, ticket.last_name)
    if not name.encode():
        raise Refuse("name_missing")
    traveller = Traveller(name, ticket.birth_date, _GENDERS[ticket.gender])
    area = areas.whole(terms.area.organisation_id, (terms.area.number, *terms.area.more))
    kinds = terms.kinds
    basic = Basic(
        payment_type=kinds.payment,
        passenger_type=terms.passenger_type,
        transport_category=kinds.transport,
        service_class=kinds.service_class,
    )
    sold_at = in_berlin(ticket.sold_at).replace(tzinfo=None)
    transaction = Transaction(terms.organisation_id, terminal_organisation_id=terms.organisation_id, time=sold_at)
    return Message(
        ticket.number,
        terms.organisation_id,
        terms.product,
        terms.product_owner_id,
        in_berlin(ticket.valid_from).replace(tzinfo=None),
        in_berlin(ticket.valid_until).replace(tzinfo=None),
        Product(basic, traveller, area, ticket.medium),
        transaction,
        Issue(ticket.sequence, ticket.sequence, sam_number),
    )


def qr_ticket(ticket: Ticket) -> QrTicket:
    """The claims; name and birth date only in the profile that has them. Times to the second."""
    terms = ticket.terms
    is_listed = terms.area.organisation_id == _D_TICKET_AREAS and terms.area.number < 1 << 16 and not terms.area.more
    if terms.qr_anonymous:
        birth_date, first_name, last_name = None, "", ""
    else:
        birth_date, first_name, last_name = ticket.birth_date, ticket.first_name, ticket.last_name
    return QrTicket.of(
        token_id=ticket.token_id,
        organisation_id=terms.organisation_id,
        number=ticket.number,
        product=terms.product,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        area=terms.area.number if is_listed else None,
        birth_date=birth_date,
        first_name=first_name,
        last_name=last_name,
    )
