"""What a ticket is, what a verdict says, and what is allowed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from shared.calendar import BERLIN, SchoolYear, in_berlin

TEST_RANGE = 0x8000
"""Organisation ids of tests are the production id plus this (reference, section 7)."""
LAST_SECOND = time(23, 59, 58)
"""VDV-KA counts seconds in steps of two: this is the end of a day."""
SHARDS_A_YEAR = 16
PLACES_DRAWN = 1_000_000
"""Of the 1,048,576 places of a shard. A full shard's snapshot stays below 18 kB with 2 % revoked."""
SHARD_FILL = PLACES_DRAWN
TRIES = 16
"""Draws of a place; where the shard is nearly full and all were taken, the next free place after the last draw is."""
WAITING_DAYS = 180
"""How long a holder waits for a grant before the name is erased."""


class Refuse(ValueError):
    """An order that must not be signed, with a code. Nobody's fault on the bus: the row is held and says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def start_of(day: date) -> datetime:
    """00:00:00 in Berlin."""
    return datetime.combine(day, time(), BERLIN)


def end_of(day: date) -> datetime:
    """23:59:58 in Berlin, the last moment of a ticket's last day."""
    return datetime.combine(day, LAST_SECOND, BERLIN)


def first_shard(valid_from: date) -> int:
    """The first of the 16 shards of a school year (August to July). 416 is 2026/27; ends in 2255."""
    return max(SchoolYear.of(valid_from).first - 2000, 0) * SHARDS_A_YEAR


@dataclass(frozen=True)
class Area:
    """Where a ticket is valid, as VDV-KA numbers it. Organisation 5000: 1 is Germany, 11 North Rhine-Westphalia."""

    organisation_id: int = 5000
    number: int = 1
    more: tuple[int, ...] = ()
    """Further areas of the same list."""


@dataclass(frozen=True)
class Kinds:
    """Codes of VDV-KA that an authority may set (barcode/vdv/codes.py); 0 says nothing, as most issuers do."""

    service_class: int = 0
    payment: int = 0
    transport: int = 0


@dataclass(frozen=True)
class Terms:
    """What an authority issues: its operator, product and area. Organisation ids as they stand in the ticket."""

    organisation_id: int
    """Customer contract partner (KVP)."""
    product: int = 9995
    product_owner_id: int = 3000 + TEST_RANGE
    """PV; 3000 is the owner of the Deutschlandticket."""
    passenger_type: int = 19
    """19 is pupil (Schüler)."""
    area: Area = field(default_factory=Area)
    qr_anonymous: bool = False
    """The QR code without name and birth date: the inspector takes them from the pass or an identity card."""
    kinds: Kinds = field(default_factory=Kinds)
    name_as_initials: bool = False
    """The VDV code with first and last letters of the name only (`K3e@D4n`)."""


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
    birth_date: date
    gender: str | None
    token_id: bytes
    """8 random bytes, in the QR code."""
    sequence: int
    """The security module's count of signatures."""
    sold_at: datetime
    medium: str = ""
    """Identification medium in the VDV code, letter and number (S4711 is a pupil's card). In specimens only: families
    are not asked for the number of a card."""


@dataclass(frozen=True)
class Holder:
    """Whom a ticket names, as the family writes it."""

    first_name: str
    last_name: str
    birth_date: date
    gender: str | None


@dataclass(frozen=True)
class Grant:
    """A released decision: the child may ride from the first to the last day."""

    decision_id: UUID
    application_id: UUID
    authority_id: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True)
class Ready:
    """A grant that has its holder, and an authority whose terms are known: a ticket can be written down."""

    grant: Grant
    holder: Holder
    terms: Terms


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


REVOCATION_CODES = ("withdrawn", "notice", "fraud", "lost", "changed", "by_authority")


def revocation_code(reason: str) -> str:
    """The code that is told; a text in free words counts as by_authority and stays with the ticket."""
    return reason if reason in REVOCATION_CODES else "by_authority"


class Verdict(StrEnum):
    """In this order: the first that applies."""

    UNREADABLE = "unreadable"
    INVALID = "invalid"
    UNKNOWN_ISSUER = "unknown_issuer"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    STATUS_STALE = "status_stale"
    VALID = "valid"


class Seen(NamedTuple):
    """A ticket whose signature was checked, as an inspector reads it."""

    format: str
    """vdv or qr."""
    number: int
    product: int
    organisation_id: int
    first_name: str
    last_name: str
    birth_date: date | None
    valid_from: datetime | None
    valid_until: datetime | None
    details: Mapping[str, Any] = MappingProxyType({})
    """What only one of the formats tells: area, passenger type, module number …"""

    def as_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "number": self.number,
            "product": self.product,
            "organisation_id": self.organisation_id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "valid_from": in_berlin(self.valid_from).isoformat() if self.valid_from else None,
            "valid_until": in_berlin(self.valid_until).isoformat() if self.valid_until else None,
            **self.details,
        }


class Finding(NamedTuple):
    """The answer to "is this ticket good?". `reasons` are codes; a valid ticket may have some too."""

    verdict: Verdict
    reasons: tuple[str, ...]
    ticket: Seen | None = None

    def as_json(self) -> dict[str, Any]:
        ticket = self.ticket.as_json() if self.ticket else None
        return {"verdict": self.verdict.value, "reasons": list(self.reasons), "ticket": ticket}


def most_serious(findings: Sequence[Finding]) -> Finding:
    """Of several codes in one picture the worst ticket counts; what is no ticket, only where there is no other."""
    order = list(Verdict)
    tickets = [finding for finding in findings if finding.verdict is not Verdict.UNREADABLE] or findings
    return min(tickets, key=lambda finding: order.index(finding.verdict))
