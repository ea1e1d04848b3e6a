"""What both codes say, in the one form that a verdict shows. Pure."""

from shared.calendar import in_berlin

from issuance.barcode.qr.ticket import QrTicket
from issuance.barcode.vdv import message
from issuance.barcode.vdv.areas import AREA_LIST_2_BYTES, AREA_LIST_3_BYTES, Area
from issuance.domain.verdict import VerifiedTicket


def seen_vdv(ticket: message.Message, issuer: bytes) -> VerifiedTicket:
    """Of a VDV code."""
    product = ticket.product
    traveller = product.traveller
    area = product.area
    start, until = (in_berlin(moment) if moment else None for moment in (ticket.valid_from, ticket.valid_until))
    return VerifiedTicket(
        "vdv",
        ticket.number,
        ticket.product_number,
        ticket.organisation_id,
        traveller.name.first if traveller else "",
        traveller.name.last if traveller else "",
        traveller.birth_date if traveller else None,
        start,
        # Twice an hour exists on one night of the year: an end means the later one.
        until.replace(fold=1) if until else None,
        {
            "name_form": traveller.name.form if traveller else None,
            "passenger_type": product.basic.passenger_type if product.basic else None,
            "product_owner_id": ticket.product_owner_id,
            "area": {"organisation_id": area.organisation_id, "numbers": _listed(area)} if area else None,
            "medium": product.medium or None,
            "module_number": ticket.issue.sam_number,
            "sub_ca": issuer.hex(),
        },
    )


def _listed(area: Area) -> list[int]:
    """The numbers of the two plain lists in use; `verify --details` takes the other types apart."""
    return list(area.numbers) if area.kind in (AREA_LIST_2_BYTES, AREA_LIST_3_BYTES) else []


def seen_qr(claims: QrTicket) -> VerifiedTicket:
    """Of a signed QR code."""
    return VerifiedTicket(
        "qr",
        claims.number,
        claims.product,
        claims.organisation_id,
        claims.first_name,
        claims.last_name,
        claims.birth_date,
        claims.valid_from,
        claims.valid_until,
        {
            "name_cut": claims.name_cut,
            "area": None if claims.area is None else {"organisation_id": 5000, "numbers": [claims.area]},
            "token_id": claims.token_id.hex(),
        },
    )
