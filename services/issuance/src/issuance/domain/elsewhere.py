"""What others know of a ticket that a signer has lost, and what its own codes say. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.birth_dates import BirthDate

from issuance.domain.terms import Terms
from issuance.domain.ticket import TicketState, ticket_id_of

MOST_GENERATIONS = 200
"""Of one case: more tickets were never made one after the other."""


@dataclass(frozen=True)
class ReportedTicket:
    """How a ticket stands, as the API heard it last."""

    ticket_id: UUID
    application_id: UUID
    authority_id: str
    organisation_id: int
    number: int
    state: TicketState
    step: int
    reason: str | None = None
    replaces: UUID | None = None
    decision_id: UUID | None = None
    case_id: UUID | None = None
    number_draw: int | None = None
    last_day: date | None = None

    @property
    def decision(self) -> UUID:
        """One that is nobody's where it is not known: no grant finds the ticket by it, none makes it twice."""
        return self.decision_id or ticket_id_of(self.ticket_id, 0)

    @property
    def generation(self) -> int:
        """Which of its case's tickets it is: the id follows from that. 1 of ids that were given at random."""
        if self.case_id is None:
            return 1
        numbers = range(1, MOST_GENERATIONS)
        return next((each for each in numbers if ticket_id_of(self.case_id, each) == self.ticket_id), 1)

    @property
    def is_dead(self) -> bool:
        """Revoked or expired: no later step leads back from there."""
        return self.state in (TicketState.REVOKED, TicketState.EXPIRED)


@dataclass(frozen=True)
class Bearer:
    """Whom a ticket names and its codes, as its pass has them."""

    first_name: str
    last_name: str
    birth_date: BirthDate
    valid_from: datetime
    valid_until: datetime
    vdv: bytes
    qr: str


@dataclass(frozen=True)
class Codes:
    """What a signer had written into the codes, read back from them."""

    terms: Terms
    gender: str | None
    token_id: bytes
    sequence: int
    sold_at: datetime
    qr_key: bytes
    vdv_module: bytes


@dataclass(frozen=True)
class LostTicket:
    """A ticket that is out, and all that is needed to know it again."""

    standing: ReportedTicket
    bearer: Bearer
    codes: Codes


@dataclass(frozen=True)
class RestoredTickets:
    """What others know and this signer does not, or not as new."""

    tickets: tuple[LostTicket, ...]
    dead: tuple[ReportedTicket, ...]
    """Tickets that died, and that no pass bears any more: their places stay on the list, their numbers taken."""
    newer: tuple[ReportedTicket, ...]
    """Tickets that are known here, and have taken steps since."""
    status_lists: dict[str, int]
    issued_lists: dict[str, int]
    """By shard, the highest versions that are out."""
