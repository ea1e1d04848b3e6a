"""What a ticket is: written down, signed, and the states that it takes. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from shared.birth_dates import BirthDate
from shared.calendar import day_in_berlin
from shared.transitions import Transitions

from issuance.domain.terms import Terms


class Refuse(ValueError):
    """An order that must not be signed, with a code. Nobody's fault on the bus: the row is held and says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Ticket:
    """Everything that is signed. Written down before signing; nothing is added later."""

    ticket_id: UUID
    number: int
    terms: Terms
    valid_from: datetime
    valid_until: datetime
    first_name: str
    last_name: str
    birth_date: BirthDate
    gender: str | None
    token_id: bytes
    """8 bytes that nobody can guess, in the QR code."""
    sequence: int
    """The security module's count of signatures."""
    sold_at: datetime
    medium: str = ""
    """Identification medium in the VDV code, letter and number (S4711 is a pupil's card). In specimens only: families
    are not asked for the number of a card."""


@dataclass(frozen=True)
class Order:
    """A ticket that was written down, and where it belongs."""

    ticket: Ticket
    decision_id: UUID
    application_id: UUID
    authority_id: str
    generation: int = 1
    replaces: UUID | None = None
    """The ticket whose place it takes."""
    holder_change: int = 0
    """Number of the holder whom it names."""
    case_id: UUID | None = None
    """The case of its school year; None of a ticket from before cases were told."""
    last_day: date | None = None
    """Of a grant that ends before the ticket does: the ticket dies after it."""
    number_draw: int | None = None
    """Which draw of the ticket gave its number; None: drawn at random, before numbers were derived."""
    child: str | None = None
    """Keyed digest of the child, of which one ticket is good at a time; None where it is not known."""

    @property
    def early_end(self) -> date | None:
        """Its last day, where that comes before the end that is signed."""
        last = self.last_day
        return last if last is not None and last < day_in_berlin(self.ticket.valid_until) else None


@dataclass(frozen=True)
class SignedTicket:
    vdv: bytes
    qr: str
    module: bytes = b""
    """Which module has signed the VDV code: `module_id`. Empty where that was not written down."""


def module_id(sub_ca: bytes, number: int) -> bytes:
    """Name of the sub-CA (8 bytes) and number of the module (3): unique in the whole country."""
    return sub_ca + number.to_bytes(3, "big")


class TicketState(StrEnum):
    APPROVED = "approved"
    """Written down; to be signed."""
    HELD = "held"
    """Must not be signed: the row says why."""
    ISSUED = "issued"
    SUSPENDED = "suspended"
    """Scanners show it as revoked, until it is restored."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    DROPPED = "dropped"
    """The grant ended before the ticket was signed: nobody ever saw it."""


TICKET_STATES = Transitions(
    begins=frozenset({TicketState.APPROVED}),
    follows={
        TicketState.APPROVED: frozenset(
            {TicketState.HELD, TicketState.ISSUED, TicketState.SUSPENDED, TicketState.DROPPED}
        ),
        TicketState.HELD: frozenset({TicketState.APPROVED, TicketState.DROPPED}),
        TicketState.ISSUED: frozenset({TicketState.SUSPENDED, TicketState.EXPIRED, TicketState.REVOKED}),
        TicketState.SUSPENDED: frozenset(
            {TicketState.SUSPENDED, TicketState.ISSUED, TicketState.EXPIRED, TicketState.REVOKED}
        ),
        TicketState.EXPIRED: frozenset({TicketState.REVOKED}),
        TicketState.REVOKED: frozenset({TicketState.REVOKED}),
        TicketState.DROPPED: frozenset({TicketState.REVOKED}),
    },
)
"""Every change of a ticket's state goes through this table. A ticket is born suspended where something stands against
its right; suspended stays suspended for the next reason, and revoked revoked where its bearer is lost afterwards.
Dropped becomes revoked where somebody holds it after all: signed before the signer was put back to an older copy."""
_BY_NAME = {str(state): state for state in TicketState}


def leads_on(known: str, told: str) -> bool:
    """Whether news may tell `told` of a ticket known as `known`: steps may be missed, and nothing leads back from the
    end. A state that a later program tells is taken, but for a dead ticket."""
    if known not in _BY_NAME:
        return True
    if told not in _BY_NAME:
        return _BY_NAME[known] not in DEAD
    return TICKET_STATES.leads(_BY_NAME[known], _BY_NAME[told])


@dataclass(frozen=True)
class StoredTicket:
    """A ticket as the tables have it."""

    order: Order
    state: TicketState
    reason: str | None = None
    """Why it is held, suspended or dead."""


LIVING = (TicketState.APPROVED, TicketState.HELD, TicketState.ISSUED, TicketState.SUSPENDED)
WAITING = (TicketState.APPROVED, TicketState.HELD)
"""Nobody has seen it yet."""
SEEN = (TicketState.ISSUED, TicketState.SUSPENDED)
"""Somebody holds it."""
DEAD = (TicketState.REVOKED, TicketState.EXPIRED, TicketState.DROPPED)

REVOCATION_CODES = ("withdrawn", "notice", "fraud", "lost", "changed", "by_authority")


def revocation_code(reason: str) -> str:
    """The code that is told; a text in free words counts as by_authority and stays with the ticket."""
    return reason if reason in REVOCATION_CODES else "by_authority"


def ticket_id_of(case_id: UUID, generation: int) -> UUID:
    """Made again after a restore, a ticket bears the id that it bore. Ids given before this are random."""
    return uuid5(case_id, str(generation))
