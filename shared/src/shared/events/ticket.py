"""What the service `issuance` tells of tickets."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.events.base import ApplicationEvent, Fact


class Holder(Fact):
    """Whom a ticket names, as written by the family."""

    first_name: str
    last_name: str
    birth_date: date


class TicketIssued(ApplicationEvent):
    """A signed ticket that a verifier has checked before it was told."""

    subject: ClassVar[str] = "ticket.issued.v1"

    ticket_id: UUID
    decision_id: UUID
    number: int
    """Unique together with `organisation_id` (VDV-KA berBerechtigung_ID)."""
    organisation_id: int
    """VDV-KA organisation id of the customer contract partner (KVP)."""
    product: int
    """VDV-KA product number; 9995 is Deutschlandticket Schule."""
    holder: Holder
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    vdv: bytes
    """The bytes of the VDV-KA barcode (Aztec, byte mode)."""
    qr: str
    """The text of the signed QR code."""


class TicketRevoked(ApplicationEvent):
    subject: ClassVar[str] = "ticket.revoked.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    reason: str
    """A code: withdrawn, notice, fraud, lost, by_authority."""
