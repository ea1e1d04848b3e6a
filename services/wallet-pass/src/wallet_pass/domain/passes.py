"""What a pass is, how it stands and how it changes. Pure: no clock, no I/O."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.transitions import Transitions

from wallet_pass.domain.tickets import Ticket, TicketState, end_of_day

PassToken = NewType("PassToken", str)
"""128 random bits as 22 characters of base64url: who knows it may see the pass. Says nothing about the child."""
AuthenticationToken = NewType("AuthenticationToken", str)
"""What a wallet shows to fetch a newer pass; Apple wants at least 16 characters."""


class State(StrEnum):
    """How a pass stands at a moment. Revoked wins over everything, and a time that is over wins over a suspension."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


WITH_BARCODE = frozenset({State.VALID, State.NOT_YET_VALID})
RESOLUTION = timedelta(seconds=2)
"""Of a ticket's times (VDV-KA): at its last moment it is good still."""


class Validity(StrEnum):
    """What is kept of a pass's state: how it stands at whatever hour it is looked at."""

    GOOD = "good"
    SUSPENDED = "suspended"
    VOID = "void"


VALIDITIES = Transitions(
    begins=frozenset(Validity),
    follows={
        Validity.GOOD: frozenset(Validity),
        Validity.SUSPENDED: frozenset(Validity),
        Validity.VOID: frozenset(),
    },
)
"""Every change of a pass goes through this table. News come in any order, so a pass may be made suspended or void; what
is shown may change while it stands as before. What is void stays void, until another ticket takes the pass over: then
it begins anew."""


class GoogleState(StrEnum):
    """What Google has of a pass."""

    DUE = "due"
    TOLD = "told"
    REFUSED = "refused"
    """It is not sent again until it changes."""


GOOGLE_STATES = Transitions(
    begins=frozenset({GoogleState.DUE}),
    follows={
        GoogleState.DUE: frozenset(GoogleState),
        GoogleState.TOLD: frozenset({GoogleState.DUE}),
        GoogleState.REFUSED: frozenset({GoogleState.DUE}),
    },
)


@dataclass(frozen=True)
class Pass:
    """A ticket made ready for a phone. One ticket, one pass; a changed ticket keeps the pass of the one before it."""

    token: PassToken
    authentication_token: AuthenticationToken
    ticket: Ticket
    changed_at: datetime
    """When what the pass shows last changed: HTTP's Last-Modified, so in whole seconds and never twice the same."""
    revoked_at: datetime | None = None
    suspended: bool = False
    first_ticket: UUID | None = None
    """The ticket for which it was made, where another has taken it over since."""
    early_end: date | None = None
    """The last day of the grant, where that comes before the end that is signed: the code cannot say it."""
    link_number: int = 0
    """Of `token`: the family's acts on its link have numbers, and the newest counts."""

    @property
    def serial_number(self) -> str:
        """Unique under one pass type: the same serial number replaces the pass on the phone."""
        return str(self.first_ticket or self.ticket.ticket_id)

    @property
    def validity(self) -> Validity:
        """Whatever the hour."""
        if self.revoked_at is not None:
            return Validity.VOID
        return Validity.SUSPENDED if self.suspended else Validity.GOOD

    @property
    def bears_barcode(self) -> bool:
        """Not while the ticket is not good: a reader without our status list would take the code for valid."""
        return self.validity is Validity.GOOD

    @property
    def good_until(self) -> datetime:
        """The last moment on which the ticket is good."""
        if self.early_end is None:
            return self.ticket.valid_until
        return min(self.ticket.valid_until, end_of_day(self.early_end))

    def shows_barcode(self, now: datetime) -> bool:
        """Not while the ticket is suspended or revoked, and not after its end: the code itself may say a later one.

        Before its first day it does: the code says that day to every reader, and a phone without a network must have it
        on the morning on which it begins.
        """
        return self.state(now) in WITH_BARCODE

    def turns_at(self, now: datetime) -> datetime | None:
        """When its state changes next of itself; None: never, of what is known now."""
        match self.state(now):
            case State.NOT_YET_VALID:
                return min(self.ticket.valid_from, self.good_until + RESOLUTION)
            case State.VALID | State.SUSPENDED:
                return self.good_until + RESOLUTION
            case State.EXPIRED | State.REVOKED:
                return None

    @property
    def standing(self) -> str:
        """What a person must know of: whether the ticket is good, and until when. Another design or code is none."""
        return f"{self.validity} {day_in_berlin(self.good_until).isoformat()}"

    def state(self, now: datetime) -> State:
        """As of `now`. A revocation counts before all else, and an end that has passed before a suspension."""
        if self.revoked_at is not None:
            return State.REVOKED
        if now > self.good_until:
            return State.EXPIRED
        if self.suspended:
            return State.SUSPENDED
        if now < self.ticket.valid_from:
            return State.NOT_YET_VALID
        return State.VALID

    def as_told(self, told: TicketState, now: datetime) -> "Pass":
        """The same pass with all that was told of its ticket; itself where that changes nothing."""
        if told.revoked_at is not None:
            return self.revoked(now)
        ticket = self.ticket
        if told.vdv is not None and told.qr is not None:
            ticket = replace(ticket, vdv=told.vdv, qr=told.qr)
        suspended = self.suspended if told.switched_at is None else told.suspended
        early_end = told.last_day if told.end_step else self.early_end
        as_told = replace(self, ticket=ticket, suspended=suspended, early_end=early_end)
        return self if self.revoked_at is not None or as_told == self else self._followed_by(as_told, now)

    def revoked(self, now: datetime) -> "Pass":
        """The same pass, void. Revoking twice changes nothing."""
        if self.revoked_at is not None:
            return self
        return self._followed_by(replace(self, revoked_at=now), now)

    def taken_over(self, ticket: Ticket, now: datetime) -> "Pass":
        """The next version of the same pass on the same phones, with the ticket that replaces this one's."""
        changed_at, number = next_change(self.changed_at, now), self.link_number
        first, token, authentication = self.first_ticket or self.ticket.ticket_id, self.token, self.authentication_token
        return Pass(token, authentication, ticket, changed_at, first_ticket=first, link_number=number)

    def _followed_by(self, changed: "Pass", now: datetime) -> "Pass":
        """The only way by which a pass changes under the same ticket."""
        VALIDITIES.move(self.validity, changed.validity)
        return replace(changed, changed_at=next_change(self.changed_at, now))


def next_change(previous: datetime | None, now: datetime) -> datetime:
    """The moment of a change in whole seconds, later than the one before: HTTP dates know no fractions.

    Two changes within a second would otherwise look like one, and a phone would keep the older pass.
    """
    now = now.replace(microsecond=0)
    return now if previous is None else max(now, previous + timedelta(seconds=1))
