"""pass.json: what the pass shows and how it behaves (docs/sources/wallets.md, 1.2)."""

from collections.abc import Iterator
from datetime import datetime

from shared.calendar import in_berlin
from shared.errors import Text

from wallet_pass import wording
from wallet_pass.apple.front import Document, fields
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.domain.passes import WITH_BARCODE, Pass, State


def pass_json(
    wallet_pass: Pass,
    design: Design,
    state: State,
    /,
    *,
    pass_type: str,
    team: str,
    public_url: str,
    web_service_url: str | None,
) -> Document:
    """The document, in German; `texts` translates it.

    A revoked pass is void and bears no barcode. A suspended one bears none either but is not void: Wallet would put it
    among the expired ones, and once restored its holder would have to fetch it back by hand. Source:
    docs/sources/wallets.md, 1.5. Without a relevantDate: phones archived season tickets after it.

    Args:
        state: in which the pass is shown.
        web_service_url: from which phones fetch a newer pass, without a slash at the end; None: from nowhere.
    """
    ticket, palette = wallet_pass.ticket, design.palette(state)
    document: Document = {
        "formatVersion": 1,
        "passTypeIdentifier": pass_type,
        "teamIdentifier": team,
        "serialNumber": wallet_pass.serial_number,
        "organizationName": design.issuer.de,
        "description": wording.DESCRIPTION.de,
        "backgroundColor": _rgb(palette.background),
        "foregroundColor": _rgb(palette.foreground),
        "labelColor": _rgb(palette.label),
        "expirationDate": _iso(wallet_pass.good_until),
        "sharingProhibited": True,
        "generic": fields(wallet_pass, design, state, public_url),
    }
    if not design.has_wide_logo:
        document["logoText"] = design.short_issuer.de
    if wallet_pass.revoked_at is not None:
        document["voided"] = True
    if state in WITH_BARCODE:
        document["barcodes"] = [_aztec(ticket.vdv, str(ticket.number))]
    if web_service_url is not None:
        document["webServiceURL"] = web_service_url
        document["authenticationToken"] = wallet_pass.authentication_token
    return document


def texts(design: Design, state: State) -> Iterator[Text]:
    """Everything in the document that a reader translates. No name of a person is among it."""
    shown = wording.state_wording(state)
    yield from (
        design.issuer, design.short_issuer, wording.DESCRIPTION,
        wording.VALID_FROM, wording.VALID_UNTIL, wording.WAS_VALID_UNTIL, wording.VALIDITY, wording.NOT_BEFORE,
        wording.BIRTH_DATE, wording.TICKET, wording.HOLDER, wording.NUMBER, wording.ISSUER, wording.ORGANISATION,
        wording.STATUS, shown.status, shown.instead or shown.status, wording.CHECKING,
        wording.hint(design, state), wording.PAGE,
        wording.VALID_UNTIL_CHANGED, wording.STATUS_CHANGED, wording.ENDS_EARLY, *wording.PRODUCTS.values(),
        wording.OTHER_PRODUCT, wording.ONLY_WITH, design.document,
    )  # fmt: skip
    for one in design.help:
        yield from (one.label, one.answer)


def _aztec(vdv: bytes, number: str) -> Document:
    """ISO 8859-1 maps U+0000..U+00FF one to one onto bytes: Wallet turns the text back into exactly `vdv`."""
    return {
        "format": "PKBarcodeFormatAztec",
        "message": vdv.decode("iso-8859-1"),
        "messageEncoding": "iso-8859-1",
        "altText": number,
    }


def _rgb(colour: Colour) -> str:
    return f"rgb({colour.red}, {colour.green}, {colour.blue})"


def _iso(moment: datetime) -> str:
    return in_berlin(moment).isoformat(timespec="seconds")
