"""Every field of a ticket message with its words, for who compares a code with the specification or another reader."""

from typing import Any

from issuance.barcode.vdv import certificate, codes, message
from issuance.barcode.vdv.areas import Area
from issuance.barcode.vdv.certificate import Content
from issuance.barcode.vdv.codes import Words
from issuance.barcode.vdv.message import Message, Transaction
from issuance.barcode.vdv.product import Basic, Product, Traveller


def describe(one: Message, module: Content) -> dict[str, Any]:
    """Plain values for JSON; a code as `{"code", "de", "en"}`, the words null where no source names it."""
    return {
        "number": one.number,
        "organisation_id": one.organisation_id,
        "product": _code(one.product_number, codes.product(one.product_owner_id, one.product_number)),
        "product_owner_id": one.product_owner_id,
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        **_product(one.product),
        "transaction": _transaction(one.transaction),
        "product_transaction": one.product_transaction.hex(),
        "issue": {**vars(one.issue)},
        "version": message.version_words(one.version),
        "module": _module(module),
    }


def _product(product: Product) -> dict[str, Any]:
    secure = product.secure_element
    return {
        "basic": _basic(product.basic) if product.basic else None,
        "traveller": _traveller(product.traveller) if product.traveller else None,
        "area": _area(product.area) if product.area else None,
        "medium": {"text": product.medium, **_code(product.medium[:1], codes.medium(product.medium))}
        if product.medium
        else None,
        "secure_element": {**vars(secure), "serial": secure.serial.hex()} if secure else None,
        "others": {f"{tag:02X}": value.hex() for tag, value in product.others},
        "free_text": product.free_text,
        "raw": product.raw.hex(),
    }


def _basic(basic: Basic) -> dict[str, Any]:
    return {
        "payment": _code(basic.payment_type, codes.PAYMENT.get(basic.payment_type)),
        "passenger": _code(basic.passenger_type, codes.PASSENGER.get(basic.passenger_type)),
        "companions": [
            {**_code(kind, codes.PASSENGER.get(kind)), "count": count} for kind, count in basic.companions if count
        ],
        "transport": _code(basic.transport_category, codes.TRANSPORT.get(basic.transport_category)),
        "service_class": _code(basic.service_class, codes.SERVICE_CLASS.get(basic.service_class)),
        "price_cents": basic.price_cents,
        "value_added_tax": basic.value_added_tax,
        "price_level": basic.price_level,
        "sales_product": basic.sales_product,
    }


def _traveller(traveller: Traveller) -> dict[str, Any]:
    return {
        "gender": _code(traveller.gender, codes.GENDER.get(traveller.gender)),
        "birth_date": traveller.birth_date.isoformat() if traveller.birth_date else None,
        "name": vars(traveller.name),
    }


def _area(area: Area) -> dict[str, Any]:
    names = [codes.area(area.organisation_id, number) for number in area.numbers] if area.is_list else []
    told = [{"code": number, **_words(name)} for number, name in zip(area.numbers, names, strict=False)]
    return {"type": f"{area.kind:02X}", "organisation_id": area.organisation_id, **area.described(), "named": told}


def _transaction(one: Transaction) -> dict[str, Any]:
    return {
        **vars(one),
        "time": one.time.isoformat() if one.time else None,
        "terminal_type": _code(one.terminal_type, codes.TERMINAL.get(one.terminal_type)),
        "location_type": _code(one.location_type, codes.LOCATION.get(one.location_type)),
    }


def _module(module: Content) -> dict[str, Any]:
    sam = certificate.parse_sam_holder(module.holder)
    return {
        "number": sam.number,
        "organisation_id": sam.organisation_id,
        "owner_id": sam.owner_id,
        "valid_from": sam.valid_from.isoformat(),
        "valid_to": sam.valid_to.isoformat(),
        "certificate_ends": module.end_of_validity.isoformat(),
        "role": certificate.role(module.authorisation),
        "sub_ca": vars(certificate.parse_authority_name(module.issuer)),
    }


def _code(code: int | str, words: Words | None) -> dict[str, Any]:
    return {"code": code, **_words(words)}


def _words(words: Words | None) -> dict[str, Any]:
    return {"de": words.de if words else None, "en": words.en if words else None}
