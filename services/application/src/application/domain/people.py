"""Who may do what with an application: whom it belongs to, people who help, and the invitations by which they come.
Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.birth_dates import PartlyKnownDate, latest

from application.domain.ids import ApplicationId, InvitationId, Owner, PersonId

MOST_PEOPLE = 5
"""Who help with one application. Our own choice: the other parent and four grandparents."""
MOST_OPEN = 10
"""Invitations of one application that nobody has accepted yet. Our own choice: each person's twice."""
VALID = timedelta(days=7)
"""Of an invitation: a message is read within a week, and what was passed on is not good for ever."""
OF_AGE = 18
"""Years: § 2 BGB."""
MARCH = 3


class FamilyAct(StrEnum):
    """What a family does with an application, as far as rights tell it apart."""

    LOOK = "look"
    WRITE = "write"
    """Answer a question, or write a message."""
    HAND_IN = "hand_in"
    """A document."""
    DECIDE = "decide"
    """All else: change, withdraw, order, report a loss, ask to check again, apply for the next year, delete a document,
    invite and remove."""


class PersonKind(StrEnum):
    OWNER = "owner"
    HELPER = "helper"
    LETTER = "letter"
    """Has come by the code of a letter to the address in the application, and acts for its owner."""


MAY: Mapping[PersonKind, frozenset[FamilyAct]] = {
    PersonKind.OWNER: frozenset(FamilyAct),
    PersonKind.LETTER: frozenset(FamilyAct),
    PersonKind.HELPER: frozenset({FamilyAct.LOOK, FamilyAct.WRITE, FamilyAct.HAND_IN}),
}


class InvitationKind(StrEnum):
    HELPER = "helper"
    TAKEOVER = "takeover"
    """Who accepts it is the owner from then on: the pupil, once of age."""


@dataclass(frozen=True)
class Person:
    """Somebody who helps with an application."""

    id: PersonId
    application_id: ApplicationId
    kind: PersonKind
    account: Owner
    name: str = field(repr=False)
    """As this person wants to be called; empty once nobody helps under it any more."""
    since: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Invitation:
    """A link that lets one account in, once."""

    id: InvitationId
    application_id: ApplicationId
    token_digest: bytes = field(repr=False)
    """SHA-256 of the link's token, which is kept nowhere."""
    kind: InvitationKind
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets somebody in."""
        return self.used_at is None and now < self.expires_at


def comes_of_age_on(born: date | PartlyKnownDate) -> date:
    """The 18th birthday, at whose beginning one is of age (BGB § 187 Abs. 2); of a birth date that is known in part,
    the last day that it may be. Who was born on 29 February has it on 1 March in other years (BGB § 188)."""
    day = latest(born)
    try:
        return day.replace(year=day.year + OF_AGE)
    except ValueError:
        return date(day.year + OF_AGE, MARCH, 1)
