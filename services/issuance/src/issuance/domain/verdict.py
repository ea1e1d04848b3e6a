"""What a verification says of a ticket. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, TypedDict

from shared.birth_dates import BirthDate
from shared.calendar import in_berlin


class Verdict(StrEnum):
    """In this order: the first that applies."""

    UNREADABLE = "unreadable"
    INVALID = "invalid"
    UNKNOWN_ISSUER = "unknown_issuer"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    STATUS_STALE = "status_stale"
    STATUS_UNCHECKED = "status_unchecked"
    VALID = "valid"


class AreaJson(TypedDict):
    """Where a ticket is good: numbers of areas, and whose numbers they are."""

    organisation_id: int
    numbers: list[int]


class TicketDetails(TypedDict, total=False):
    """What only one of the formats tells; the area, both."""

    area: AreaJson | None
    name_form: str | None
    passenger_type: int | None
    product_owner_id: int
    medium: str | None
    module_number: int
    sub_ca: str
    name_cut: bool
    token_id: str


class TicketJson(TicketDetails):
    """A ticket as the API and `issuance verify --json` give it: first what both formats tell."""

    format: Literal["vdv", "qr"]
    number: int
    product: int
    organisation_id: int
    first_name: str
    last_name: str
    birth_date: str | None
    valid_from: str | None
    valid_until: str | None


class VerificationJson(TypedDict):
    """A result as the API and `issuance verify --json` give it."""

    verdict: str
    reasons: list[str]
    ticket: TicketJson | None


class VerifiedTicket(NamedTuple):
    """A ticket whose signature was checked, as an inspector reads it."""

    format: Literal["vdv", "qr"]
    number: int
    product: int
    organisation_id: int
    first_name: str
    last_name: str
    birth_date: BirthDate | None
    valid_from: datetime | None
    valid_until: datetime | None
    details: TicketDetails

    def as_json(self) -> TicketJson:
        """As the API and `issuance verify --json` give it: times in Berlin's offset, an empty field is null."""
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


class VerificationResult(NamedTuple):
    """The answer to "is this ticket good?". `reasons` are codes; a valid ticket may have some too."""

    verdict: Verdict
    reasons: tuple[str, ...]
    ticket: VerifiedTicket | None = None

    def as_json(self) -> VerificationJson:
        """As the API and `issuance verify --json` give it; `ticket` is null where no signature could be checked."""
        ticket = self.ticket.as_json() if self.ticket else None
        return {"verdict": self.verdict.value, "reasons": list(self.reasons), "ticket": ticket}


def most_serious(findings: Sequence[VerificationResult]) -> VerificationResult:
    """Of several codes in one picture the worst ticket counts; what is no ticket, only where there is no other."""
    order = list(Verdict)
    tickets = [finding for finding in findings if finding.verdict is not Verdict.UNREADABLE] or findings
    return min(tickets, key=lambda finding: order.index(finding.verdict))
