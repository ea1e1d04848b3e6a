"""What the service `issuance` tells of tickets."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.birth_dates import BirthDate
from shared.events.base import ApplicationEvent, Event, Fact, later_field


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
    replaces: UUID | None = later_field()
    """The ticket whose place it takes; `ticket.replaced` follows."""
    replaces_because: str = later_field("")
    """A code: lost (a stranger may hold what bore the old ticket), changed. Empty where it is not known."""
    number_draw: int | None = later_field()
    """Which draw of the ticket's id gave its number, 0 the first. None: drawn at random, or told before this was."""


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
    step: int = later_field(0)
    """As of `ticket.state_changed`; 0: told before it was said here, so before every one that says it."""


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
    reason: str = later_field("")
    """A code, as of a revocation; empty where it is not known. Until when, nobody knows beforehand."""
    step: int = later_field(0)
    """As of `ticket.renewed`."""


class TicketRestored(ApplicationEvent):
    """Good again after a suspension."""

    subject: ClassVar[str] = "ticket.restored.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    step: int = later_field(0)
    """As of `ticket.renewed`."""


class TicketEndChanged(ApplicationEvent):
    """The grant of a ticket ends on a day before the signed end, or no longer does: what is signed cannot be made
    shorter, so whoever shows the ticket says it beside it. After that day it is revoked."""

    subject: ClassVar[str] = "ticket.end_changed.v1"

    ticket_id: UUID
    number: int
    organisation_id: int
    step: int
    """As of `ticket.state_changed`: a lower one that comes late says nothing any more."""
    last_day: date | None
    """The last day on which it is good; None: it is good until its signed end."""


class TicketStateChanged(ApplicationEvent):
    """What whoever makes no passes hears of a ticket: how it stands now. No name, birth date or code."""

    subject: ClassVar[str] = "ticket.state_changed.v1"

    ticket_id: UUID
    case_id: UUID | None
    """None: of a ticket from before cases were told."""
    decision_id: UUID
    """The decision that carries it now."""
    number: int
    organisation_id: int
    product: int
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    step: int
    """Counts the steps of this ticket from 1: a lower one that comes late says nothing any more."""
    state: str
    """issued, suspended, revoked, expired."""
    happened: str
    """A code: issued, suspended, restored, revoked, signed_anew, kept (goes on under another decision), end_changed,
    expired, announced (told again)."""
    reason: str = later_field("")
    """A code, as of a revocation, of a suspended or revoked one; empty where there is none."""
    replaces: UUID | None = later_field()
    """The ticket whose place it took."""
    replaces_because: str = later_field("")
    """A code: lost, changed."""
    number_draw: int | None = later_field()
    """Which draw of the ticket's id gave its number, as `ticket.issued` tells it."""
    last_day: date | None = later_field()
    """The last day on which it is good, where its grant ends before the signed end."""


class TicketQuotaReached(Event):
    """The signer has let out as many tickets of this authority as it may in an hour: what is granted now waits, with
    the reason `signature_quota`, and goes out by itself."""

    subject: ClassVar[str] = "ticket.quota_reached.v1"

    until: AwareDatetime
    """From then on tickets go out again; where more wait than one hour has, it is told anew."""


class TicketRequestAnswered(Event):
    """What became of a request for a ticket."""

    subject: ClassVar[str] = "ticket.request_answered.v1"

    request_id: UUID
    kind: str
    """revoke, suspend, restore, renew, replace."""
    number: int
    """Of the ticket that was named; 0 where a family's is not known."""
    organisation_id: int
    outcome: str
    """done, refused."""
    reason: str = later_field("")
    """A code: why it was refused."""
    application_id: UUID | None = later_field()
    tickets: tuple[int, ...] = later_field(())
    """Numbers of the tickets that it has changed, or that wait for what it asked."""
    because: str = later_field("")
    """A code: why it was asked, as of a revocation. Empty: told before this was."""

    @property
    def key(self) -> str:
        """The application, or the request where none is known: its events arrive in order."""
        return str(self.application_id or self.request_id)
