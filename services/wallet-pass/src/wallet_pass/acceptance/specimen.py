"""Specimen passes for a reader's acceptance test, out of specimen tickets: no bus, no database."""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator
from shared.birth_dates import BirthDate
from shared.calendar import BERLIN, in_berlin

from wallet_pass.domain.passes import AuthenticationToken, Pass, PassToken, next_change
from wallet_pass.domain.tickets import Ticket

SPECIMEN_ORGANISATION = 32_768
"""A specimen's organisation is the production id plus this: the test range of the VDV-KA."""
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
NUMBER_CLAIM = -2
START, END = time(0, 0, 0), time(23, 59, 58)
"""A date means the whole day; VDV-KA times have a resolution of two seconds."""


class Entry(BaseModel):
    """One ticket as SPEC names it; further keys concern `issuance specimen` alone."""

    model_config = ConfigDict(extra="ignore")

    first_name: str = ""
    last_name: Annotated[str, Field(min_length=1)]
    birth_date: BirthDate
    valid_from: datetime
    valid_until: datetime
    product: int = 9995
    organisation_id: Annotated[int, Field(ge=0, lt=SPECIMEN_ORGANISATION)]
    authority_id: str = "specimen"

    @field_validator("valid_from", "valid_until", mode="before")
    @classmethod
    def _moment(cls, value: object, info: object) -> object:
        """`2026-08-01` becomes the start, or the end, of that day in Berlin; a time without offset is Berlin's."""
        if not isinstance(value, str):
            return value
        end = getattr(info, "field_name", "") == "valid_until"
        try:
            return datetime.combine(date.fromisoformat(value), END if end else START, BERLIN)
        except ValueError:
            moment = datetime.fromisoformat(value)
        moment = moment.replace(second=moment.second // 2 * 2, microsecond=0)  # as the ticket says it
        return moment if moment.tzinfo else in_berlin(moment)


def read_spec(path: Path) -> list[Entry]:
    """Raises ValueError, and of its kind pydantic's ValidationError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deeply") from error
    return TypeAdapter(list[Entry]).validate_python(content)


def ticket_number(qr: str) -> int:
    """The number that stands under the barcode, out of the signed QR, whose signature is the scanner's business.

    Text: `S1:`, base45 (RFC 9285), COSE_Sign1, CWT claims; claim -2 is the number.

    Raises:
        ValueError.
    """
    import cbor2

    try:
        signed = cbor2.loads(_base45(qr.removeprefix("S1:")))
        message = signed.value if isinstance(signed, cbor2.CBORTag) else signed
        return int(cbor2.loads(message[2])[NUMBER_CLAIM])
    except (cbor2.CBORDecodeError, ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise ValueError("the QR text is not a ticket's") from error


def _base45(text: str) -> bytes:
    """Three characters are two bytes, two characters at the end are one."""
    decoded = bytearray()
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        value = sum(BASE45.index(character) * 45**place for place, character in enumerate(group))
        decoded += value.to_bytes(len(group) - 1, "big")
    return bytes(decoded)


def specimen_pass(entry: Entry, position: int, tickets: Path, now: datetime) -> Pass:
    """The pass of the ticket at `position` (from 1). The same ticket gives the same serial number.

    Raises:
        ValueError: where the QR text is not a ticket's.
    """
    organisation = entry.organisation_id + SPECIMEN_ORGANISATION
    qr = (tickets / f"{position}-qr.txt").read_text(encoding="ascii").rstrip("\r\n")  # base45 may end with a space
    number = ticket_number(qr)
    identity = uuid5(NAMESPACE_URL, f"urn:schulticket:specimen:{organisation}:{number}")
    ticket = Ticket(
        ticket_id=identity,
        application_id=identity,
        authority_id=entry.authority_id,
        number=number,
        organisation_id=organisation,
        product=entry.product,
        first_name=entry.first_name,
        last_name=entry.last_name,
        birth_date=entry.birth_date,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        vdv=(tickets / f"{position}.bin").read_bytes(),
        qr=qr,
    )
    return Pass(
        PassToken(identity.hex[:22]), AuthenticationToken(f"specimen-{identity.hex}"), ticket, next_change(None, now)
    )
