"""What the service `issuance` tells of tickets."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.birth_dates import BirthDate
from shared.events.base import ApplicationEvent, Fact, later


class Holder(Fact):
    """Whom a ticket names, as written by the family."""

    first_name: str
    last_name: str
    birth_date: BirthDate


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
    replaces: UUID | None = later()
    """The ticket whose place it takes; `ticket.replaced` follows."""
    replaces_because: str = later("")
    """A code: lost (a stranger may hold what bore the old ticket), changed. Empty where it is not known."""


class TicketRevoked(ApplicationEvent):
    subject: ClassVar[str] = "ticket.revoked.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    reason: str
    """A code: withdrawn, notice, fraud, lost, changed, by_authority."""


class TicketRenewed(ApplicationEvent):
    """The same ticket, signed anew because a key was stolen or changed: number and contents are what they were."""

    subject: ClassVar[str] = "ticket.renewed.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    vdv: bytes
    qr: str


class TicketReplaced(ApplicationEvent):
    """A ticket with a number of its own has taken the place of another, now revoked. `ticket.issued` told of it."""

    subject: ClassVar[str] = "ticket.replaced.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    replaced_ticket_id: UUID
    reason: str
    """A code: lost, changed."""


class TicketSuspended(ApplicationEvent):
    """Not good until it is restored. Scanners show it as revoked."""

    subject: ClassVar[str] = "ticket.suspended.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    reason: str = later("")
    """A code, as of a revocation; empty where it is not known. Until when, nobody knows beforehand."""


class TicketRestored(ApplicationEvent):
    """Good again after a suspension."""

    subject: ClassVar[str] = "ticket.restored.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
