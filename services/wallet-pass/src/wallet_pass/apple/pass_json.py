"""pass.json: what the pass shows and how it behaves (docs/sources/wallets.md, 1.2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shared.calendar import in_berlin
from shared.errors import Text

from wallet_pass import wording
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.domain.passes import Pass

Document = dict[str, Any]


def pass_json(
    wallet_pass: Pass, design: Design, *, pass_type: str, team: str, public_url: str, web_service_url: str | None
) -> Document:
    """The document, in German; `texts` translates it.

    A revoked pass is void and bears no barcode. A suspended one bears none either but is not void: Wallet would put it
    among the expired ones, and once restored its holder would have to fetch it back by hand. Source:
    docs/sources/wallets.md, 1.5.

    Args:
        web_service_url: from which phones fetch a newer pass, without a slash at the end; None: from nowhere.
    """
    ticket = wallet_pass.ticket
    document: Document = {
        "formatVersion": 1,
        "passTypeIdentifier": pass_type,
        "teamIdentifier": team,
        "serialNumber": wallet_pass.serial_number,
        "organizationName": design.issuer.de,
        "description": wording.DESCRIPTION.de,
        "logoText": design.short_issuer.de,
        "backgroundColor": _rgb(design.background),
        "foregroundColor": _rgb(design.foreground),
        "labelColor": _rgb(design.label),
        "expirationDate": _iso(wallet_pass.good_until),
        "sharingProhibited": True,
        "generic": _fields(wallet_pass, design, public_url),
    }
    if wallet_pass.revoked_at is not None:
        document["voided"] = True
    if wallet_pass.bears_barcode:
        document["barcodes"] = [_aztec(ticket.vdv, str(ticket.number))]
    if web_service_url is not None:
        document["webServiceURL"] = web_service_url
        document["authenticationToken"] = wallet_pass.authentication_token
    return document


def texts(design: Design) -> Iterator[Text]:
    """Everything in the document that a reader translates. No name of a person is among it."""
    yield from (
        design.issuer, design.short_issuer, wording.DESCRIPTION,
        wording.VALID_FROM, wording.VALID_UNTIL, wording.BIRTH_DATE,
        wording.TICKET, wording.HOLDER, wording.NUMBER, wording.ISSUER, wording.ORGANISATION, wording.STATUS,
        wording.ISSUED, wording.REVOKED, wording.REVOKED_SHORT, wording.REVOKED_HINT, wording.PAGE,
        wording.SUSPENDED, wording.SUSPENDED_SHORT, wording.SUSPENDED_HINT, wording.CHECKING, wording.CHECKING_HINT,
        wording.VALID_UNTIL_CHANGED, wording.STATUS_CHANGED, wording.ENDS_EARLY, *wording.PRODUCTS.values(),
        wording.OTHER_PRODUCT,
    )  # fmt: skip


def _aztec(vdv: bytes, number: str) -> Document:
    """ISO 8859-1 maps U+0000..U+00FF one to one onto bytes: Wallet turns the text back into exactly `vdv`."""
    return {
        "format": "PKBarcodeFormatAztec",
        "message": vdv.decode("iso-8859-1"),
        "messageEncoding": "iso-8859-1",
        "altText": number,
    }


def _fields(wallet_pass: Pass, design: Design, public_url: str) -> Document:
    """Only the header is seen while passes lie in a stack, so the end of validity stands there.

    `status` is on the back at all times: a phone tells of a change only in a field that it knew before.
    """
    ticket = wallet_pass.ticket
    valid_until = _field("valid_until", wording.VALID_UNTIL, wording.last_day(wallet_pass))
    shown = wording.state_wording(wallet_pass)
    header = valid_until | {"changeMessage": wording.VALID_UNTIL_CHANGED.de}
    if shown.instead is not None:
        header = _field("void", wording.STATUS, shown.instead.de)
    return {
        "headerFields": [header],
        "primaryFields": [_field("name", wording.HOLDER, ticket.name)],
        "secondaryFields": [
            _field("ticket", wording.TICKET, wording.product_name(ticket.product).de),
            _field("birth_date", wording.BIRTH_DATE, wording.inspectors_date(ticket.birth_date)),
        ],
        "auxiliaryFields": [
            _field("valid_from", wording.VALID_FROM, wording.inspectors_date(ticket.first_day)),
            valid_until | {"key": "valid_until_again"},
        ],
        "backFields": [
            _field("checking", wording.CHECKING, shown.hint.de),
            _field("status", wording.STATUS, shown.status.de) | {"changeMessage": wording.STATUS_CHANGED.de},
            *_early_end(wallet_pass),
            _field("number", wording.NUMBER, str(ticket.number)),
            _field("issuer", wording.ISSUER, design.issuer.de),
            _field("organisation", wording.ORGANISATION, str(ticket.organisation_id)),
            _field("page", wording.PAGE, f"{public_url.rstrip('/')}/v1/passes/{wallet_pass.token}"),
        ],
    }


def _early_end(wallet_pass: Pass) -> list[Document]:
    """With its days, so that it is in German alone: the file of translations is of the authority, not of a pass."""
    said = wording.early_end(wallet_pass, "de")
    return [_field("early_end", wording.ENDS_EARLY, said)] if said else []


def _field(key: str, label: Text, value: str) -> Document:
    return {"key": key, "label": label.de, "value": value}


def _rgb(colour: Colour) -> str:
    return f"rgb({colour.red}, {colour.green}, {colour.blue})"


def _iso(moment: datetime) -> str:
    return in_berlin(moment).isoformat(timespec="seconds")
