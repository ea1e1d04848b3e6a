"""What a signer wrote into a ticket's codes, read back by a signer that has lost its tables. Pure."""

from datetime import UTC

from shared.calendar import BERLIN

from issuance.barcode.qr import ticket as qr_ticket
from issuance.barcode.refusal import Unreadable
from issuance.barcode.vdv import envelope, message, names
from issuance.barcode.vdv.message import Message
from issuance.domain.elsewhere import Bearer, Codes
from issuance.domain.terms import Area, Kinds, Terms
from issuance.domain.ticket import module_id
from issuance.verification.verifier import Verifier

_GENDERS = {1: "male", 2: "female", 3: "diverse"}


def read_back(verifier: Verifier, bearer: Bearer) -> Codes:
    """Raises Refusal where the codes do not open under the keys of this signer."""
    outer = envelope.parse(bearer.vdv)
    told = message.parse(verifier.open_vdv(outer)[0])
    signed = qr_ticket.unwrap(bearer.qr)
    claims = qr_ticket.parse_claims(signed.payload)
    if (claims.number, claims.organisation_id) != (told.number, told.organisation_id) or told.transaction.time is None:
        raise Unreadable("codes_differ")
    traveller = told.product.traveller
    return Codes(
        _terms(told, bearer, is_nameless=not (claims.first_name or claims.last_name)),
        _GENDERS.get(traveller.gender) if traveller is not None else None,
        claims.token_id,
        told.issue.signature_sequence,
        told.transaction.time.replace(tzinfo=BERLIN).astimezone(UTC),
        signed.key_id,
        module_id(outer.issuer, told.issue.sam_number),
    )


def _terms(told: Message, bearer: Bearer, *, is_nameless: bool) -> Terms:
    basic, area, traveller = told.product.basic, told.product.area, told.product.traveller
    if basic is None or area is None or traveller is None or not area.numbers:
        raise Unreadable("not_of_this_signer")
    first, last = bearer.first_name, bearer.last_name
    return Terms(
        organisation_id=told.organisation_id,
        product=told.product_number,
        product_owner_id=told.product_owner_id,
        passenger_type=basic.passenger_type,
        area=Area(area.organisation_id, area.numbers[0], area.numbers[1:]),
        qr_anonymous=is_nameless,
        kinds=Kinds(basic.service_class, basic.payment_type, basic.transport_category),
        name_as_initials=traveller.name not in (names.write(first, last),),
    )
