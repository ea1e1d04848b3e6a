"""What this service knows of a ticket, of the right to ride that it is a sign of, and of what its desk asked. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from shared.errors import Text
from shared.events import AuthorityId

from eligibility.domain.ids import ApplicationId

Change = Literal["suspend", "restore", "replace", "revoke"]
"""What the desk may ask of a ticket."""
What = Literal["revoked", "suspended"]
LOST = "lost"
REASONS = {
    "withdrawn": Text("Antrag zurückgenommen", "application withdrawn"),
    "notice": Text("Bewilligung beendet", "grant ended"),
    "fraud": Text("Missbrauch", "misuse"),
    LOST: Text("verloren", "lost"),
    "changed": Text("Ticket geändert", "ticket changed"),
    "by_authority": Text(
        "vom Schulträger oder Verkehrsunternehmen veranlasst", "by order of the authority or the transport operator"
    ),
}
"""The signer's codes."""
BARRING = frozenset({"fraud", "by_authority"})
"""Reasons for which nobody but a person revokes: no later ticket is good by itself."""


def reason_in_words(code: str) -> Text:
    """A signer's code in both languages; one that is not known here reads as an order of the authority or operator."""
    return REASONS.get(code, REASONS["by_authority"])


@dataclass(frozen=True)
class KnownTicket:
    """As the signer told it last. No name, no code."""

    ticket_id: UUID
    application_id: ApplicationId
    authority_id: AuthorityId
    number: int
    organisation_id: int
    state: str
    """issued, suspended, revoked, expired."""
    reason: str
    """A code, of one that is suspended or revoked."""
    since: datetime
    valid_from: datetime
    valid_until: datetime
    step: int
    replaces: UUID | None = None
    last_day: date | None = None
    """The last day on which it is good, where its grant ends before what is signed."""


@dataclass(frozen=True)
class RightMark:
    """What stands against a child's right to ride, until it is lifted or a person has granted who knew of it."""

    application_id: ApplicationId
    what: What
    reason: str
    """A code."""
    at: datetime
    likely: bool = False
    """Of a child that may be another than the one it is told of: name or birth date are not written alike."""

    @property
    def key(self) -> str:
        """By which a question says which mark it tells of: a later one of the same right has another. It names no
        application, for whoever reads it need not be who sent that one."""
        said = f"{self.application_id} {self.what} {self.at.astimezone(UTC).isoformat()}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class TicketRequest:
    """What a person of the authority asked of a ticket, and what became of it."""

    request_id: UUID
    application_id: ApplicationId
    number: int
    organisation_id: int
    change: Change
    reason: str
    asked_by: str
    asked_at: datetime
    state: str = "asked"
    """asked, done, refused."""
    refused: str = ""
    """A code: why."""
    answered_at: datetime | None = None
