"""A grant and its holder, which wait for each other before a ticket is written down. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from shared.birth_dates import BirthDate
from shared.calendar import SchoolYear

from issuance.domain.terms import Terms

WAITING_DAYS = 180
"""How long a holder waits for a grant before the name is erased."""


@dataclass(frozen=True)
class Holder:
    """Whom a ticket names, as the family writes it."""

    first_name: str
    last_name: str
    birth_date: BirthDate
    gender: str | None
    told_at: datetime | None = None
    """When it was told, by the clock of who told it; None: read from a ticket."""


@dataclass(frozen=True)
class Grant:
    """A released decision: the child may ride from the first to the last day."""

    decision_id: UUID
    application_id: UUID
    authority_id: str
    valid_from: date
    valid_until: date
    holder_change: int = 0
    """The ticket names the holder of this number: 0 as handed in, else as the family corrected it. A person has looked
    at the correction by then."""
    case_id: UUID | None = None
    """The case that was granted; None where that is not known."""
    child: str | None = None
    """Keyed digest of the child; None where it is not known, or a person has told two children apart."""

    @property
    def case(self) -> UUID:
        """As eligibility derives it where it did not tell it: one of each application and school year."""
        return self.case_id or case_of(self.application_id, self.valid_from)


@dataclass(frozen=True)
class DecisionOrigin:
    """Whose a decision is, and what it was."""

    application_id: UUID
    case_id: UUID | None
    """None: told before events said it."""
    outcome: str
    """granted, refused."""


@dataclass(frozen=True)
class IssuableGrant:
    """A grant that has its holder, and an authority whose terms are known: a ticket can be written down."""

    grant: Grant
    holder: Holder
    terms: Terms
    generation: int = 1
    """Of the ticket to be: the next of its case."""
    last_day: date | None = None
    """Of a grant that ends before its time."""


def case_of(application_id: UUID, first_day: date) -> UUID:
    """As eligibility derives it (`domain.ids.case_id_of`)."""
    return uuid5(application_id, str(SchoolYear.of(first_day)))
